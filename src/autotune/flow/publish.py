"""Writes what a run found: results, report, and the profile where there is one."""

from __future__ import annotations

import json
import os
import shlex
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from autotune import __version__
from autotune.core.errors import StorageError, UsageError
from autotune.core.files import write_atomic
from autotune.flow.importances import importances
from autotune.flow.validate import answer
from autotune.model.importance import Importance
from autotune.model.profile import Profile
from autotune.model.run import RunRecord
from autotune.model.study import Study
from autotune.model.verdict import Verdict
from autotune.profile.build import build
from autotune.profile.write import to_yaml
from autotune.report.results import results
from autotune.report.text import verdict_sentence
from autotune.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a run found and where it stands; `profile` is None unless the gain is proven."""

    study: Study
    record: RunRecord
    verdict: Verdict | None
    profile: Profile | None
    folder: Path
    importance: tuple[Importance, ...] = ()

    @property
    def profile_path(self) -> Path:
        """Where the profile is, if there is one."""
        return self.folder / "profile.yaml"

    @property
    def report_path(self) -> Path:
        """The report for people."""
        return self.folder / "report.html"

    @property
    def results_path(self) -> Path:
        """The results for machines."""
        return self.folder / "results.json"


def gather(study: Study, store: Store, run: str, folder: Path) -> Published:
    """What run `run` found, from the store alone; the confirmation that answers stands last in its record."""
    record = store.load_run(run)
    found = answer(study, record)
    known = Published(
        study=study,
        record=record,
        verdict=None,
        profile=None,
        folder=folder,
        importance=importances(study, record),
    )
    if found is None:
        return known
    confirmation, verdict = found
    others = tuple(c for c in record.confirmations if c.attempt != confirmation.attempt)
    record = replace(record, confirmations=(*others, confirmation))
    profile = None
    if verdict.proven:
        fingerprint = store.fingerprint(run)
        profile = build(study, record, verdict, version=__version__, store_sha256=fingerprint)
    return replace(known, record=record, verdict=verdict, profile=profile)


def publish(found: Published) -> None:
    """Writes the files, each whole or not at all, results first; then points `latest` at them.

    Raises StorageError where a file cannot be written, with the verdict: that is saved in any case;
    UsageError, after all else is written, where a proven profile cannot be said in a file.
    """
    try:
        _write(found)
    except StorageError as error:
        again = shlex.join(
            ["autotune", "report", found.study.name, "--reports", str(found.folder.parent.parent)]
        )
        raise StorageError(
            f"{error}\nThe run is saved. {verdict_sentence(found.study, found.verdict)}\n"
            f"When that is mended, this writes its files: {again}"
        ) from error


def _write(found: Published) -> None:
    from autotune.report.page import render  # noqa: PLC0415  brings the charts' 27 MB, needed once in the end

    data = results(found.study, found.record, found.verdict, found.profile, found.importance)
    write_atomic(found.results_path, json.dumps(data, indent=1, allow_nan=False) + "\n")
    text, why = _profile_text(found.profile)
    if text:
        write_atomic(found.profile_path, text)
    else:
        found.profile_path.unlink(missing_ok=True)  # of an earlier verdict that no longer stands
    page = render(found.study, found.record, found.verdict, found.profile, found.importance)
    write_atomic(found.report_path, page)
    _point(found.folder.parent / "latest", found.folder.name)
    if why:
        raise UsageError(
            f"the gain is proven and the report is written, but there is no profile file: {why}."
        )


def _profile_text(profile: Profile | None) -> tuple[str, str]:
    """The file's text, or why a profile that is proven cannot be said in one."""
    try:
        return (to_yaml(profile) if profile is not None else ""), ""
    except ValueError as error:
        return "", str(error)


def _point(link: Path, target: str) -> None:
    temporary = link.with_name(f".latest.{os.getpid()}")
    try:
        with suppress(FileNotFoundError):
            temporary.unlink()
        temporary.symlink_to(target)
        temporary.replace(link)
    except OSError as error:
        raise StorageError(f"{link} cannot be written: {error.strerror}") from error
