"""What a due week says, by examples that are computed by hand."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboards.actions.action import Expected
from dashboards.actions.effect import Effect, WeekValue, baseline_of, measure

FIRST = dt.date(2026, 1, 5)
# Mean 11, each week 2 from the one before: natural limits 11 ± 2.66 × 2, so 5.68 to 16.32.
STEADY = (10.0, 12.0) * 4
DUE = dt.date(2026, 3, 9)


def week(number: int, value: float | None, base: float | None = None, maturity: str = "mature") -> WeekValue:
    """The week of that number."""
    return WeekValue(FIRST + dt.timedelta(weeks=number), value, base, maturity)


def weeks(*values: float) -> list[WeekValue]:
    """Settled weeks one after the other."""
    return [week(number, value) for number, value in enumerate(values)]


def after(value: float | None, expected: str = "+5%", maturity: str = "mature", base: float | None = None) -> Effect:
    """The effect where the steady weeks are followed by a due week of that value."""
    return measure(weeks(*STEADY), WeekValue(DUE, value, base, maturity), Expected.read(expected), 30)


def test_the_effect_is_the_due_week_less_the_mean_with_natural_process_limits_around() -> None:
    """W4: mean ± 2.66 × mean moving range (Wheeler), worked out on paper."""
    effect = after(17)
    assert effect.baseline is not None
    assert (effect.baseline.mean, effect.baseline.swing) == (11, pytest.approx(5.32))
    assert effect.change == 6
    assert effect.interval == pytest.approx((0.68, 11.32))
    assert effect.expected == pytest.approx(0.55)
    assert (effect.is_signal, effect.is_reached, effect.verdict) == (True, True, "reached")


@pytest.mark.parametrize(
    ("value", "expected", "verdict"),
    [
        (17, "+5%", "reached"),
        (16.32, "+5%", "reached_within"),
        (11.55, "+5%", "reached_within"),
        (11.54, "+5%", "no_change"),
        (6, "+5%", "no_change"),
        (5, "+5%", "against"),
        (17, "+100%", "less"),
        (22, "+100%", "reached"),
        (5, "-6", "reached"),
        (5.5, "-6", "less"),
        (17, "-6", "against"),
        (9, "-2", "reached_within"),
    ],
)
def test_a_verdict_needs_both_the_expected_size_and_more_than_the_usual_swing(
    value: float, expected: str, verdict: str
) -> None:
    """W4, W6: what a week does by itself is called so, whichever way was hoped for."""
    assert after(value, expected).verdict == verdict


@pytest.mark.parametrize("maturity", ["partial", "late", "maturing"])
def test_a_due_week_that_can_still_change_is_not_measured(maturity: str) -> None:
    """X5: its value so far is told, but no effect, no verdict and no baseline, which can change as well."""
    effect = after(17, maturity=maturity)
    assert (effect.verdict, effect.due.value) == (maturity, 17)
    assert (effect.change, effect.interval, effect.is_reached, effect.baseline) == (None, None, None, None)


def test_a_due_week_without_a_value_or_with_few_cases_is_not_measured() -> None:
    """X9: under the minimum sample nothing is judged; at it, it is."""
    assert after(None).verdict == "nothing"
    assert after(17, base=29).verdict == "few"
    assert after(17, base=30).verdict == "reached"


def test_fewer_than_four_settled_weeks_are_no_baseline() -> None:
    """W4, X5, X9: weeks that can change, lack a value or rest on few cases do not count."""
    telling = [week(0, 10, 30), week(1, 12, 30), week(2, 10, 30), week(3, 12, 30)]
    silent = [week(4, 90, 29), week(5, 90, 30, "maturing"), week(6, None, 30)]
    due = WeekValue(DUE, 17, 30, "mature")
    baseline = baseline_of([*telling, *silent], 30)
    assert baseline is not None
    assert (baseline.mean, baseline.swing, baseline.weeks) == (11, pytest.approx(5.32), tuple(telling))
    assert measure([*telling[1:], *silent], due, Expected.read("+5%"), 30).verdict == "short"


def test_only_the_last_eight_weeks_tell() -> None:
    """W4: what was longer ago is not how things were."""
    baseline = baseline_of(weeks(900, 900, *STEADY), 30)
    assert baseline is not None
    assert (baseline.mean, len(baseline.weeks)) == (11, 8)


def test_a_share_of_a_baseline_of_zero_is_not_measured() -> None:
    """W4: five per cent of nothing is nothing; an amount can be measured all the same."""
    due = WeekValue(DUE, 3, None, "mature")
    assert measure(weeks(0, 0, 0, 0), due, Expected.read("+5%"), 30).verdict == "zero"
    assert measure(weeks(0, 0, 0, 0), due, Expected.read("+2"), 30).verdict == "reached"


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=4, max_size=12),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.sampled_from(["+5%", "-5%", "+3", "-3"]),
)
def test_an_effect_is_a_signal_where_the_week_lies_outside_limits_computed_apart(
    values: list[float], value: float, expected: str
) -> None:
    """W4: the same by another way to compute it."""
    kept = values[-8:]
    mean = statistics.fmean(kept)
    swing = 2.66 * statistics.fmean(abs(a - b) for a, b in itertools.pairwise(kept))
    outside = value < mean - swing or value > mean + swing
    assume(min(abs(value - mean - swing), abs(value - mean + swing)) > 1e-6)
    effect = measure(weeks(*values), WeekValue(DUE, value, None, "mature"), Expected.read(expected), 30)
    assume(effect.state == "measured")
    assert effect.change == pytest.approx(value - mean, rel=1e-6, abs=1e-6)
    assert effect.is_signal == outside
