# ruff: noqa: E501  a row of the table is one case
"""Every kind of mistake in a file, with its place and what is said of it."""

from __future__ import annotations

import pytest

from autotune.core import registry
from autotune.core.errors import FileError
from autotune.study.load import load_workload

HEAD = "study: s\nworkload: build.yaml\nobjective: {metric: ops}\n"

IN_STUDY = [
    ("limts: []", "4:1: unknown key 'limts'. Known: study, workload, objective,"),
    ("objectivs: [a]", "4:1: unknown key 'objectivs'. Known: study, workload, objective, objectives, pick,"),
    ("objectives: [{metric: ops}, {metric: seconds}]", "4:1: 'objective' says one and 'objectives' says several: write one of the two"),
    ("pick: knee", "4:1: a pick is made among several objectives, and there is one. Write them as 'objectives'"),
    ("limits: 3", "4:9: limits: expected a list, found 3"),
    ("limits: [p95_ms]", "4:10: 'p95_ms' is no limit. Write it as 'p95_ms <= 1.05 * baseline'"),
    ("limits: [p95_m <= 3]", "4:10: 'p95_m' is no metric. Known: seconds, ops, p95_ms, failures. Did you mean 'p95_ms'?"),
    ("limits: [ops < 3]", "4:10: '<' is no bound in 'ops < 3'; limits use <= and >="),
    ("limits: [ops == 3]", "4:10: '==' is no bound in"),
    ("limits: [p95_ms <= 3MB]", "4:10: the bound in 'p95_ms <= 3MB' is no number: '3MB' cannot be read in ms"),
    ("limits: [ops <= 1e999]", "4:10: the bound in 'ops <= 1e999' is not finite"),
    ("limits: [ops <= x * baseline]", "4:10: the factor in 'ops <= x * baseline' is no number"),
    ("limits: [ops <= 0 * baseline]", "4:10: the factor in 'ops <= 0 * baseline' has to be above zero"),
    ("limits: [ops <= 1 * baseline * 2]", "4:10: 'ops <= 1 * baseline * 2' has two factors"),
    ("limits: [failures <= baseline]", "4:10: 'failures' is bounded by a number"),
    ("sampler: tpe", "4:10: sampler: expected a mapping, found 'tpe'"),
    ("sampler: {name: tpe2}", "4:17: sampler 'tpe2' is not installed. Known: annealing, auto, cmaes, genetic, gp, gradient, grid, local, portfolio, qmc, random, tpe. Did you mean 'tpe'?"),
    ("sampler: {seed: -1}", "4:17: seed: expected at least 0, found -1"),
    ("repeats: 0", "4:10: repeats: expected at least 1, found 0"),
    ("repeats: 1.5", "4:10: repeats: expected a whole number, found 1.5"),
    ("repeats: true", "4:10: repeats: expected a whole number, found true"),
    ("repeats: {min: 3, max: 2}", "4:1: max 2 is below min 3"),
    ("repeats: {min: 1, max: 2}", "4:1: min below max needs 'until'"),
    ("repeats: {min: 1, max: 2, until: 3%}", "4:34: expected a precision such as 'ci95 <= 3%', found '3%'"),
    ("baseline: {job: 3}", "4:12: 'job' is no parameter. Known: jobs, arenas, mode, pages. Did you mean 'jobs'?"),
    ("baseline: {jobs: 9}", "4:18: 'jobs' cannot be 9: it is int from 1 to 8"),
    ("baseline: {jobs: '3'}", "4:18: 'jobs' cannot be '3': it is int from 1 to 8"),
    ("baseline: {jobs: true}", "4:18: 'jobs' cannot be true"),
    ("baseline: {mode: wall}", "4:18: 'mode' cannot be 'wall': it is one of wal, memory. Did you mean 'wal'?"),
    ("baseline: {jobs: unset}", "4:18: 'jobs' cannot be unset"),
    ("baseline_samples: 1", "4:19: baseline_samples: expected at least 2, found 1"),
    ("enqueue: [{jobs: 1}, {jobs: 77}]", "4:29: 'jobs' cannot be 77"),
    ("enqueue: [{mode: memory}]", "4:11: this configuration takes a risk that allow_risk does not list: durability"),
    ("budget: {trials: 0}", "4:18: trials: expected at least 1, found 0"),
    ("budget: {wall: 20}", "4:16: expected a duration such as 30s, 5m or 250ms, found 20 without a unit. Did you mean '20s'?"),
    ("budget: {wall: 5 weeks}", "4:16: expected a duration such as 30s, 5m or 250ms, found '5 weeks'"),
    ("budget: {wall: 0s}", "4:16: expected a duration such as 30s, 5m or 250ms above zero, found '0s'"),
    ("budget: {wall: 1:30}", "4:16: expected a duration such as 30s, 5m or 250ms, found '1:30'"),
    ("budget: {plateau: {gain: 1%}}", "4:10: key 'trials' is missing"),
    ("validate: {min_gain: 0.02}", "4:22: expected a percentage such as 2%, found 0.02 without a unit"),
    ("validate: {min_gain: -2%}", "4:22: expected a percentage such as 2% that is not negative, found '-2%'"),
    ("allow_risk: [durabilty]", "4:14: allow_risk: expected one of durability, security, correctness, availability; found 'durabilty'. Did you mean 'durability'?"),
    ("allow_risk: no", "4:13: allow_risk: expected a list, found 'no'"),
    ("budget:", "4:8: nothing is written here. Leave the key out, or write unset"),
    ("baseline: {jobs: ~}", "4:18: nothing is written here"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), IN_STUDY, ids=[line for line, _ in IN_STUDY])
def test_a_mistake_in_a_study_is_told_with_its_place(problems, line, message):
    (found,) = problems(HEAD + line + "\n")
    assert found.startswith(f"study.yaml:{message}")


BOTH = "objectives: [{metric: ops}, {metric: p95_ms}]\n"

IN_OBJECTIVES = [
    ("objectives: [a]", "3:14: objectives: expected a mapping, found 'a'"),
    ("objectives: []", "3:1: objectives are 2 to 4, found 0. One is an 'objective'"),
    ("objectives: [{metric: ops}]", "3:1: objectives are 2 to 4, found 1. One is an 'objective'"),
    ("objectives: [{metric: ops}, {metric: ops}]", "3:38: objective 'ops' is given twice"),
    ("objectives: [{metric: ops}, {metric: p95_m}]", "3:38: 'p95_m' is no metric. Known: seconds, ops, p95_ms. Did you mean 'p95_ms'?"),
    ("objectives: [{metric: ops}, {metric: p95_ms, margin: 2%}]", "3:46: unknown key 'margin'. Known: metric, min_gain, min_difference."),
    (BOTH + "validate: {min_difference: 3}", "4:12: several objectives have several units: write min_difference with the objective"),
    (BOTH + "pick: nee", "4:7: expected knee, or a mapping with weights, lexicographic, max or min; found 'nee'"),
    (BOTH + "pick: {}", "4:1: a pick has one of weights, lexicographic, max and min; found none of them"),
    (BOTH + "pick: {wieghts: {ops: 1}}", "4:8: unknown key 'wieghts'. Known: weights, lexicographic, within, max, min, subject_to. Did you mean 'weights'?"),
    (BOTH + "pick: {weights: {ops: 1, p95_ms: 0}}", "4:34: p95_ms: expected more than 0.0, found 0"),
    (BOTH + "pick: {weights: {ops: 1}}", "4:8: weights names every objective; left out: p95_ms"),
    (BOTH + "pick: {weights: {ops: 1, p95_ms: 1, seconds: 1}}", "4:37: 'seconds' is no objective. They are: ops, p95_ms."),
    (BOTH + "pick: {lexicographic: [ops, p95_ms, ops]}", "4:8: lexicographic names an objective twice"),
    (BOTH + "pick: {lexicographic: [p95_ms]}", "4:8: lexicographic names every objective; left out: ops"),
    (BOTH + "pick: {weights: {ops: 1, p95_ms: 1}, within: 2%}", "4:38: 'within' belongs to lexicographic, and this pick has 'weights'"),
    (BOTH + "pick: {max: opps, subject_to: [p95_ms <= 20]}", "4:13: 'opps' is no objective. They are: ops, p95_ms. Did you mean 'ops'?"),
    (BOTH + "pick: {min: ops, subject_to: [p95_ms <= 20]}", "4:8: ops is to maximize: write 'max: ops'"),
    (BOTH + "pick: {max: ops}", "4:8: what is ops to be weighed against? Write 'subject_to' with bounds"),
    (BOTH + "pick: {max: ops, subject_to: []}", "4:30: subject_to: expected at least one entry, found none"),
    (BOTH + "pick: {max: ops, subject_to: [seconds <= 2]}", "4:31: 'seconds' is no objective. subject_to bounds objectives; any other metric is bounded by 'limits'"),
    (BOTH + "pick: {max: ops, subject_to: [failures == 0]}", "4:31: failures are no objective."),
    (BOTH + "pick: {max: ops, subject_to: [ops >= 2]}", "4:31: 'ops' is what the pick improves; bound the other objectives"),
    (BOTH + "pick: {max: ops, subject_to: [p95_ms < 2]}", "4:31: '<' is no bound in 'p95_ms < 2'"),
    (BOTH + "sampler: {name: gp}", "4:10: sampler 'gp' takes one objective"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), IN_OBJECTIVES, ids=[lines for lines, _ in IN_OBJECTIVES])
def test_a_mistake_in_several_objectives_is_told_with_its_place(problems, lines, message):
    (found,) = problems(f"study: s\nworkload: build.yaml\n{lines}\n")
    assert found.startswith(f"study.yaml:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("study: s\nworkload: build.yaml\n", "1:1: key 'objective' is missing"),
        ("study: s\nworkload: build.yaml\nobjective: {}\n", "3:1: key 'metric' is missing"),
        ("study: s\nobjective: {metric: ops}\n", "1:1: key 'workload' is missing"),
        ("study: s\nworkload: nope.yaml\nobjective: {metric: ops}\n", "2:11: workload file nope.yaml does not"),
        ("study: s\nworkload: [a]\nobjective: {metric: ops}\n", "2:11: expected text, found a list"),
        ("study: ../s\nworkload: build.yaml\nobjective: {metric: ops}\n", "1:8: expected a name of 1 to 64"),
        ("study: .s\nworkload: build.yaml\nobjective: {metric: ops}\n", "1:8: expected a name of 1 to 64"),
        ("study: 7\nworkload: build.yaml\nobjective: {metric: ops}\n", "1:8: expected a name of 1 to 64"),
    ],
)  # fmt: skip
def test_a_study_without_its_main_parts_is_refused(problems, text, message):
    (found,) = problems(text)
    assert found.startswith(f"study.yaml:{message}")


def test_a_study_as_the_workload_of_a_study_is_refused(problems):
    (found,) = problems("study: s\nworkload: study.yaml\nobjective: {metric: ops}\n")
    assert found == "study.yaml:1:1: this is no workload; a workload begins with 'workload: NAME'"


PLAIN = {
    "command": "command: [x, '{a}']",
    "metrics": "metrics: {s: {wall: true}}",
    "a": "  a: {int: [1, 8], default: 2}",
}

ACTUATORS = ", ".join(registry.names("actuators"))

IN_WORKLOAD = [
    ({"a": "  a: {int: [8, 1], default: 2}"}, "5:12: expected a range [low, high] with low below high, found [8, 1]"),
    ({"a": "  a: {int: [1, 1], default: 1}"}, "5:12: expected a range [low, high]"),
    ({"a": "  a: {int: [1], default: 1}"}, "5:12: expected a range of two numbers such as [1, 8], found [1]"),
    ({"a": "  a: {int: [1, 2.5], default: 1}"}, "5:12: expected whole numbers, found 2.5. For fractions"),
    ({"a": "  a: {int: [1, x], default: 1}"}, "5:12: expected a range of two numbers such as [1, 8], found [1, 'x']"),
    ({"a": "  a: {int: [1, .inf], default: 1}"}, "5:16: '.inf' is not a finite number"),
    ({"a": "  a: {int: [0, 8], log: true, default: 1}"}, "5:25: log needs a range above zero, found [0, 8]"),
    ({"a": "  a: {int: [1, 8], step: 9, default: 1}"}, "5:26: step 9 does not fit in the range [1, 8]"),
    ({"a": "  a: {int: [1, 8], step: 0, default: 1}"}, "5:26: expected a number above zero, found 0"),
    ({"a": "  a: {int: [1, 8], step: 1.5, default: 1}"}, "5:26: expected a whole number, found 1.5"),
    ({"a": "  a: {int: [1, 8], step: 2, default: 2}"}, "5:38: 'a' cannot be 2: it is int from 1 to 8 in steps of 2"),
    ({"a": "  a: {int: [1, 8], special: [4], default: 2}"}, "5:30: special value 4 is in the range [1, 8] already"),
    ({"a": "  a: {int: [1, 8]}"}, "5:3: key 'default' is missing"),
    ({"a": "  a: {default: 1}"}, "5:3: parameter 'a' needs exactly one of int, float, bool, choice, ordinal, power_of_two; found none"),
    ({"a": "  a: {int: [1, 8], bool: true, default: 1}"}, "5:3: parameter 'a' needs exactly one of int, float, bool, choice, ordinal, power_of_two; found int and bool"),
    ({"a": "  a: {choice: [], default: 1}"}, "5:15: expected a list of values such as [a, b], found []"),
    ({"a": "  a: {choice: [x, x], default: x}"}, "5:15: value 'x' is given twice"),
    ({"a": "  a: {choice: [x, {y: 1}], default: x}"}, "5:15: value 2 of the list is a mapping"),
    ({"a": "  a: {choice: [x, y], log: true, default: x}"}, "5:23: 'log' belongs to int and float only"),
    ({"a": "  a: {choice: [x, y], default: unset}"}, "5:32: 'a' cannot be unset: it is one of x, y"),
    ({"a": "  a: {bool: false, default: true}"}, "5:13: bool: expected one of true; found false"),
    ({"a": "  a: {bool: true, default: no}"}, "5:28: 'a' cannot be 'no': it is one of false, true"),
    ({"a": "  a: {int: [1, 8], default: current}"}, "5:29: 'current' is read from the machine, and 'a' is none of its values: it is applied by argv."),
    ({"a": "  a: {int: [1, 8], default: 2, scope: reboot}"}, "5:39: scope: expected one of runtime, reload, restart, boot; found 'reboot'. Did you mean 'boot'?"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: argb}"}, f"5:39: actuator 'argb' is not installed. Known: {ACTUATORS}. Did you mean 'argv'?"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: {sisctl: vm.x}}"}, f"5:39: actuator 'sisctl' is not installed. Known: {ACTUATORS}. Did you mean 'sysctl'?"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: env}"}, "5:39: 'env' needs the variable's name, as in {env: MALLOC_ARENA_MAX}; found 'env'"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: {argv: x}}"}, "5:39: 'argv' takes no options. Did you mean 'apply: argv'?"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: arguments}"}, "5:39: 'arguments' are a function's, for driver python"),
    ({"a": "  a: {int: [1, 8], default: 2, when: 'b >'}"}, "5:38: 'b >' is not an expression. Write it as in: a <= 2 * b"),
    ({"a": "  a: {int: [1, 8], default: 2, when: a > 1}"}, "5:38: 'when' goes in a circle: a -> a"),
    ({"a": "  a: {int: [1, 8], default: 2, when: host.cpu > 1}"}, "5:38: 'host.cpu' in 'host.cpu > 1' is neither a parameter nor a fact of the host. Did you mean 'host.cpus'?"),
    ({"a": "  a: {int: [1, 8], default: 2, risk: {durable: a > 1}}"}, "5:39: expected one of durability, security"),
    ({"a": "  a: {int: [1, 8], default: 2, risk: {security: 1 / (a - 1) > 1}}"}, "5:49: '1 / (a - 1) > 1' has no value: division by zero, where a is 1"),
    ({"a": "  a: {int: [1, 8], defualt: 2}"}, "5:3: key 'default' is missing"),
    ({"a": "  true: {int: [1, 8], default: 2, apply: {env: A}}", "command": "command: [x]"}, "5:3: a key has to be text, found 'true'"),
    ({"a": "  a-b: {int: [1, 8], default: 2}", "command": "command: [x, '{a-b}']"}, "5:3: expected a name of letters, digits and '_'"),
    ({"a": "  if: {int: [1, 8], default: 2, apply: {env: A}}", "command": "command: [x]"}, "5:3: 'if' means something in expressions"),
    ({"a": "  seed: {int: [1, 8], default: 2}", "command": "command: [x, '{seed}']"}, "5:3: 'seed' is a field of every command"),
    ({"command": "command: make -j{a}"}, "2:10: command: expected a list, found 'make -j{a}'"),
    ({"command": "command: []"}, "1:1: driver command needs 'command', and it is missing"),
    ({"command": "command: [x]"}, "5:3: parameter 'a' is applied by argv, and no command mentions '{a}'"),
    ({"command": "command: [x, '{a}', '{b}']"}, "2:21: '{b}' is no field. Known: a, data, duration, out, python, seed, trial"),
    ({"command": "command: [x, '{a}', '{duratoin}']"}, "2:21: '{duratoin}' is no field. Known: a, data, duration, out, python, seed, trial. Did you mean 'duration'?"),
    ({"command": "command: [x, '{a}', '{print $1}']"}, "2:21: '{print $1}' is no field."),
    ({"command": "command: [x, '{a}', 'a}']"}, "2:21: a single '}' in 'a}'; write '}}' for the character itself"),
    ({"command": "command: [x, '{a}', '{duration}']"}, "2:21: '{duration}' is used, and no duration is given"),
    ({"a": "  a: {int: [1, 8], default: 2, apply: {env: A}}"}, "2:14: parameter 'a' is applied by env, so that no command gets it. Did you mean argv?"),
    ({"command": "command: [x, '{a}', 3]"}, "2:21: expected text, found 3. In quotes it is text: '3'"),
    ({"command": "command: [x, '{a}', \"\\0\"]"}, "2:21: text with a NUL character"),
    ({"command": "command: [x, '{a}']\nenv: {A: '{data}/x'}"}, "3:10: '{data}' is not filled in here"),
    ({"command": "command: [x, '{a}']\nenv: {A-B: x}"}, "3:7: expected the name of an environment variable"),
    ({"command": "command: [x, '{a}']\nreset: {command: [y, '{b}']}"}, "3:22: '{b}' is no field"),
    ({"command": "command: [x, '{a}']\ntimeout: 10"}, "3:10: expected a duration such as 30s, 5m or 250ms, found 10 without a unit"),
    ({"command": "command: [x, '{a}']\ntimeout: 5s\nduration: 5s"}, "3:10: timeout 5s leaves no time for a sample of duration 5s"),
    ({"command": "command: [x, '{a}']\ndriver: servce"}, "3:9: driver 'servce' is not installed. Known: command, http, python, service. Did you mean 'service'?"),
    ({"command": "command: [x, '{a}']\npython: {call: 'a:b'}"}, "3:1: 'python' belongs to driver python, found driver command"),
    ({"command": "command: [x, '{a}']\nserivce: {}"}, "3:1: unknown key 'serivce'. Known: workload, driver,"),
    ({"command": "command: [x, '{a}']\nfiles: {../x: t}"}, "3:9: expected a name of 1 to 64 letters"),
    ({"command": "command: [x, '{a}']\nfiles: {.x: t}"}, "3:9: expected a name of 1 to 64 letters"),
    ({"command": "command: [x, '{a}']\nfiles: {x.cnf: none.tmpl}"}, "3:16: template none.tmpl cannot be read: No such file"),
    ({"command": "command: [x, '{a}']\nfolder: nowhere"}, "3:9: folder nowhere does not exist"),
    ({"command": "command: [x]", "a": "  a: {int: [1, 8], default: 2, apply: template}"}, "5:39: 'template' needs a template: files: {name: path}"),
    ({"command": "command: [x]\nfiles: {x.cnf: build.yaml}", "a": "  zz: {int: [1, 8], default: 2, apply: template}"}, "6:3: parameter 'zz' is applied by template, and no template mentions it"),
    ({"metrics": "metrics: {}"}, "3:10: metrics: expected at least one entry, found none"),
    ({"metrics": "metrics: {s: {}}"}, "3:11: metric 's' needs exactly one of regex, json, csv, hdr, numbers, wall, exit, resource, returned, index; found none"),
    ({"metrics": "metrics: {s: {wall: true, json: $.a}}"}, "3:11: metric 's' needs exactly one of regex, json, csv, hdr, numbers, wall, exit, resource, returned, index; found json and wall"),
    ({"metrics": "metrics: {s: {regex: '('}}"}, "3:22: '(' is no regular expression: missing )"),
    ({"metrics": "metrics: {s: {json: '$['}}"}, "3:21: '$[' is no JSON path: "),
    ({"metrics": "metrics: {s: {resource: cpu}}"}, "3:25: 'cpu' is no resource. Known: wall_s, cpu_user_s,"),
    ({"metrics": "metrics: {s: {returned: a}}"}, "3:25: 'returned' belongs to the drivers python and http, found driver command"),
    ({"metrics": "metrics: {s: {wall: true, unit: MB}}"}, "3:33: this metric is measured in 's', which cannot be converted to 'MB'"),
    ({"metrics": "metrics: {s: {wall: true, file: x}}"}, "3:33: 'file' belongs to regex, json, csv, not to wall"),
    ({"command": "driver: http", "a": "  a: {int: [1, 8], default: 2, apply: {env: A}}"}, "1:1: driver http needs 'load', and it is missing"),
    ({"command": "driver: http\nnetwork: own\nload: {url: 'http://localhost/', users: 1}", "a": "  a: {int: [1, 8], default: 2, apply: {env: A}}"}, "3:10: a network of its own reaches no service"),
    ({"command": "command: [x, '{a}']\nload: {url: 'http://localhost/', users: 1}"}, "3:1: 'load' belongs to driver http or service, found driver command"),
    *(({"command": f"driver: http\nload: {{{load}}}", "a": "  a: {int: [1, 8], default: 2, apply: {env: A}}"}, message) for load, message in (
        ("url: 'http://192.0.2.1/', rate: 5/s", "3:13: 192.0.2.1 is not this machine. 'allow_remote: true' says"),
        ("url: ftp://localhost, rate: 5/s", "3:13: 'ftp://localhost' is no URL such as http://127.0.0.1:8080/"),
        ("url: 'http://localhost/', rate: 5", "3:40: expected a rate such as 500/s, found 5 without a unit. Did you mean '5/s'?"),
        ("url: 'http://localhost/', rate: 5/x", "3:40: expected a rate such as 500/s, found '5/x'"),
        ("url: 'http://localhost/'", "3:1: a load has either 'rate', an open loop, or 'users', a closed one"),
        ("url: 'http://localhost/', users: 5, rate: 5/s", "3:1: a load has either 'rate'"),
        ("url: 'http://localhost/', users: 901", "3:41: users: expected at most 900, found 901"),
        ("url: 'http://localhost/', rate: 90000/s", "3:40: more than 1,000,000 requests in a sample cannot be kept"),
        ("url: 'http://localhost/', users: 1, duration: 5m", "3:54: a sample may take 312 s until its last answer. Raise"),
        ("url: 'http://localhost/{b}', users: 1", "3:13: '{b}' is no field"),
    )),
    *(({"metrics": f"metrics: {{s: {{{index}}}, ops: {{wall: true}}}}"}, message) for index, message in (
        ("index: cpu_eficiency", "3:22: index: expected one of cpu_efficiency, memory_efficiency, work_per_cpu_s, work_per_gib_s, cost_per_work; found 'cpu_eficiency'"),
        ("index: work_per_cpu_s", "3:22: work_per_cpu_s needs 'work: NAME', the metric that is the work done"),
        ("index: work_per_cpu_s, work: op", "3:44: 'op' is no metric that measures work. Known: ops. Did you mean 'ops'?"),
        ("index: work_per_cpu_s, work: s", "3:44: 's' is no metric that measures work"),
        ("index: cpu_efficiency, work: ops", "3:44: 'work' belongs to the indices work_per_cpu_s,"),
        ("index: cpu_efficiency, weights: {balanc: 1}", "3:47: 'balanc' is no part of cpu_efficiency. Known: utilisation, balance, switches, thermal. Did you mean 'balance'?"),
        ("index: cpu_efficiency, weights: {balance: 0}", "3:47: at least one weight has to be above zero"),
        ("index: cpu_efficiency, weights: {balance: -1}", "3:57: balance: expected at least 0"),
        ("index: cpu_efficiency, unit: ms", "3:44: this metric is a plain number without a unit, found 'ms'"),
        ("index: cost_per_work, work: ops", "3:22: cost_per_work needs 'prices: {cpu_hour: 0.04, gib_hour: 0.005}', one of them above zero"),
        ("index: work_per_cpu_s, work: ops, prices: {cpu_hour: 1}", "3:57: 'prices' belongs to the index cost_per_work"),
        ("wall: true, weights: {balance: 1}", "3:36: 'weights' belongs to the indices cpu_efficiency, memory_efficiency"),
    )),
    ({"metrics": "metrics: {s: {csv: a}}"}, "3:20: csv yields many values: add 'percentile: 95', or 'reduce: mean'"),
    ({"metrics": "metrics: {s: {wall: true, percentile: 95}}"}, "3:39: wall yields one value. 'percentile' belongs to json, csv, hdr, numbers, returned"),
    ({"metrics": "metrics: {s: {csv: a, percentile: 95, reduce: max}}"}, "3:47: a metric is a percentile or reduced otherwise, not both"),
    ({"metrics": "metrics: {s: {csv: a, percentile: 100}}"}, "3:35: percentile: expected less than 100.0, found 100"),
    ({"metrics": "metrics: {s: {hdr: a, reduce: sum}}"}, "3:31: histograms tell mean and max, not sum"),
    ({"metrics": "metrics: {s: {csv: a, reduce: max, unit: ms, values_in: kB}}"}, "3:57: 'kB' cannot be converted to the metric's unit 'ms'"),
    ({"metrics": "metrics: {s: {wall: true, values_in: us}}"}, "3:38: 'values_in' belongs to a metric with percentile or reduce"),
    ({"metrics": "metrics: {s: {csv: a, reduce: max, loop: open}}"}, "3:42: 'loop' belongs to a percentile, or to a metric in a unit of time: add 'unit: ms'"),
    ({"metrics": "metrics: {s: {json: $.a, reduce: max, count: $.n}}"}, "3:46: many values are counted by themselves"),
    ({"metrics": "metrics: {s: {exit: true, unit: ms}}"}, "3:33: this metric is a plain number without a unit, found 'ms'"),
    ({"metrics": "metrics: {s: {numbers: '{nix}/a', reduce: max}}"}, "3:24: '{nix}' is no field"),
    ({"metrics": "metrics: {s: {wall: true, count: x}}"}, "3:34: 'count' belongs to regex, json and returned, not to wall"),
    ({"metrics": "metrics: {s: {wall: true, direction: minimise}}"}, "3:38: direction: expected one of minimize, maximize; found 'minimise'. Did you mean 'minimize'?"),
    ({"metrics": "metrics: {s: {json: $.a, file: /etc/passwd}}"}, "3:32: '/etc/passwd' is not in the sample's own folder"),
    ({"metrics": "metrics: {s: {json: $.a, file: a/../../x}}"}, "3:32: 'a/../../x' is not in the sample's own folder"),
    ({"metrics": "metrics: {failures: {wall: true}}"}, "3:11: 'failures' is what every study counts by itself"),
    ({"a": "  a: {int: [1, 8], default: 2}\nconstraints: [a < 1 + b]"}, "6:15: 'b' in 'a < 1 + b' is neither a parameter nor a fact of the host."),
    ({"a": "  a: {int: [1, 8], default: 2}\nconstraints: ['2 > 1']"}, "6:15: '2 > 1' names no parameter, so that it says"),
    ({"a": "  a: {bool: true, default: unset}"}, "5:28: 'a' cannot be unset: it is one of false, true. For a third state write choice: [false, true, unset]"),
    ({"a": "  a: {int: [1, 8], default: 2}\nconstraints: [import os]"}, "6:15: 'import os' is not an expression"),
    ({"a": "  a: {int: [1, 8], default: 2}\nconstraints: [a > 3]"}, "6:1: the baseline does not satisfy 'a > 3': a is 2"),
    ({"a": "  a: {int: [1, 8], default: 2}\nconstraints: [a > 3, a < 2]"}, "6:1: no configuration satisfies the constraints: 'a > 3' and 'a < 2' contradict each other, where a is int from 1 to 8"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "message"), IN_WORKLOAD, ids=[str(m) for _, m in IN_WORKLOAD])
def test_a_mistake_in_a_workload_is_told_with_its_place(problems, lines, message):
    parts = {**PLAIN, **lines}
    text = f"workload: w\n{parts['command']}\n{parts['metrics']}\nparameters:\n{parts['a']}\n"
    found = problems(text, name="w.yaml")
    assert found[0].startswith(f"w.yaml:{message}")
    assert len(found) == (2 if "defualt" in text or "[x, 'x']" in text else 1)


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("python: {call: mybench}", "3:16: expected module:function, as in mybench:run; found 'mybench'"),
        ("python: {call: 'a/b:run'}", "3:16: expected module:function"),
        ("python: {call: 'a:run', path: nowhere}", "3:31: folder nowhere does not exist"),
        ("timeout: 9s", "1:1: driver python needs 'python', and it is missing"),
        (
            "python: {call: 'a:b'}\ncommand: [x]",
            "4:1: 'command' belongs to driver command, found driver python",
        ),
    ],
)
def test_a_mistake_in_a_python_workload_is_told(problems, python, message):
    parts = "metrics: {s: {}}\nparameters: {a: {int: [1, 8], default: 2}}\n"
    (found,) = problems(f"workload: w\ndriver: python\n{python}\n{parts}", name="w.yaml")
    assert found.startswith(f"w.yaml:{message}")


def test_a_circle_of_conditions_names_its_way(problems):
    found = problems(
        "workload: w\ncommand: [x, '{a}{b}{c}']\nmetrics: {s: {wall: true}}\nparameters:\n"
        "  a: {int: [1, 8], default: 2, when: b > 1}\n"
        "  b: {int: [1, 8], default: 2, when: c > 1}\n"
        "  c: {int: [1, 8], default: 2, when: a > 1}\n",
        name="w.yaml",
    )
    assert found[0] == "w.yaml:5:38: 'when' goes in a circle: a -> b -> c -> a"
    assert len(found) == 3


@pytest.mark.parametrize(("unit", "count"), [("", 1), (", unit: 1/s", 0)])
def test_work_of_one_call_is_not_held_against_the_cost_of_many(folder, facts, unit, count):
    (folder / "w.yaml").write_text(
        f"workload: w\ndriver: python\npython: {{call: 'm:f', calibrate: true}}\nmetrics:\n  ops: {{direction: "
        f"maximize{unit}}}\n  per_cpu: {{index: work_per_cpu_s, work: ops}}\nparameters: {{a: {{int: [1, 8], default: 2}}}}\n"
    )
    found = []
    try:
        load_workload(folder / "w.yaml", facts=facts)
    except FileError as error:
        found = [str(problem) for problem in error.problems]
    assert len(found) == count
    assert all(":6:42: with 'calibrate: true' the work 'ops' is that of one call" in text for text in found)


def test_an_extra_that_is_missing_is_told_before_anything_runs(problems, monkeypatch):
    monkeypatch.setattr("autotune.core.extras.find_spec", lambda _: None)
    found = problems(
        "workload: w\ndriver: http\nload: {url: 'http://127.0.0.1:1/', rate: 5/s, duration: 1s}\n"
        "metrics: {p95: {hdr: x.hlog, percentile: 95, unit: ms}}\n",
        name="w.yaml",
    )
    assert [line.partition("pip")[2] for line in found] == [
        " install 'autotune-harness[http]', in a clone pip install -e '.[http]'",
        " install 'autotune-harness[hdr]', in a clone pip install -e '.[hdr]'",
    ]


def test_every_resource_can_be_a_metric_in_its_own_unit(folder, facts):
    text = (
        (folder / "build.yaml")
        .read_text()
        .replace("{wall: true}", "{resource: peak_anonymous_bytes, unit: MiB}")
    )
    (folder / "w.yaml").write_text(
        text.replace("metrics:", "collectors: [gpu]\nmetrics:\n  j: {resource: gpu_energy_j}")
    )
    metrics = {metric.name: metric for metric in load_workload(folder / "w.yaml", facts=facts).metrics}
    assert (metrics["seconds"].where, metrics["seconds"].unit) == ("peak_anonymous_bytes", "MiB")
    assert metrics["j"].unit == "J"
