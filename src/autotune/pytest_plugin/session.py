"""A session that measures: what was found travels with the reports, and is told and written at the end."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from autotune.core.errors import AutotuneError
from autotune.core.redact import printable
from autotune.pytest_plugin import ending, options
from autotune.pytest_plugin.found import Found
from autotune.pytest_plugin.options import Options

_NOTHING = "nothing was compared, and a gate that looks at nothing does not pass"

_GROUPED = "autotune_grouped"


class Measuring:
    """The hooks of such a session; with pytest-xdist the workers measure, and the controller tells."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._options = config.stash[Options.key]
        self._process = os.getpid()
        self._began = ending.now()
        self._found: list[dict[str, Any]] = []
        self._written: list[Path] = []
        self._wrong: list[str] = []
        self._grouped = self._group()

    def _group(self) -> bool:
        """Has pytest-xdist keep benchmarks on one worker, if it distributes in its plain way.

        Two at once would measure each other. A worker learns of it by its input: it reads the options anew.
        """
        option: Any = self._config.option
        if getattr(self._config, "workerinput", {}).get(_GROUPED):
            option.loadgroup = True
        elif self._config.getoption("dist", "no") == "load":
            option.dist = "loadgroup"
            return True
        return False

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker of pytest-xdist before it starts."""
        node.workerinput[_GROUPED] = self._grouped

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Hands on what was measured with the report."""
        report = yield
        if call.when == "call" and (found := item.stash.get(Found.key, None)) is not None:
            report.autotune = found.plain()  # type: ignore[attr-defined]  # reports carry what plug-ins add
            report.user_properties.append(("autotune", "; ".join(found.sentences)))
        if os.getpid() != self._process:
            options.close(self._config)  # a forked child ends without a session's end
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collects it where the session ends."""
        if (found := getattr(report, "autotune", None)) is not None and found not in self._found:
            self._found.append(found)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes what was asked for; a session that was to compare and did not is a failure."""
        options.close(self._config)
        if hasattr(self._config, "workerinput") or self._config.getoption("collectonly"):
            return
        if self._options.comparing and not any(map(self._compared, self._found)):
            self._wrong.append(_NOTHING)
        try:
            self._written = ending.write(self._found, self._options, self._config.rootpath, self._began)
        except AutotuneError as error:
            self._wrong.append(str(error))
        if self._wrong and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _compared(self, one: dict[str, Any]) -> bool:
        """Whether it was compared, or is new beside a commit; a file that holds no test is a wrong one."""
        return bool(one["compared"] and (self._options.file is None or one["answer"]))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The lines about benchmarks."""
        if not self._found and not self._wrong:
            return
        terminalreporter.section("autotune")
        for line in ending.lines(self._found) if self._found else ():
            terminalreporter.write_line(printable(line))
        for path in self._written:
            terminalreporter.write_line(f"written: {path}")
        for text in self._wrong:
            terminalreporter.write_line(printable(text), red=True)
