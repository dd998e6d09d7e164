"""Who is behind a bar of a funnel, named or the reader's own: a list that can become a segment (S10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboards.components import filters, saving
from dashboards.components.desk import Desk
from dashboards.components.panels import row, table_panel
from dashboards.components.segment_choice import Chosen
from dashboards.components.steps import step_label
from dashboards.questions.funnel import FunnelQuestion, Funnels
from dashboards.segments.asked import FunnelPersons

OWN, NAMED = "funnel", "named"


def answers(desk: Desk) -> Funnels:
    """Return what answers questions about the desk's snapshot."""
    settings = desk.workspace.settings
    return Funnels(desk.metrics, settings.time_zone, settings.week_start, settings.session.max_hours)


def named(desk: Desk, name: str | None) -> FunnelQuestion | None:
    """Return a named funnel's question over the view's days, as the settings have it; nothing where they have not."""
    found = next((one for one in desk.workspace.settings.funnels if one.name == name), None)
    if found is None:
        return None
    return FunnelQuestion(found.definition, desk.view.span.start, desk.view.span.end)


def pick(which: str) -> Callable[[Mapping[str, Any]], None]:
    """Return what a click on a bar does: mean its step, as if it had been chosen, and open the list."""

    def mean(mark: Mapping[str, Any]) -> None:
        """Mean the step of a bar."""
        filters.mean(f"{which}_step", str(int(mark["step_index"])))
        st.session_state[f"{which}_open"] = True

    return mean


def show(
    desk: Desk, question: FunnelQuestion, which: str = OWN, chosen: Chosen | None = None, note: str | None = None
) -> None:
    """Show who reached a step, or was lost before it, to be saved as a segment; asked only once it is open."""
    if not desk.may("persons"):
        return
    # The address forgets a step that is the default; what it opened once stays open.
    if f"{which}_step" in st.query_params or f"{which}_who" in st.query_params:
        st.session_state[f"{which}_open"] = True
    is_meant = f"{which}_open" in st.session_state
    box = st.expander(desk.t("funnel.who"), expanded=is_meant, key=f"expander_{which}", on_change="rerun")
    if not box.open:
        return
    with box:
        step, who = _meant(desk, question, which)
        found = answers(desk).persons(question, step, dropped=who == "lost")
        table_panel(
            desk,
            f"{which}_persons",
            found.drop("units"),
            title=desk.t("funnel.persons", n=desk.t.number(found.height)),
            note=note,
            when_empty=desk.t("funnel.nobody"),
            of=("web",),
        )
        saving.offer(desk, which, _listed(question, step, who, chosen), found.height)


def _meant(desk: Desk, question: FunnelQuestion, which: str) -> tuple[int, str]:
    """Show which bar is meant and who of it, and return both."""
    steps = [str(at) for at in range(1, len(question.funnel.steps) + 1)]
    labels = {at: f"{at}  {step_label(desk, question.funnel.row_names[int(at) - 1])}" for at in steps}
    left, right = row(desk, 1, 1)
    with left:
        step = filters.choose(f"{which}_step", desk.t("filters.funnel_step"), steps, labels, steps[-1])
    with right:
        options = ("reached", "lost") if step != "1" else ("reached",)
        names = {name: desk.t(f"values.funnel_who.{name}") for name in options}
        who = filters.choose(f"{which}_who", desk.t("filters.funnel_who"), options, names, "reached")
    return int(step), who


def _listed(question: FunnelQuestion, step: int, who: str, chosen: Chosen | None) -> FunnelPersons:
    return FunnelPersons.model_validate(
        {
            "within": chosen.name if chosen else None,
            "funnel": question.funnel,
            "from": question.start,
            "to": question.end,
            "unit": question.unit,
            "starts": question.starts,
            "step": step,
            "who": who,
        }
    )
