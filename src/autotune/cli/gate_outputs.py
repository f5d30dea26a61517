"""Where the answers of `autotune gate` go: the screen, files, and what GitHub shows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from autotune.core.files import write_atomic
from autotune.core.redact import printable, redacted
from autotune.flow.gate import Gated, worst
from autotune.measure.repository import Commit
from autotune.model.fingerprint import Fingerprint
from autotune.model.gate import Answer
from autotune.model.run import Arm
from autotune.report import gate_exports
from autotune.report.gate import commands, lines, summary
from autotune.report.gate_data import document, text, workload_data
from autotune.report.gate_junit import junit
from autotune.report.gate_sarif import sarif


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the file for machines holds beside the answers; `head` is the commit that was measured."""

    time: str
    head: Commit | None
    base: Commit | None
    changed: Sequence[str]
    fingerprints: Mapping[str, Fingerprint]

    def about(self, said: Mapping[Arm, str]) -> dict[str, Any]:
        """When it was measured, and both sides."""
        head = {"said": said["candidate"], "commit": self.head and asdict(self.head), "changed": self.changed}
        base = {"said": said["baseline"], "commit": self.base and asdict(self.base)}
        return {"time": self.time, "head": head, "base": base}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Files that are asked for; `strict`: undecided is told as a failure."""

    junit: Path | None
    sarif: Path | None
    summary: Path | None
    json: Path | None
    exports: Sequence[tuple[str, Path]]
    strict: bool

    def tell(
        self,
        found: Mapping[str, Gated],
        *,
        files: Mapping[str, str],
        said: Mapping[Arm, str],
        kept: Kept,
        doubts: Sequence[str],
    ) -> Answer:
        """Prints and writes the answers of all workloads; the answer of the gate."""
        answers = {name: gated.verdicts for name, gated in found.items()}
        answer = worst(answers)
        for line in (*lines(answers), *(f"warning: {doubt}" for doubt in doubts)):
            click.echo(printable(redacted(line)))
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in commands(answers, files):
                click.echo(line)
        written = summary(
            answers, base=said["baseline"], head=said["candidate"], answer=answer, doubts=doubts
        )
        step = os.environ.get("GITHUB_STEP_SUMMARY")
        for path in filter(None, (self.summary, Path(step) if step else None)):
            with path.open("a", encoding="utf-8") as file:
                file.write(written)
        if self.junit:
            write_atomic(self.junit, junit(answers, strict=self.strict))
        if self.sarif:
            write_atomic(self.sarif, sarif(answers, files))
        data = document(
            {
                name: workload_data(
                    one, {"file": files.get(name, ""), "fingerprint": kept.fingerprints.get(name, {})}
                )
                for name, one in found.items()
            },
            about=kept.about(said),
            answer=answer,
        )
        if self.json:
            write_atomic(self.json, text(data))
        for form, path in self.exports:
            write_atomic(path, gate_exports.export(data, form))
        return answer
