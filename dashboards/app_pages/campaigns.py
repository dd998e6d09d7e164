"""What did each campaign cost and bring, and what is planned next?"""

from __future__ import annotations

from dashboards.components import campaigns, charts
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import pick_model, slice_by

FIGURES = (
    "campaign_cost",
    "ad_spend",
    "customer_acquisition_cost_paid",
    "return_on_ad_spend",
    "messages_sent",
    "coupon_redemptions",
)

desk = get_desk()
slice_by(desk, "channel")
pick_model(desk)
figures = measure(desk, FIGURES)
planned = campaigns.planned(desk) if desk.has("campaigns") else None
outcome = campaigns.outcome(desk, planned) if planned is not None else None
heading(desk, "campaigns", campaigns.sentence(desk, outcome) if outcome is not None else "", answer(desk, figures))
show_figures(desk, list(figures.values()))

if not missing(desk, "campaigns") and planned is not None and outcome is not None:
    entries = campaigns.calendar(desk, planned)
    panel(
        desk,
        "campaign_calendar",
        campaigns.calendar_chart(desk, entries),
        entries,
        title=desk.t("campaigns.calendar"),
        note=desk.t("campaigns.calendar_note", n=campaigns.AHEAD),
    )
    campaigns.show_outcome(desk, outcome)
named = campaigns.by_name(desk)
paying = campaigns.paying(named, ["customer_acquisition_cost", "return_on_ad_spend"])
if paying.height:
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "campaign_spend",
            charts.bars(desk, paying, "ad_spend", "campaign"),
            desk.top(paying, "ad_spend"),
            title=desk.titled("campaigns.by_spend", "ad_spend"),
        )
    with right:
        panel(
            desk,
            "campaign_return",
            charts.bars(desk, paying, "return_on_ad_spend", "campaign"),
            desk.top(paying, "return_on_ad_spend"),
            title=desk.titled("campaigns.by_return", "return_on_ad_spend"),
            note=desk.t("campaigns.return_note", model=desk.value_label("attribution_model", desk.view.model)),
        )
if named.height:
    table_panel(
        desk, "campaigns_by_name", named, title=desk.t("campaigns.by_name"), note=desk.t("campaigns.by_name_note")
    )
missing(desk, *(topic for topic in ("web", "ads") if not desk.has(topic)))
