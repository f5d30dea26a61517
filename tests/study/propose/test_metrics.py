"""What is proposed for outputs of real programs, shortened."""

from __future__ import annotations

import pytest

from autotune.study.propose.metrics import MOST, metrics

SEVENZIP = """
RAM size:   24105 MB (LP),  # CPU hardware threads:   2
RAM usage:      6 MB (LP),  # Benchmark threads:      1

                       Compressing  |                  Decompressing
Dict     Speed Usage    R/U Rating  |      Speed Usage    R/U Rating
         KiB/s     %   MIPS   MIPS  |      KiB/s     %   MIPS   MIPS

18:       2298    38   5330   2048  |      20739    39   4344   1677
----------------------------------  | ------------------------------
Avr:      2298    38   5330   2048  |      20739    39   4344   1678
Tot:              39   4837   1863
"""
OPENSSL = """version: 3.0.19
options: bn(64,64)
compiler: gcc -fPIC -DOPENSSL_TLS_SECURITY_LEVEL=2 -Wdate-time -D_FORTIFY_SOURCE=2
CPUINFO: OPENSSL_ia32cap=0xfffa3203078bffff:0x405fc6f1bf07ab
The 'numbers' are in 1000s of bytes per second processed.
type             16 bytes     64 bytes  16384 bytes
sha256          133309.04k   348520.25k  1717282.52k
"""
SYSBENCH = """Number of threads: 1
Prime numbers limit: 10000

CPU speed:
    events per second:  3972.73

General statistics:
    total time:                          1.0009s
    total number of events:              3985

Latency (ms):
         min:                                    0.22
         avg:                                    0.25
         95th percentile:                        0.31

Threads fairness:
    events (avg/stddev):           3985.0000/0.00
"""
WRK = """Running 1s test @ http://127.0.0.1:8000/
  2 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   635.91us    0.89ms  12.92ms   93.69%
    Req/Sec    56.20k     8.07k   62.00k    86.54%
  Latency Distribution
     50%  250.00us
     99%    2.43ms
  22464657 requests in 30.00s, 17.76GB read
Requests/sec: 748868.53
Transfer/sec:    606.33MB
"""
PGBENCH = "latency average = 1.231 ms\ntps = 812.123456 (without initial connection time)\n"
MEMORY = """
Running memory speed test with the following options:
  block size: 1KiB
  total size: 102400MiB
  operation: write

Total operations: 21421384 (2141235.80 per second)

20919.32 MiB transferred (2091.05 MiB/sec)

General statistics:
    total time:                          10.0001s
    total number of events:              21421384
"""
HELP = """pgbench is a benchmarking tool for PostgreSQL.

Usage:
  pgbench [OPTION]... [DBNAME]

Initialization options:
  -F, --fillfactor=NUM     set fill factor: 100 ms
  -s, --scale=NUM          scaling factor
                           default: 12 s
  -T, --time=NUM           duration = 60 seconds
"""
CSV = "name,ops_per_sec,p95 ms\nread,1000,2.5\nwrite,3000,3.5\n"
PROGRAMS = {
    "7z": (SEVENZIP, "tot_rating", 1863, "MIPS", "maximize"),
    "openssl": (OPENSSL, "sha256_16384_bytes", 1717282.52, "kB/s", "maximize"),
    "sysbench": (SYSBENCH, "events_per_second", 3972.73, "events/s", "maximize"),
    "wrk": (WRK, "requests_sec", 748868.53, "requests/s", "maximize"),
    "pgbench": (PGBENCH, "tps", 812.123456, "", "maximize"),
    "copy": ("copied 12 files in 1.52 seconds (33.1 MB/s)", "mb_s", 33.1, "MB/s", "maximize"),
    "time": ("wall clock: 870us\nversion: 2.3.4\n", "wall_clock", 870, "us", "minimize"),
    "json": ('{"p95_ms": 3.5, "ops_per_s": 12}', "ops_per_s", 12, "ops/s", "maximize"),
    "last line": ('start\n{"a": {"unit": "ms", "value": 4}}', "a_value", 4, "ms", "minimize"),
    "rates in brackets": (MEMORY, "total_operations_per_s", 2141235.8, "1/s", "maximize"),
    "csv": (CSV, "ops_per_sec", 2000, "ops/s", "maximize"),
    "per second": ("12 files, 33.5 MiB per second\n", "files", 33.5, "MiB/s", "maximize"),
    "done in": ("399999 rows done in 57142.7 s\n", "rows_done_time", 57142.7, "s", "minimize"),
    "accents": ("latência média: 12.5 ms\n", "latencia_media", 12.5, "ms", "minimize"),
    "bare score": ("score 112\n", "score", 112, "", "maximize"),
    "score with k": ("sha256          757497.86k\n", "sha256", 757497.86, "k", "maximize"),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_most_promising_number_comes_first(program):
    text, name, value, unit, direction = PROGRAMS[program]
    best = metrics(text, ["program"])[0]
    assert (best.name, best.found.value, best.found.unit, best.direction) == (name, value, unit, direction)


def names(text, argv=("program",)):
    return {one.name: one for one in metrics(text, argv)}


def test_headings_name_what_is_below_them_and_give_it_their_unit():
    found = names(SYSBENCH)
    assert {"latency_avg", "latency_p95", "total_time"} <= found.keys()
    assert found["latency_avg"].found.unit == "ms"
    assert found["latency_avg"].direction == "minimize"


def test_a_rate_in_brackets_comes_before_what_was_told():
    found = names(MEMORY)
    assert found["transferred"].found.value == 2091.05
    assert "block_size" not in found
    assert list(found).index("transferred") < list(found).index("total_size")


def test_a_coloured_line_is_text():
    assert names("\x1b[1mspeed\x1b[0m: 5 MB/s\nrate: 3 MB/s\n").keys() >= {"rate"}


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n3\n", "a,b\n", "1,2\n3,4\n", "a,a\n1,2\n", "hello, world\nx, y\n"]
)
def test_what_is_no_whole_table_has_no_columns(text):
    assert metrics(text, ["program"]) == ()


def test_percentiles_are_called_by_their_number():
    assert {"p50", "p99"} <= names(WRK).keys()


@pytest.mark.parametrize(
    "text",
    [
        "version: 2.3.4\n2026-06-25 12:30:11 started\nthreads: 8\nseed: 7\nTotal = 1,234\n",
        "pid: 4711\n0x7f 64-bit 2x\n",
        "latency: 0 ms" * 0,
        "",
        "\x00\x1b[1m",
        "speed: 12 MB/s\n\x00",
        "speed: 12 MB/s\n\ufffd\x01",
        "progress: 399999 rows done in 57142.7 s\n",
        "latência média: 12,5 ms\n",
        HELP,
    ],
)
def test_versions_dates_and_what_the_program_was_told_are_no_metrics(text):
    assert metrics(text, ["program"]) == ()


def test_what_stands_in_the_command_line_is_no_result():
    assert names("size: 16 MB\nspeed: 33 MB/s\n", ("program", "--size=16")).keys() == {"speed"}


def test_no_pattern_rests_on_the_value_of_a_parameter():
    found = metrics(SEVENZIP, ["7z", "b", "-md18"])
    assert found[0].name == "tot_rating"
    assert not [one for one in found if "18" in one.found.where]


def test_a_line_that_comes_again_is_read_at_its_end():
    found = metrics("rate: 5 MB/s\nrate: 6 MB/s\n", ["program"])
    assert [one.found.value for one in found] == [6]


def test_a_reader_still_sees_through_them():
    text = "".join(f"number {n} of many: {n}.5 ms\n" for n in "abcdefghijklmnop")
    assert len(metrics(text.replace("number", "step"), ["program"])) <= MOST


def test_a_long_output_is_read_in_a_moment():
    text = "".join(f"step {n}: {n * 1.5:.2f} ms and more words\n" for n in range(20_000))
    assert len(metrics(text, ["program"])) <= MOST
