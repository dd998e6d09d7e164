"""Lifecycle of persons: who is new, back and gone per period, states day by day, moves between stages (R5, R6)."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import number_axis, plain, time_axis, with_period_text
from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE

STAGES = ("aware", "engaged", "lead", "customer", "repeat", "loyal", "dormant", "lost")
_KINDS = {"returning": "#0072b2", "new": "#009e73", "resurrected": "#c08a00", "dormant": "#8b97a3"}
_STATES = {
    "current": "#0072b2",
    "new": "#009e73",
    "reactivated": "#b5629a",
    "resurrected": "#c08a00",
    "at_risk_wau": "#7db8d8",
    "at_risk_mau": "#b9c2ca",
}
_LIFECYCLE = """
    select period_start as period, active_persons, new_persons, returning_persons, resurrected_persons,
        dormant_persons, maturity
    from marts.fct_lifecycle
    where period_grain = ? and activity = ? and period_start between ? and ? order by period_start
"""
_DAILY = """
    select date_day as period, state, cast(sum(persons) as bigint) as persons, any_value(maturity) as maturity
    from marts.fct_activity_states_daily
    where activity = ? and date_day between ? and ? group by date_day, state order by date_day, state
"""
_MOVES = """
    select week_start, stage_before, stage, persons, maturity from marts.fct_stage_moves_weekly
    where week_start = (select max(week_start) from marts.fct_stage_moves_weekly where week_start + 6 <= ?)
    order by stage_before, stage
"""


def periods(desk: Desk, grain: str, activity: str) -> pl.DataFrame:
    """Return the counts of each period of the view: active, new, returning, resurrected, dormant."""
    if not desk.has_mart("fct_lifecycle"):
        return pl.DataFrame()
    return desk.rows(_LIFECYCLE, [grain, activity, desk.view.span.start, desk.view.span.end])


def periods_chart(desk: Desk, counts: pl.DataFrame, grain: str) -> theme.Drawing | None:
    """Return bars of who is active above the line and of who has gone below it; a period not settled is faint."""
    if counts.height == 0:
        return None
    long = counts.unpivot(
        [f"{kind}_persons" for kind in _KINDS], index=["period", "maturity"], variable_name="kind", value_name="persons"
    ).with_columns(pl.col("kind").str.strip_suffix("_persons"))
    data = _named(desk, long, "lifecycle", "kind").with_columns(
        pl.when(pl.col("kind") == "dormant").then(-pl.col("persons")).otherwise(pl.col("persons")).alias("height")
    )
    return theme.dressed(
        _bars(desk, data, grain, "height", {desk.value_label("lifecycle", k): v for k, v in _KINDS.items()})
    )


def states(desk: Desk, activity: str) -> pl.DataFrame:
    """Return how many persons are in which state on each day of the view, those long gone included."""
    kind = activity if activity in ("session", "order") else "session"
    if not desk.has_mart("fct_activity_states_daily"):
        return pl.DataFrame()
    return desk.rows(_DAILY, [kind, desk.view.span.start, desk.view.span.end])


def states_chart(desk: Desk, counts: pl.DataFrame) -> theme.Drawing | None:
    """Return bars of the persons of the last 30 days by state: the active ones below, those at risk above them."""
    shown = counts.filter(pl.col("state").is_in(list(_STATES))) if counts.height else counts
    if shown.height == 0:
        return None
    data = _named(desk, shown, "state", "state")
    colours = {desk.value_label("state", state): colour for state, colour in _STATES.items()}
    return theme.dressed(_bars(desk, data, "day", "persons", colours))


def _named(desk: Desk, frame: pl.DataFrame, dimension: str, column: str) -> pl.DataFrame:
    order = list(_STATES if dimension == "state" else _KINDS)
    return with_period_text(
        desk,
        frame.with_columns(
            pl.Series("line", [desk.value_label(dimension, value) for value in frame[column]], dtype=pl.String),
            pl.Series("place", [order.index(value) for value in frame[column]], dtype=pl.Int64),
            (pl.col("maturity") == MATURE).alias("sure"),
        ),
    )


def _bars(desk: Desk, data: pl.DataFrame, grain: str, height: str, colours: dict[str, str]) -> alt.Chart:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    chart: alt.Chart = (
        alt.Chart(plain(data))
        .mark_bar(cornerRadiusEnd=0)
        .encode(
            x=alt.X("period:O", timeUnit="yearmonthdate", axis=time_axis(desk, grain, data["period"])),
            y=alt.Y(f"{height}:Q", stack=True, axis=number_axis(desk, "count")),
            color=alt.Color("line:N", scale=scale, legend=alt.Legend(title=None, orient="top", columns=4)),
            order=alt.Order("place:Q"),
            opacity=theme.opacity("datum.sure", 1, 0.45),
            tooltip=[
                alt.Tooltip("period_text:N", title=desk.t("columns.period")),
                alt.Tooltip("line:N", title=desk.t("chart.what")),
                alt.Tooltip("persons:Q", title=desk.t("columns.persons"), format=","),
            ],
        )
        .properties(height=260)
    )
    return chart


def moves(desk: Desk) -> pl.DataFrame:
    """Return the moves between stages in the last week that is over by the end of the view."""
    return desk.rows(_MOVES, [desk.view.span.end]) if desk.has_mart("fct_stage_moves_weekly") else pl.DataFrame()


def moves_chart(desk: Desk, table: pl.DataFrame) -> theme.Drawing | None:
    """Return a matrix: a row for the stage before, a column for the stage after, darker the larger the share."""
    if table.height == 0:
        return None
    share = pl.col("persons") / pl.col("persons").sum().over("stage_before")
    data = table.with_columns(
        share.alias("share"),
        *(
            pl.Series(f"{name}_shown", [desk.value_label("stage", value) for value in table[name]])
            for name in ("stage_before", "stage")
        ),
        pl.Series("shown", [desk.t.number(n) for n in table["persons"]]),
        (pl.col("persons").sum().over("stage_before") >= desk.minimum).alias("sure"),
    ).with_columns(pl.Series("share_shown", [desk.t.percent(value) for value in table.select(share).to_series()]))
    rows = [desk.value_label("stage", stage) for stage in ("unseen", *STAGES)]
    columns = rows[1:]
    base = alt.Chart(plain(data)).encode(
        x=alt.X(
            "stage_shown:N", sort=columns, axis=alt.Axis(title=desk.t("lifecycle.after"), orient="top", labelAngle=0)
        ),
        y=alt.Y("stage_before_shown:N", sort=rows, axis=alt.Axis(title=desk.t("lifecycle.before"))),
        tooltip=[
            alt.Tooltip("stage_before_shown:N", title=desk.t("lifecycle.before")),
            alt.Tooltip("stage_shown:N", title=desk.t("lifecycle.after")),
            alt.Tooltip("shown:N", title=desk.t("columns.persons")),
            alt.Tooltip("share_shown:N", title=desk.t("lifecycle.share")),
        ],
    )
    inks = theme.ink()
    ramp = ["#12242f", "#0b5f8a"] if theme.is_dark() else ["#eef5f9", "#7db8d8"]
    fill = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=ramp), legend=None)
    rect = base.mark_rect(cornerRadius=2, cursor="pointer")
    rect = rect.encode(color=alt.condition("datum.sure", fill, alt.value(inks["empty"])))
    rect = rect.add_params(theme.pickable("stage_before", "stage"))
    ink = alt.condition("datum.sure", alt.value(inks["strong"]), alt.value(palette.NEUTRAL))
    text = base.mark_text(fontSize=10.5).encode(text=alt.Text("shown:N"), color=ink)
    return theme.dressed(alt.layer(rect, text).properties(height=27 * len(rows) + 30))
