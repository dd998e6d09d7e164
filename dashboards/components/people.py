"""Customers one by one and in cohorts: worth over time, risk of leaving, who to call, what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from dashboards.components import filters, palette, theme
from dashboards.components.axes import number_axis, plain
from dashboards.components.desk import Desk

LISTED = 200
TOP_BAND = "high"
_WORTH = """
    select month_index, count(distinct cohort) as cohorts, sum(customers) as customers,
        sum(cumulative_revenue_net) / nullif(sum(customers), 0) as revenue_per_customer,
        sum(cumulative_margin) / nullif(sum(customers), 0) as margin_per_customer
    from marts.fct_cohort_revenue
    where maturity = 'mature' and month_index <= 12
    group by month_index having sum(customers) > 0 order by month_index
"""
_BANDS = """
    select round(floor(scores.churn_probability * 20) / 20, 2) as churn_from, scores.churn_band, count(*) as customers
    from marts.fct_customer_scores as scores
    inner join marts.dim_customers as customers on scores.person_id = customers.person_id
    where scores.is_current and scores.churn_probability is not null
        and customers.segment is not distinct from coalesce(?, customers.segment)
    group by all order by all
"""
_WARNING = """
    select customers.person_id, scores.churn_probability, scores.ltv_expected, scores.churn_reason_1,
        scores.churn_reason_2, scores.churn_reason_3, customers.last_order_date, customers.orders as orders_made,
        customers.revenue_net as revenue
    from marts.fct_customer_scores as scores
    inner join marts.dim_customers as customers on scores.person_id = customers.person_id
    where scores.is_current and scores.churn_band = ?
        and customers.segment is not distinct from coalesce(?, customers.segment)
    order by scores.ltv_expected desc nulls last, scores.churn_probability desc, customers.person_id
    limit ?
"""
_COMMENTS = """
    select response_date, survey_kind, score, language, comment
    from marts.fct_survey_responses
    where response_date between ? and ? and length(trim(comment)) > 3
    order by response_date desc, response_id limit ?
"""


def cohort_worth(desk: Desk) -> pl.DataFrame:
    """Return revenue and margin per customer by months since the first order, over cohorts that are mature."""
    return desk.rows(_WORTH) if desk.has_mart("fct_cohort_revenue") else pl.DataFrame()


def worth_chart(desk: Desk, worth: pl.DataFrame) -> theme.Drawing | None:
    """Return two lines: revenue and, where costs are known, margin per customer."""
    if worth.height == 0:
        return None
    names = [name for name in ("revenue_per_customer", "margin_per_customer") if worth[name].is_not_null().any()]
    long = worth.unpivot(names, index=["month_index", "customers"], variable_name="kind", value_name="amount")
    long = long.with_columns(
        pl.Series("line", [desk.label(kind) for kind in long["kind"]]),
        pl.Series("shown", [desk.show("revenue_net", None if v is None else float(v)) for v in long["amount"]]),
    )
    domain = [desk.label(name) for name in names]
    chart = (
        alt.Chart(plain(long))
        .mark_line(point=alt.OverlayMarkDef(size=30, filled=True))
        .encode(
            x=alt.X("month_index:Q", axis=alt.Axis(title=desk.t("columns.month_index"), tickMinStep=1, format="d")),
            y=alt.Y("amount:Q", axis=number_axis(desk, "money")),
            color=alt.Color("line:N", scale=alt.Scale(domain=domain, range=["#0072b2", "#009e73"])),
            tooltip=[
                alt.Tooltip("line:N", title=desk.t("chart.what")),
                alt.Tooltip("month_index:Q", title=desk.t("columns.month_index")),
                alt.Tooltip("shown:N", title=desk.t("chart.value")),
                alt.Tooltip("customers:Q", title=desk.t("columns.customers"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=250))


def churn_bands(desk: Desk) -> pl.DataFrame:
    """Return the view's current customers by churn probability, in steps of five points."""
    return desk.rows(_BANDS, [desk.view.slices.get("segment")])


def churn_chart(desk: Desk, bands: pl.DataFrame) -> theme.Drawing | None:
    """Return a histogram of churn probability, coloured by band."""
    if bands.height == 0:
        return None
    data = bands.with_columns(
        (pl.col("churn_from") + 0.05).alias("churn_to"),
        pl.Series("line", [desk.value_label("churn_band", band) for band in bands["churn_band"]]),
        pl.Series("shown", [f"{low:.0%} – {low + 0.05:.0%}" for low in bands["churn_from"]]),
    )
    domain = [desk.value_label("churn_band", band) for band in palette.BANDS]
    chart = (
        alt.Chart(plain(data))
        .mark_bar(cornerRadiusEnd=0, cursor="pointer")
        .add_params(theme.pickable("churn_band"))
        .encode(
            x=alt.X(
                "churn_from:Q", bin="binned", axis=alt.Axis(title=desk.t("columns.churn_probability"), format="~%")
            ),
            x2=alt.X2("churn_to:Q"),
            y=alt.Y("customers:Q", stack=True, axis=number_axis(desk, "count")),
            color=alt.Color("line:N", scale=alt.Scale(domain=domain, range=list(palette.BANDS.values()))),
            tooltip=[
                alt.Tooltip("shown:N", title=desk.t("columns.churn_probability")),
                alt.Tooltip("line:N", title=desk.t("columns.churn_band")),
                alt.Tooltip("customers:Q", title=desk.t("columns.customers"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=300))


def scored_note(desk: Desk) -> str | None:
    """Return when and by which model the scores were made."""
    found = desk.rows(
        "select max(scored_on) as scored_on, any_value(model_version) as model"
        " from marts.fct_customer_scores where is_current"
    )
    day, model = found.row(0)
    return None if day is None else desk.t("customers.scored", day=desk.t.date(day), model=model or "–")


def pick_band(mark: Mapping[str, Any]) -> None:
    """Mean the band of the bar that was clicked, as if it had been chosen."""
    filters.mean("churn_shown", str(mark["churn_band"]))


def choose_band(desk: Desk) -> str:
    """Show which band's customers are listed, the top one by default, keep it in the address, and return it."""
    labels = {band: desk.value_label("churn_band", band) for band in palette.BANDS}
    return filters.choose("churn_shown", desk.label("churn_band"), list(labels), labels, TOP_BAND)


def warning_list(desk: Desk, band: str = TOP_BAND, shown: int | None = LISTED) -> pl.DataFrame:
    """Return the view's customers in a band of churn, the most valuable first, with the reasons."""
    found = desk.rows(_WARNING, [band, desk.view.slices.get("segment"), shown])
    reasons, labels = ("churn_reason_1", "churn_reason_2", "churn_reason_3"), reason_labels(desk)
    told = [
        desk.t.listing([labels.get(row[name], row[name]) for name in reasons if row[name]])
        for row in found.iter_rows(named=True)
    ]
    found = found.drop(*reasons)
    return found.insert_column(3, pl.Series("reasons", told, dtype=pl.String))


def reason_labels(desk: Desk) -> dict[str, str]:
    """Return the words for each reason of a churn score."""
    if not desk.has_mart("dim_churn_reasons"):
        return {}
    rows = desk.rows("select reason, label_en, label_zh from marts.dim_churn_reasons").iter_rows()
    return {reason: desk.t.pick(english, chinese) for reason, english, chinese in rows}


def comments(desk: Desk, shown: int | None = LISTED) -> pl.DataFrame:
    """Return the newest survey answers with words."""
    return desk.rows(_COMMENTS, [desk.view.span.start, desk.view.span.end, shown])
