"""What a section needs: numbers from the metrics layer, words in the reader's language, and the week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import yaml

from dashboards.packs.model import BY_ROW, Column
from dashboards.packs.weeks import Week
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition, Metrics

WORDS = Path(__file__).parent / "words.yaml"
NOTHING = "–"


@cache
def _words() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return content


class Desk:
    """One week's review in the making: where sections get numbers and words from."""

    def __init__(self, workspace: Workspace, metrics: Metrics, week: Week, lang: str) -> None:
        self.workspace = workspace
        self.metrics = metrics
        self.week = week
        self.lang = lang
        self.catalogue: Mapping[str, MetricDefinition] = metrics.catalogue()

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return str(self.workspace.settings.currency)

    def say(self, key: str, **values: object) -> str:
        """The text of a key in the reader's language, its places filled."""
        return _words()[key][self.lang].format(**values)

    def label(self, metric: str) -> str:
        """The metric's label."""
        return self.catalogue[metric].label(self.lang)

    def known(self, names: Sequence[str]) -> list[str]:
        """Those metrics that the catalogue has, in the order given."""
        return [name for name in names if name in self.catalogue]

    def week_of_metrics(self, names: Sequence[str], week: Week | None = None) -> dict[str, float | None]:
        """Each metric's value in a week, this one by default."""
        week = week or self.week
        known = self.known(names)
        if not known:
            return {}
        frame = self.metrics.query(known, start=week.start, end=week.end)
        row = frame.row(0, named=True) if frame.height else {}
        return {name: _number(row.get(name)) for name in known}

    def by(self, names: Sequence[str], dimension: str, where: str | None = None) -> pl.DataFrame:
        """This week's metrics for each value of a dimension, metrics that lack the dimension left out."""
        known = [name for name in self.known(names) if dimension in self.catalogue[name].dimensions]
        if not known:
            return pl.DataFrame()
        frame = self.metrics.query(known, by=[dimension], start=self.week.start, end=self.week.end, where=where)
        present = pl.any_horizontal(pl.col(name).is_not_null() & (pl.col(name) != 0) for name in known)
        return frame.filter(present)

    def weekly(self, names: Sequence[str], weeks: int) -> pl.DataFrame:
        """The metrics of the last weeks, one row per week."""
        start = self.week.start - dt.timedelta(weeks=weeks - 1)
        return self.metrics.query(self.known(names), grain="week", start=start, end=self.week.end)

    def columns_for(self, frame: pl.DataFrame, dimension: str, heading: str) -> tuple[Column, ...]:
        """A table's columns: the dimension, then each metric by its unit."""
        named = [
            Column(name, self.label(name), self.catalogue[name].unit)
            for name in frame.columns
            if name in self.catalogue
        ]
        return (Column(dimension, heading), *named)

    def show(self, value: object, unit: str, row: Mapping[str, object] | None = None) -> str:
        """A value as a person reads it, by its unit."""
        if unit == BY_ROW:
            unit = str((row or {}).get(BY_ROW, "count"))
        if value is None:
            return NOTHING
        if unit == "change":
            return f"{float(str(value)):+.1%}"
        if unit == "points":
            return f"{100 * float(str(value)):+.1f}" + self.say("points")
        if unit == "date":
            return self.day(value) if isinstance(value, dt.date) else str(value)
        if unit == "text":
            return str(value)
        return self.plain(float(str(value)), unit)

    def plain(self, value: float, unit: str) -> str:
        """A number by its unit, rounded once."""
        from dashboards.metrics import format_value

        return format_value(value, unit, self.lang, self.currency)

    def day(self, day: dt.date) -> str:
        """A day as a person reads it."""
        return f"{day.year}年{day.month}月{day.day}日" if self.lang == "zh" else f"{day.day} {day:%b %Y}"


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
