"""A gate's answers as JUnit XML: a test case for each metric."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from autotune.core.redact import printable
from autotune.model.gate import Answer, GateVerdict
from autotune.report.gate import Answers, limit, seen

_TAGS = {Answer.FAIL: "failure", Answer.UNDECIDED: "skipped"}


def junit(answers: Answers, *, strict: bool) -> str:
    """One suite for each workload; undecided is skipped, or a failure where it is `strict`."""
    root = ET.Element("testsuites", name="autotune gate")
    for name, verdicts in answers.items():
        suite = ET.SubElement(root, "testsuite", name=printable(name), tests=str(len(verdicts)))
        tags = [_case(suite, name, verdict, strict=strict) for verdict in verdicts]
        suite.set("failures", str(tags.count("failure")))
        suite.set("skipped", str(tags.count("skipped")))
        suite.set("errors", "0")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, name: str, verdict: GateVerdict, *, strict: bool) -> str:
    """Adds the test case; the tag that says how it ended, empty where it passed."""
    case = ET.SubElement(suite, "testcase", classname=printable(name), name=printable(verdict.metric))
    tag = _TAGS.get(verdict.answer, "")
    if strict and verdict.answer is Answer.UNDECIDED:
        tag = "failure"
    said = f"{verdict.answer}: {seen(verdict)}, limit {limit(verdict)}, {verdict.pairs} pairs"
    if tag:
        ET.SubElement(case, tag, message=said).text = verdict.reason or None
    else:
        ET.SubElement(case, "system-out").text = said
    return tag
