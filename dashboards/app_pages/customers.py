"""Who are our customers, what are they worth, and whom are we about to lose?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboards.components import charts, people, saved_segments, saving
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import slice_by
from dashboards.segments.asked import CustomerPersons

FIGURES = (
    "customers",
    "new_customers",
    "active_customers",
    "repeat_rate",
    "customers_at_risk",
    "lifetime_value_predicted",
    "lifetime_value_to_acquisition_cost",
    "payback_months",
    "satisfaction_mean",
    "net_promoter_score",
)

desk = get_desk()
slice_by(desk, "segment")
figures = measure(desk, FIGURES)
heading(desk, "customers", answer(desk, figures))
show_figures(desk, list(figures.values()))
if desk.view.slices:
    st.caption(desk.t("customers.sliced"))

if not missing(desk, "orders"):
    new_and_all = desk.frame(["customers", "new_customers"], grain=desk.view.grain)
    worth = people.cohort_worth(desk)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "customers_trend",
            charts.trend(desk, new_and_all, "customers"),
            new_and_all,
            title=desk.titled("customers.trend", "customers"),
            note=desk.t("chart.note"),
        )
    with right:
        panel(
            desk,
            "cohort_worth",
            people.worth_chart(desk, worth),
            worth,
            title=desk.t("customers.worth", currency=desk.currency),
            note=desk.t("customers.worth_note"),
            of=("cohorts",),
        )
if not missing(desk, "scores"):
    bands = people.churn_bands(desk)
    left, right = row(desk, 2, 3)
    with left:
        panel(
            desk,
            "churn_distribution",
            people.churn_chart(desk, bands),
            bands,
            title=desk.t("customers.churn"),
            note=people.scored_note(desk),
            of=("scores",),
            pick=people.pick_band if desk.may("persons") else None,
        )
    with right:
        if desk.may("persons"):
            band = people.choose_band(desk)
            listed = desk.t("customers.listed", band=desk.value_label("churn_band", band))
            table_panel(
                desk,
                "churn_list",
                people.warning_list(desk, band),
                title=desk.t("customers.warning") if band == people.TOP_BAND else listed,
                note=desk.t("customers.warning_note", n=people.LISTED),
                of=("scores",),
                whole=partial(people.warning_list, desk, band, None),
            )
            in_band = int(bands.filter(bands["churn_band"] == band)["customers"].sum())
            listed_persons = {"churn_band": band, "group": desk.view.slices.get("segment")}
            saving.offer(desk, "churn", CustomerPersons.model_validate(listed_persons), in_band)
if desk.has("orders") and desk.by(("customers",), "segment"):
    segments = desk.frame(desk.by(("customers", "orders", "revenue_net", "repeat_rate"), "segment"), by=["segment"])
    channels = desk.frame(desk.by(("new_customers", "customers", "revenue_net"), "channel"), by=["channel"])
    left, right = row(desk, 1, 1)
    with left:
        table_panel(desk, "segments", desk.top(segments, "customers"), title=desk.t("customers.segments"))
    with right:
        table_panel(desk, "customers_by_channel", desk.top(channels, "customers"), title=desk.t("customers.channels"))
if desk.has_mart("dim_persons"):
    saved_segments.show(desk)
if not missing(desk, "surveys"):
    asked = ("satisfaction_mean", "net_promoter_score")
    score = next((name for name in asked if name in figures and figures[name].value is not None), None)
    left, right = row(desk, 1, 1)
    if score:
        answers = desk.frame([score], grain=desk.view.grain)
        with left:
            panel(
                desk,
                "survey_trend",
                charts.trend(desk, answers, score),
                answers,
                title=desk.titled("customers.survey", score),
                note=desk.t("chart.note"),
            )
    with right:
        table_panel(
            desk,
            "survey_comments",
            people.comments(desk),
            title=desk.t("customers.comments"),
            of=("surveys",),
            whole=partial(people.comments, desk, None),
        )
