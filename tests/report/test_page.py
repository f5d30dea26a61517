from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autotune.model.profile import Profile
from autotune.model.run import RunRecord, Sentinel
from autotune.model.space import Space
from autotune.model.study import Study
from autotune.model.trial import Sample, State, Trial
from autotune.model.verdict import Effect, Held, LimitVerdict, Result, Verdict
from autotune.report.page import render

_HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "]]><!-- --><base href=https://evil.example>",
    "\u2028</style><script>alert(1)</script>",
]
_ALLOWED = frozenset(
    "html head meta title style body main header p span h1 h2 h3 dl div dt dd em strong "  # noqa: SIM905  a list of words
    "table thead tbody tr th td code pre section figure picture source img figcaption "
    "details summary ul li footer".split()
)


class _Dom(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _assert_harmless(page: str) -> None:
    for tag, attributes in _Dom(page).tags:
        assert tag in _ALLOWED, tag
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "srcset", "href", "action", "style"):
            assert (attributes.get(name) or "data:image/svg+xml;").startswith("data:image/svg+xml;")


def _poisoned(study: Study, record: RunRecord, text: str) -> tuple[Study, RunRecord]:
    """The study and its run with `text` wherever a workload or a study can put some."""
    space = study.workload.space
    first = replace(space.parameters[0], name=text, unit=text, default=text, when=None, risks={})
    workload = replace(
        study.workload,
        name=text,
        metrics=tuple(replace(metric, unit=text) for metric in study.workload.metrics),
        space=Space(parameters=(first, *space.parameters[1:4])),
    )
    failed = Sample(state=State.FAILED_CONFIG, reason=text, output=text, warnings=(text,))
    trial = Trial(
        number=99,
        config={text: text},
        origin=text,
        state=State.FAILED_CONFIG,
        reason=text,
        samples=(failed,),
    )
    confirmation = replace(record.confirmations[0], config={text: f"{text}2"})
    study = replace(study, name=text, path=Path(text), workload=workload, document={text: text})
    record = replace(
        record,
        run=text,
        host={text: text},
        stopped=text,
        baseline=(failed,),
        trials=(*record.trials[:3], trial),
        confirmations=(confirmation,),
    )
    return study, record


@pytest.fixture(scope="module")
def small_record(study: Study, make_record: Callable[..., RunRecord]) -> RunRecord:
    return make_record(study, trials=6, pairs=2, resources=False)


@pytest.fixture(scope="module")
def whole_page(study: Study, record: RunRecord, verdict: Verdict, profile: Profile) -> str:
    return render(study, record, verdict, profile)


@pytest.mark.parametrize("text", _HOSTILE)
def test_hostile_text_is_shown_and_never_obeyed(
    text: str, study: Study, small_record: RunRecord, make_verdict: Callable[..., Verdict]
) -> None:
    limit = LimitVerdict(text=text, held=Held.BROKEN, seen=2, worst=2, bound=1)
    verdict = make_verdict(result=Result.WORSE, explanation=text, warnings=(text,), limits=(limit,))
    page = render(*_poisoned(study, small_record, text), verdict, None)
    _assert_harmless(page)
    assert " ".join(text.split()) in " ".join(_Dom(page).text.split())


def test_the_page_forbids_itself_everything_but_styles_and_its_own_pictures(whole_page: str) -> None:
    page = whole_page
    policy = next(a["content"] for tag, a in _Dom(page).tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "<script" not in page
    assert not re.search(r"url\(|@import|https?://", page)


def test_pictures_inside_the_page_refer_to_nothing_outside(whole_page: str) -> None:
    page = whole_page
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    strips = page.count('alt=""')  # one for each metric and resource, of one size for every screen
    assert strips > 1
    assert len(pictures) == 4 + strips
    for encoded in pictures:
        svg = base64.b64decode(encoded).decode()
        assert not re.search(r"<script|<foreignObject|\son\w+=", svg)
        assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', svg))


def test_control_characters_never_reach_the_page(
    study: Study, small_record: RunRecord, verdict: Verdict
) -> None:
    text = "a\x1b]0;x\x07b\x1b[31mc\x00d\x9b5m\u202ee\ud800f"
    page = render(*_poisoned(study, small_record, text), verdict, None)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page)
    page.encode()


def test_secrets_of_the_workload_never_reach_the_page(
    make_study: Callable[..., Study], small_record: RunRecord, verdict: Verdict
) -> None:
    canary = "canary-7f3a"
    study = make_study(env={"API_TOKEN": canary}, document={"env": {"API_TOKEN": canary}})
    failed = Sample(
        state=State.FAILED_CONFIG,
        reason=f"token {canary}",
        output=f"sent {canary} to postgresql://me:hunter2@db/x",
    )
    page = render(study, replace(small_record, baseline=(failed,)), verdict, None)
    assert canary not in page
    assert "hunter2" not in page
    assert "[hidden]" in page


@pytest.mark.parametrize(
    ("result", "held"),
    [
        (Result.BETTER, Held.BROKEN),
        (Result.BETTER, Held.UNSURE),
        (Result.WORSE, Held.BROKEN),
        (Result.EQUIVALENT, Held.HELD),
        (Result.UNDECIDED, Held.UNSURE),
    ],
)
def test_every_answer_without_proof_is_said_before_anything_else(
    result: Result,
    held: Held,
    study: Study,
    small_record: RunRecord,
    make_verdict: Callable[..., Verdict],
) -> None:
    limit = LimitVerdict(text="p95_ms <= 1.05 * baseline", held=held, seen=1, worst=1.1, bound=1.05)
    verdict = make_verdict(result=result, limits=(limit,))
    text = _Dom(render(study, small_record, verdict, None)).text
    head = text[text.index("autotune report") : text.index("What changes")]
    assert result.upper() in head
    assert held in head
    assert "No profile was written" in head
    assert "not proven" in text


def test_a_proven_run_says_how_to_use_its_profile(whole_page: str) -> None:
    text = _Dom(whole_page).text
    assert "autotune export profile.yaml --format json" in text
    assert "No profile was written" not in text
    assert "not proven" not in text


def test_failures_show_their_reason_and_the_end_of_their_log(
    study: Study, record: RunRecord, verdict: Verdict
) -> None:
    text = _Dom(render(study, record, verdict, None)).text
    assert "4 failed(config), 1 timeout" in text
    assert "exceeded timeout 20s" in text
    assert "waiting for the lock" in text


def test_warnings_of_samples_are_shown_with_their_count(study: Study, small_record: RunRecord) -> None:
    left = Sample(state=State.OK, warnings=("process 12 was left behind",))
    text = _Dom(render(study, replace(small_record, baseline=(left, left)), None, None)).text
    assert "process 12 was left behind (2 samples)" in " ".join(text.split())


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "Drift cannot be told from 1 sentinel"),
        (2, "No drift seen over 2 sentinels"),
    ],
)
def test_sentinels_are_told_of_on_a_steady_machine(
    study: Study, small_record: RunRecord, count: int, told: str
) -> None:
    again = [
        Sentinel(before=8 * (n + 1), trial=-1, sample=small_record.baseline[n % 2]) for n in range(count)
    ]
    text = _Dom(render(study, replace(small_record, sentinels=tuple(again)), None, None)).text
    assert told in " ".join(text.split())


def test_a_risk_is_named_beside_its_parameter(
    study: Study, small_record: RunRecord, verdict: Verdict
) -> None:
    risky = replace(small_record.confirmations[0], config={"journal_mode": "off", "synchronous": "full"})
    text = _Dom(render(study, replace(small_record, confirmations=(risky,)), verdict, None)).text
    assert "Risks carried. durability (journal_mode)" in text


def test_an_empty_run_has_a_page(study: Study) -> None:
    record = RunRecord(run="r", study="quickstart", document={}, host={})
    text = _Dom(render(study, record, None, None)).text
    assert "NO VERDICT" in text
    assert "No trial was measured." in text


def test_verdicts_without_an_effect_have_a_page(
    study: Study, small_record: RunRecord, make_verdict: Callable[..., Verdict]
) -> None:
    for effect in (None, Effect(estimate=1, low=-1, high=3, level=0.95, relative=False)):
        verdict = make_verdict(result=Result.UNDECIDED, effect=effect, smallest=None, order_effect=None)
        assert "UNDECIDED" in render(study, small_record, verdict, None)


def test_names_in_any_script_are_shown(
    make_study: Callable[..., Study], small_record: RunRecord, verdict: Verdict
) -> None:
    name = "größe-量-😀-ñandú"
    assert name in _Dom(render(make_study(name=name), small_record, verdict, None)).text


def test_a_thousand_trials_stay_small(
    study: Study, make_record: Callable[..., RunRecord], verdict: Verdict
) -> None:
    page = render(study, make_record(study, trials=1000), verdict, None)
    assert len(page) < 3_000_000
    assert len([tag for tag, _ in _Dom(page).tags if tag == "tr"]) > 1000


def _chromium(*arguments: str, profile: Path) -> subprocess.CompletedProcess[str]:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    argv = ["chromium", *quiet, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [1440, 400])
def test_a_browser_lays_the_page_out_without_a_request_or_a_sideways_scroll(
    width: int, whole_page: str, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(whole_page)
    frame = f'<iframe id="f" src="report.html" style="border:0;width:{width}px;height:900px"></iframe>'
    measure = """<script>
    addEventListener("load", () => {
      const inner = document.getElementById("f").contentWindow;
      const root = inner.document.documentElement;
      const requests = inner.performance.getEntriesByType("resource").map(e => e.name.slice(0, 5));
      const broken = [...inner.document.images].filter(i => !i.naturalWidth).length;
      document.body.dataset.found = JSON.stringify([root.scrollWidth, inner.innerWidth, requests, broken]);
    });</script>"""
    (tmp_path / "frame.html").write_text(f"<body>{frame}{measure}</body>")
    done = _chromium(
        "--allow-file-access-from-files",
        "--virtual-time-budget=5000",
        "--dump-dom",
        f"file://{tmp_path}/frame.html",
        profile=tmp_path / "browser",
    )
    dom: dict[str, Any] = next(a for tag, a in _Dom(done.stdout).tags if tag == "body")
    found = dom["data-found"]
    scrolled, inner, requests, broken = re.fullmatch(r"\[(\d+),(\d+),\[(.*)\],(\d+)\]", found).groups()
    assert int(inner) == width
    assert int(scrolled) <= width
    assert set(filter(None, requests.split(","))) <= {'"data:"'}
    assert broken == "0"
