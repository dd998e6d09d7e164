"""Which segments are told, which are too small to be, and when a change needs no cause (X9, N3)."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.why.ranking import ROWS, excess, has_several, leading, merit, rank, stands_out
from dashboards.why.split import Segment, Split, of_ratio, of_sum, total
from dashboards.why.usual import signal, usual_change


def _sum(**amounts: tuple[int, int]) -> Split:
    segments = [Segment(name, (Fraction(a), Fraction(b))) for name, (a, b) in amounts.items()]
    whole = tuple(sum((one.above[at] for one in segments), Fraction(0)) for at in (0, 1))
    return of_sum(segments, Segment(None, whole))  # type: ignore[arg-type]


def _names(found: Split) -> list[str | None]:
    return [part.name if part.kind == "segment" else part.kind for part in found.parts]


def test_a_segment_on_few_cases_stands_under_other_however_much_it_moved() -> None:
    """X9: it is never ranked, and the total still holds; at the minimum it is ranked."""
    segments = [
        Segment("big", (Fraction(1000), Fraction(1100)), (Fraction(100), Fraction(100))),
        Segment("small", (Fraction(10), Fraction(9000)), (Fraction(29), Fraction(29))),
        Segment("enough", (Fraction(10), Fraction(20)), (Fraction(5), Fraction(30))),
    ]
    whole = Segment(None, (Fraction(1020), Fraction(10120)), (Fraction(134), Fraction(159)))
    ranked = rank(of_ratio(segments, whole), "below", 30)
    found = ranked.folded(ROWS)
    assert _names(found) == ["enough", "big", "other"]
    assert total(part.contribution for part in found.parts) == found.change
    assert leading(ranked) == ()


def test_a_count_is_its_own_number_of_cases_and_money_has_none() -> None:
    """X9: an amount of money is no rate on few cases."""
    found = _sum(a=(100, 50), b=(3, 20))
    assert _names(rank(found, "above", 30).folded(ROWS)) == ["a", "other"]
    assert _names(rank(found, None, 30).folded(ROWS)) == ["a", "b"]


def test_rows_beyond_those_shown_stand_under_other() -> None:
    """N3: the largest first, equal ones by name, what has no name last."""
    found = rank(_sum(a=(0, 10), c=(0, -30), b=(0, 10), d=(0, 5)), None, 0).folded(2)
    assert _names(found) == ["c", "a", "other"]
    assert found.parts[-1].contribution == 15


def test_the_fewest_that_carry_four_fifths_lead() -> None:
    """N3: of all that moved, up and down."""
    assert [part.name for part in leading(rank(_sum(a=(0, 80), b=(0, 20)), None, 0))] == ["a"]
    assert [part.name for part in leading(rank(_sum(a=(0, 79), b=(0, -21)), None, 0))] == ["a", "b"]
    assert leading(rank(_sum(a=(5, 5)), None, 0)) == ()


def test_what_is_folded_still_counts_as_moved() -> None:
    """N3, X1: ups and downs beyond the rows do not cancel: a short table leads to the same cause as a long one."""
    ranked = rank(_sum(a=(0, 60), b=(0, 40), c=(0, -40)), None, 0)
    assert _names(ranked.folded(1)) == ["a", "other"]
    assert ranked.folded(1).parts[1].contribution == 0
    assert [part.name for part in leading(ranked)] == ["a", "b", "c"]


def test_a_segment_that_moved_as_all_did_does_not_stand_out() -> None:
    """N3: nine tenths of the business make nine tenths of the change, which explains nothing."""
    even = rank(_sum(china=(900, 990), abroad=(100, 110)), None, 0)
    told = rank(_sum(email=(100, 190), search=(900, 910)), None, 0)
    assert excess(even, leading(even)) == 0
    assert not stands_out(even, leading(even))
    assert stands_out(told, leading(told))
    assert merit(told) < merit(even)


def test_a_dimension_that_needs_fewer_segments_explains_better() -> None:
    """N3."""
    one = rank(_sum(a=(100, 200), b=(900, 905)), None, 0)
    two = rank(_sum(a=(100, 150), c=(100, 150), b=(800, 805)), None, 0)
    none = rank(_sum(**dict.fromkeys("abcdefghijklm", (10, 20))), None, 0)
    assert merit(one) < merit(two) < merit(none)


def test_a_dimension_with_one_value_explains_nothing() -> None:
    """N3: segments that hold nothing in either period do not count."""
    assert not has_several(_sum(a=(5, 9), b=(0, 0)))
    assert has_several(_sum(a=(5, 9), b=(0, 1)))


def test_a_change_within_what_weeks_do_by_themselves_is_no_signal() -> None:
    """N2, N3: from week to week 3.865 times the median move; by hand, 20 of 100 here."""
    weeks = [100.0, 105.174644] * 13
    limit = 3.865 * 5.174644
    usual = usual_change(weeks, 7, 7)
    assert usual == pytest.approx(limit / (102.587322))
    assert signal(weeks, (102.587322 - 9, 7), (102.587322 + 9, 7)) == pytest.approx(18 / limit)
    assert signal(weeks, (102.587322 - 11, 7), (102.587322 + 11, 7)) == pytest.approx(22 / limit)


def test_longer_periods_move_less_by_chance() -> None:
    """N3: four weeks against four by half of what a week moves."""
    weeks = [100.0, 110.0] * 13
    assert usual_change(weeks, 28, 28) == pytest.approx((usual_change(weeks, 7, 7) or 0) / 2)


def test_too_few_weeks_tell_nothing_and_weeks_that_never_move_make_any_change_one() -> None:
    """N3: no claim where nothing is known."""
    assert signal([1.0, 2.0] * 3, (1.0, 7), (9.0, 7)) is None
    assert signal([5.0] * 9, (5.0, 7), (5.0, 7)) == 0
    assert signal([5.0] * 9, (5.0, 7), (6.0, 7)) == math.inf


@given(st.lists(st.floats(1, 1e6), min_size=8, max_size=30), st.floats(0.01, 1e4))
def test_what_is_usual_does_not_depend_on_the_unit(weeks: list[float], unit: float) -> None:
    """N3: money in fen or in yuan has the same causes."""
    assert usual_change([one * unit for one in weeks], 7, 7) == pytest.approx(usual_change(weeks, 7, 7), abs=1e-9)
