from pathlib import Path

import pytest

from autotune.sidecar.around import Around, CpuTimes, cpu_times, network

NET = """Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
    lo:    100       2    0    0    0     0          0         0      100       2    0    0    0     0       0
  eth0:   5000      20    0    0    0     0          0         0     7000      10    0    0    0     0       0
"""


def fake(folder: Path, steal: int, throttled: int) -> None:
    """A fake /proc and the group that autotune is in."""
    (folder / "self/net").mkdir(parents=True, exist_ok=True)
    (folder / "pressure").mkdir(exist_ok=True)
    (folder / "stat").write_text(f"cpu  1 2 3 4 5 6 7 {steal} 0 0\ncpu0 0 0 0\n")
    (folder / "loadavg").write_text("1.25 0.5 0.1 1/100 42\n")
    (folder / "pressure/cpu").write_text(f"some avg10=0.0 total={steal * 10000}\n")
    (folder / "self/net/dev").write_text(NET.replace("5000", str(5000 + steal)))
    (folder / "cpu.stat").write_text(f"nr_periods 5\nthrottled_usec {throttled}\n")


def test_answer_is_what_the_counters_grew_by(tmp_path: Path) -> None:
    fake(tmp_path, 100, 500_000)
    around = Around(proc=str(tmp_path), own_groups=(str(tmp_path),))
    around.begin()
    fake(tmp_path, 150, 750_000)
    answer = around.answer()
    assert (answer["busy"], answer["steal"], answer["cpus"]) == (0.0, 0.5, 0.5)
    assert answer["throttled"] == 0.25
    assert round(answer["pressure_cpu_some"], 6) == 0.5
    assert answer["network_received_bytes"] == 50
    assert answer["load"] == 1.25
    assert "pressure_io_full" not in answer


def test_machine_that_tells_nothing_gives_nothing(tmp_path: Path) -> None:
    assert Around(proc=str(tmp_path)).answer() == {}


def test_network_is_summed_over_all_interfaces() -> None:
    assert network(NET.encode()) == {
        "network_received_bytes": 5100,
        "network_received_packets": 22,
        "network_sent_bytes": 7100,
        "network_sent_packets": 12,
    }


def test_guests_are_part_of_user_and_waiting_is_idle() -> None:
    text = b"cpu  100 10 50 800 20 5 5 10 30 0\ncpu0 100 10 50 800 20 5 5 10 30 0\nctxt 7\n"
    assert cpu_times(text) == CpuTimes(busy_s=1.7, steal_s=0.1, total_s=10.0)


@pytest.mark.parametrize("text", [b"", b"cpu  1 2 3 4\n", b"cpu a b c d e f g h\n"])
def test_file_that_tells_less_is_no_reading(text: bytes) -> None:
    assert cpu_times(text) is None
