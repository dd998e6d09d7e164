"""Contributions of segments: exact to the total, by hand, and against Kitagawa's own totals (N3)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.why.split import PLACES, Part, Segment, apart, of_ratio, of_sum, ratio, together, total

AMOUNTS = st.one_of(
    st.just(Fraction(0)),
    st.integers(-(10**15), 10**15).map(lambda micros: Fraction(micros, 10**6)),
    st.floats(-1e12, 1e12).map(Fraction),
)
PAIRS = st.tuples(AMOUNTS, AMOUNTS)
SEGMENTS = st.lists(st.tuples(PAIRS, PAIRS), min_size=1, max_size=12)
LAST = Decimal(1).scaleb(-PLACES)


def _segment(name: str, above: tuple[object, object], below: tuple[object, object] | None = None) -> Segment:
    pairs = [tuple(Fraction(str(one)) for one in pair) for pair in (above, below) if pair]
    return Segment(name, *pairs)  # type: ignore[arg-type]


def _whole(segments: list[Segment], more: Segment | None = None) -> Segment:
    """What segments make up, with something that is in none of them."""
    everyone = [*segments, *([more] if more else [])]
    above = tuple(sum((one.above[at] for one in everyone), Fraction(0)) for at in (0, 1))
    if segments[0].below is None:
        return Segment(None, above)  # type: ignore[arg-type]
    below = tuple(sum((one.below[at] for one in everyone if one.below), Fraction(0)) for at in (0, 1))
    return Segment(None, above, below)  # type: ignore[arg-type]


@given(st.lists(PAIRS, min_size=1, max_size=12), PAIRS)
def test_differences_and_their_overlap_add_up_to_the_change_of_a_count(
    pairs: list[tuple[Fraction, Fraction]], shared: tuple[Fraction, Fraction]
) -> None:
    """N3: to the last unit, whatever the segments are; the overlap is the only rest, and named."""
    segments = [Segment(str(at), pair) for at, pair in enumerate(pairs)]
    whole = _whole(segments, Segment(None, shared))
    found = of_sum(segments, whole)
    assert found.change is not None
    assert abs(Fraction(found.change) - (whole.above[1] - whole.above[0])) <= Fraction(LAST) / 2
    assert total(part.contribution for part in found.parts) == found.change
    assert [part.kind for part in found.parts[: len(pairs)]] == ["segment"] * len(pairs)
    assert len(found.parts) - len(pairs) == int(shared[1] != shared[0])


@given(SEGMENTS, st.one_of(st.none(), st.tuples(PAIRS, PAIRS)))
def test_rate_and_mix_of_all_parts_add_up_to_the_change_of_a_ratio(
    amounts: list[tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]],
    shared: tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None,
) -> None:
    """N3: with zeros, negatives, segments that appear, vanish, or have nothing below the line."""
    segments = [Segment(str(at), *pair) for at, pair in enumerate(amounts)]
    whole = _whole(segments, Segment(None, *shared) if shared else None)
    found = of_ratio(segments, whole)
    before, after = ratio(whole)
    if before is None or after is None:
        assert found.change is None
        assert all(part.contribution is None for part in found.parts)
        return
    assert found.change is not None
    assert abs(Fraction(found.change) - (after - before)) <= Fraction(LAST) / 2
    assert total(part.contribution for part in found.parts) == found.change
    own = [part for part in found.parts if part.kind == "segment"]
    assert all(total((part.rate, part.mix)) == part.contribution for part in own)
    if shared is None:
        assert len(own) == len(found.parts)


@given(st.lists(st.tuples(*[st.integers(1, 10**6)] * 4), min_size=1, max_size=8))
def test_both_effects_are_kitagawas_where_every_segment_is_there(rows: list[tuple[int, int, int, int]]) -> None:
    """N3: measured against the whole, the mix of single segments differs from his, their sum does not."""
    segments = [_segment(str(at), (n0, n1), (d0, d1)) for at, (n0, n1, d0, d1) in enumerate(rows)]
    found = of_ratio(segments, _whole(segments))
    whole0, whole1 = sum(row[2] for row in rows), sum(row[3] for row in rows)
    rates = [Fraction(n1, d1) - Fraction(n0, d0) for n0, n1, d0, d1 in rows]
    shares = [(Fraction(d0, whole0), Fraction(d1, whole1)) for _, _, d0, d1 in rows]
    rate = sum(one * (w0 + w1) / 2 for one, (w0, w1) in zip(rates, shares, strict=True))
    mix = sum(
        (w1 - w0) * (Fraction(n0, d0) + Fraction(n1, d1)) / 2
        for (n0, n1, d0, d1), (w0, w1) in zip(rows, shares, strict=True)
    )
    near = len(rows) * Fraction(LAST)
    assert abs(Fraction(total(part.rate for part in found.parts) or 0) - rate) <= near
    assert abs(Fraction(total(part.mix for part in found.parts) or 0) - mix) <= near


def _effects(segments: list[Segment]) -> dict[str | None, tuple[float, float]]:
    parts = of_ratio(segments, _whole(segments)).parts
    return {part.name: (round(float(part.rate or 0), 6), round(float(part.mix or 0), 6)) for part in parts}


def test_a_rate_that_falls_though_no_segments_does_is_all_mix() -> None:
    """N3, by hand: 35 % to 22.5 %, as visits move to where 10 % convert from where 60 % do.

    A: (75 % - 50 %) * (10 % - 28.75 %); B: (25 % - 50 %) * (60 % - 28.75 %).
    """
    desk, phone = _segment("A", (10, 30), (100, 300)), _segment("B", (60, 60), (100, 100))
    assert _effects([desk, phone]) == {"A": (0.0, -0.046875), "B": (0.0, -0.078125)}


def test_a_cost_that_rises_where_a_segment_pays_more_for_as_many_is_all_price() -> None:
    """N3, by hand: Meta's ten customers cost 150 each instead of 100: a third of the customers, 50 more each."""
    meta, google = _segment("meta", (1000, 1500), (10, 10)), _segment("google", (1000, 1000), (20, 20))
    assert _effects([meta, google]) == {"meta": (16.666667, 0.0), "google": (0.0, 0.0)}


def test_a_segment_that_appears_or_vanishes_is_mix_and_spend_for_nothing_is_rate() -> None:
    """N3, by hand: 100 for 10 and 30 for none before; 100 for 10, 40 for none and 60 for 2 after.

    The whole goes from 13 to 200 / 12. New: 2/12 * (30 - mean of both). Old: rate 0, share 1 to 10/12. Nothing for the
    money: 40/12 - 30/10.
    """
    segments = [
        _segment("old", (100, 100), (10, 10)),
        _segment("new", (0, 60), (0, 2)),
        _segment("for nothing", (30, 40), (0, 0)),
    ]
    level = (13 + 200 / 12) / 2
    assert _effects(segments) == {
        "old": (0.0, round(-2 / 12 * (10 - level), 6)),
        "new": (0.0, round(2 / 12 * (30 - level), 6)),
        "for nothing": (round(40 / 12 - 3, 6), 0.0),
    }
    gone = [Segment(one.name, one.above[::-1], one.below[::-1] if one.below else None) for one in segments]
    assert _effects(gone) == {name: (-rate or 0.0, -mix or 0.0) for name, (rate, mix) in _effects(segments).items()}


def test_what_begins_to_cost_without_a_customer_is_rate_and_not_mix() -> None:
    """N3: it has no share of customers that could have moved."""
    segments = [_segment("old", (100, 100), (10, 10)), _segment("new", (0, 50), (0, 0))]
    assert _effects(segments)["new"] == (5.0, 0.0)


def test_thirds_are_rounded_so_that_they_still_add_up() -> None:
    """N3: the unit that rounding leaves goes to the largest remainder, the first of equal ones."""
    segments = [Segment(name, (Fraction(0), Fraction(1, 3))) for name in "abc"]
    found = of_sum(segments, Segment(None, (Fraction(0), Fraction(1))))
    assert [part.contribution for part in found.parts] == [
        Decimal(1) / 3 // LAST * LAST + LAST,
        *[Decimal(1) / 3 // LAST * LAST] * 2,
    ]
    assert found.change == 1


@given(SEGMENTS, st.data())
def test_parts_taken_together_add_what_each_of_them_did(
    amounts: list[tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]], data: st.DataObject
) -> None:
    """N3: *other* keeps the total, and its own value is that of all its rows."""
    segments = [Segment(str(at), *pair) for at, pair in enumerate(amounts)]
    found = of_ratio(segments, _whole(segments))
    cut = data.draw(st.integers(0, len(segments) - 1))
    other = together(found.parts[cut:])
    assert other.kind == "other"
    assert other.segment is not None
    assert (other.before, other.after) == ratio(other.segment)
    if found.change is not None:
        assert total(part.contribution for part in (*found.parts[:cut], other)) == found.change
        assert total((other.rate, other.mix)) == other.contribution


def test_a_median_shows_its_segments_and_leaves_all_to_the_overlap() -> None:
    """N3: segments of a median do not add up, so none is given a part in the change."""
    found = apart([Part("a", "segment", Fraction(3), Fraction(5))], Fraction(4), Fraction(7))
    assert [(part.kind, part.contribution) for part in found.parts] == [("segment", None), ("overlap", Decimal(3))]
    assert apart([], None, Fraction(7)).change is None


@pytest.mark.parametrize("size", [10**40, Fraction(1, 10**9)])
def test_amounts_of_any_size_add_up(size: Fraction | int) -> None:
    """N3: no digit is lost where numbers are longer than decimals are by default."""
    segments = [
        Segment(str(at), (Fraction(0), size * Fraction(at + 1, 7)), (Fraction(3), Fraction(at + 2))) for at in range(5)
    ]
    found = of_ratio(segments, _whole(segments))
    assert total(part.contribution for part in found.parts) == found.change
