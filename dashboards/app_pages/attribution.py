"""Which channels earn the credit for conversions, and how far do the models disagree?"""

from __future__ import annotations

from dashboards.components import agreement, charts, credit
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import pick_model

desk = get_desk()
pick_model(desk)
figures = measure(
    desk, ("attributed_conversions", "attributed_revenue", "return_on_ad_spend", "ad_conversions_claimed")
)
models = credit.by_model(desk)
heading(desk, "attribution", answer(desk, figures), credit.sentence(desk, models))
show_figures(desk, list(figures.values()))

if "attribution" not in missing(desk, "web", "attribution"):
    model = desk.t(f"values.attribution_model.{desk.view.model}")
    by_class = desk.frame(["attributed_revenue"], by=["channel_class"], grain=desk.view.grain)
    campaigns = desk.frame(["attributed_conversions", "attributed_revenue"], by=["channel", "campaign"])
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "credit_by_model",
            credit.dots(desk, models, "attributed_revenue"),
            credit.side_by_side(models, "attributed_revenue"),
            title=desk.titled("attribution.models", "attributed_revenue"),
            note=desk.t("attribution.models_note"),
            of=("attribution",),
        )
    with right:
        panel(
            desk,
            "credit_by_class",
            charts.stacked(desk, by_class, "attributed_revenue", "channel_class", desk.class_colours),
            by_class,
            title=desk.titled("attribution.by_class", "attributed_revenue", model=model),
            note=desk.t("chart.note"),
        )
    left, right = row(desk, 1, 1)
    with left:
        table_panel(
            desk,
            "credit_by_campaign",
            desk.top(campaigns, "attributed_revenue"),
            title=desk.t("attribution.campaigns", model=model),
        )
    with right:
        table_panel(
            desk,
            "claimed",
            credit.claimed(desk),
            title=desk.t("attribution.claimed", model=model),
            note=desk.t("attribution.claimed_note"),
            of=(
                "attribution",
                "ads",
            ),
        )
    left, right = row(desk, 1, 1)
    with left:
        table_panel(
            desk,
            "disagreement",
            agreement.disagreement(desk, models),
            title=desk.t("attribution.disagreement"),
            note=desk.t("attribution.disagreement_note"),
            of=("attribution",),
        )
    with right:
        table_panel(
            desk,
            "claims",
            agreement.claims(desk),
            title=desk.t("attribution.claims"),
            note=desk.t("attribution.claims_note"),
            of=(
                "attribution",
                "ads",
            ),
        )
    sure = agreement.confidence(desk)
    panel(
        desk,
        "confidence",
        agreement.intervals(desk, sure),
        sure,
        title=desk.t("attribution.confidence"),
        note=desk.t("attribution.confidence_note"),
        of=("attribution",),
    )
    table_panel(
        desk,
        "triangulation",
        agreement.claims(desk, "week"),
        title=desk.t("attribution.triangulation"),
        note=desk.t("attribution.triangulation_note"),
        of=(
            "attribution",
            "ads",
        ),
    )
    table_panel(
        desk,
        "credit_sums",
        credit.sums(desk),
        title=desk.t("attribution.sums"),
        note=desk.t("attribution.sums_note"),
        of=("attribution",),
    )
