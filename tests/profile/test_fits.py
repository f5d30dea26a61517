from __future__ import annotations

from typing import Any

import pytest

from autotune.core.errors import ExitCode, RefusedError
from autotune.measure.host import describe
from autotune.profile.fits import differences, require_fit

HOST = {
    "os": "Debian GNU/Linux 12 (bookworm)",
    "arch": "x86_64",
    "cpus": 4,
    "memory_mib": 16_000,
    "kernel": "6.1.0-18",
    "sqlite": "3.40.1",
    "software": {"postgres": "15.18"},
}


def test_the_machine_of_the_proof_fits_itself() -> None:
    assert require_fit(HOST, HOST) == ()
    assert require_fit(describe(), describe()) == ()
    assert require_fit(HOST, {f"host.{name}": value for name, value in HOST.items()}) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"os": "Ubuntu 24.04 LTS"}, "os: proven on Debian GNU/Linux 12 (bookworm), here Ubuntu 24.04 LTS"),
        ({"arch": "aarch64"}, "arch: proven on x86_64, here aarch64"),
        ({"cpus": 8}, "cpus: proven on 4, here 8"),
        ({"memory_mib": 14_399}, "memory_mib: proven on 16000, here 14399"),
        ({"memory_mib": 17_601}, "memory_mib"),
        ({"memory_mib": None}, "memory_mib: proven on 16000, here unknown"),
        ({"arch": "x\x1b[2Jy\nz"}, "arch: proven on x86_64, here xy z"),
    ],
)
def test_another_kind_of_machine_is_refused_unless_forced(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(RefusedError) as caught:
        require_fit(HOST, {**HOST, **changed})
    assert caught.value.exit_code == ExitCode.REFUSED
    assert said in str(caught.value)
    assert "--force-host" in str(caught.value)
    assert any(one.decides for one in require_fit(HOST, {**HOST, **changed}, force=True))


@pytest.mark.parametrize("memory", [14_400, 16_000, 17_600])
def test_a_tenth_of_the_memory_decides_nothing(memory: int) -> None:
    assert require_fit(HOST, {**HOST, "memory_mib": memory}) == ()


@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({"kernel": "6.6.1"}, "kernel"),
        ({"sqlite": "3.46.0"}, "sqlite"),
        ({"software": {"postgres": "16.1"}}, "postgres"),
        ({"os": "Debian GNU/Linux 13 (trixie)"}, "os"),
    ],
)
def test_releases_are_told_and_decide_nothing(changed: dict[str, Any], fact: str) -> None:
    found = require_fit(HOST, {**HOST, **changed})
    assert [(one.fact, one.decides) for one in found] == [(fact, False)]


def test_a_profile_that_says_nothing_of_its_host_has_no_differences() -> None:
    assert differences({}, HOST) == ()
