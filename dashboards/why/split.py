"""How the segments of a metric make up its change, in exact arithmetic.

A sum changes by the differences of its segments. A ratio R = N / D of sums changes, for a segment with the share
w = n / D of the denominator and the ratio r = n / d of its own, by

    rate (for costs: price)  (r1 - r0) * (w0 + w1) / 2
    mix                      (w1 - w0) * ((r0 + r1) / 2 - (R0 + R1) / 2)

which is Kitagawa's symmetric decomposition (1955, "Components of a difference between two rates"), its mix measured
against the ratio of the whole, as Griliches and Regev do (1995): shares add up to one, so the sum stays the same, and a
segment that grows only counts as a rise where it lies above the whole. As in theirs, a segment that appears or vanishes
is all mix. One with something above and nothing below (spend without a customer) has no ratio, so all of it is rate.
Both effects of a segment are n1 / D1 - n0 / D0 less (w1 - w0) * (R0 + R1) / 2, whatever it has below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

PLACES = 12
_UNIT = 10**PLACES
# More digits than any amount has, so that adding rounds nothing.
_EXACT = Context(prec=400)
Pair = tuple[Fraction, Fraction]
Kind = Literal["segment", "other", "overlap"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's amounts before and after; of a ratio those above and those below the line."""

    name: str | None
    above: Pair
    below: Pair | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a segment adds to the change, twelve decimals exact; `rate` and `mix` add up to it, for ratios.

    `name` is nothing where the rows have none; the rest of small segments is of the kind `other`, what segments share
    of the kind `overlap`. `before` and `after` are the segment's own values, nothing where it has none.
    """

    name: str | None
    kind: Kind = "segment"
    before: Fraction | None = None
    after: Fraction | None = None
    contribution: Decimal | None = None
    rate: Decimal | None = None
    mix: Decimal | None = None
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A change and the parts that add up to it, to the last of twelve decimals; nothing where there is no change."""

    before: Fraction | None
    after: Fraction | None
    change: Decimal | None
    parts: tuple[Part, ...]


def of_sum(segments: Sequence[Segment], whole: Segment) -> Split:
    """The change of a sum, or of a count in which segments overlap: the difference of each segment, and the overlap."""
    exact = [one.above[1] - one.above[0] for one in segments]
    change, shares = _rounded(exact, whole.above[1] - whole.above[0])
    parts = [
        Part(one.name, "segment", *one.above, share, segment=one) for one, share in zip(segments, shares, strict=False)
    ]
    return Split(*whole.above, change, (*parts, *_overlap(shares[len(segments) :])))


def of_ratio(segments: Sequence[Segment], whole: Segment) -> Split:
    """The change of a ratio, rate and mix apart; without a ratio of the whole before or after there is no change."""
    before, after = ratio(whole)
    if before is None or after is None:
        parts = tuple(Part(one.name, "segment", *ratio(one), segment=one) for one in segments)
        return Split(before, after, None, parts)
    exact = [_both_effects(one, whole, (before + after) / 2) for one in segments]
    change, shares = _rounded(exact, after - before)
    parts = tuple(
        _effects(one, whole, (before + after) / 2, share) for one, share in zip(segments, shares, strict=False)
    )
    return Split(before, after, change, (*parts, *_overlap(shares[len(segments) :])))


def apart(values: Sequence[Part], before: Fraction | None, after: Fraction | None) -> Split:
    """The change of a median or the like: no segment has a part in it, so all of it is what they share."""
    change = None if before is None or after is None else _rounded([], after - before)[0]
    return Split(before, after, change, (*values, *_overlap([change] if change else [])))


def ratio(segment: Segment) -> tuple[Fraction | None, Fraction | None]:
    """A segment's ratio before and after, nothing where it has nothing below."""
    assert segment.below is not None
    first, second = (a / b if b else None for a, b in zip(segment.above, segment.below, strict=True))
    return first, second


def together(parts: Sequence[Part]) -> Part:
    """Parts as one of the kind `other`: what they add is the sum of what each adds."""
    known = [part.segment for part in parts if part.segment is not None]
    share, rate, mix = (total(getattr(part, name) for part in parts) for name in ("contribution", "rate", "mix"))
    part = Part(None, "other", None, None, share, rate, mix)
    if len(known) < len(parts):
        return part
    below = _sum([one.below for one in known if one.below is not None]) if known[0].below is not None else None
    segment = Segment(None, _sum([one.above for one in known]), below)
    before, after = segment.above if below is None else ratio(segment)
    return replace(part, before=before, after=after, segment=segment)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of amounts without rounding; nothing where one of them is not known."""
    found = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        found = _EXACT.add(found, amount)
    return found


def _both_effects(one: Segment, whole: Segment, level: Fraction) -> Fraction:
    """Rate and mix of a segment together, which need no ratio of its own."""
    assert one.below is not None and whole.below is not None  # noqa: PT018 - both are ratios
    (n0, n1), (d0, d1), (whole0, whole1) = one.above, one.below, whole.below
    return n1 / whole1 - n0 / whole0 - (d1 / whole1 - d0 / whole0) * level


def _effects(one: Segment, whole: Segment, level: Fraction, share: Decimal) -> Part:
    """A segment's part of the change, mix rounded once and rate the rest of it."""
    before, after = ratio(one)
    (d0, d1), (whole0, whole1) = one.below or (0, 0), whole.below or (0, 0)
    mix = Decimal(0)
    if before is not None and after is not None:
        mix = _decimal(round((d1 / whole1 - d0 / whole0) * ((before + after) / 2 - level) * _UNIT))
    elif (before is None) != (after is None) and not one.above[0 if before is None else 1]:
        mix = share
    return Part(one.name, "segment", before, after, share, _EXACT.subtract(share, mix), mix, one)


def _rounded(exact: Sequence[Fraction], change: Fraction) -> tuple[Decimal, list[Decimal]]:
    """The change, and what adds up to it: each amount and, where they fall short, the overlap, rounded.

    Units left over by rounding go to the largest remainders, the first of equal ones first.
    """
    overlap = change - sum(exact)
    amounts = [*exact, overlap] if overlap else list(exact)
    units = [amount * _UNIT for amount in amounts]
    floors = [unit.numerator // unit.denominator for unit in units]
    total = round(change * _UNIT)
    order = sorted(range(len(units)), key=lambda at: floors[at] - units[at])
    for at in order[: total - sum(floors)]:
        floors[at] += 1
    return _decimal(total), [_decimal(floor) for floor in floors]


def _overlap(shares: Sequence[Decimal]) -> list[Part]:
    return [Part(None, "overlap", contribution=share) for share in shares]


def _decimal(units: int) -> Decimal:
    return Decimal(units).scaleb(-PLACES, _EXACT)


def _sum(pairs: Sequence[Pair]) -> Pair:
    return sum((first for first, _ in pairs), Fraction(0)), sum((second for _, second in pairs), Fraction(0))
