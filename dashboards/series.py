"""Metrics period by period, each with the cases behind it and whether it is settled (X5, X9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dashboards.actions.effect import WeekValue
from dashboards.components.periods import last_day_of, state_of
from dashboards.components.topics import BY_TABLE
from dashboards.components.view import Span

if TYPE_CHECKING:
    from dashboards.components.facts import Facts
    from dashboards.metrics import MetricDefinition, Metrics

Row = dict[str, Any]


class Series:
    """Asks one snapshot for weeks or months; a period without a row says itself whether that is nothing or zero."""

    def __init__(self, metrics: Metrics, facts: Facts) -> None:
        self._metrics = metrics
        self._facts = facts
        self._catalogue: dict[str, MetricDefinition] = metrics.catalogue()

    def values(
        self, names: Sequence[str], grain: str, starts: Sequence[dt.date], where: str | None = None
    ) -> dict[str, list[WeekValue]]:
        """Each metric in each of the periods that begin on those days, which follow one another."""
        bases = {name: self.base(name, where) for name in names}
        asked = list(dict.fromkeys([*names, *filter(None, bases.values())]))
        end = last_day_of(starts[-1], grain)
        frame = self._metrics.query(asked, grain=grain, start=starts[0], end=end, where=where)
        rows = {row["period"]: row for row in frame.to_dicts()}
        return {
            name: [self._value(name, bases[name], grain, start, rows.get(start), where) for start in starts]
            for name in names
        }

    def by(self, name: str, dimension: str, starts: Sequence[dt.date]) -> dict[str, list[WeekValue]]:
        """A metric's weeks for each value of a dimension; a week without a row is nothing of a ratio, else zero."""
        base, end = self.base(name), last_day_of(starts[-1], "week")
        base = base if base and dimension in self._catalogue[base].dimensions else None
        asked = [name, *([base] if base else [])]
        frame = self._metrics.query(asked, by=[dimension], grain="week", start=starts[0], end=end)
        rows = {(row[dimension], row["period"]): row for row in frame.to_dicts() if row[dimension]}
        empty = {name: None if self._catalogue[name].kind == "ratio" else 0.0}
        begins = self.begins(name)
        return {
            str(value): [
                self._known(name, base, "week", start, rows.get((value, start), empty if start >= begins else {}))
                for start in starts
            ]
            for value in sorted({value for value, _ in rows})
        }

    def base(self, name: str, where: str | None = None) -> str | None:
        """The count that a ratio is divided by, if it is a metric that can be narrowed the same way (X9)."""
        metric = self._catalogue[name]
        base = metric.formula.rpartition(" / ")[2] if metric.kind == "ratio" else ""
        if base not in self._catalogue or self._catalogue[base].unit != "count":
            return None
        from dashboards.metrics_layer import where as language

        asked = language.dimensions(language.parse(where)) if where else frozenset()
        return base if asked <= set(self._catalogue[base].dimensions) else None

    def begins(self, name: str) -> dt.date:
        """The first day of which all of a metric's marts have rows; before it, no rows are no zeros."""
        topics = [BY_TABLE[table].name for table in self._catalogue[name].tables if table in BY_TABLE]
        firsts = [first for topic in topics if (first := self._facts.extent.get(topic, (0, None, None))[1])]
        return max(firsts, default=dt.date.min)

    def _value(
        self, name: str, base: str | None, grain: str, start: dt.date, row: Row | None, where: str | None
    ) -> WeekValue:
        end = last_day_of(start, grain)
        is_missing = (row is None or row[name] is None) and start >= self.begins(name)
        if is_missing and self._catalogue[name].kind != "ratio":
            # Without a row by grain, the metric over the whole period says whether that is nothing or zero.
            asked = [name, *([base] if base else [])]
            frame = self._metrics.query(asked, start=start, end=end, where=where)
            row = frame.row(0, named=True) if frame.height else None
        return self._known(name, base, grain, start, row or {})

    def _known(self, name: str, base: str | None, grain: str, start: dt.date, row: Row) -> WeekValue:
        """What a row says of a period, and whether that is settled."""
        tables, end = self._catalogue[name].tables, last_day_of(start, grain)
        settled, arrived = self._facts.settled(tables), self._facts.arrived(tables)
        today = self._metrics.snapshot.as_of_date
        maturity = state_of(start, grain, Span(start, end), settled, today, arrived)
        return WeekValue(start, _number(row.get(name)), _number(row.get(base)) if base else None, maturity)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
