"""Runs the studies of the gallery and keeps a small result of each.

python benchmarks/gallery/run.py [--study NAME] [--fresh]

A study that was stopped goes on; one that is finished, of the same version, study and workload, is not run
again without --fresh. One that fails stops none of the others; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import declared
import kept
import picture
from command import Done, autotune, run_words, when_free
from entries import ROOT, Entry, arguments, chosen

from autotune import __version__

FORMATS = {
    "env": "sh",
    "nginx": "nginx.conf",
    "postgres": "postgresql.conf",
    "redis": "redis.conf",
    "shell": "apply.sh",
    "sql": "sql",
    "sysctl": "sysctl.conf",
    "systemd": "systemd",
}
"""Exports that are kept where the profile has something for them, and how their files' names end."""


_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs work, and where what is kept of them goes."""

    reports: Path
    folder: Path


def main() -> int:
    """Runs what is not finished; 1 where a study failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments(parser)
    parser.add_argument("--fresh", action="store_true", help="run again what is finished")
    parser.add_argument("--reports", type=Path, default=ROOT / "reports", help="where runs work")
    parser.add_argument("--kept", type=Path, default=kept.FOLDER, help="where the small results go")
    args = parser.parse_args()
    place = Place(args.reports, args.kept)
    failed = 0
    for entry in chosen(args):
        try:
            line, good = gallery(entry, place, fresh=args.fresh)
        except KeyboardInterrupt:
            print("stopped; all finished work is saved, the same command goes on")
            return _INTERRUPTED
        except (OSError, LookupError, ValueError) as error:  # of what this run wrote: the others go on
            line, good = f"FAILED, {type(error).__name__}: {error}", False
        failed += not good
        print(f"{entry.name:<24}{line}", flush=True)
    print(f"{failed} failed. " * bool(failed) + "Pages: make gallery-pages")
    return 1 if failed else 0


def gallery(entry: Entry, place: Place, *, fresh: bool) -> tuple[str, bool]:
    """Runs one study and keeps its result: a line that says how it ended, and whether it gave an answer."""
    known = kept.read_kept(entry.name, place.folder)
    if not fresh and known and current(entry, known):
        return f"{_said(known)}, kept of {known['date']}", True
    if not entry.path.is_file():
        return f"there is no {entry.path}", False
    log = place.reports / "gallery-logs" / f"{entry.name}.log"
    done = when_free(run_words(entry, place.reports, fresh=fresh), log=log)
    if not fresh and _other(done):
        done = when_free(run_words(entry, place.reports, fresh=True), log=log)
    if not done.answered:
        return f"{done.seconds:6.0f} s  FAILED, {done.why}", False
    result = keep(entry, place)
    return f"{done.seconds:6.0f} s  {_said(result)}", True


def current(entry: Entry, known: dict[str, object]) -> bool:
    """Whether a kept result is of this version, study and workload."""
    versions = known["versions"]
    version = isinstance(versions, dict) and versions.get("autotune") == __version__
    return version and known["made_of"] == kept.made_of(entry)


def _other(done: Done) -> bool:
    """Whether an older, unfinished run is of another study, workload or machine."""
    return done.code == 2 and "--fresh" in done.said


def keep(entry: Entry, place: Place) -> dict[str, object]:
    """Writes what is kept of the latest run: result, profile, exports, picture; nothing older stays."""
    latest = place.reports / str(declared.study(entry)["study"]) / "latest"
    result = kept.keep(entry, json.loads((latest / "results.json").read_text()))
    place.folder.mkdir(parents=True, exist_ok=True)
    for old in place.folder.glob(f"{entry.name}.*"):
        old.unlink()
    if (profile := latest / "profile.yaml").is_file():
        own = place.folder / f"{entry.name}.profile.yaml"
        own.write_text(profile.read_text())
        result["exports"] = list(_exports(own, entry.name))
    if drawn := picture.pairs(result):
        (place.folder / f"{entry.name}.svg").write_text(drawn)
    text = json.dumps(_rounded(result), indent=1, allow_nan=False) + "\n"
    (place.folder / f"{entry.name}.json").write_text(text)
    return result


def _exports(profile: Path, name: str) -> Iterator[dict[str, str]]:
    """Writes each export that fits beside the profile."""
    for form, ending in FORMATS.items():
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder, "export")
            done = autotune(["export", str(profile), "--format", form, "--output", str(text)])
            if done.code == 0:
                file = profile.with_name(f"{name}.{ending}")
                file.write_text(text.read_text())
                yield {"format": form, "file": file.name}


def _rounded(value: object) -> object:
    """Floats with seven digits: more than any clock gives, and small files."""
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, (list, tuple)) else value


def _said(result: dict[str, object]) -> str:
    verdict = result["verdict"]
    if not isinstance(verdict, dict):
        return "nothing confirmed"
    effect = verdict["effect"]
    size = f" by {100 * effect['estimate']:.3g} %" if effect and effect["relative"] else ""
    return f"{verdict['result']}{size}, {verdict['pairs']} pairs"


if __name__ == "__main__":
    sys.exit(main())
