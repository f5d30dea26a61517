"""The driver whose workload is a Python function."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from autotune import sidecar
from autotune.core.errors import WorkloadError
from autotune.model.workload import Applied, Workload

ARGUMENTS = "arguments.json"
RETURNED = "returned.json"
"""Files in the sample's own folder, one for each direction."""

_CALL = Path(sidecar.__file__).with_name("call.py")


class PythonDriver:
    """Calls `module:function` in a fresh interpreter; parameters are its keyword arguments."""

    def command(self, workload: Workload, applied: Applied, folder: Path) -> tuple[str, ...]:
        """The argv of one call, whose arguments are written into `folder`.

        Raises WorkloadError where the workload has no call, OSError where the folder cannot be written to.
        """
        if workload.python is None:
            raise WorkloadError(
                f"workload '{workload.name}' has driver python but no 'python: {{call: ...}}'."
            )
        arguments = folder / ARGUMENTS
        arguments.write_text(json.dumps(dict(applied.arguments)), encoding="utf-8")
        interpreter = workload.python.interpreter or sys.executable
        path, call = str(workload.python.path.absolute()), workload.python.call
        argv = (interpreter, str(_CALL), path, call, str(arguments), str(folder / RETURNED))
        calls = workload.python.calls
        return (*argv, str(calls)) if calls else argv
