"""Units as programs print them, and the way a metric in one improves."""

from __future__ import annotations

import re

from autotune.core.units import UnitError, factor, is_duration, rate_period_s
from autotune.model.workload import Direction
from autotune.study.propose.found import words

_SPELLINGS = {
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "msecs": "ms", "millis":
    "ms", "milliseconds": "ms", "usec": "us", "usecs": "us", "micros": "us", "microseconds": "us",
    "nsec": "ns", "nanoseconds": "ns", "minutes": "min", "hours": "h", "bytes": "B", "byte": "B",
    "kb": "KB", "mb": "MB", "gb": "GB", "kib": "KiB", "mib": "MiB", "gib": "GiB", "percent": "%",
    "mbps": "Mbit/s", "gbps": "Gbit/s",
}  # fmt: skip
_COUNTED = {
    "mips", "flops", "mflops", "gflops", "tflops", "gflop", "ops", "kops", "mops", "iops", "kiops",
    "qps", "tps", "rps", "fps", "bogo", "mbit", "gbit", "kbit",
}  # fmt: skip
"""Units without a family here that mean more work in the same time."""

_UP = _COUNTED | {
    "rate", "throughput", "speed", "rating", "score", "bandwidth", "performance", "requests",
    "events", "transactions", "operations", "queries", "hits", "hit", "efficiency", "utilization",
    "auc", "accuracy", "precision", "recall", "f1", "speedup", "processed", "gain",
}  # fmt: skip
_DOWN = {
    "time", "latency", "elapsed", "duration", "delay", "wait", "waiting", "seconds", "memory",
    "size", "bytes", "loss", "error", "errors", "failed", "failures", "miss", "misses", "cost",
    "overhead", "rss", "stdev", "stddev", "retries", "timeouts", "dropped", "faults", "lag",
    "jitter", "p50", "p90", "p95", "p99", "rmse", "mae",
}  # fmt: skip
_RATES = frozenset({"tps", "qps", "rps", "iops", "fps"})
_PER_TIME = re.compile(r"(?:\bper |/|_per_|\bper_)\s?(s|sec|secs|second|ms|min|minute)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[]\s*([A-Za-zµ%/]+)\s*[)\]]")
_LAST_PART = re.compile(r"(?:_|\bin )([A-Za-zµ%]+)\s*$")
_COUNTS = re.compile(r"(\w+?)(?: per |_per_|/)\s?s(?:ec(?:s|onds?)?)?\b", re.IGNORECASE)


def unit_of(word: str) -> tuple[str, bool]:
    """The unit that `word` after a number is, and whether autotune reads it as it stands; empty: none."""
    if _known(word):
        return word, True
    plain = _SPELLINGS.get(word) or _SPELLINGS.get(word.lower(), "")
    if plain:
        return plain, False
    what, slash, per = word.partition("/")
    per = _SPELLINGS.get(per.lower(), per)
    if slash and is_duration(per) and re.fullmatch(r"[A-Za-z]*", what):
        return f"{_SPELLINGS.get(what, what) or '1'}/{per}", False
    return (
        (word, False) if word.lower() in _COUNTED or re.fullmatch(r"[kMG]?(bit|b)/s", word) else ("", False)
    )


def unit_in(label: str) -> str:
    """The unit that a label tells of: `Latency (ms)`, `p95_ms`, `events per second`; empty: none."""
    if bracket := _IN_BRACKETS.search(label):
        return unit_of(bracket[1])[0]
    if counts := _COUNTS.search(label):
        counted = words(counts[1])[-1:] or ["1"]
        return f"{_SPELLINGS.get(counted[0], counted[0])}/s"
    last = _LAST_PART.search(label)
    return unit_of(last[1])[0] if last and last[1].lower() not in {"b", "h", "d", "m"} else ""


def is_rate(label: str, unit: str) -> bool:
    """Whether it is work in a time."""
    if rate_period_s(unit) or unit.lower() in _COUNTED or _PER_TIME.search(label):
        return True
    return not _RATES.isdisjoint(words(label))


def direction(label: str, unit: str) -> tuple[Direction, str]:
    """Which way it improves, and why that is thought."""
    said = words(label)
    if any(word in {"errors", "failed", "failures", "timeouts", "dropped"} for word in said):
        return "minimize", "by its name"
    if is_rate(label, unit):
        return "maximize", f"a rate ({unit})" if unit else "a rate, by its name"
    if is_duration(unit):
        return "minimize", f"a time ({unit})"
    if any(word in _UP for word in said):
        return "maximize", "by its name"
    if any(word in _DOWN for word in said) or _is_size(unit):
        return "minimize", "by its name" if any(word in _DOWN for word in said) else f"a size ({unit})"
    return "maximize", "nothing tells; perhaps less is better"


def _is_size(unit: str) -> bool:
    try:
        return bool(unit) and factor(unit, "B") > 0
    except UnitError:
        return False


def _known(word: str) -> bool:
    if is_duration(word) or word == "%" or _is_size(word):
        return word not in {"m", "d"}  # in an output these are rarely minutes and days
    what, slash, per = word.rpartition("/")
    return bool(slash) and is_duration(per) and (_is_size(what) or what in {"1", ""})
