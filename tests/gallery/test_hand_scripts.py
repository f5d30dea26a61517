"""Scripts that measure a gallery entry by hand take the parameters of its study, from the same start."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from autotune.model.space import shown
from autotune.study.load import load

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "benchmarks/gallery").glob("*.sh"))
FACTS = {"host.cpus": 2, "host.memory_mib": 8000}
PAIR = re.compile(r"\[(\w+)\]=([^\s)]+)")


def given(name: str) -> dict[str, str]:
    """The defaults that a script states."""
    text = (ROOT / f"benchmarks/gallery/{name}.sh").read_text(encoding="utf-8")
    if name == "gcc-o0":
        assert "OPTIMISE=O0 exec" in text
        return {**given("gcc-o2"), "optimise": "O0"}
    stated = text.partition("default=(")[2].partition("\n\n")[0]
    return dict(PAIR.findall(stated.replace("${OPTIMISE:-O2}", "O2")))


@pytest.mark.parametrize(
    "name",
    [
        "cpython-gc",
        "gcc-o0",
        "gcc-o2",
        "lightgbm",
        "numpy-chunks",
        "numpy-dgemm",
        "quickstart",
        "read-ahead",
        "sort",
        "xz",
        "zstd",
    ],
)
def test_a_script_starts_from_the_baseline_of_its_study(name) -> None:
    # What the machine has now is no part of a script: the study has to say its baseline itself.
    study = load(ROOT / f"studies/{name}.yaml", facts=FACTS, read=lambda _: "256")
    expected = {p.name: shown(study.baseline.get(p.name, p.default)) for p in study.workload.space.parameters}
    assert given(name) == expected


SERVICES = {
    "postgres": "",
    "postgres-async": "postgres",
    "redis": "",
    "nginx": "",
    "python-web": "",
    "gunicorn": "python-web",
}


def stated(name: str) -> dict[str, str]:
    """The defaults of a script as bash has them, so that values may be quoted."""
    text = (ROOT / f"benchmarks/gallery/{name}.sh").read_text(encoding="utf-8")
    block = f"declare -A default=({text.partition('default=(')[2].partition(chr(10) + ')')[0]})"
    show = 'for name in "${!default[@]}"; do printf "%s=%s\\n" "$name" "${default[$name]}"; done'
    out = subprocess.run(
        ["bash", "-c", f"{block}\n{show}"], check=True, capture_output=True, text=True
    ).stdout
    return dict(line.split("=", 1) for line in out.splitlines())


@pytest.mark.parametrize("name", SERVICES)
def test_a_script_of_a_service_starts_from_the_baseline_of_its_study(name) -> None:
    study = load(ROOT / f"studies/{name}.yaml", facts=FACTS)
    expected = {p.name: shown(study.baseline.get(p.name, p.default)) for p in study.workload.space.parameters}
    assert stated(SERVICES[name] or name) == expected


@pytest.mark.parametrize(
    ("name", "of", "more"),
    [
        ("nginx-static", "nginx", {"gzip_static": "off"}),
        ("redis-durable", "redis", {"appendfsync": "always", "no_appendfsync_on_rewrite": "false"}),
    ],
)
def test_the_other_study_of_a_service_has_its_baseline_in_the_same_script(name, of, more) -> None:
    space = load(ROOT / f"studies/{name}.yaml", facts=FACTS).workload.space
    expected = {p.name: shown(p.default) for p in space.parameters}
    assert expected.items() <= {**stated(of), **more}.items()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_can_be_read_by_bash(script) -> None:
    subprocess.run(["bash", "-n", script], check=True)


def test_pairs_alternate_and_a_name_that_is_none_is_refused(tmp_path) -> None:
    script = tmp_path / "one.sh"
    script.write_text(
        f'source "{ROOT}/benchmarks/gallery/pairs.sh"\ndefault=([a]=1 [b]=unset)\n'
        'once() { echo "${now[a]}$(given b -)"; }\npairs "$@"\n'
    )
    found = subprocess.run(["bash", script, "2", "b=7"], check=True, capture_output=True, text=True)
    assert found.stdout == "baseline\t1\ncandidate\t1-7\ncandidate\t1-7\nbaseline\t1\n"
    wrong = subprocess.run(["bash", script, "2", "c=7"], check=False, capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no parameter 'c'; there are:" in wrong.stderr
