# ruff: noqa: E501  a row of the table is one case
"""One mistake does not hide another, and nothing is concluded from what a mistake left out."""

from __future__ import annotations

import pytest

STUDY = "study: s\nworkload: build.yaml\nobjective: {metric: ops}\n"


def places(found: list[str]) -> list[str]:
    """File and line of each problem."""
    return [":".join(line.split(":")[:2]) for line in found]


def workload(
    *, command="[x, '{a}', '{b}']", metrics="{s: {wall: true}}", a="{int: [1, 8], default: 2}", more=""
):
    return (
        f"workload: w\ncommand: {command}\nmetrics: {metrics}\nparameters:\n  a: {a}\n"
        f"  b: {{int: [1, 8], default: 2}}\n{more}"
    )


TWO = [
    pytest.param({"command": "'x {a} {b}'", "metrics": "{s: {json: '$['}}"}, [2, 3], id="command that is no list"),
    pytest.param({"command": "[x, 3, '{c}', '{a}{b}']"}, [2, 2], id="two items of one list"),
    pytest.param({"command": "[x, '{a}{b}']", "more": "timeout: 5\nduration: 9\n"}, [7, 8], id="two durations"),
    pytest.param({"a": "{int: [1, 8]}", "more": "constraints: ['a > ', b < c]\n"}, [5, 7, 7], id="no default, constraints"),
    pytest.param({"a": "{int: [8, 1], default: 2, lgo: true}", "more": "drive: x\n"}, [5, 5, 7], id="two in one parameter"),
    pytest.param({"a": "{int: [0, 8], log: true, default: 2, apply: {evn: A}}"}, [5, 5], id="log and actuator"),
    pytest.param({"metrics": "[s]", "a": "{int: [0, 8], log: true, default: 2}"}, [3, 5], id="metrics that are a list"),
    pytest.param({"metrics": "{s: {wall: no}, t: {resource: cpu}}"}, [3, 3], id="two metrics"),
    pytest.param({"a": "{int: [1, 8], default: 2, apply: {env: X}}", "more": "env: {X: y}\nfolder: none\n", "command": "[x, '{b}']"}, [5, 8], id="actuator and folder"),
    pytest.param({"metrics": "{s: {json: '$.[', direction: up}}"}, [3, 3], id="path and direction"),
    pytest.param({"metrics": "{s: {regex: '(', percentil: 95}}"}, [3, 3], id="pattern and key"),
    pytest.param({"metrics": "{e: {index: work_per_cpu_s, work: f}, f: {index: work_per_cpu_s, work: e}}"}, [3, 3], id="indices in a circle"),
    pytest.param({"a": "{int: [1, 10], default: 20, stp: 1}"}, [5, 5], id="default and key"),
    pytest.param({"a": "{int: [1, 10], default: 2, when: zzz, desc: x}"}, [5, 5], id="condition and key"),
    pytest.param({"a": "{int: [1, 10], default: 2, apply: {env: A=B}}", "command": "[x, '{b}', '{c}']"}, [2, 5], id="variable and command"),
    pytest.param({"more": "timeout: 5\ntimeout: 6s\nfolder: &x none\nduration: !!str 3\n"}, [7, 8, 9, 10], id="what is not YAML here"),
    pytest.param({"more": "files: {data: none.tmpl}\ncheck: {command: x}\n"}, [7, 7, 8], id="files and check"),
    pytest.param({"more": "driver: [x]\nconstraints: [a > 3, b > '3']\ntimeout: 9\n"}, [7, 8, 9], id="driver that is a list"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "lines"), TWO)
def test_mistakes_of_a_workload_are_told_together(problems, parts, lines):
    found = problems(workload(**parts), name="w.yaml")
    assert places(found) == [f"w.yaml:{line}" for line in lines], "\n".join(found)


@pytest.mark.parametrize(
    "parts",
    [
        {"a": "{int: [1, 8]}", "more": "constraints: [a <= b]\n"},
        {"a": "[1, 8]", "more": "constraints: [a <= b]\n"},
        {"command": "x"},
        {"command": "[]"},
        {"command": "[x, '{a}{b}', '{duration}']", "more": "duration: 5\n"},
        {"more": "driver: pyhton\n"},
        {"more": "driver: 3\n"},
        {"more": "timeout: 1s\nduration: 5\n"},
        {"a": "{int: [1, 8], special: [0, [1]], default: 0}"},
        {"a": "*x"},
        {"metrics": "{s: {csv: a, percentile: 100}}"},
    ],
)
def test_nothing_is_concluded_from_what_a_mistake_left_out(problems, parts):
    found = problems(workload(**parts), name="w.yaml")
    assert len(found) == 1, "\n".join(found)


IN_STUDY = [
    pytest.param("limits: [3, p95 <= 3]\n", [4, 4], id="two limits"),
    pytest.param("baseline: {jobs: 99, job: 1}\nenqueue: [3, {mode: x}]\n", [4, 4, 5, 5], id="configurations"),
    pytest.param("repeats: 0\nbaseline: {jobs: 99}\nbudget: {wall: 3}\n", [4, 5, 6], id="three parts"),
    pytest.param("sampler: {name: tpe, startup: 0, candidate: 3}\nlimits: [x <= 3]\n", [4, 4, 5], id="sampler's options"),
    pytest.param("limits: [x <= 3]\nenqueue: [{mode: memory}]\nsampler: {seed: -1}\n", [4, 5, 6], id="a risk"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "lines"), IN_STUDY)
def test_mistakes_of_a_study_are_told_together(problems, more, lines):
    found = problems(STUDY + more)
    assert places(found) == [f"study.yaml:{line}" for line in lines], "\n".join(found)


def test_a_missing_workload_does_not_hide_the_mistakes_of_the_study(problems):
    found = problems(
        "study: s\nworkload: none.yaml\nobjective: {metric: ops}\nlimits: [ops <= 3]\nrepeats: 0\n"
    )
    assert places(found) == ["study.yaml:2", "study.yaml:5"]


def test_a_file_that_is_no_workload_does_not_hide_the_mistakes_of_the_study(problems, folder):
    (folder / "other.yaml").write_text("name: x\n")
    found = problems("study: s\nworkload: other.yaml\nobjective: {metric: ops}\nbudgt: 1\nlimits: [p < 3]\n")
    assert places(found) == ["study.yaml:4", "other.yaml:1"]


def test_a_study_without_its_objective_still_has_its_other_mistakes_told(problems):
    found = problems("study: s\nworkload: build.yaml\nlimits: [p95_m <= 3]\nbaseline: {jobs: 99}\n")
    assert places(found) == ["study.yaml:1", "study.yaml:3", "study.yaml:4"]


def test_a_mistake_in_a_parameter_of_another_file_leaves_its_users_alone(problems, folder):
    text = (folder / "build.yaml").read_text()
    (folder / "build.yaml").write_text(text.replace("jobs: {int: [1, 8], default: 2}", "jobs: {int: [8, 1]}"))
    found = problems(STUDY + "baseline: {jobs: 3, mode: x}\nenqueue: [{jobs: 4}]\n")
    assert places(found) == ["study.yaml:4", "build.yaml:8", "build.yaml:8"]


def test_every_mistake_of_a_template_is_told_at_the_file_that_needs_it(problems, folder):
    (folder / "t.j2").write_text("{{ a }}\n{{ bb }}\n{% include 'x' %}")
    (folder / "u.j2").write_text("{{ a }}\n{{ bb }}\n")
    made = workload(more="files: {x.conf: t.j2, y.conf: u.j2}\n")
    found = [line.replace(f"{folder}/", "") for line in problems(made, name="w.yaml")]
    assert found[0].startswith("w.yaml:7:17: template t.j2:3:1: 'include' is not allowed in a template")
    assert found[1].startswith(
        "w.yaml:7:31: template u.j2:2:4: 'bb' is no parameter. Known: a, b. Did you mean 'b'?"
    )
    assert len(found) == 2


def test_an_option_that_the_sampler_does_not_know_is_told_with_its_place(problems):
    (found,) = problems(STUDY + "sampler: {name: grid, levles: 3}\n")
    assert found == (
        "study.yaml:4:31: sampler 'grid' has no option 'levles'. Its options: levels. Did you mean 'levels'?"
    )
