"""The vendor's library is a fake here: this machine has no device."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from autotune.core.errors import UsageError
from autotune.measure.collect import collecting
from autotune.measure.gpu import Gpu


class FakeError(Exception):
    """In place of pynvml.NVMLError."""


class FakeLibrary:
    """A fake pynvml with two devices."""

    NVMLError = FakeError

    def __init__(self, *, counts_energy: bool = True, fails: bool = False) -> None:
        self._counts_energy, self._fails = counts_energy, fails
        self._energy = 0
        self.open = False

    def nvmlInit(self) -> None:  # noqa: N802  the library's name
        if self._fails:
            raise FakeError("Driver Not Loaded")
        self.open = True

    def nvmlShutdown(self) -> None:  # noqa: N802  the library's name
        self.open = False

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802  the library's name
        return 2

    def nvmlDeviceGetHandleByIndex(self, number: int) -> int:  # noqa: N802  the library's name
        return number

    def nvmlDeviceGetUtilizationRates(self, device: int) -> Any:  # noqa: N802  the library's name
        return SimpleNamespace(gpu=(40, 60)[device])

    def nvmlDeviceGetMemoryInfo(self, device: int) -> Any:  # noqa: N802  the library's name
        return SimpleNamespace(used=(1000, 2000)[device])

    def nvmlDeviceGetTotalEnergyConsumption(self, _device: int) -> int:  # noqa: N802  the library's name
        if not self._counts_energy:
            raise FakeError("Not Supported")
        self._energy += 5000
        return self._energy


def test_figures_of_all_devices_are_read() -> None:
    library = FakeLibrary()
    gpu = Gpu(lambda: library)
    gpu.start()
    time.sleep(0.01)
    found = {r.name: r for r in gpu.stop()}
    assert found["gpu_utilisation"].value == 0.5
    assert found["gpu_memory_bytes"].value == 3000
    assert found["gpu_energy_j"].value == 20.0
    assert not library.open
    assert tuple(found) == tuple(Gpu.units)


def test_device_that_does_not_count_energy_has_no_such_figure() -> None:
    gpu = Gpu(lambda: FakeLibrary(counts_energy=False))
    gpu.start()
    found = {r.name: r for r in gpu.stop()}
    assert (found["gpu_energy_j"].value, found["gpu_energy_j"].quality) == (None, "unavailable")


def missing() -> Any:
    """In place of an import that fails."""
    raise ImportError


@pytest.mark.parametrize(
    ("library", "reason"),
    [(missing, "is not installed"), (lambda: FakeLibrary(fails=True), "Driver Not Loaded")],
)
def test_missing_device_or_library_is_unavailable_with_its_reason(library: Any, reason: str) -> None:
    gpu = Gpu(library)
    gpu.start()
    found = gpu.stop()
    assert {r.quality for r in found} == {"unavailable"}
    assert all(reason in r.source for r in found)
    assert tuple(r.name for r in found) == tuple(Gpu.units)


def test_collector_is_found_by_its_name() -> None:
    with collecting(["gpu"]) as found:
        assert found == []
    assert tuple(r.name for r in found) == tuple(Gpu.units)


def test_unknown_collector_is_named() -> None:
    with pytest.raises(UsageError, match="collector 'gpuu' is not installed"), collecting(["gpuu"]):
        pass
