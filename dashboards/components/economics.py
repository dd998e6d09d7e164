"""What acquisition costs and brings back: windows, cohorts, and what matches nothing."""

from __future__ import annotations

import polars as pl

from dashboards.components.desk import Desk

_WINDOWS = ("1", "3", "7", "14", "30", "60", "90", "all")
# Rows of the table of cohorts that the page shows; a file has all of them.
COHORTS_SHOWN = 60
_UNMATCHED = """
    select match, campaign, channel, max(platform) as platform, sum(spend) as spend, sum(sessions) as visits
    from marts.fct_campaigns_daily
    where date_day between ? and ? and match <> 'matched'
    group by match, campaign, channel
    order by spend desc, visits desc, campaign
"""
_SPEND = """
    select coalesce(sum(spend), 0) as spend,
        coalesce(sum(spend) filter (where match = 'spend_without_visits'), 0) as unmatched
    from marts.fct_campaigns_daily where date_day between ? and ?
"""
_COHORTS = """
    select cohort, channel, maturity, customers as cohort_customers, acquisition_spend as spend,
        acquisition_spend / nullif(customers, 0) as cost_per_customer,
        margin_realised / nullif(customers, 0) as margin_per_customer,
        margin_realised / nullif(acquisition_spend, 0) as realised_to_cost,
        margin_expected / nullif(acquisition_spend, 0) as expected_to_cost,
        payback_months as payback_realised, payback_months_predicted as payback_predicted
    from marts.fct_cohort_economics
    where acquisition_spend > 0 and cohort_start <= ?
    order by cohort desc, spend desc, channel
    limit ?
"""
_WITHOUT_RATE = """
    select currency, platform, count(*) as rows, sum(spend_source) as amount_source
    from marts.fct_ad_performance_daily
    where is_fx_missing and date_day between ? and ?
    group by currency, platform order by currency, platform
"""


def windows(desk: Desk) -> pl.DataFrame:
    """Return ROAS and CAC for each conversion window, shortest first, or no rows where nothing was spent (A2)."""
    names = ["return_on_ad_spend", "customer_acquisition_cost", "new_customers_accrual", "attributed_revenue_accrual"]
    frame = desk.frame(names, by=["conversion_window"])
    order = {window: at for at, window in enumerate(_WINDOWS)}
    return frame.filter(pl.col("conversion_window").is_in(_WINDOWS)).sort(
        pl.col("conversion_window").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    )


def unmatched(desk: Desk) -> tuple[float, float, pl.DataFrame]:
    """Return the period's spend, the part that matches no visits, and the campaigns that have only one side (A4)."""
    span = [desk.view.span.start, desk.view.span.end]
    spend, without = desk.rows(_SPEND, span).row(0)
    return float(spend), float(without), desk.rows(_UNMATCHED, span)


def cohorts(desk: Desk, shown: int | None = COHORTS_SHOWN) -> pl.DataFrame:
    """Return what months and channels that spent have earned back, realised and predicted apart (A3)."""
    return desk.rows(_COHORTS, [desk.view.span.end, shown])


def without_rate(desk: Desk) -> pl.DataFrame:
    """Return the period's spend that is in no total because no exchange rate was known, by currency (X4)."""
    return desk.rows(_WITHOUT_RATE, [desk.view.span.start, desk.view.span.end])
