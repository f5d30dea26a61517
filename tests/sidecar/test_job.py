import json
import subprocess
import sys
from pathlib import Path

_STANDS_STILL = """
import json, os, sys, time
from autotune.sidecar import job, layout
from autotune.sidecar.around import Around
from autotune.sidecar.reaper import become_subreaper
from autotune.sidecar.room import Room

made = job.Monitor.__init__
def stand_still(*arguments):
    made(*arguments)
    time.sleep(0.7)  # as a process that is stopped just before it looks for the first time

job.Monitor.__init__ = stand_still
become_subreaper()
places = layout.find("none")
request = {"argv": ["sleep", "300"], "cwd": sys.argv[1], "env": dict(os.environ), "timeout_s": 0.2,
           "cap": 1000, "monitor": True}
room = Room(request, places, 0, Around(own_groups=places.quotas))
print(json.dumps(job.run(request, os.pipe()[0], lambda pid: None, room)))
"""


def test_launcher_stopped_right_after_the_start_says_so_at_the_time_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STANDS_STILL, str(tmp_path)], capture_output=True, check=True, text=True
    )
    answer = json.loads(done.stdout)
    assert answer["timed_out"]
    assert answer["suspended_s"] > 0.5
