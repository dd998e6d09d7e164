"""How is the company doing, and what changed?"""

from __future__ import annotations

import streamlit as st

from dashboards.components import charts, targets
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import group, heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.scorecard import LAYERS, scorecard
from dashboards.components.slices import slice_by
from dashboards.components.tables import show_texts
from dashboards.components.why import show_why

FIGURES = (
    "revenue_net",
    "orders",
    "new_customers",
    "average_order_value",
    "conversion_rate",
    "gross_margin",
    "customer_acquisition_cost",
    "deals_won",
    "sessions",
    "search_clicks",
    "social_reach",
    "ad_spend",
    "engaged_session_rate",
    "leads",
    "retention_rate",
    "net_promoter_score",
)

desk = get_desk()
slice_by(desk, "channel", "campaign", "segment", "currency")
figures = measure(desk, FIGURES)
course = targets.course(desk)
heading(desk, "overview", answer(desk, figures), course.sentence())
for layer in LAYERS:
    members = [figure for name, figure in figures.items() if desk.catalogue[name].layer == layer]
    if any(not figure.is_silent for figure in members):
        group(desk.t(f"layers.{layer}"))
        show_figures(desk, members, notes=course.notes())

main = next((name for name in ("revenue_net", "deals_won", "leads", "sessions") if name in figures), None)
left, right = row(desk, 3, 2)
if main:
    frame = desk.frame([main], grain=desk.view.grain)
    before = desk.frame([main], grain=desk.view.grain, span=desk.view.before) if desk.view.before else None
    with left:
        panel(
            desk,
            f"{main}_trend",
            charts.trend(desk, frame, main, before),
            frame,
            title=desk.titled("overview.trend", main),
            note=desk.t("chart.note"),
        )
breakdown = next((name for name in desk.by(("revenue_net", "orders", "sessions"), "channel")), None)
if breakdown:
    by_channel = desk.frame(desk.by(("sessions", "orders", "revenue_net"), "channel"), by=["channel"])
    with right:
        panel(
            desk,
            "by_channel",
            charts.bars(desk, by_channel, breakdown, "channel", desk.channel_colours),
            by_channel,
            title=desk.titled("overview.by_channel", breakdown),
        )
course.show()
# Drawn last, as it asks for the most.
why = st.container()
table_panel(
    desk,
    "scorecard",
    scorecard(desk),
    title=desk.t("overview.scorecard"),
    note=desk.t("overview.scorecard_note"),
    show=show_texts,
)
if main:
    with why:
        show_why(desk, figures, main)
missing(desk, "orders", "web", "ads")
