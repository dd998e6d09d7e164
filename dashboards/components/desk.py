"""A reader's desk: the snapshot, the language and the view that a page works with, and its only way to numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from dashboards.components.facts import Facts
from dashboards.components.i18n import NOTHING, Translator
from dashboards.components.palette import CLASSES, channel_colours
from dashboards.components.roles import Action, may
from dashboards.components.view import TARGET, Span, View, quoted

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition, Metrics
    from opsloop.workspace import Workspace

_ID_SHOWN = 10


class Desk:
    """Answers a page's questions from one snapshot, in one language, for one view."""

    def __init__(
        self, workspace: Workspace, metrics: Metrics, facts: Facts, translator: Translator, view: View | None = None
    ) -> None:
        self.workspace = workspace
        self.metrics = metrics
        self.facts = facts
        self.t = translator
        self.view = view or View(Span(self.today, self.today))
        self.catalogue: Mapping[str, MetricDefinition] = metrics.catalogue()
        self.page = "overview"
        self.is_dated = True

    def narrowed(self, **slices: str) -> Desk:
        """Return a desk that sees these values of dimensions only; this one sees what it did."""
        other = copy(self)
        other.view = replace(self.view, slices={**self.view.slices, **slices})
        return other

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return str(self.workspace.settings.currency)

    @cached_property
    def today(self) -> dt.date:
        """The last day, in the reporting zone, that the snapshot knows anything of."""
        as_of: dt.datetime = self.metrics.snapshot.as_of
        aware = as_of if as_of.tzinfo else as_of.replace(tzinfo=dt.UTC)
        return (aware - dt.timedelta(microseconds=1)).astimezone(self.workspace.zone).date()

    @property
    def minimum(self) -> int:
        """The count below which a rate is greyed (X9)."""
        return int(self.workspace.settings.minimum_sample)

    def may(self, action: Action) -> bool:
        """Return whether the reader's role lets them do it."""
        return may(self.workspace.role, action)

    def has(self, *topics: str) -> bool:
        """Return whether the snapshot has rows for every topic named."""
        return self.facts.has(*topics)

    def has_mart(self, table: str) -> bool:
        """Return whether the snapshot has a mart."""
        return self.facts.has_table("marts", table)

    @property
    def has_targets(self) -> bool:
        """Return whether the view can be held against targets: they are the whole company's, so a slice has none."""
        return self.has_mart("fct_targets") and not self.view.slices

    def known(self, names: Sequence[str]) -> list[str]:
        """Return those metrics that the catalogue has and that the snapshot has data for, in the order given."""
        return [name for name in names if name in self.catalogue and self.facts.has_all(self.catalogue[name].tables)]

    def by(self, names: Sequence[str], dimension: str) -> list[str]:
        """Return those metrics that can be broken down by a dimension."""
        return [name for name in self.known(names) if dimension in self.catalogue[name].dimensions]

    def where(self, metric: str, extra: str | None = None, by: Sequence[str] = ()) -> str | None:
        """Return the filter that the view puts on a metric: only slices that the metric has."""
        dimensions = self.catalogue[metric].dimensions
        parts = [f"{name} = {quoted(value)}" for name, value in self.view.slices.items() if name in dimensions]
        if "attribution_model" in dimensions and "attribution_model" not in by:
            parts.append(f"attribution_model = {quoted(self.view.model)}")
        return " and ".join([*parts, *([extra] if extra else [])]) or None

    def unsliced(self, metric: str) -> list[str]:
        """Return the dimensions of the view's slices that a metric lacks, so that it is told over all their values."""
        return [name for name in self.view.slices if name not in self.catalogue[metric].dimensions]

    def frame(
        self,
        names: Sequence[str],
        *,
        by: Sequence[str] = (),
        grain: str | None = None,
        span: Span | None = None,
        where: str | None = None,
    ) -> pl.DataFrame:
        """Return metrics over the view's period: one row per period and dimension, missing ones empty."""
        span = span or self.view.span
        keys = [*(["period"] if grain else []), *by]
        result: pl.DataFrame | None = None
        for condition, group in self._grouped(names, by, where).items():
            part = self.metrics.query(
                group, by=list(by), grain=grain, start=span.start, end=span.end, where=condition
            ).select(*keys, *group)
            part = part.with_columns(pl.col("period").cast(pl.Date)) if grain else part
            result = part if result is None else _beside(result, part, keys)
        if result is None:
            return pl.DataFrame(schema={**dict.fromkeys(keys, pl.String), **dict.fromkeys(names, pl.Float64)})
        return result.sort(keys, nulls_last=True) if keys else result

    def _grouped(self, names: Sequence[str], by: Sequence[str], where: str | None) -> dict[str | None, list[str]]:
        groups: dict[str | None, list[str]] = {}
        for name in self.known(names):
            condition = self.where(name, where, by)
            groups.setdefault(condition, []).append(name)
        return groups

    def totals(
        self, names: Sequence[str], span: Span | None = None, where: str | None = None
    ) -> dict[str, float | None]:
        """Return each metric's value over the whole period."""
        frame = self.frame(names, span=span, where=where)
        if frame.height == 0:
            return dict.fromkeys(names)
        row = frame.row(0, named=True)
        return {name: None if row.get(name) is None else float(row[name]) for name in names}

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Return rows of the published marts."""
        return self.metrics.rows(sql, parameters)

    def label(self, name: str) -> str:
        """Return what a metric, or a column that is none, is called."""
        if name in self.catalogue:
            return str(self.catalogue[name].label(self.t.lang))
        return self.t.maybe(f"columns.{name}") or name.replace("_", " ")

    def show(self, name: str, value: float | None) -> str:
        """Return a value of a metric as a reader expects it, with its unit or currency."""
        return NOTHING if value is None else str(self.catalogue[name].format(value, self.t.lang, self.currency))

    def period_line(self) -> str:
        """Return the view in words: its days, those it is compared with, and its slices."""
        span, before = self.view.span, self.view.before
        parts = [self.t("layout.period", period=self.t.span(span.start, span.end), days=span.days)]
        if before is not None:
            parts.append(self.t(f"layout.against_{self.view.compare}", period=self.t.span(before.start, before.end)))
        elif self.view.compare == TARGET:
            parts.append(self.t("layout.against_target"))
        slices = self.view.slices.items()
        parts += [f"{self.t(f'filters.{name}')} {self.value_label(name, value)}" for name, value in slices]
        return " · ".join(parts)

    def titled(self, key: str, metric: str, **values: object) -> str:
        """Return a chart's title that names its metric, and the currency where it shows money."""
        name = self.label(metric)
        if self.catalogue[metric].unit == "money":
            name = self.t("chart.in_currency", what=name, currency=self.currency)
        return self.t(key, what=name, **values)

    def top(self, frame: pl.DataFrame, metric: str) -> pl.DataFrame:
        """Return the rows from the largest value of a metric down, those without one last."""
        return frame.sort(metric, descending=True, nulls_last=True) if metric in frame.columns else frame

    @cached_property
    def channel_colours(self) -> dict[str, str]:
        """The colour of each channel: the hue of its class."""
        return channel_colours({name: kind for name, (_, _, kind) in self.facts.channels.items()})

    @property
    def class_colours(self) -> dict[str, str]:
        """The colour of each class of channels."""
        return dict(CLASSES)

    def base_of(self, name: str) -> str | None:
        """Return the count that a ratio is divided by, if it is a metric of its own."""
        if name not in self.catalogue or self.catalogue[name].kind != "ratio":
            return None
        base = self.catalogue[name].formula.rpartition(" / ")[2]
        return base if base in self.catalogue and self.catalogue[base].unit == "count" else None

    def settled(self, name: str) -> dt.date:
        """Return the last day whose value of a metric will not change any more (X5)."""
        return self.facts.settled(self.catalogue[name].tables)

    def arrived(self, name: str) -> dt.date:
        """Return the last day for which nothing more of a metric is expected to arrive (X5)."""
        return self.facts.arrived(self.catalogue[name].tables)

    def value_label(self, dimension: str, value: object) -> str:
        """Return what a value of a dimension is called in the reader's language."""
        if value is None or value == "":
            return self.t.maybe(f"values.{dimension}.nothing") or self.t("values.none")
        if dimension == "channel" and value in self.facts.channels:
            english, chinese, _ = self.facts.channels[str(value)]
            if english != value:
                return self.t.pick(english, chinese)
        if dimension == "person_id":
            return f"{str(value)[:_ID_SHOWN]}…"
        return self.t.maybe(f"values.{dimension}.{value}") or self.t.maybe(f"values.{value}") or str(value)


def _beside(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    if not keys:
        return pl.concat([left, right], how="horizontal")
    return left.join(right, on=keys, how="full", coalesce=True, nulls_equal=True)
