"""Resources of NVIDIA graphics processors, by the vendor's own library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, ClassVar

from autotune.model.trial import Quality, Resource

_PERIOD_S = 0.2
_FIGURES = {
    "gpu_utilisation": ("", "share of time that a kernel ran, mean over all devices at 5 Hz"),
    "gpu_memory_bytes": ("B", "memory in use, all devices and processes, peak at 5 Hz"),
    "gpu_energy_j": ("J", "energy counter of all devices"),
}


class Gpu:
    """A collector; its figures are `unavailable`, with the reason, where there is no device or library.

    `library` gives the module pynvml, or one that answers like it.
    """

    units: ClassVar[Mapping[str, str]] = {name: unit for name, (unit, _) in _FIGURES.items()}

    def __init__(self, library: Callable[[], Any] = lambda: import_module("pynvml")) -> None:
        self._load = library
        self._nvml: Any = None
        self._devices: list[Any] = []
        self._why = ""
        self._shares: list[float] = []
        self._memory: list[float] = []
        self._energy: float | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begins to read."""
        try:
            self._nvml = self._load()
            self._nvml.nvmlInit()
            count = self._nvml.nvmlDeviceGetCount()
            self._devices = [self._nvml.nvmlDeviceGetHandleByIndex(n) for n in range(count)]
        except ImportError:
            self._why = "nvidia-ml-py is not installed (pip install 'autotune-harness[gpu]')"
            return
        except Exception as error:  # noqa: BLE001  the library's own error class is known only where it is
            self._why = f"no NVIDIA device can be read here: {error}"
            return
        self._energy = self._joules()
        self._thread.start()

    def stop(self) -> tuple[Resource, ...]:
        """Ends it, and gives what was found."""
        if self._why:
            return tuple(
                Resource(name=name, value=None, unit=unit, source=self._why, quality="unavailable")
                for name, (unit, _) in _FIGURES.items()
            )
        self._over.set()
        self._thread.join()
        before, after = self._energy, self._joules()
        self._nvml.nvmlShutdown()
        shares, memory = self._shares, self._memory
        return (
            _figure("gpu_utilisation", sum(shares) / len(shares) if shares else None, "sampled"),
            _figure("gpu_memory_bytes", max(memory) if memory else None, "sampled"),
            _figure("gpu_energy_j", None if before is None or after is None else after - before, "exact"),
        )

    def _watch(self) -> None:
        while True:
            self._read()
            if self._over.wait(_PERIOD_S):
                return

    def _read(self) -> None:
        try:
            rates = [self._nvml.nvmlDeviceGetUtilizationRates(d).gpu / 100 for d in self._devices]
            used = [self._nvml.nvmlDeviceGetMemoryInfo(d).used for d in self._devices]
        except self._nvml.NVMLError:
            return
        if rates:
            self._shares.append(sum(rates) / len(rates))
            self._memory.append(float(sum(used)))

    def _joules(self) -> float | None:
        try:
            counters = [self._nvml.nvmlDeviceGetTotalEnergyConsumption(d) for d in self._devices]
        except self._nvml.NVMLError:  # older devices do not count
            return None
        return sum(counters) / 1000 if counters else None


def _figure(name: str, value: float | None, quality: Quality) -> Resource:
    unit, source = _FIGURES[name]
    known: Quality = "unavailable" if value is None else quality
    return Resource(name=name, value=value, unit=unit, source=source, quality=known)
