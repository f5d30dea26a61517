"""What happens at a boot: what a crash left is restored, and the profile in force is applied again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from autotune.actuate.generations import Generation, in_force, to_data
from autotune.actuate.now import now
from autotune.actuate.session import Session, opened
from autotune.core.errors import RefusedError
from autotune.core.files import write_atomic

MOST_FAILED = 2
"""Boots in a row that began to apply the profile and never became good: then it is left alone."""

_COUNT = "boots.json"
_WAIT_S = 30.0

UNIT = "autotune-boot.service"
_GOOD = "autotune-boot-good"
TIMER = f"{_GOOD}.timer"

_UNIT_TEXT = """\
# Written by autotune install-boot. Restores what a crash left, then applies the profile in force again.
[Unit]
Description=Restore what autotune left open, and apply its profile
DefaultDependencies=no
After=local-fs.target systemd-sysctl.service
Before={before}
ConditionPathExists={state}

[Service]
Type=oneshot
TimeoutStartSec=120
Environment="AUTOTUNE_STATE={state}"
ExecStart={python} -I -m autotune install-boot --at-boot

[Install]
WantedBy={target}
"""

_GOOD_TEXT = """\
# Written by autotune install-boot. The machine has run for a while: this boot was good.
[Unit]
Description=Note that the machine runs well with the profile of autotune

[Service]
Type=oneshot
Environment="AUTOTUNE_STATE={state}"
ExecStart={python} -I -m autotune install-boot --boot-is-good
"""

_TIMER_TEXT = """\
# Written by autotune install-boot.
[Unit]
Description=Five minutes after the boot, note that it was good

[Timer]
OnBootSec=5min

[Install]
WantedBy=timers.target
"""


def units(python: str, state: Path, *, root: bool) -> Mapping[str, str]:
    """The text of each unit by its name; for an ordinary user those of the user's own manager."""
    target = "multi-user.target" if root else "default.target"
    fields = {"python": _escaped(python), "state": _escaped(str(state)), "target": target, "before": target}
    return {
        UNIT: _UNIT_TEXT.format(**fields),
        f"{_GOOD}.service": _GOOD_TEXT.format(**fields),
        TIMER: _TIMER_TEXT,
    }


def _escaped(path: str) -> str:
    """The path for a unit file, where a percent sign begins a specifier (systemd.unit(5))."""
    return path.replace("%", "%%")


def at_boot(state: Path, *, note: Callable[[str], None], disable: Callable[[], None]) -> Generation | None:
    """Restores what is open, then applies what of the profile in force the reboot has reset.

    A value that is neither the original nor the profile's is left alone, and told. After two boots that never
    became good the profile is not applied, and `disable` is called: RefusedError. Raises what `opened` does.
    """
    with opened(state, kind="profile", note=note, wait_s=_WAIT_S, unconfirmed=True) as session:
        failed = _failed(state)
        if failed >= MOST_FAILED:
            disable()
            raise RefusedError(
                f"the last {failed} boots with the profile did not become good: it is not applied any more. "
                "To try again: autotune install-boot"
            )
        made = in_force(state)
        if made is None:
            return None
        _count(state, failed + 1)
        _again(session, made, note)
        return made


def _again(session: Session, made: Generation, note: Callable[[str], None]) -> None:
    wanted = []
    for one in made.managed:
        held = now(one.target)
        if held in {one.value, one.original}:
            wanted.append((one.target, one.value))
        else:
            note(f"{one.target.key} is {held}, neither the original nor the profile's: it is left alone")
    session.bring(wanted, made.services)
    session.commit([(made.number, to_data(made))])


def is_good(state: Path) -> None:
    """Notes that this boot became good."""
    _count(state, 0)


def _failed(state: Path) -> int:
    """Boots in a row that were begun and did not become good."""
    try:
        return int(json.loads((state / _COUNT).read_text(encoding="utf-8"))["begun"])
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError, TypeError, OSError):
        return MOST_FAILED  # unknown: the careful answer


def _count(state: Path, begun: int) -> None:
    write_atomic(state / _COUNT, json.dumps({"begun": begun}) + "\n", mode=0o600)
