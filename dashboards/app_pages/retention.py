"""Do people come back, and are newer cohorts better than older ones?"""

from __future__ import annotations

import streamlit as st

from dashboards.components import cohort_charts, cohort_worth, cohorts, lifecycle, saving, segment_choice, stage_moves
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import pick

FIGURES = (
    "retention_rate",
    "resurrected_persons",
    "dormant_persons",
    "repeat_rate",
    "repeat_customers",
    "customers",
    "active_customers",
)

desk = get_desk()
with st.sidebar:
    chosen = segment_choice.choose(desk)
question = cohorts.ask(desk, chosen)
figures = measure(desk, FIGURES)
answers = cohorts.answers(desk)
means = answers.means(question) if question else None
summary = cohorts.sentence(desk, means, question, chosen) if question and means is not None else ""
heading(desk, "retention", answer(desk, figures), summary)
show_figures(desk, list(figures.values()))

if question and means is not None and not missing(desk, "retention"):
    cells = cohorts.grid(answers.cells(question), question)
    asked = cohorts.asked(desk, question)
    segment_choice.say(desk, "retention", chosen)
    left, right = row(desk, 3, 2)
    with left:
        panel(
            desk,
            "retention_grid",
            cohort_charts.grid_chart(desk, cells),
            cells,
            title=desk.t("retention.grid", asked=asked),
            note=desk.t("retention.grid_note", n=desk.minimum),
            pick=cohorts.pick if desk.may("persons") else None,
            of=("retention",),
        )
    with right:
        panel(
            desk,
            "retention_curve",
            cohort_charts.curve_chart(desk, means),
            means,
            title=desk.t("retention.curve"),
            note=cohorts.curve_note(desk, question),
            of=("retention",),
        )
    if cells.height and desk.may("persons"):
        with st.expander(desk.t("retention.who"), expanded=cohorts.is_picked()):
            cell = cohorts.meant(desk, question, cells, chosen.name if chosen else None)
            behind = cohorts.persons(desk, question, cell)
            table_panel(
                desk,
                "retention_persons",
                behind,
                title=desk.t("retention.persons", n=desk.t.number(behind.height)),
                when_empty=desk.t("retention.nobody"),
                of=("retention",),
            )
            saving.offer(desk, "retention", cell, behind.height)
if desk.has("retention"):
    grain = pick(desk, "lifecycle_grain", ("week", "month"))
    activity = pick(desk, "lifecycle_activity", ("any", "session", "order"))
    periods, states, moves = (
        lifecycle.periods(desk, grain, activity),
        lifecycle.states(desk, activity),
        lifecycle.moves(desk),
    )
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "lifecycle",
            lifecycle.periods_chart(desk, periods, grain),
            periods,
            title=desk.t("lifecycle.periods", what=desk.t(f"values.lifecycle_activity.{activity}")),
            note=desk.t("lifecycle.periods_note"),
            of=("lifecycle",),
        )
    with right:
        panel(
            desk,
            "activity_states",
            lifecycle.states_chart(desk, states),
            states,
            title=desk.t("lifecycle.states"),
            note=desk.t("lifecycle.states_note"),
            of=("lifecycle",),
        )
    panel(
        desk,
        "stage_moves",
        lifecycle.moves_chart(desk, moves),
        moves,
        title=desk.t("lifecycle.moves", week=desk.t.date(moves["week_start"][0]) if moves.height else "–"),
        note=desk.t("lifecycle.moves_note"),
        pick=stage_moves.pick if desk.may("persons") else None,
        of=("lifecycle",),
    )
    stage_moves.show(desk, moves)
cohort_worth.show(desk)
missing(desk, "orders")
