"""What an extension has to offer: sampler, driver, collector, actuator, exporter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from autotune.model.problem import Problem
from autotune.model.profile import Profile
from autotune.model.space import Apply, Config, Parameter, Value
from autotune.model.target import Target
from autotune.model.trial import Resource, Trial
from autotune.model.workload import Applied, Workload


class Sampler(Protocol):
    """Chooses configurations. Its answer rests on the problem, the trial's number and what was told alone."""

    def ask(self, number: int, attempt: int) -> Config | None:
        """A configuration for trial `number`, or None when the space is exhausted or the search converged.

        `attempt` counts from 0 when an earlier answer for the same trial could not be used.
        """

    def tell(self, trial: Trial) -> None:
        """Takes the outcome of a finished trial; trials arrive in order of their numbers.

        The value of an aborted trial is a bound that its own exceeds: it is learnt from as it is.
        """


@runtime_checkable
class Recommending(Protocol):
    """A sampler that knows better than by the best value seen which configurations are good."""

    def again(self, number: int) -> Config | None:
        """A configuration to measure once more as trial `number`; None where a new one is worth more."""

    def recommended(self, count: int) -> tuple[Config, ...]:
        """At most `count` configurations that ran to their end and kept every limit, the best first."""


@runtime_checkable
class Ending(Protocol):
    """A sampler that ends its search by itself."""

    @property
    def ended(self) -> str:
        """Why `ask` answered None, in words for the report."""


class SamplerFactory(Protocol):
    """What an entry point in `autotune.samplers` is."""

    def __call__(self, problem: Problem, *, options: Mapping[str, Any]) -> Sampler:
        """The sampler for one study; raises UsageError for options or objectives that it cannot take."""


class Driver(Protocol):
    """Turns a workload under a configuration into a command to measure."""

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of one sample whose own fresh folder is `folder`."""


class Collector(Protocol):
    """A further source of resources beside a measured command, made anew and without arguments for each."""

    units: Mapping[str, str]
    """Unit of each resource that it gives, by name."""

    def start(self) -> None:
        """Begins, just before the command; what is missing here is told by `stop`, not raised."""

    def stop(self) -> tuple[Resource, ...]:
        """Ends, just after the command: a resource for each name, `unavailable` with its reason."""


class Actuator(Protocol):
    """Brings one parameter's value into a sample."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Why this parameter cannot be applied so, as text; empty when it can."""

    def apply(self, parameter: Parameter, value: Value, applied: Applied) -> Applied:
        """`applied` with this parameter's value in it (the value is never None)."""


@runtime_checkable
class HostActuator(Protocol):
    """Turns a parameter into a value of the machine that its session writes, reads back and restores."""

    def problem(self, parameter: Parameter, workload: Workload) -> str:
        """Why this parameter cannot be applied so, as text; empty when it can. Touches nothing."""

    def target(self, apply: Apply, folder: Path) -> Target:
        """The place that `apply` means; relative paths are below `folder`.

        Raises WorkloadError where there is no such place here.
        """

    def text(self, apply: Apply, value: Value) -> str | None:
        """`value` as it is written there; None, for unset, where the place can be without a value."""

    def value(self, apply: Apply, text: str | None, like: Value) -> Value:
        """What the `text` that was read means, in the type of `like`; as text where it cannot be read so."""


@runtime_checkable
class Settling(Protocol):
    """A host actuator whose places may have another name on each machine."""

    def settled(self, apply: Apply, folder: Path) -> Apply:
        """`apply` with the names that this machine has; raises WorkloadError where it has none."""


class Exporter(Protocol):
    """Writes a profile for another tool."""

    def __call__(self, profile: Profile) -> str:
        """The text of the exported file; raises UsageError where the profile does not fit the format."""
