"""A sampler as somebody else might write it: it looks around the best configuration."""

import math
import random

from autotune.core.errors import UsageError


class Around:
    """Draws at random, or changes one parameter of the best configuration.

    Option `share` (0.5): how often it looks around the best one.
    """

    def __init__(self, problem, *, options):
        unknown = set(options) - {"share"}
        if unknown:
            raise UsageError(f"sampler 'around' has no option '{unknown.pop()}'. Its options: share.")
        if len(problem.directions) > 1:
            raise UsageError("sampler 'around' takes one objective.")
        self.problem = problem
        self.share = options.get("share", 0.5)
        self.best = None

    def ask(self, number, attempt):
        seeded = random.Random(f"{self.problem.seed} {number} {attempt}")
        parameters = self.problem.space.parameters
        config = {parameter.name: self.draw(parameter, seeded) for parameter in parameters}
        if self.best is not None and seeded.random() < self.share:
            changed = seeded.choice(parameters).name
            config = {**config, **self.best[1], changed: config[changed]}
        return self.problem.space.pruned(config)

    def tell(self, trial):
        names = self.problem.space.names
        ran = trial.value is not None and math.isfinite(trial.value) and trial.violation <= 0
        if ran and all(name in names for name in trial.config):
            loss = trial.value if self.problem.direction == "minimize" else -trial.value
            if self.best is None or loss < self.best[0]:
                self.best = (loss, trial.config)

    def draw(self, parameter, seeded):
        listed = (*parameter.values, *parameter.special)
        if not parameter.numeric or (listed and seeded.random() < 0.3):
            return seeded.choice(listed)
        if parameter.kind == "float" and parameter.step is None:
            return seeded.uniform(parameter.low, parameter.high)
        step = parameter.step or 1
        steps = math.floor((parameter.high - parameter.low) / step + 1e-9)
        value = parameter.low + step * seeded.randint(0, steps)
        return int(value) if parameter.kind == "int" else min(value, parameter.high)
