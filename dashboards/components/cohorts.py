"""Retention: who of a cohort came back, in how many periods, where the period is over (R3, R4)."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain
from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE

_SHOWN = {"week": 13, "month": 13}
_GRID = """
    select cohort_start, period_index, cohort_persons, retained_persons,
        retained_persons / nullif(cohort_persons, 0) as retained_rate, maturity
    from marts.fct_retention
    where cohort_grain = ? and activity = ? and period_index <= ? and cohort_start in (
        select distinct cohort_start from marts.fct_retention
        where cohort_grain = ? and activity = ? and cohort_start <= ? order by cohort_start desc limit ?
    )
    order by cohort_start, period_index
"""
_CURVE = """
    select period_index, count(*) as cohorts, sum(cohort_persons) as cohort_persons,
        sum(retained_persons) as retained_persons,
        sum(retained_persons) / nullif(sum(cohort_persons), 0) as retained_rate
    from marts.fct_retention
    where cohort_grain = ? and activity = ? and maturity = 'mature' and period_index <= ? and cohort_start <= ?
    group by period_index order by period_index
"""


def activities(desk: Desk) -> list[str]:
    """Return the kinds of activity for which there are cohorts, sessions first."""
    if not desk.has("retention"):
        return []
    found = desk.rows("select distinct activity from marts.fct_retention order by activity desc")
    return [str(name) for name in found["activity"]]


def grid(desk: Desk, grain: str, activity: str) -> pl.DataFrame:
    """Return the newest cohorts up to the end of the view's period, a row per cohort and period since."""
    if not desk.has("retention"):
        return pl.DataFrame()
    shown = _SHOWN[grain]
    return desk.rows(_GRID, [grain, activity, shown - 1, grain, activity, desk.view.span.end, shown])


def curve(desk: Desk, grain: str, activity: str) -> pl.DataFrame:
    """Return the mean over all cohorts, each weighted by its persons, of cells that are mature."""
    if not desk.has("retention"):
        return pl.DataFrame()
    return desk.rows(_CURVE, [grain, activity, _SHOWN[grain] - 1, desk.view.span.end])


def sentence(desk: Desk, rates: pl.DataFrame, grain: str, activity: str) -> str:
    """Return the share back in the first and in the last period shown, in words."""
    later = rates.filter(pl.col("period_index") > 0) if rates.height else rates
    if later.height == 0:
        return ""
    first, last = later.row(0, named=True), later.row(-1, named=True)
    return desk.t(
        f"retention.sentence_{grain}",
        activity=desk.t(f"retention.by_{activity}"),
        first=desk.t.percent(first["retained_rate"]),
        n=last["period_index"],
        last=desk.t.percent(last["retained_rate"]),
    )


def grid_chart(desk: Desk, cells: pl.DataFrame) -> theme.Drawing | None:
    """Return a heat map of the share back; cells on few persons or not settled are grey and without a fill."""
    later = cells.filter(pl.col("period_index") > 0) if cells.height else cells
    if later.height == 0:
        return None
    labels = [
        desk.t("retention.cohort", day=desk.t.date(row["cohort_start"]), n=desk.t.number(row["cohort_persons"]))
        for row in later.iter_rows(named=True)
    ]
    data = later.with_columns(
        pl.Series("line", labels),
        pl.Series("shown", [desk.t.percent(rate, 1 if (rate or 0) < 0.1 else 0) for rate in later["retained_rate"]]),
        ((pl.col("maturity") == MATURE) & (pl.col("cohort_persons") >= desk.minimum)).alias("sure"),
    )
    order = list(dict.fromkeys(labels))
    top = float(data.filter(pl.col("sure"))["retained_rate"].quantile(0.95) or 1)
    inks, bright = theme.ink(), "#0e1620" if theme.is_dark() else "#ffffff"
    data = data.with_columns(
        pl.when(~pl.col("sure"))
        .then(pl.lit(palette.NEUTRAL))
        .when(pl.col("retained_rate") > top * 0.7)
        .then(pl.lit(bright))
        .otherwise(pl.lit(inks["strong"]))
        .alias("ink")
    )
    base = alt.Chart(plain(data)).encode(
        x=alt.X("period_index:O", axis=alt.Axis(title=desk.t("retention.periods"), labelAngle=0, orient="top")),
        y=alt.Y("line:N", sort=order, axis=alt.Axis(title=None, labelLimit=210)),
        tooltip=[
            alt.Tooltip("line:N", title=desk.t("retention.cohort_title")),
            alt.Tooltip("period_index:O", title=desk.t("columns.period_index")),
            alt.Tooltip("shown:N", title=desk.t("columns.retained_rate")),
            alt.Tooltip("retained_persons:Q", title=desk.t("columns.retained_persons"), format=","),
            alt.Tooltip("cohort_persons:Q", title=desk.t("columns.cohort_persons"), format=","),
        ],
    )
    ramp = ["#12242f", "#0b5f8a", "#6cc0ee"] if theme.is_dark() else ["#eef5f9", "#7db8d8", "#0b5f8a"]
    fill = alt.Color("retained_rate:Q", scale=alt.Scale(domain=[0, top / 2, top], range=ramp, clamp=True), legend=None)
    rect = base.mark_rect(cornerRadius=2).encode(color=alt.condition("datum.sure", fill, alt.value(inks["empty"])))
    text = base.mark_text(fontSize=10.5).encode(text="shown:N", color=alt.Color("ink:N", scale=None))
    return theme.dressed(
        alt.layer(rect, text).resolve_scale(color="independent").properties(height=27 * len(order) + 30)
    )


def curve_chart(desk: Desk, rates: pl.DataFrame) -> theme.Drawing | None:
    """Return the mean share back by periods since the first."""
    later = rates.filter(pl.col("period_index") > 0) if rates.height else rates
    if later.height == 0:
        return None
    data = later.with_columns(pl.Series("shown", [desk.t.percent(rate) for rate in later["retained_rate"]]))
    chart = (
        alt.Chart(plain(data))
        .mark_line(color=theme.accent(), point=alt.OverlayMarkDef(size=30, filled=True))
        .encode(
            x=alt.X("period_index:Q", axis=alt.Axis(title=desk.t("retention.periods"), tickMinStep=1, format="d")),
            y=alt.Y("retained_rate:Q", axis=alt.Axis(title=None, format="~%", tickCount=5), scale=alt.Scale(zero=True)),
            tooltip=[
                alt.Tooltip("period_index:Q", title=desk.t("columns.period_index")),
                alt.Tooltip("shown:N", title=desk.t("columns.retained_rate")),
                alt.Tooltip("cohorts:Q", title=desk.t("columns.cohorts")),
                alt.Tooltip("cohort_persons:Q", title=desk.t("columns.cohort_persons"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=300))
