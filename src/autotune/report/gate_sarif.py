"""A gate's answers as SARIF 2.1.0, which code hosts show beside the code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from autotune import __version__
from autotune.model.gate import Answer
from autotune.report.gate import Answers, limit, seen

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Answer.FAIL: "error", Answer.UNDECIDED: "note"}
_RULES = {
    Answer.FAIL: "A metric became worse by as much as is allowed, twice on fresh pairs.",
    Answer.UNDECIDED: "The pairs do not tell whether a metric became worse by as much as is allowed.",
}


def sarif(answers: Answers, files: Mapping[str, str]) -> str:
    """A result for all that did not pass, at the file of its workload."""
    rules = [{"id": f"gate/{answer}", "shortDescription": {"text": text}} for answer, text in _RULES.items()]
    driver = {"name": "autotune", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "results": list(_results(answers, files))}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _results(answers: Answers, files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, verdicts in answers.items():
        for verdict in verdicts:
            if verdict.answer not in _LEVELS:
                continue
            text = f"{name}: {verdict.metric} {seen(verdict)}, limit {limit(verdict)}"
            yield {
                "ruleId": f"gate/{verdict.answer}",
                "level": _LEVELS[verdict.answer],
                "message": {"text": f"{text}. {verdict.reason}".removesuffix(". ")},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": files.get(name, name)}}}],
                "partialFingerprints": {"metric": f"{name}/{verdict.metric}"},
            }
