"""The peer's end of the pipe: measurements by lines of JSON over stdin and stdout.

Standard library alone: it runs in the virtual environment of each peer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any


class Link:
    """What is to be tuned: `sizes` and `kinds` (ordinal or choice) of its parameters, `seed`, `budget`.

    Made after all imports, as the clock runs from here. What a library prints goes to stderr.
    """

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)
        self._say("ready")
        told = self._hear()
        self.kinds: list[str] = told["kinds"]
        self.sizes: list[int] = told["sizes"]
        self.seed: int = told["seed"]
        self.budget: int = told["budget"]
        self._worst: float | None = None
        self._before: float = told["before"]

    @property
    def parameters(self) -> list[tuple[str, str, int]]:
        """Name, kind and size of each."""
        return [(f"p{i}", k, n) for i, (k, n) in enumerate(zip(self.kinds, self.sizes, strict=True))]

    def measure(self, indices: Sequence[int]) -> float | None:
        """The cost at these indices (less is better), None where it failed; never returns after the last."""
        self._say([int(index) for index in indices])
        cost: float | None = self._hear()
        if cost is not None:
            self._worst = cost if self._worst is None else max(self._worst, cost)
        return cost

    def number(self, cost: float | None) -> float:
        """`cost` as a number, for what needs one: of a failure the worst so far.

        Before anything worked it is ten times what an ordinary configuration costs: a user who has run the
        defaults would take some such figure.
        """
        if cost is not None:
            return cost
        return self._before if self._worst is None else self._worst

    def whole(self, numbers: Sequence[float]) -> list[int]:
        """Indices of real numbers in [0, size)."""
        return [min(n - 1, max(0, int(x))) for x, n in zip(numbers, self.sizes, strict=True)]

    def _say(self, message: Any) -> None:
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()

    @staticmethod
    def _hear() -> Any:
        line = sys.stdin.readline()
        if not line:
            os._exit(0)  # whatever optimiser calls this may catch an exception and go on
        return json.loads(line)
