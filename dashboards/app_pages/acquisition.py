"""Where do new customers come from, and what do they cost?"""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from dashboards.components import charts, economics, targets
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import slice_by
from dashboards.components.why import show_why

FIGURES = (
    "new_customers",
    "ad_spend",
    "customer_acquisition_cost",
    "customer_acquisition_cost_paid",
    "customer_acquisition_cost_full",
    "return_on_ad_spend",
    "marketing_efficiency_ratio",
    "leads",
    "deals_won",
    "lead_win_rate",
    "deal_value",
)
CHANNELS = (
    "sessions",
    "ad_spend",
    "new_customers",
    "new_customers_accrual",
    "customer_acquisition_cost",
    "customer_acquisition_cost_full",
    "return_on_ad_spend",
    "orders",
    "revenue_net",
    "conversion_rate",
)
ADS = ("ad_spend", "ad_impressions", "ad_clicks", "ad_click_rate", "cost_per_click", "ad_conversions_claimed")
LEADS = ("leads", "deals_won", "lead_win_rate", "deal_value")

desk = get_desk()
slice_by(desk, "channel", "platform", "campaign", "currency")
figures = measure(desk, FIGURES)
heading(desk, "acquisition", answer(desk, figures))
show_figures(desk, list(figures.values()), notes=targets.course(desk).notes())
# Drawn last, as it asks for the most.
why = st.container()

if desk.has("ads"):
    spend = desk.frame(["ad_spend"], by=["platform"], grain=desk.view.grain)
    platforms = desk.frame(desk.by(ADS, "platform"), by=["platform"])
    campaigns = desk.frame(desk.by(ADS, "campaign"), by=["campaign"])
    left, right = row(desk, 3, 2)
    with left:
        panel(
            desk,
            "spend_by_platform",
            charts.stacked(desk, spend, "ad_spend", "platform"),
            spend,
            title=desk.titled("acquisition.spend", "ad_spend"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "platforms", desk.top(platforms, "ad_spend"), title=desk.t("acquisition.platforms"))
else:
    missing(desk, "ads")

channels = desk.frame(desk.by(CHANNELS, "channel"), by=["channel"])
leads = desk.frame(desk.by(LEADS, "origin"), by=["origin"])
if "new_customers" in channels.columns:
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "new_customers_by_channel",
            charts.bars(desk, channels, "new_customers", "channel", desk.channel_colours),
            desk.top(channels, "new_customers"),
            title=desk.titled("acquisition.new_customers", "new_customers"),
        )
    if "customer_acquisition_cost" in channels.columns:
        paying = channels.filter(pl.col("ad_spend") > 0)
        with right:
            panel(
                desk,
                "cac_by_channel",
                charts.bars(desk, paying, "customer_acquisition_cost", "channel", desk.channel_colours),
                desk.top(paying, "ad_spend"),
                title=desk.titled("acquisition.cac", "customer_acquisition_cost"),
                note=desk.t("acquisition.cac_note"),
            )
if leads.width > 1:
    weekly = desk.frame(["leads", "deals_won"], grain=desk.view.grain)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "leads_by_origin",
            charts.bars(desk, leads, "leads", "origin"),
            desk.top(leads, "leads"),
            title=desk.titled("acquisition.origins", "leads"),
            note=desk.t("acquisition.origins_note"),
        )
    with right:
        panel(
            desk,
            "leads_trend",
            charts.trend(desk, weekly, "leads"),
            weekly,
            title=desk.titled("acquisition.leads_trend", "leads"),
            note=desk.t("chart.note"),
        )
if desk.has("ads", "attribution") and desk.has_mart("fct_accrual_daily"):
    table_panel(
        desk,
        "windows",
        economics.windows(desk),
        title=desk.t("acquisition.windows", model=desk.value_label("attribution_model", desk.view.model)),
        note=desk.t("acquisition.windows_note"),
    )
if desk.has("ads", "orders") and desk.has_mart("fct_cohort_economics"):
    table_panel(
        desk,
        "cohorts_by_channel",
        economics.cohorts(desk),
        title=desk.t("acquisition.cohorts"),
        note=desk.t("acquisition.cohorts_note"),
        of=("cohorts",),
        whole=partial(economics.cohorts, desk, None),
    )
if desk.has("ads") and desk.has_mart("fct_campaigns_daily"):
    spent, lost, lonely = economics.unmatched(desk)
    note = desk.t("acquisition.unmatched_note", lost=desk.show("ad_spend", lost), spent=desk.show("ad_spend", spent))
    table_panel(
        desk,
        "unmatched",
        lonely,
        title=desk.t("acquisition.unmatched"),
        note=note,
        when_empty=desk.t("acquisition.all_matched"),
        of=(
            "ads",
            "web",
        ),
    )
    left_out = economics.without_rate(desk)
    if left_out.height:
        note = desk.t("acquisition.without_rate_note")
        table_panel(desk, "without_rate", left_out, title=desk.t("acquisition.without_rate"), note=note, of=("ads",))
if desk.has("ads"):
    table_panel(desk, "campaigns", desk.top(campaigns, "ad_spend"), title=desk.t("acquisition.campaigns"))
with why:
    show_why(desk, figures, "customer_acquisition_cost")
missing(desk, *(topic for topic in ("web", "leads", "orders") if not desk.has(topic)))
