"""Writes the pages of the gallery from its kept results and notes; nothing is measured.

python benchmarks/gallery/pages.py [--check]     --check writes nothing; 1 where a page is not up to date
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import explained
import figures
import kept
import picture
import rows
import totals
import truth
from entries import HERE, INDEX, ROOT, Entry, entries
from jinja2 import Environment, FileSystemLoader, StrictUndefined

DOCS = ROOT / "docs" / "gallery"
BEGIN, END = "<!-- gallery: begin (make gallery-pages) -->", "<!-- gallery: end -->"


def main() -> int:
    """Writes the pages, or says which are not as they would be written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, default=INDEX, help="the list of systems")
    parser.add_argument("--check", action="store_true", help="write nothing")
    args = parser.parse_args()
    old = []
    for path, text in pages(args.index).items():
        if not path.is_file() or path.read_text() != text:
            old.append(path)
            if not args.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    for path in old:
        print(f"{'not up to date' if args.check else 'written'}: {path.relative_to(ROOT)}")
    return 1 if args.check and old else 0


def pages(index: Path = INDEX, folder: Path = kept.FOLDER, root: Path = ROOT) -> dict[Path, str]:
    """Every page as it should be, by its path: systems that were run, the index, the README."""
    environment = _environment()
    known = {entry.name: kept.read_kept(entry.name, folder) for entry in entries(index)}
    listed = [entry for entry in entries(index) if known[entry.name]]
    results = [result for result in known.values() if result]
    docs = root / "docs" / "gallery"
    found = {docs / f"{e.name}.md": system(environment, e, known[e.name] or {}, docs) for e in listed}
    overall = _overall(environment, results)
    table = environment.get_template("table.md.j2").render(rows=totals.table(results), base="")
    found[docs / "README.md"] = environment.get_template("index.md.j2").render(
        table=table, overall=overall, goals=figures.GOALS, against=totals.against(results)
    )
    table = environment.get_template("table.md.j2").render(rows=totals.table(results), base="docs/gallery/")
    readme = root / "README.md"
    found[readme] = between(readme.read_text(), f"{table}\n{overall}")
    for result in results:
        if drawn := picture.pairs(result):
            found[folder / f"{result['name']}.svg"] = drawn
    return found


def system(environment: Environment, entry: Entry, result: Mapping[str, Any], docs: Path) -> str:
    """The page of one system."""
    notes = docs / "notes" / f"{entry.name}.md"
    return environment.get_template("system.md.j2").render(
        r=result,
        title=result["title"][0].upper() + result["title"][1:],
        verdict=rows.sentence(result),
        picture=bool(result["paired"]),
        changes=rows.changes(result, explained.parameters(entry)),
        risks=rows.risks(result),
        notes=notes.read_text().strip() if notes.is_file() else entry.notes,
        n=len(result["paired"]),
        again=truth.of("again", result),
        sides=rows.sides(result),
        per_unit=rows.per_unit(result),
        limits=rows.limits(result),
        aims=rows.aims(result),
        times=rows.times(result),
        machine=rows.machine(result),
        versions=", ".join(f"{name} {version}" for name, version in result["versions"].items()),
        warnings=result["verdict"]["warnings"] if result["verdict"] else [],
    )


def between(text: str, inner: str) -> str:
    """`text` with `inner` between the two marks; as it is where it has none."""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{inner.strip()}\n{END}{after}" if mark and end else text


def _overall(environment: Environment, results: Sequence[Mapping[str, Any]]) -> str:
    gained = figures.slack(results)
    return environment.get_template("overall.md.j2").render(
        slack=len(gained), all=len(results), rows=totals.overall(gained, results), said=totals.told(gained)
    )


def _environment() -> Environment:
    return Environment(  # noqa: S701  Markdown of our own figures, no page that a browser runs
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


if __name__ == "__main__":
    sys.exit(main())
