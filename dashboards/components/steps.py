"""The published funnels: who reached which step, out of those whose window is over (S6)."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import theme
from dashboards.components.axes import plain, time_axis
from dashboards.components.charts import HEIGHT
from dashboards.components.desk import Desk
from dashboards.components.slices import funnel_label

# A step is measured against the last before it that all have to pass; only an optional one narrows nothing.
_REACHED = """
    with reached as (
        select step_index, step_name, bool_or(is_optional) as is_optional, sum(persons) as persons
        from marts.fct_funnel_daily
        where funnel_name = ? and entry_date between ? and ? and maturity = 'mature'
        group by step_index, step_name
    ),
    with_before as (
        select
            *,
            first_value(persons) over steps as first_persons,
            last_value(case when not is_optional then persons end ignore nulls) over (
                order by step_index rows between unbounded preceding and 1 preceding
            ) as persons_before
        from reached
        window steps as (order by step_index)
    )
    select step_index, step_name, persons,
        persons / nullif(first_persons, 0) as rate_of_first,
        persons / nullif(persons_before, 0) as rate_of_previous,
        persons_before - persons as lost
    from with_before
    order by step_index
"""
_OPEN = """
    select coalesce(sum(persons) filter (where maturity <> 'mature'), 0) as maturing
    from marts.fct_funnel_daily where funnel_name = ? and entry_date between ? and ? and step_index = 1
"""
_TREND = """
    select cast(date_trunc('{grain}', entry_date) as date) as period,
        sum(persons_entered) filter (where step_index = 1) as entered,
        sum(persons) filter (where step_index = last_step) as finished,
        sum(persons) filter (where step_index = last_step)
            / nullif(sum(persons_entered) filter (where step_index = 1), 0) as rate_of_first,
        case when bool_and(maturity = 'mature') then 'mature' else 'maturing' end as maturity
    from (select *, max(step_index) over () as last_step from marts.fct_funnel_daily where funnel_name = ?)
    where entry_date between ? and ?
    group by period order by period
"""


def reached(desk: Desk, funnel: str | None) -> pl.DataFrame:
    """Return each step of a funnel with its persons and both rates, entries with an open window left out."""
    if funnel is None:
        return pl.DataFrame()
    return desk.rows(_REACHED, [funnel, desk.view.span.start, desk.view.span.end])


def maturing(desk: Desk, funnel: str) -> int:
    """Return how many who entered can still go on."""
    return int(desk.rows(_OPEN, [funnel, desk.view.span.start, desk.view.span.end])["maturing"][0])


def trend(desk: Desk, funnel: str | None) -> pl.DataFrame:
    """Return entries and completion by period of entry."""
    if funnel is None:
        return pl.DataFrame()
    sql = _TREND.format(grain=desk.view.grain)
    return desk.rows(sql, [funnel, desk.view.span.start, desk.view.span.end])


def name(desk: Desk, funnel: str | None) -> str:
    """Return the funnel's label."""
    return "" if funnel is None else funnel_label(desk, funnel)


def sentence(desk: Desk, steps: pl.DataFrame) -> str:
    """Return where most persons are lost, in words, or nothing if nobody entered."""
    if steps.height < 2 or not steps["persons"][0]:
        return ""
    worst = steps.slice(1).sort("lost", descending=True, nulls_last=True).row(0, named=True)
    before = steps.filter(pl.col("step_index") < worst["step_index"])["step_name"][-1]
    return desk.t(
        "funnel.sentence",
        entered=desk.t.number(steps["persons"][0]),
        rate=desk.t.percent(steps["rate_of_first"][-1]),
        last=step_label(desk, steps["step_name"][-1]),
        lost=desk.t.number(worst["lost"]),
        before=step_label(desk, before),
        after=step_label(desk, worst["step_name"]),
    )


def note(desk: Desk, funnel: str | None) -> str | None:
    """Return how many entries are left out because their window is open."""
    return None if funnel is None else desk.t("funnel.maturing", n=desk.t.number(maturing(desk, funnel)))


def step_label(desk: Desk, step: str) -> str:
    """Return what a step, an event's name, is called in the reader's language."""
    return desk.value_label("step_name", step)


def chart(desk: Desk, steps: pl.DataFrame, said: str = "funnel.bar") -> theme.Drawing:
    """Return a bar per step with its persons, its share of the first step and of the step before, said by a text."""
    shown = [
        desk.t(
            said,
            n=desk.t.number(row["persons"]),
            first=desk.t.percent(row["rate_of_first"]),
            previous=desk.t.percent(row["rate_of_previous"]),
        )
        if row["rate_of_previous"] is not None
        else desk.t.number(row["persons"])
        for row in steps.iter_rows(named=True)
    ]
    labels = [f"{row['step_index']}  {step_label(desk, row['step_name'])}" for row in steps.iter_rows(named=True)]
    data = plain(steps.with_columns(pl.Series("shown", shown), pl.Series("line", labels)))
    y = alt.Y("line:N", sort=labels, axis=alt.Axis(title=None))
    base = alt.Chart(data).encode(x=alt.X("persons:Q", axis=None, scale=alt.Scale(nice=False)), y=y)
    bar = base.mark_bar(size=22, color=theme.accent(), opacity=0.88, cursor="pointer")
    bar = bar.add_params(theme.pickable("step_index"))
    text = base.mark_text(align="left", dx=6, dy=21, fontSize=11).encode(x=alt.value(0), text=alt.Text("shown:N"))
    return theme.dressed(alt.layer(bar, text).properties(height=58 * steps.height))


def trend_chart(desk: Desk, rates: pl.DataFrame) -> theme.Drawing | None:
    """Return the share that reached the last step by period of entry, open windows dashed."""
    if rates.height == 0:
        return None
    data = rates.with_columns(
        pl.Series("shown", [desk.t.percent(rate, 2) for rate in rates["rate_of_first"]], dtype=pl.String),
        pl.Series("period_text", [desk.t.date(day) for day in rates["period"]], dtype=pl.String),
    )
    tips = [
        alt.Tooltip("period_text:N", title=desk.t("columns.period")),
        alt.Tooltip("shown:N", title=desk.t("columns.rate_of_first")),
        alt.Tooltip("entered:Q", title=desk.t("columns.entered"), format=","),
    ]
    encode = {
        "x": alt.X("period:T", axis=time_axis(desk, desk.view.grain, rates["period"])),
        "y": alt.Y("rate_of_first:Q", axis=alt.Axis(title=None, format="~%", tickCount=5)),
        "tooltip": tips,
    }
    is_mature = pl.col("maturity") == "mature"
    edge = is_mature & (~is_mature).shift(-1, fill_value=False)
    points = alt.OverlayMarkDef(size=26, filled=True)
    settled, rest = data.filter(is_mature), data.filter(~is_mature | edge)
    solid = alt.Chart(plain(settled)).mark_line(color=theme.accent(), point=points).encode(**encode)
    dashed = (
        alt.Chart(plain(rest))
        .mark_line(color=theme.accent(), strokeDash=[3, 4], opacity=0.7, point=points)
        .encode(**encode)
    )
    # An empty layer would be a picture without a name to a screen reader.
    lines = [line for line, rows in ((dashed, rest), (solid, settled)) if rows.height]
    return theme.dressed(alt.layer(*lines).properties(height=HEIGHT))
