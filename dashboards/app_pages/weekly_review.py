"""What should we talk about this week, and what do we hand out?"""

from __future__ import annotations

import streamlit as st

from dashboards.components import review
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.loop import loop
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.scorecard import scorecard

FIGURES = (
    "revenue_net",
    "orders",
    "new_customers",
    "sessions",
    "conversion_rate",
    "ad_spend",
    "customer_acquisition_cost",
    "leads",
    "deals_won",
    "mentions",
    "negative_mention_rate",
    "net_promoter_score",
    "satisfaction_mean",
)

desk = get_desk()
week = review.pick_week(desk)
desk.view = review.view_of(week, desk.view.compare)
figures = measure(desk, FIGURES)
heading(desk, "weekly_review", answer(desk, figures))
show_figures(desk, list(figures.values()), sparks=False)

loop(desk)
review.pack_box(desk, week)
trends = review.trends(desk, week, list(figures))
left, right = row(desk, 1, 1)
for index, (name, frame) in enumerate(trends.items()):
    with (left, right)[index % 2]:
        panel(
            desk,
            f"six_weeks_{name}",
            review.six_weeks(desk, frame, name),
            frame,
            title=desk.titled("review.six_weeks", name),
            note=desk.t("chart.note"),
        )
table_panel(
    desk, "week_scorecard", scorecard(desk), title=desk.t("review.scorecard"), note=desk.t("overview.scorecard_note")
)
st.caption(desk.t("review.filters_note"))
