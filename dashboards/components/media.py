"""Posts and mentions: the rows behind the figures on social networks and the brand."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain, time_axis, with_period_text
from dashboards.components.charts import BAR_STEP, HEIGHT, column_width, room_for_text
from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE, with_state

CHANNEL = "organic_social"
_POSTS = """
    select platform, title, format, min(published_date) as published_date, sum(reach) as reach,
        sum(engagements) as engagements, sum(engagements) / nullif(sum(reach), 0) as engagement_share,
        sum(followers_gained) as followers_gained
    from marts.fct_social_posts_daily
    where date_day between ? and ? and (? is null or platform = ?)
    group by platform, post_id, title, format order by engagements desc, platform, title limit ?
"""
_SENTIMENT = """
    select cast(date_trunc('{grain}', mention_date) as date) as period, sentiment, count(*) as mentions
    from marts.fct_mentions
    where is_own and mention_date between ? and ? and (? is null or platform = ?)
    group by all order by all
"""
_BRANDS = """
    select brand, is_own, count(*) as mentions, count(*) / sum(count(*)) over () as share,
        count(*) filter (where is_negative) / count(*) as negative_share
    from marts.fct_mentions where is_tracked and mention_date between ? and ? and (? is null or platform = ?)
    group by all order by mentions desc, brand limit 15
"""
_COMPLAINTS = """
    select mention_date, platform, language, text, reach
    from marts.fct_mentions
    where is_own and is_negative and mention_date between ? and ? and (? is null or platform = ?)
    order by reach desc nulls last, mention_id limit ?
"""
# Rows of a list that the page shows; a file has all of them.
SHOWN = 200


def _asked(desk: Desk) -> list[object]:
    platform = desk.view.slices.get("platform")
    return [desk.view.span.start, desk.view.span.end, platform, platform]


def posts(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return posts with what they gained in the period."""
    return desk.rows(_POSTS, [*_asked(desk), shown])


def sentiment(desk: Desk) -> pl.DataFrame:
    """Return mentions of the own brand by period and sentiment."""
    return desk.rows(_SENTIMENT.format(grain=desk.view.grain), _asked(desk))


def brands(desk: Desk) -> pl.DataFrame:
    """Return the tracked brands with their mentions, share of voice and negative share."""
    return desk.rows(_BRANDS, _asked(desk))


def complaints(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return negative mentions of the own brand, the furthest-reaching first."""
    return desk.rows(_COMPLAINTS, [*_asked(desk), shown])


def columns(desk: Desk, frame: pl.DataFrame, by: str, colours: Mapping[str, str]) -> theme.Drawing | None:
    """Return counts over time as columns stacked by a word with a colour of its own; unsettled periods lighter."""
    if frame.height == 0:
        return None
    settled, arrived = desk.facts.settled_topic("mentions"), desk.facts.arrived_topic("mentions")
    data = with_period_text(desk, with_state(frame, desk.view.grain, desk.view.span, settled, desk.today, arrived))
    labels = {key: desk.value_label(by, key) for key in colours}
    data = data.with_columns(pl.Series("line", [desk.value_label(by, value) for value in data[by]]))
    chart = (
        alt.Chart(plain(data))
        .mark_bar(size=column_width(data["period"].n_unique()), cornerRadiusEnd=0)
        .encode(
            x=alt.X(
                "period:T",
                scale=alt.Scale(padding=18),
                axis=time_axis(desk, desk.view.grain, data["period"]),
            ),
            y=alt.Y("mentions:Q", axis=alt.Axis(title=None, tickCount=5)),
            color=alt.Color("line:N", scale=alt.Scale(domain=list(labels.values()), range=list(colours.values()))),
            opacity=theme.opacity(f"datum.maturity === '{MATURE}'", 1, 0.42),
            tooltip=[
                alt.Tooltip("period_text:N", title=desk.t("columns.period")),
                alt.Tooltip("line:N", title=desk.label(by)),
                alt.Tooltip("mentions:Q", title=desk.label("mentions"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=HEIGHT))


def brand_chart(desk: Desk, frame: pl.DataFrame) -> theme.Drawing | None:
    """Return a bar per brand with its share of all tracked mentions; the own brand in colour."""
    if frame.height == 0:
        return None
    shown = [
        f"{desk.t.percent(row['share'])}  ({desk.t.number(row['mentions'])})" for row in frame.iter_rows(named=True)
    ]
    base = alt.Chart(plain(frame.with_columns(pl.Series("shown", shown)))).encode(
        x=alt.X("share:Q", axis=None, scale=room_for_text(frame["share"], pl.Series(shown, dtype=pl.String))),
        y=alt.Y("brand:N", sort="-x", axis=alt.Axis(title=None)),
        tooltip=[
            alt.Tooltip("brand:N", title=desk.t("columns.brand")),
            alt.Tooltip("shown:N", title=desk.t("columns.share")),
        ],
    )
    bar = base.mark_bar(size=15).encode(
        color=alt.condition("datum.is_own", alt.value(theme.accent()), alt.value(palette.NEUTRAL))
    )
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("shown:N"))
    return theme.dressed(alt.layer(bar, text).properties(height=max(90, BAR_STEP * frame.height + 12)))
