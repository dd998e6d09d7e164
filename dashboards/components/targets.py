"""Targets beside actuals (A6): how far the month is, and which of its targets it will reach at this pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain
from dashboards.components.charts import BAR_STEP, room_for_text
from dashboards.components.desk import Desk
from dashboards.components.panels import panel
from dashboards.components.standing import topics_of
from dashboards.components.tables import show_texts
from dashboards.due import TARGETS
from dashboards.pacing import Month, Pace, month_of, pacing, rounded

ON_COURSE, BEHIND, NO_VERDICT = "on_course", "behind", "no_verdict"
_COLOURS = {ON_COURSE: palette.CLASSES["owned"], BEHIND: palette.CLASSES["paid"], NO_VERDICT: palette.NEUTRAL}
_SCHEMA = {"metric": pl.String, "target": pl.String, "due": pl.String, "actual": pl.String} | dict.fromkeys(
    ("forecast", "forecast_share", "course", "owner"), pl.String
)


@dataclass(frozen=True)
class Course:
    """The targets of the month in which a view ends, each with its pace; none where the company sets none."""

    desk: Desk
    month: Month
    paces: Sequence[Pace]

    @cached_property
    def verdicts(self) -> Mapping[str, str]:
        """Whether each metric with a target is on course, behind, or neither: no forecast, or no good direction."""
        return {pace.metric: _verdict(self.desk.catalogue[pace.metric].good_direction, pace) for pace in self.paces}

    def sentence(self) -> str:
        """How many targets of the month will be reached at this pace, and which is the furthest off."""
        judged = [pace for pace in self.paces if self.verdicts[pace.metric] != NO_VERDICT]
        if not judged:
            return ""
        t, name = self.desk.t, f"{self.month.first:%Y-%m}"
        reached = [pace for pace in judged if self.verdicts[pace.metric] == ON_COURSE]
        said = t(f"targets.sentence{self._over}", month=name, n=len(reached), of=len(judged))
        behind = [pace for pace in judged if self.verdicts[pace.metric] == BEHIND]
        if not behind:
            return said + t("targets.stop")
        worst = max(behind, key=lambda pace: abs((_share(pace) or 1.0) - 1))
        return said + t("targets.worst", what=self.desk.label(worst.metric), **self._told(worst))

    @property
    def _over(self) -> str:
        return "_over" if self.month.last_day == self.month.last else ""

    def notes(self) -> dict[str, str]:
        """What a metric's figure says of its target, by the metric."""
        return {pace.metric: self._note(pace) for pace in self.paces}

    def show(self) -> None:
        """Show the panel of targets where the company has any: the chart, or the table where nothing is known yet."""
        if not self.paces:
            return
        day = self.desk.t.date(self.month.last_day)
        title, drawing = self.desk.t("targets.title", month=f"{self.month.first:%Y-%m}", day=day), self.chart()
        note, of = self.desk.t("targets.panel_note"), topics_of(self.desk, [pace.metric for pace in self.paces])
        panel(self.desk, "targets", drawing, self.table(), title=title, note=note, show=show_texts, of=of)

    def table(self) -> pl.DataFrame:
        """One row per metric with a target, written out."""
        return pl.DataFrame([self._row(pace) for pace in self.paces], schema=_SCHEMA)

    def chart(self) -> theme.Drawing | None:
        """Bars of what there is as a share of the target, a line where it is due, a dot where it ends at this pace."""
        rows = [self._drawn(pace) for pace in self.paces if pace.actual is not None and pace.target]
        if not rows:
            return None
        frame = pl.DataFrame(rows, infer_schema_length=None)
        source = plain(frame)
        y = alt.Y("line:N", sort=None, axis=alt.Axis(title=None))
        longest = frame.select(pl.max_horizontal("actual", "due", "forecast").alias("share"))["share"]
        scale = room_for_text(pl.concat([longest, pl.Series("share", [1.0])]), frame["shown"])
        x = alt.X("actual:Q", axis=alt.Axis(title=None, format="%", values=[0, 0.5, 1], grid=True), scale=scale)
        colour = alt.Color(
            "course:N", scale=alt.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())), legend=None
        )
        bar = alt.Chart(source).mark_bar(size=15, opacity=0.55).encode(x=x, y=y, color=colour, tooltip=self._tips())
        due = alt.Chart(source).mark_tick(thickness=2, size=20, color=palette.NEUTRAL).encode(x="due:Q", y=y)
        dot = alt.Chart(source).mark_point(size=70, filled=True).encode(x="forecast:Q", y=y, color=colour)
        end = alt.Chart(source).mark_text(align="left", dx=8).encode(x="end:Q", y=y, text="shown:N")
        layers = alt.layer(bar, due, dot, end).properties(height=BAR_STEP * len(rows) + 34)
        return theme.dressed(layers)

    def _tips(self) -> list[alt.Tooltip]:
        keys = {"line": "metric", "actual_shown": "actual", "target_shown": "target", "forecast_shown": "forecast"}
        return [alt.Tooltip(f"{field}:N", title=self.desk.label(key)) for field, key in keys.items()]

    def _drawn(self, pace: Pace) -> dict[str, object]:
        share, due = _share(pace), None if pace.due is None else pace.due / pace.target
        actual = (pace.actual or 0.0) / pace.target
        return {
            "line": self.desk.label(pace.metric),
            "actual": actual,
            "due": due,
            "forecast": None if pace.forecast is None else share,
            "end": max(actual, share or 0.0, due or 0.0),
            "course": self.verdicts[pace.metric],
            "shown": self.desk.t.percent(share, 0),
            "actual_shown": self.desk.show(pace.metric, pace.actual),
            "target_shown": goal(self.desk, pace.metric, pace.target),
            "forecast_shown": goal(self.desk, pace.metric, pace.forecast),
        }

    def _told(self, pace: Pace) -> dict[str, str]:
        value = pace.actual if pace.forecast is None else pace.forecast
        return {
            "value": goal(self.desk, pace.metric, value),
            "target": goal(self.desk, pace.metric, pace.target),
            "share": self.desk.t.percent(_share(pace), 0),
        }

    def _note(self, pace: Pace) -> str:
        key = "targets.note" if pace.forecast is not None and not self._over else f"targets.note_so_far{self._over}"
        key = key if _share(pace) is not None else "targets.note_target"
        return self.desk.t(key, month=f"{self.month.first:%Y-%m}", **self._told(pace))

    def _row(self, pace: Pace) -> dict[str, str]:
        desk = self.desk
        return {
            "metric": desk.label(pace.metric),
            "target": goal(desk, pace.metric, pace.target),
            "due": goal(desk, pace.metric, pace.due),
            "actual": desk.show(pace.metric, pace.actual),
            "forecast": goal(desk, pace.metric, pace.forecast),
            "forecast_share": desk.t.percent(_share(pace), 0),
            "course": desk.t(f"targets.{self.verdicts[pace.metric]}"),
            "owner": desk.catalogue[pace.metric].owner,
        }


def goal(desk: Desk, metric: str, value: float | None) -> str:
    """Return a target or forecast as a reader reads it: of counts, a whole number."""
    return desk.show(metric, rounded(desk.catalogue[metric].unit, value))


def course(desk: Desk) -> Course:
    """Return the targets of the month in which the view ends, with their pace up to its last whole day."""
    month = month_of(min(desk.view.span.end, desk.today), last_whole_day(desk))
    found = desk.rows(TARGETS, [month.first]) if desk.has_targets else pl.DataFrame()
    targets = {name: float(target) for name, target in found.iter_rows() if name in desk.known([name])}
    return Course(desk, month, pacing(desk.metrics, targets, month))


def last_whole_day(desk: Desk) -> dt.date:
    """Return the last day that is over and for which spend, orders and visits have all arrived (X5)."""
    midnight = dt.datetime.combine(desk.today + dt.timedelta(days=1), dt.time(), tzinfo=desk.workspace.zone)
    as_of = desk.metrics.snapshot.as_of
    aware = as_of if as_of.tzinfo else as_of.replace(tzinfo=dt.UTC)
    over = desk.today if aware >= midnight else desk.today - dt.timedelta(days=1)
    return min(over, *(desk.facts.arrived_topic(topic) for topic in ("ads", "orders", "web")))


def _share(pace: Pace) -> float | None:
    """The forecast, else what there is, as a share of the target."""
    value = pace.actual if pace.forecast is None else pace.forecast
    return None if value is None or not pace.target else value / pace.target


def _verdict(direction: str, pace: Pace) -> str:
    """Behind is a forecast on the wrong side of the target; without a forecast a ratio's value so far stands for it."""
    value = pace.forecast
    if value is None and pace.due == pace.target:
        value = pace.actual
    if value is None or direction not in ("up", "down"):
        return NO_VERDICT
    reached = value >= pace.target if direction == "up" else value <= pace.target
    return ON_COURSE if reached else BEHIND
