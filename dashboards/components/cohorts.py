"""Retention: what the reader asks, who of each cohort came back, and the persons behind a cell (R1 to R4, S10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from dashboards.components import filters
from dashboards.components.desk import Desk
from dashboards.components.person_lists import with_stages
from dashboards.components.segment_choice import Chosen
from dashboards.components.segment_words import activity_label
from dashboards.questions.retention import CHOICES, Activity, Question, Retention, read_brackets
from dashboards.segments.asked import RetentionPersons
from opsloop.errors import UsageError

# Cohorts that the grid shows, and periods after the first.
SHOWN = {"day": 15, "week": 13, "month": 13}
# How far back cohorts by day go into the mean.
_DAYS_OF_MEAN = 90
BRACKETS = {"day": "1-7, 8-14, 15-30", "week": "1-4, 5-8, 9-12", "month": "1-3, 4-6, 7-12"}
_EVENTS = """
    select event_name from marts.fct_events
    group by event_name order by count(distinct person_id) desc, event_name limit 25
"""


def activities(desk: Desk) -> list[str]:
    """Return what may start or return: visits, orders and events, of those that there are."""
    found = [name for name, topic in (("session", "web"), ("order", "orders")) if desk.has(topic)]
    if desk.has("web") and desk.has_mart("fct_events"):
        found += [f"event:{name}" for name in desk.rows(_EVENTS)["event_name"] if name]
    return found


def _choice_label(desk: Desk, activity: str) -> str:
    """Return what an activity is called beside others: an event also by its own name, as an order is one too."""
    label, name = activity_label(desk, activity), activity.partition(":")[2]
    return label if name in ("", label) else f"{label} · {name}"


def ask(desk: Desk, chosen: Chosen | None = None) -> Question | None:
    """Show the choices that make a question, keep them in the address, and return it; without data, nothing.

    Where a segment is chosen, the question is asked of its persons only.
    """
    offered = activities(desk)
    if not offered:
        return None
    labels = {name: _choice_label(desk, name) for name in offered}
    with st.sidebar:
        returns = filters.choose("activity", desk.t("filters.activity"), offered, labels, offered[0])
        starts = filters.choose("start_activity", desk.t("filters.start_activity"), offered, labels, offered[0])
        made = {name: _choice(desk, name) for name in CHOICES}
        brackets = _brackets(desk, made["grain"]) if made["kind"] == "brackets" else ()
    end = desk.view.span.end
    return Question(
        Activity.read(starts),
        Activity.read(returns),
        **made,
        brackets=brackets,
        horizon=SHOWN[made["grain"]] - 1,
        cohorts_from=end - dt.timedelta(_DAYS_OF_MEAN) if made["grain"] == "day" else None,
        cohorts_until=end,
        among=chosen.relation if chosen else None,
    )


def _choice(desk: Desk, name: str) -> str:
    """Return one of the choices of a question; its name in the address is the question's own but for the grain's."""
    shown = {"grain": "cohort_grain", "start": "first_start", "kind": "back"}.get(name, name)
    options = ("week", "month", "day") if name == "grain" else CHOICES[name]
    labels = {option: desk.t(f"values.{shown}.{option}") for option in options}
    return filters.choose(shown, desk.t(f"filters.{shown}"), options, labels, options[0])


def _brackets(desk: Desk, grain: str) -> tuple[tuple[int, int], ...]:
    """Show the text of brackets, keep it in the address, and return what it says; what says nothing is explained."""
    default = BRACKETS[grain]
    asked = st.query_params.get("brackets", default)
    text = st.text_input(desk.t("filters.brackets"), value=asked, key=f"w_brackets_{grain}")
    filters.write_address("brackets", text, default)
    try:
        found = read_brackets(text)
        Question(Activity("session"), Activity("session"), kind="brackets", brackets=found)
    except UsageError:
        st.warning(desk.t("retention.brackets_wrong", text=text))
        return read_brackets(default)
    return found


def answers(desk: Desk) -> Retention:
    """Return what answers questions about the desk's snapshot."""
    return Retention(desk.metrics, desk.workspace.settings.week_start)


def grid(cells: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Return the newest cohorts, a row per cohort and cell, with the share back."""
    newest = cells["cohort_start"].unique().sort(descending=True).head(SHOWN[question.grain])
    return cells.filter(pl.col("cohort_start").is_in(newest.to_list())).with_columns(
        (pl.col("retained_persons") / pl.when(pl.col("base_persons") > 0).then(pl.col("base_persons"))).alias(
            "retained_rate"
        )
    )


def span_label(low: int, high: int) -> str:
    """Return the periods of a cell as one reads them."""
    return str(low) if low == high else f"{low}–{high}"


def sentence(desk: Desk, means: pl.DataFrame, question: Question, chosen: Chosen | None = None) -> str:
    """Return the share back in the first and in the last cell after the start, in words, and of whom if not of all."""
    later = means.filter(pl.col("period_until") > 0) if means.height else means
    if later.height == 0:
        return ""
    first, last = later.row(0, named=True), later.row(-1, named=True)
    text = desk.t(
        f"retention.sentence_{question.kind}",
        activity=activity_label(desk, question.returns.text),
        grain=desk.t(f"values.cohort_grain.{question.grain}").lower(),
        low=span_label(first["period_index"], first["period_until"]),
        first=desk.t.percent(first["weighted_rate"]),
        high=span_label(last["period_index"], last["period_until"]),
        last=desk.t.percent(last["weighted_rate"]),
    )
    return desk.t("segments.sentence", label=escape(chosen.label), text=text) if chosen else text


def curve_note(desk: Desk, question: Question) -> str:
    """Return how the means are made, and what of them can still rise."""
    rising = [desk.t("retention.after_note")] if question.kind == "after" else []
    return " ".join([desk.t("retention.curve_note"), *rising])


def asked(desk: Desk, question: Question) -> str:
    """Return what is asked, in a few words for a title."""
    start, back = (activity_label(desk, activity.text) for activity in (question.starts, question.returns))
    return start if start == back else f"{start} → {back}"


def pick(cell: Mapping[str, Any]) -> None:
    """Mean the cell that was clicked, as if it had been chosen."""
    filters.mean("cell_cohort", str(cell["cohort_start"])[:10])
    filters.mean("cell_period", str(cell["cell"]))
    st.session_state["cell_open"] = True


def is_picked() -> bool:
    """Return whether the reader has clicked a cell."""
    return "cell_open" in st.session_state


def meant(desk: Desk, question: Question, cells: pl.DataFrame, within: str | None = None) -> RetentionPersons:
    """Show which cell is meant and who of it, keep it in the address, and return it as what a segment can be."""
    cohorts = [str(day) for day in cells["cohort_start"].unique().sort(descending=True)]
    names = {day: desk.t.date(dt.date.fromisoformat(day)) for day in cohorts}
    columns = st.columns(3)
    with columns[0]:
        cohort = filters.choose("cell_cohort", desk.t("columns.cohort_start"), cohorts, names, cohorts[0])
    begun = cells.filter(pl.col("cohort_start") == dt.date.fromisoformat(cohort)).sort("period_index", "period_until")
    spans = {span_label(low, high): (low, high) for low, high in begun.select("period_index", "period_until").rows()}
    with columns[1]:
        cell = filters.choose("cell_period", desk.t("columns.period_index"), list(spans), {}, next(iter(spans)))
    with columns[2]:
        labels = {option: desk.t(f"values.cell_who.{option}") for option in ("back", "gone")}
        who = filters.choose("cell_who", desk.t("filters.cell_who"), ("back", "gone"), labels, "back")
    return RetentionPersons(
        within=within,
        starts=question.starts.text,
        returns=question.returns.text,
        first_start=question.start,
        grain=question.grain,  # type: ignore[arg-type]
        clock=question.clock,
        back=question.kind,
        brackets=question.brackets,
        horizon=question.horizon,
        cohort=dt.date.fromisoformat(cohort),
        periods=spans[cell],
        who=who,  # type: ignore[arg-type]
    )


def persons(desk: Desk, question: Question, cell: RetentionPersons) -> pl.DataFrame:
    """Return the persons behind a cell."""
    found = answers(desk).persons(question, cell.cohort, *cell.periods, back=cell.who == "back")
    return with_stages(desk, found)
