"""Asks the metrics layer for a metric's segments in two periods, and picks the dimension that explains most."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from dashboards.metrics_layer.makeup import Makeup
from dashboards.metrics_layer.question import Asked
from dashboards.why import split
from dashboards.why.ranking import ROWS, has_several, leading, merit, rank, stands_out
from dashboards.why.split import Part, Segment, Split
from dashboards.why.usual import history, signal

if TYPE_CHECKING:
    from dashboards.metrics import Metrics

# Between two periods a dimension that is one of time moves by itself: it is split by only where asked for.
BY_TIME = ("cohort",)
# Sums of floats differ by their order in the last digits.
_DUST = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods, days included, under a filter; segments on fewer cases than the minimum are not ranked (X9)."""

    before: tuple[dt.date, dt.date]
    after: tuple[dt.date, dt.date]
    where: str | None = None
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A metric's change by one dimension: ranked parts that add up to it, and the few that carry it.

    `leading` is empty where no few segments stand out. `signal` is the change as a multiple of what the metric's own
    weeks explain by chance, nothing where there are too few.
    """

    metric: str
    dimension: str
    split: Split
    leading: tuple[Part, ...]
    makeup: Makeup
    signal: float | None

    @property
    def is_noise(self) -> bool:
        """Whether the change is known to be no larger than the usual one."""
        return self.signal is not None and self.signal <= 1

    @property
    def has_effects(self) -> bool:
        """Whether rate and mix are told apart."""
        return any(part.rate is not None for part in self.split.parts)


def explain(
    metrics: Metrics, metric: str, compared: Comparison, dimension: str | None = None, rows: int = ROWS
) -> Change | None:
    """The change of a metric by a dimension, else by the one that explains most; nothing where none can.

    The one that explains most is, among dimensions in which a few segments stand out, the one with the fewest; of equal
    ones, and where none stands out, that whose leading segments carry most beyond their size, then the first by name.
    What leads does not depend on the number of rows, beyond which segments are folded into one.
    """
    names = [dimension] if dimension else [one for one in metrics.catalogue()[metric].splits if one not in BY_TIME]
    splits = {name: _split(metrics, metric, compared, name) for name in names}
    several = {name: one for name, one in splits.items() if dimension or has_several(one)}
    if not several:
        return None
    made = {name: metrics.makeup(metric, name) for name in several}
    ranked = {name: rank(one, made[name].cases, compared.minimum) for name, one in several.items()}
    chosen = min(ranked, key=lambda name: (*merit(ranked[name]), name))
    best, told = ranked[chosen], leading(ranked[chosen])
    strength = _signal(metrics, metric, compared, best.split)
    return Change(metric, chosen, best.folded(rows), told if stands_out(best, told) else (), made[chosen], strength)


def _split(metrics: Metrics, metric: str, compared: Comparison, dimension: str) -> Split:
    made = metrics.makeup(metric, dimension)
    pairs = [_amounts(metrics, metric, compared, span, dimension, made.kind) for span in _spans(compared)]
    wholes = [_amounts(metrics, metric, compared, span, None, made.kind)[None] for span in _spans(compared)]
    names = sorted(pairs[0].keys() | pairs[1].keys(), key=lambda name: (name is None, name or ""))
    if made.kind == "apart":
        values = [Part(name, "segment", *_own_values(pairs, name)) for name in names]
        return split.apart(values, wholes[0][0], wholes[1][0])
    segments = [_segment(name, *(pair.get(name, ()) for pair in pairs)) for name in names]
    whole = _segment(None, *wholes)
    return (split.of_ratio if made.kind == "ratio" else split.of_sum)(segments, _undusted(segments, whole))


def _own_values(
    pairs: Sequence[Mapping[str | None, Sequence[Fraction | None]]], name: str | None
) -> tuple[Fraction | None, Fraction | None]:
    first, second = (pair.get(name, (None,))[0] for pair in pairs)
    return first, second


def _spans(compared: Comparison) -> tuple[tuple[dt.date, dt.date], ...]:
    return compared.before, compared.after


def _amounts(
    metrics: Metrics, metric: str, compared: Comparison, span: tuple[dt.date, dt.date], by: str | None, kind: str
) -> dict[str | None, tuple[Fraction | None, ...]]:
    """Each segment's amounts in a period, or those of the whole: one, or two of a ratio."""
    asked = Asked(by=[by] if by else [], start=span[0], end=span[1], where=compared.where)
    frame = metrics.parts(metric, **asked) if kind == "ratio" else metrics.exact([metric], **asked)
    amounts = frame.columns[-2:] if kind == "ratio" else [metric]
    rows = frame.select(*([by] if by else []), *amounts).rows()
    if by is None:
        return {None: tuple(map(_exact, rows[0])) if rows else (None,) * len(amounts)}
    return {name: tuple(map(_exact, values)) for name, *values in rows}


def _exact(value: float | Decimal | None) -> Fraction | None:
    return None if value is None or not math.isfinite(value) else Fraction(value)


def _segment(name: str | None, before: Sequence[Fraction | None], after: Sequence[Fraction | None]) -> Segment:
    """Amounts side by side; what is not there is nothing."""
    width = max(len(before), len(after))
    above, *below = [(_at(before, place), _at(after, place)) for place in range(width)]
    return Segment(name, above, below[0] if below else None)


def _at(amounts: Sequence[Fraction | None], place: int) -> Fraction:
    return (amounts[place] if amounts else None) or Fraction(0)


def _undusted(segments: Sequence[Segment], whole: Segment) -> Segment:
    """The whole as its segments add up, where it differs from that only by the last digits of floats."""
    above = _near(whole.above, [one.above for one in segments])
    return Segment(whole.name, above, whole.below and _near(whole.below, [one.below for one in segments if one.below]))


def _near(own: split.Pair, others: Sequence[split.Pair]) -> split.Pair:
    sums = [sum((pair[at] for pair in others), Fraction(0)) for at in (0, 1)]
    first, second = (b if abs(a - b) <= _DUST * max(abs(a), abs(b)) else a for a, b in zip(own, sums, strict=True))
    return first, second


def _signal(metrics: Metrics, metric: str, compared: Comparison, found: Split) -> float | None:
    if found.before is None or found.after is None:
        return None
    first, last = history(compared.before, compared.after)
    frame = metrics.query([metric], grain="week", start=first, end=last, where=compared.where)
    sides = zip((found.before, found.after), _spans(compared), strict=True)
    before, after = ((float(value), (span[1] - span[0]).days + 1) for value, span in sides)
    return signal(whole_weeks(frame, metric, first, last), before, after)


def whole_weeks(frame: pl.DataFrame, metric: str, first: dt.date, last: dt.date) -> list[float]:
    """A metric's values over the weeks that lie between two days, in order, where it has one."""
    whole = frame.filter(pl.col("period").is_between(first, last - dt.timedelta(days=6)))
    return [float(value) for value in whole[metric].drop_nulls()]
