from __future__ import annotations

import shutil

import pytest

from autotune.core.errors import FileError, UsageError
from autotune.core.registry import names
from autotune.core.strict_yaml import dump
from autotune.core.strict_yaml import load as load_yaml
from autotune.study.load import kind_of, load, load_document, load_workload, name_of, resolved_workload

FULL = """\
limits: [p95_ms <= 1.05 * baseline, p95_ms <= 0.02s, failures == 0, ops >= 90% * baseline]
sampler: {name: grid, seed: 7, levels: 4}
repeats: {min: 1, max: 3, until: ci95 <= 3%}
baseline: {jobs: 4, mode: memory}
baseline_samples: 7
enqueue: [{jobs: 8}, {mode: wal, pages: 5, arenas: 1}]
budget: {trials: 20, wall: 5m, plateau: {trials: 10, gain: 1.5%}}
validate: {pairs: 12, min_gain: 3%}
allow_risk: [security]
"""


def test_a_small_study_has_every_default(study, folder):
    made = study()
    assert (made.name, made.objective, made.direction) == ("first", "ops", "maximize")
    assert made.baseline == {"jobs": 2, "arenas": None, "mode": "wal", "pages": 100}
    assert (made.budget.trials, made.budget.wall_s, made.validation.pairs) == (60, None, 40)
    assert (made.repeats.least, made.repeats.most, made.sampler.name) == (1, 1, "auto")
    workload = made.workload
    assert (workload.driver, workload.folder, workload.timeout_s) == ("command", folder, 300)
    assert workload.space["jobs"].apply.actuator == "argv"
    assert workload.space["arenas"].apply.options == {"name": "ARENAS"}
    assert workload.space["arenas"].special == (None,)
    assert [(m.name, m.source, m.where, m.unit) for m in workload.metrics] == [
        ("seconds", "wall", "", "s"),
        ("ops", "json", "$.ops", ""),
        ("p95_ms", "regex", r"p95 = (\S+)", "ms"),
    ]


def test_a_whole_study_is_read_with_its_units(study):
    made = study(FULL)
    assert [(x.metric, x.operator, round(x.bound, 9), x.kind) for x in made.limits] == [
        ("p95_ms", "<=", 1.05, "relative"),
        ("p95_ms", "<=", 20.0, "absolute"),
        ("failures", "<=", 0.0, "absolute"),
        ("ops", ">=", 0.9, "relative"),
    ]
    assert made.sampler.options == {"levels": 4}
    assert made.repeats.until == pytest.approx(0.03)
    assert (made.budget.wall_s, made.budget.plateau.gain) == (300, pytest.approx(0.015))
    assert made.baseline == {"jobs": 4, "arenas": None, "mode": "memory"}
    assert made.enqueue == (
        {"jobs": 8, "arenas": None, "mode": "memory"},
        {"jobs": 4, "arenas": 1, "mode": "wal", "pages": 5},
    )


@pytest.mark.parametrize("more", ["", FULL])
def test_the_document_makes_an_equal_study(study, more, facts):
    made = study(more)
    through_yaml = load_yaml(dump(made.document), "document").data
    assert through_yaml == made.document
    again = load_document(through_yaml, path=made.path, facts=facts)
    assert again == made
    assert again.document == made.document


def test_a_document_is_read_where_its_files_are_gone(study, folder, facts):
    made = study()
    shutil.rmtree(folder)
    assert load_document(made.document, path=made.path, facts=facts) == made


def test_a_document_that_is_no_study_is_a_file_error(tmp_path, facts):
    with pytest.raises(FileError, match="as recorded"):
        load_document({"study": "x", "workload": 3}, path=tmp_path / "s.yaml", facts=facts)


def test_paths_of_a_workload_elsewhere_keep_their_meaning(folder, facts):
    (folder / "studies").mkdir()
    (folder / "studies" / "s.yaml").write_text(
        "study: s\nworkload: ../build.yaml\nobjective: {metric: ops}\n"
    )
    made = load(folder / "studies" / "s.yaml", facts=facts)
    assert made.workload.folder == folder
    assert made.document["workload"]["folder"] == ".."
    assert load_document(made.document, path=made.path, facts=facts) == made


def test_an_inline_workload_is_the_same_as_a_named_one(study, folder, facts):
    named = study()
    inner = "".join(f"  {line}\n" for line in (folder / "build.yaml").read_text().splitlines())
    (folder / "inline.yaml").write_text(f"study: first\nobjective: {{metric: ops}}\nworkload:\n{inner}")
    assert load(folder / "inline.yaml", facts=facts).workload == named.workload


def test_overrides_change_values_and_make_keys(study):
    made = study(
        "limits: [ops >= 1]\n",
        overrides=[
            "budget.wall=2m", "budget.trials=3", "workload.timeout=9s", "workload.parameters.jobs.int.1=16",
            "limits.0=ops >= 2", "sampler.name=random", "allow_risk=[durability]",
        ],
    )  # fmt: skip
    assert (made.budget.wall_s, made.budget.trials, made.workload.timeout_s) == (120, 3, 9)
    assert made.workload.space["jobs"].high == 16
    assert made.limits[0].bound == 2
    assert made.sampler.name == "random"
    assert made.allow_risk == {"durability"}
    assert made.document["budget"]["wall"] == "2m"


def test_an_override_can_name_another_workload(study, folder):
    (folder / "other.yaml").write_text((folder / "build.yaml").read_text().replace("[1, 8]", "[1, 4]"))
    made = study(overrides=["workload.parameters.jobs.default=3", "workload=other.yaml"])
    assert (made.workload.space["jobs"].high, made.baseline["jobs"]) == (4, 3)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("budget", "--set budget: expected KEY=VALUE"),
        ("=3", "--set =3: expected KEY=VALUE"),
        ("a..b=3", "--set a..b=3: expected KEY=VALUE"),
        ("study.a=1", "--set study.a=1: study holds 'first', so there is no 'a' in it"),
        ("workload.command.9=x", "--set workload.command.9=x: workload.command is a list with items 0 to 2"),
        ("workload.command.x=x", "--set workload.command.x=x: workload.command is a list with items 0 to 2"),
    ],
)
def test_an_override_that_leads_nowhere_is_named(study, override, message):
    with pytest.raises(UsageError) as caught:
        study(overrides=[override])
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("bugdet.trials=3", ":1:1: unknown key 'bugdet'. Known: "),
        (
            "budget.trails=3",
            ":1:1: unknown key 'trails'. Known: trials, wall, cost, plateau, target, convergence.",
        ),
        ("budget.trials=x", ":1:1: trials: expected a whole number, found 'x'"),
        ("budget.trials=[1", ":1:3: not YAML: expected ',' or ']'"),
        ("workload.parameters.jobs.int.1=x", ":1:1: expected a range of two numbers"),
        ("workload=none.yaml", ":1:1: workload file none.yaml does not exist"),
    ],
)
def test_a_wrong_value_of_an_override_is_named_with_the_override(study, folder, override, message):
    with pytest.raises(FileError) as caught:
        study(overrides=[override])
    (line,) = str(caught.value).replace(f"{folder}/", "").splitlines()
    assert line.startswith(f"--set {override}{message}")


def test_all_problems_of_both_files_are_listed_at_once_in_their_order(problems, folder):
    text = (folder / "build.yaml").read_text()
    text = text.replace("default: 2", "default: 99").replace("wall: true", "wal: true")
    (folder / "build.yaml").write_text(text)
    found = problems(
        "study: s\nworkload: build.yaml\nobjective: {metric: opps}\nlimts: []\nbudget: {wall: 5}\n"
    )
    assert [line.partition(": ")[0] for line in found] == [
        "study.yaml:3:21", "study.yaml:4:1", "study.yaml:5:16", "build.yaml:4:13", "build.yaml:8:32",
    ]  # fmt: skip


def test_kinds_and_names_are_told_by_the_keys(folder):
    assert kind_of(folder / "study.yaml") == "study"
    assert kind_of(folder / "build.yaml") == "workload"
    assert name_of(folder / "study.yaml") == "first"
    with pytest.raises(FileError, match=r"build.yaml:1:1: this is a workload, and a study is needed"):
        name_of(folder / "build.yaml")
    with pytest.raises(FileError, match=r"study.yaml:1:1: this is a study, and a workload is needed"):
        load_workload(folder / "study.yaml", facts={})


@pytest.mark.parametrize(("text", "told"), [("", "no keys"), ("- a", "no keys"), ("studdy: x", "'studdy'")])
def test_a_file_that_is_neither_kind_says_what_it_begins_with(tmp_path, text, told):
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(FileError, match=f"neither a study nor a workload: .*{told}"):
        load(tmp_path / "x.yaml", facts={})


def test_a_workload_shows_every_default(folder, facts):
    plain = resolved_workload(folder / "build.yaml", facts=facts)
    assert plain["timeout"] == "300s"
    assert plain["parameters"]["jobs"]["apply"] == "argv"
    assert plain["parameters"]["arenas"]["special"] == ["unset"]
    assert plain["metrics"]["seconds"] == {"wall": True, "unit": "s", "direction": "minimize"}


def test_a_function_is_a_workload_of_driver_python(tmp_path):
    (tmp_path / "w.yaml").write_text(
        "workload: parse\ndriver: python\npython: {call: 'mybench:run'}\n"
        "metrics: {ops: {direction: maximize}, t: {returned: seconds, unit: s}}\n"
        "parameters: {size: {int: [1, 8], default: 2}}\n"
    )
    made = load_workload(tmp_path / "w.yaml", facts={})
    assert made.python.path == tmp_path
    assert made.space["size"].apply.actuator == "arguments"
    assert [(m.source, m.where) for m in made.metrics] == [("returned", "ops"), ("returned", "seconds")]


def test_numbers_of_a_float_parameter_are_floats(tmp_path):
    (tmp_path / "w.yaml").write_text(
        "workload: w\ncommand: [x, '{a}']\nmetrics: {s: {wall: true}}\n"
        "parameters: {a: {float: [1, 8], default: 2, special: [0]}}\n"
    )
    made = load_workload(tmp_path / "w.yaml", facts={}).space["a"]
    assert [type(v) for v in (made.low, made.high, made.default, *made.special)] == [float] * 4


def test_a_load_says_of_its_latencies_what_it_knows_of_them(tmp_path, facts):
    text = (
        "workload: w\ndriver: http\nload: {url: 'http://localhost:1/', HOW, duration: 5s, warmup: 0s}\n"
        "metrics:\n  p95: {returned: latency_s, percentile: 95, unit: ms}\n  errors: {}\n"
        "  worst: {returned: latency_s, reduce: max}\n"
    )
    for how, loop in (("rate: 30/m", "open"), ("users: 3", "closed")):
        (tmp_path / "w.yaml").write_text(text.replace("HOW", how))
        found = load_workload(tmp_path / "w.yaml", facts=facts)
        assert (found.metric("p95").loop, found.metric("p95").values_in) == (loop, "s")
        assert found.metric("worst").loop == loop
        assert found.metric("errors").source == "returned"
        assert found.load.rate_per_s == (0.5 if loop == "open" else None)
        assert (found.load.duration_s, found.load.warmup_s) == (5, 0)


def test_a_metric_in_a_unit_of_time_can_say_its_loop(tmp_path):
    (tmp_path / "w.yaml").write_text(
        "workload: w\ncommand: [x]\nmetrics:\n  p: {json: $.p, unit: ms, loop: closed}\n"
        "  o: {wall: true, loop: open}\n  q: {json: $.p, unit: ms}\n"
    )
    found = load_workload(tmp_path / "w.yaml", facts={})
    assert [metric.loop for metric in found.metrics] == ["closed", "open", None]


def test_a_study_of_a_workload_without_parameters_is_refused(tmp_path, facts):
    (tmp_path / "w.yaml").write_text("workload: w\ncommand: [x]\nmetrics: {s: {wall: true}}\n")
    (tmp_path / "s.yaml").write_text("study: s\nworkload: w.yaml\nobjective: {metric: s}\n")
    assert load_workload(tmp_path / "w.yaml", facts=facts).space.parameters == ()
    with pytest.raises(FileError, match="a study needs a parameter to tune, and this workload has none"):
        load(tmp_path / "s.yaml", facts=facts)


@pytest.mark.parametrize("sampler", names("samplers"))
def test_a_range_of_one_point_is_refused_whatever_the_sampler(tmp_path, facts, sampler):
    (tmp_path / "s.yaml").write_text(
        f"study: s\nsampler: {{name: {sampler}}}\nobjective: {{metric: s}}\nworkload:\n  workload: w\n"
        "  command: [x, '{n}']\n  metrics: {s: {wall: true}}\n  parameters: {n: {int: [3, 3], default: 3}}\n"
    )
    with pytest.raises(FileError, match=r"with low below high, found \[3, 3\]"):
        load(tmp_path / "s.yaml", facts=facts)
