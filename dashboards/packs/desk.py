"""What a section needs: numbers from the metrics layer, words in the reader's language, and the week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

from dashboards.components.facts import Facts
from dashboards.components.i18n import NOTHING, Translator
from dashboards.packs.model import SHOWN
from dashboards.weeks import Week
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition, Metrics

WORDS = Path(__file__).parent / "words.yaml"
VALUES = Path(__file__).parent / "values.yaml"
RATIOS = {"rate", "score"}


@cache
def _words(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


class Desk:
    """One week's review in the making: where sections get numbers and words from."""

    def __init__(self, workspace: Workspace, metrics: Metrics, week: Week, lang: str) -> None:
        self.workspace = workspace
        self.metrics = metrics
        self.week = week
        self.lang = lang
        self.catalogue: Mapping[str, MetricDefinition] = metrics.catalogue()
        self.facts = Facts(metrics)
        self.translator = Translator(lang)

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return str(self.workspace.settings.currency)

    @property
    def minimum(self) -> int:
        """The count under which a rate is greyed (X9)."""
        return int(self.workspace.settings.minimum_sample)

    @cached_property
    def as_of(self) -> dt.datetime:
        """The instant, in the company's zone, before which the snapshot's facts lie."""
        moment = self.metrics.snapshot.as_of
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return aware.astimezone(self.workspace.zone)

    def say(self, key: str, **values: object) -> str:
        """The text of a key in the reader's language, its places filled."""
        return str(_words(WORDS)[key][self.lang]).format(**values)

    def maybe(self, key: str) -> str | None:
        """The text of a key, or nothing where there is none."""
        text = _words(WORDS).get(key)
        return None if text is None else str(text[self.lang])

    def value(self, dimension: str, value: object) -> str:
        """What a value of a dimension is called in the reader's language; the value itself where nothing is known."""
        if value is None or value == "":
            return self.say("empty_value")
        name = str(value)
        if dimension == "channel" and name in self.facts.channels:
            english, chinese, _ = self.facts.channels[name]
            if english != name:
                return self.translator.pick(english, chinese)
        own = _words(VALUES).get(dimension, {}).get(name)
        if own:
            return str(own[self.lang])
        pages = self.translator.maybe
        return pages(f"values.{dimension}.{name}") or pages(f"values.{name}") or name

    def label(self, metric: str) -> str:
        """The metric's label."""
        return self.catalogue[metric].label(self.lang)

    def known(self, names: Sequence[str]) -> list[str]:
        """Those metrics that the catalogue has, in the order given."""
        return [name for name in names if name in self.catalogue]

    def base_of(self, name: str) -> str | None:
        """The count that a rate is divided by, if it is a metric of its own (X9)."""
        metric = self.catalogue.get(name)
        if metric is None or metric.kind != "ratio" or metric.unit not in RATIOS:
            return None
        base = metric.formula.rpartition(" / ")[2]
        return base if base in self.catalogue and self.catalogue[base].unit == "count" else None

    def maturity(self, name: str, week: Week | None = None) -> str:
        """Whether a metric of the week can still change: `partial` (not over), `late`, `maturing` or `mature` (X5)."""
        week = week or self.week
        if not week.is_over(self.workspace, self.as_of):
            return "partial"
        if self.facts.arrived(self.catalogue[name].tables) < week.end:
            return "late"
        return "maturing" if self.facts.settled(self.catalogue[name].tables) < week.end else "mature"

    def week_of_metrics(
        self, names: Sequence[str], week: Week | None = None, as_of: dt.datetime | None = None
    ) -> dict[str, float | None]:
        """Each metric's value in a week, this one by default, as known now or by an instant (X6)."""
        week = week or self.week
        return self.days_of_metrics(names, week.start, week.end, as_of)

    def days_of_metrics(
        self, names: Sequence[str], start: dt.date, end: dt.date, as_of: dt.datetime | None = None
    ) -> dict[str, float | None]:
        """Each metric's value over the days from start to end, as known now or by an instant (X6)."""
        known = self.known(names)
        if not known:
            return {}
        frame = self.metrics.query(known, start=start, end=end, as_of=as_of)
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

    def show(self, value: object, unit: str) -> str:
        """A value as a person reads it, by its unit."""
        if value is None:
            return NOTHING
        if unit == "change":
            return f"{float(str(value)):+.1%}"
        if unit == "difference":
            return f"{float(str(value)):+.2f}"
        if unit == "points":
            return f"{100 * float(str(value)):+.1f}" + self.say("points")
        if unit == "date":
            return self.translator.date(value) if isinstance(value, dt.date) else str(value)
        return str(value) if unit in {"text", SHOWN} else self.plain(float(str(value)), unit)

    def plain(self, value: float, unit: str) -> str:
        """A number by its unit, rounded once."""
        from dashboards.metrics import format_value

        return format_value(value, unit, self.lang, self.currency)

    def brief(self, value: float | None, unit: str) -> str:
        """A value in as few letters as a narrow column has room for, without its unit's sign."""
        if value is None:
            return NOTHING
        if unit == "change":
            return f"{value:+.0%}" if value < 9.995 else f"×{1 + value:,.0f}"
        if unit == "points":
            return f"{100 * value:+.1f}"
        if unit in {"money", "ratio", "score", "difference"}:
            sign = "+" if unit == "difference" else ""
            return f"{value:{sign},.{0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2}f}"
        return f"{value:,.0f}" if unit == "count" else self.plain(value, unit)

    def tick(self, value: float, unit: str) -> str:
        """A round value on a chart's scale."""
        if unit == "rate":
            return f"{100 * value:g}%"
        scales = ((1e8, "亿"), (1e4, "万")) if self.lang == "zh" else ((1e9, "B"), (1e6, "M"), (1e4, "k"))
        for least, sign in scales:
            if abs(value) >= least:
                return f"{value / (1e3 if sign == 'k' else least):g}{sign}"
        return f"{value:,.10g}"

    def mark(self, maturity: str) -> str:
        """The mark of what can still change, else nothing (X5)."""
        return "" if maturity == "mature" else self.say("unsettled_mark")

    def day(self, day: dt.date) -> str:
        """A day as a person reads it."""
        return self.translator.date(day)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
