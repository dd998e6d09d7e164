"""Where do people drop out on the way to an order or a deal?"""

from __future__ import annotations

import streamlit as st

from dashboards.components import builder, charts, funnel_persons, segment_choice, steps, walks
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.funnel_persons import NAMED
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import pick_funnel

WEB = ("sessions", "conversion_rate", "engaged_session_rate", "bounce_rate")
CRM = ("leads", "deals_won", "lead_win_rate", "deal_value")

desk = get_desk()
funnel = pick_funnel(desk)
figures = measure(desk, [*WEB, *CRM])
reached = steps.reached(desk, funnel)
heading(desk, "funnel", steps.sentence(desk, reached), answer(desk, figures))
show_figures(desk, list(figures.values()))

if not missing(desk, "funnel"):
    trend = steps.trend(desk, funnel)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "funnel_steps",
            steps.chart(desk, reached) if reached.height else None,
            reached,
            title=desk.t("funnel.steps", funnel=steps.name(desk, funnel)),
            note=steps.note(desk, funnel),
            of=("funnel",),
            pick=funnel_persons.pick(NAMED) if desk.may("persons") else None,
        )
    with right:
        panel(
            desk,
            "funnel_trend",
            steps.trend_chart(desk, trend),
            trend,
            title=desk.t("funnel.trend"),
            note=desk.t("chart.note"),
            of=("funnel",),
        )
    question = funnel_persons.named(desk, funnel) if desk.has_mart("fct_events") else None
    if question is not None:
        funnel_persons.show(desk, question, NAMED, note=desk.t("funnel.named_note"))
if desk.may("build") and desk.has("web") and desk.has_mart("fct_events") and (events := builder.events_of(desk)):
    st.subheader(desk.t("funnel.own"), anchor=False)
    chosen = segment_choice.choose(desk)
    segment_choice.say(desk, "funnel", chosen)
    question = builder.ask(desk, events, chosen)
    if question is not None:
        builder.show(desk, question, chosen)
    st.subheader(desk.t("paths.title"), anchor=False)
    walks.show(desk, walks.ask(desk, events, chosen), chosen)
if desk.by(("conversion_rate",), "device"):
    devices = desk.frame(desk.by(("sessions", "conversion_rate"), "device"), by=["device"])
    channels = desk.frame(desk.by(("sessions", "conversion_rate"), "channel"), by=["channel"])
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "conversion_by_channel",
            charts.bars(desk, channels, "conversion_rate", "channel", desk.channel_colours),
            desk.top(channels, "sessions"),
            title=desk.titled("funnel.by_channel", "conversion_rate"),
            note=desk.t("chart.small_note", n=desk.minimum),
        )
    with right:
        panel(
            desk,
            "conversion_by_device",
            charts.bars(desk, devices, "conversion_rate", "device"),
            desk.top(devices, "sessions"),
            title=desk.titled("funnel.by_device", "conversion_rate"),
            note=desk.t("chart.small_note", n=desk.minimum),
        )
if desk.by(("lead_win_rate",), "origin"):
    leads = desk.frame(desk.by(CRM, "origin"), by=["origin"])
    table_panel(
        desk, "leads_won", desk.top(leads, "leads"), title=desk.t("funnel.leads"), note=desk.t("funnel.leads_note")
    )
missing(desk, *(topic for topic in ("leads",) if not desk.has(topic)))
