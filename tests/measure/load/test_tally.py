from __future__ import annotations

from autotune.measure.load.tally import TIMEOUT, Tally


def tally() -> Tally:
    return Tally(warmup_s=1, duration_s=2)


def test_requests_of_the_warm_up_are_left_out() -> None:
    made = tally()
    for at in (0.5, 1.0, 2.9, 3.0):
        made.add(at, at, at + 0.01)
    figures = made.figures(closed=False)
    assert (figures["requests"], figures["offered_per_s"]) == (2, 1.0)
    assert figures["latency_s"] == [0.01, 0.01]


def test_latency_counts_from_the_intended_start_and_service_from_the_actual_one() -> None:
    made = tally()
    made.add(1.5, 1.7, 1.8)
    figures = made.figures(closed=False)
    assert (figures["latency_s"], figures["service_s"]) == ([0.3], [0.1])


def test_time_outs_stay_among_the_latencies_and_other_failures_do_not() -> None:
    made = tally()
    made.add(1.5, 1.5, 1.6)
    made.add(1.5, 1.5, 2.5, TIMEOUT)
    made.add(1.5, 1.5, 1.5001, "HTTP 503")
    figures = made.figures(closed=False)
    assert figures["latency_s"] == [0.1, 1.0]
    assert figures["error_kinds"] == {TIMEOUT: 1, "HTTP 503": 1}
    assert (figures["errors"], figures["error_share"]) == (2, 2 / 3)


def test_a_rate_that_is_not_answered_in_time_is_saturated() -> None:
    kept, missed = tally(), tally()
    for n in range(200):
        kept.add(1 + n / 100, 1 + n / 100, 1 + n / 100 + 0.001)
        missed.add(1 + n / 100, 1 + n / 100, 1 + n / 90)
    assert kept.figures(closed=False)["saturated"] == 0
    late = missed.figures(closed=False)
    assert (late["saturated"], late["achieved_per_s"]) == (1, 90.0)


def test_answers_to_the_warm_ups_requests_make_up_for_those_still_under_way() -> None:
    made = tally()
    for n in range(300):
        made.add(n / 100, n / 100, n / 100 + 0.3)
    assert made.figures(closed=False)["saturated"] == 0


def test_a_closed_loop_is_never_saturated_and_says_what_it_is() -> None:
    made = tally()
    made.add(1.5, 1.5, 9)
    figures = made.figures(closed=True)
    assert (figures["saturated"], figures["loop"]) == (0, "closed")


def test_nothing_at_all_is_no_division_by_zero() -> None:
    assert tally().figures(closed=False)["error_share"] == 0
