"""Writes the tables of the pages on search from the kept results; nothing is measured.

python benchmarks/search_page.py [--check]     --check writes nothing; 1 where a page is not up to date
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import gallery_search

from search import kept, roster, tables

PAGES = [roster.ROOT / "docs" / "explanation" / name for name in ("search.md", "comparison.md")]
_NOT_YET = "Not measured yet."


def main() -> int:
    """Writes the pages, or says which is not as it would be written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args()
    old = [path for path in PAGES if page(path.read_text()) != path.read_text()]
    for path in old:
        if not args.check:
            path.write_text(page(path.read_text()))
        print(f"{'not up to date' if args.check else 'written'}: {path.relative_to(roster.ROOT)}")
    return 1 if old and args.check else 0


def page(text: str, folder: Path = kept.FOLDER) -> str:
    """`text` with the table of each kept result between its marks."""
    for name, made in TABLES.items():
        found = kept.read(name, folder)
        text = between(text, name, made(found) if found else _NOT_YET)
    return text


def between(text: str, name: str, inner: str) -> str:
    """`text` with `inner` between the two marks of `name`; as it is where it has none."""
    begin, end = f"<!-- {name}: begin (make bench-search-page) -->", f"<!-- {name}: end -->"
    before, mark, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    return f"{before}{begin}\n\n{inner.strip()}\n\n{end}{after}" if mark and closed else text


def _replay(found: Mapping[str, Any]) -> str:
    return "\n\n".join(
        (
            tables.markdown(tables.overall(found)),
            "Each system, mean up to 100 measurements:",
            tables.markdown(tables.by_space(found)),
            _made_on(found),
        )
    )


def _noisy(found: Mapping[str, Any]) -> str:
    return f"{tables.markdown(tables.noisy(found))}\n\n{_made_on(found)}"


def _smooth(found: Mapping[str, Any]) -> str:
    parts = [
        f"{noise} noise:\n\n{tables.markdown(tables.smooth(found, noise, 'tpe'))}" for noise in found["runs"]
    ]
    return "\n\n".join([*parts, _made_on(found)])


def _cost(found: Mapping[str, Any]) -> str:
    return f"{tables.markdown(tables.cost(found))}\n\n{tables.many(found)}\n\n{_made_on(found)}"


def _gallery(found: Mapping[str, Any]) -> str:
    return f"{tables.markdown(gallery_search.table(found))}\n\n{_made_on(found)}"


def _peers(found: Mapping[str, Any]) -> str:
    """Gains on the baseline in per cent, a row for each way to search, a column for each system."""
    studies = found["studies"]
    ways = list(dict.fromkeys(way for study in studies.values() for way in study["gains"]))
    head = ["by", *studies]
    rows = [[way, *(_gained(study["gains"].get(way, [])) for study in studies.values())] for way in ways]
    told = f"{found['measurements']} measurements each; {found['rounds']} rounds of the truth."
    return f"{tables.markdown([head, *rows])}\n\n{told} {_made_on(found)}"


def _gained(logs: Sequence[float | None]) -> str:
    """The mean with its standard error over the rounds; how many failed, where some did."""
    whole = [log for log in logs if log is not None]
    if len(whole) < 2:
        return "-"
    failed = f", {len(logs) - len(whole)} failed" if len(whole) < len(logs) else ""
    error = 100 * stdev(whole) / math.sqrt(len(whole))
    return f"{100 * math.expm1(fmean(whole)):+.1f} ± {error:.1f}{failed}"


def _made_on(found: Mapping[str, Any]) -> str:
    machine = found["machine"]
    text = (
        f"Made on {found['date']}: {machine['cpu_model']}, {machine['cpus']} CPUs, "
        f"{machine['memory_mib'] / 1024:.0f} GiB, kernel {machine['kernel']}."
    )
    used = ", ".join(f"{name} {version}" for name, version in found.get("versions", {}).items())
    return f"{text} With {used}." if used else text


TABLES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "replay": _replay,
    "noisy": _noisy,
    "smooth": _smooth,
    "cost": _cost,
    "gallery": _gallery,
    "peers": _peers,
}
"""How each kept result is shown."""


if __name__ == "__main__":
    sys.exit(main())
