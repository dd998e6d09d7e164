"""From a checked question to one SQL statement: parts compiled by MetricFlow, set side by side and stacked."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.metrics_layer import where
from dashboards.metrics_layer.engine import Engine, place
from dashboards.metrics_layer.manifest import CHOICES, Manifest
from dashboards.metrics_layer.periods import last_days
from dashboards.metrics_layer.question import Question, asked_dimensions

DAY = "{{ TimeDimension('metric_time', 'day') }}"
# The choice that an answer always names, asked for or not.
NAMED = "attribution_model"
# How many totals are joined in one go: an engine weighs every order in which joins without a key could be made.
TOGETHER = 6


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a snapshot says of itself: defaults and values of choices, marts without a row, its days."""

    defaults: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    empty: frozenset[str]
    first_days: Mapping[str, dt.date]
    last_day: dt.date
    week_start: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions with places for values, and the values as SQL."""

    conditions: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    def and_days(self, condition: str, values: Mapping[str, str]) -> Filter:
        """The filter with a condition on days before it."""
        return Filter((condition, *self.conditions), {**values, **self.values})


@dataclass(frozen=True, slots=True)
class Slice:
    """A question under one set of choices, with the metrics that answer it."""

    question: Question
    pins: Mapping[str, str]
    names: Mapping[str, str]
    by: tuple[str, ...]
    filter: Filter

    @property
    def keys(self) -> list[str]:
        """Columns that name a row within the slice."""
        return [*(["period"] if self.question.grain else []), *self.by]

    def values(self, metrics: Sequence[str]) -> list[str]:
        """Columns of all metrics, nothing for those that a part does not compute."""
        return [f"{self.names[m]} as {m}" if m in metrics else f"null as {m}" for m in self.question.metrics]

    def compiled(self, metrics: Sequence[str]) -> list[str]:
        """Names under which MetricFlow knows the metrics."""
        return list(dict.fromkeys(self.names[metric] for metric in metrics))


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes statements for one snapshot."""

    manifest: Manifest
    engine: Engine
    around: Circumstances

    def sql(self, question: Question, condition: where.Condition | None) -> str:
        """One ordered statement with the columns `period` (with a grain), the dimensions, then the metrics."""
        asked = asked_dimensions(question, condition)
        chosen = [c for c in CHOICES if any(c in self.manifest.dimensions(m) for m in question.metrics)]
        named = [c for c in chosen if c not in question.by and (c in asked or c == NAMED)]
        shown = [*question.by, *named]
        ranges = [self.around.values[c] if c in asked else (self.around.defaults[c],) for c in chosen]
        slices = []
        for values in itertools.product(*ranges):
            pins = dict(zip(chosen, values, strict=True))
            left = True if condition is None else where.bind(condition, pins)
            if left is not False:
                slices.append(self._select(self._slice(question, pins, asked, _filter(left)), shown))
        keys = [*(["period"] if question.grain else []), *shown]
        if not slices:
            return _no_rows(keys, question.metrics)
        body = slices[0] if len(slices) == 1 else "select * from (\n" + "\nunion all\n".join(slices) + "\n) as slices"
        return f"{body}\norder by {', '.join(f'{key} nulls last' for key in keys)}" if keys else body

    def _slice(self, question: Question, pins: Mapping[str, str], asked: frozenset[str], kept: Filter) -> Slice:
        by = tuple(name for name in question.by if name not in pins)
        names = {metric: self.manifest.answering(metric, asked - set(pins)) for metric in question.metrics}
        return Slice(question, pins, names, by, kept)

    def _select(self, piece: Slice, shown: Sequence[str]) -> str:
        """A slice's rows: what MetricFlow computed in one go beside what it computed for last days of periods."""
        metrics = piece.question.metrics
        running = [m for m in metrics if self.manifest.lineages[m].is_cumulative]
        parts = [self._plain(piece, some) for some in self._together(piece, [m for m in metrics if m not in running])]
        parts += [self._running(piece, running)] if running else []
        is_grouped = bool(running) or len(parts) > 1
        heads = [f"{where.literal(piece.pins[n])} as {n}" if n in piece.pins else n for n in shown]
        period = ["period"] if piece.question.grain else []
        columns = [*period, *heads, *(self._value(m, piece.names[m], is_grouped) for m in metrics)]
        group = f"\ngroup by {', '.join(piece.keys)}" if is_grouped and piece.keys else ""
        return f"select {', '.join(columns)}\nfrom (\n" + "\nunion all\n".join(parts) + f"\n) as parts{group}"

    def _together(self, piece: Slice, metrics: Sequence[str]) -> list[list[str]]:
        """Metrics to compute in one go: all of them where rows have a key to be joined by, else few, of like marts."""
        if piece.keys:
            return [list(metrics)] if metrics else []
        alike = sorted(metrics, key=lambda m: sorted(self.manifest.lineages[piece.names[m]].tables))
        return [alike[start : start + TOGETHER] for start in range(0, len(alike), TOGETHER)]

    def _value(self, metric: str, name: str, is_grouped: bool) -> str:
        """A metric's column; nothing where its marts hold no row at all, since then nothing is known."""
        lineage = self.manifest.lineages[name]
        missing = [table in self.around.empty for table in lineage.tables]
        if all(missing) or (lineage.needs_all and any(missing)):
            return f"cast(null as double) as {metric}"
        value = f"max({metric})" if is_grouped else metric
        return (
            f"coalesce({value}, 0) as {metric}" if is_grouped and lineage.zero_for_nothing else f"{value} as {metric}"
        )

    def _plain(self, piece: Slice, metrics: Sequence[str]) -> str:
        question, grain = piece.question, piece.question.grain
        if grain == "week" and self.around.week_start != "monday":
            grain = "company_week"
        days = f"{DAY} >= {place('start')} and " if question.start else ""
        ends = {"start": f"'{question.start}'", "end": f"'{question.end or self.around.last_day}'"}
        kept = piece.filter.and_days(f"{days}{DAY} <= {place('end')}", ends)
        time = [f"metric_time__{grain}"] if grain else []
        sql = self._compiled(piece, metrics, [*time, *piece.by], kept)
        period = [f"cast(metric_time__{grain} as date) as period"] if grain else []
        return f"select {', '.join([*period, *piece.by, *piece.values(metrics)])} from (\n{sql}\n) as plain"

    def _running(self, piece: Slice, metrics: Sequence[str]) -> str:
        """Running totals stand on the last day of each period, so only those days are computed."""
        ends = self._ends(piece.question, metrics)
        days = ", ".join(f"'{day}'" for day in ends.values())
        kept = piece.filter.and_days(f"{DAY} in ({place('days')})", {"days": days})
        sql = self._compiled(piece, metrics, ["metric_time__day", *piece.by], kept)
        columns = ", ".join([*piece.keys, *piece.values(metrics)])
        if not piece.question.grain:
            return f"select {columns} from (\n{sql}\n) as running"
        listed = ", ".join(f"(date '{period}', date '{day}')" for period, day in ends.items())
        # Without dimensions each period has its row, also where the window before it holds nothing.
        join = "inner" if piece.by else "left"
        return (
            f"select {columns} from (values {listed}) as periods (period, last_day)\n"
            f"{join} join (\n{sql}\n) as running on cast(metric_time__day as date) = last_day"
        )

    def _compiled(self, piece: Slice, metrics: Sequence[str], group_by: Sequence[str], kept: Filter) -> str:
        return self.engine.compile(piece.compiled(metrics), group_by, kept.conditions, piece.pins, kept.values)

    def _ends(self, question: Question, metrics: Sequence[str]) -> dict[dt.date, dt.date]:
        end = question.end or self.around.last_day
        if not question.grain:
            return {end: end}
        tables = {table for metric in metrics for table in self.manifest.lineages[metric].tables}
        first = min([self.around.first_days[table] for table in tables if table in self.around.first_days] + [end])
        return last_days(question.start or first, end, question.grain, self.around.week_start)


def _filter(left: where.Outcome) -> Filter:
    """What is left of a question's condition, its values in places of their own."""
    if isinstance(left, bool):
        return Filter()
    values: dict[str, str] = {}

    def kept(value: str) -> str:
        """Keep a value, and return its place."""
        values[name := f"value_{len(values)}"] = where.literal(value)
        return place(name)

    return Filter((where.to_sql(left, lambda name: f"{{{{ Entity('{name}') }}}}", kept),), values)


def _no_rows(keys: Sequence[str], metrics: Sequence[str]) -> str:
    columns = [f"cast(null as {'date' if key == 'period' else 'varchar'}) as {key}" for key in keys]
    columns += [f"cast(null as double) as {metric}" for metric in metrics]
    return f"select {', '.join(columns)} where false"
