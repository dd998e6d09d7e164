"""A funnel of the reader's own: steps, order, window, exclusion and breakdown, kept in the address (U2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import altair as alt
import polars as pl
import streamlit as st
from pydantic import ValidationError

from dashboards.components import filters, finer, funnel_persons, theme
from dashboards.components.axes import number_axis, plain
from dashboards.components.charts import BAR_STEP, HEIGHT, room_for_text
from dashboards.components.desk import Desk
from dashboards.components.finer import Finer
from dashboards.components.funnel_persons import OWN
from dashboards.components.panels import panel, row
from dashboards.components.segment_choice import Chosen
from dashboards.components.steps import chart, step_label, trend_chart
from dashboards.questions.funnel import FunnelQuestion, Funnels
from opsloop.errors import UsageError
from opsloop.funnels import MOST_STEPS, EventFilter, Funnel, Step

EVENTS = """
    select event_name from marts.fct_events where event_name is not null
    group by event_name order by count(distinct person_id) desc, event_name limit 30
"""
ORDERS = ("ordered", "strict", "any")
UNITS = ("persons", "sessions", "events")
STARTS = ("any", "first", "first_ever")
WINDOWS = ("1", "3", "7", "14", "30", "60", "90")
BREAKDOWNS = ("", "device", "channel", "country", "page_path", "campaign")
TOUCHES = ("first", "last", "all")
NONE = ""
_DEFAULT_STEPS = ("page_view", "view_item", "add_to_cart", "purchase", "generate_lead")
_BETWEEN_STEPS = "~"


def events_of(desk: Desk) -> list[str]:
    """Return the names of events, those of most persons first."""
    return [str(name) for name in desk.rows(EVENTS)["event_name"]]


def read_step(text: str) -> Step:
    """Return the step that a text means: views of a page where it begins with a slash, else events."""
    if text.startswith("/"):
        return Step.model_validate({"event": "page_view", "name": text, "where": {"page_path": text}})
    return Step(event=text)


def ask(desk: Desk, offered: Sequence[str], chosen: Chosen | None = None) -> FunnelQuestion | None:
    """Show the choices that make a funnel, keep them in the address, and return it, among the chosen persons or all.

    One that cannot be is explained.
    """
    texts = _steps(desk, offered)
    columns = row(desk, 1, 1, 1, 1, 1)
    names = {name: step_label(desk, name) for name in offered}
    choices = {}
    for column, (name, options) in zip(
        columns,
        {"order": ORDERS, "window": WINDOWS, "unit": UNITS, "starts": STARTS, "without": (NONE, *offered)}.items(),
        strict=True,
    ):
        with column:
            choices[name] = _choice(desk, name, options, names)
    finely = finer.ask(desk, texts, choices["without"])
    try:
        return replace(_question(desk, texts, choices, finely), among=chosen.relation if chosen else None)
    except (ValidationError, UsageError) as error:
        st.warning(desk.t("funnel.cannot", why=_why(error)))
        return None


def _choice(desk: Desk, name: str, options: Sequence[str], names: dict[str, str]) -> str:
    """Return one of the choices of a question, seven days or the first by default."""
    labels = {
        "window": {one: desk.t("funnel.days", n=one) for one in options},
        "without": {one: names.get(one, desk.t("funnel.nothing")) for one in options},
    }.get(name) or {one: desk.t(f"values.funnel_{name}.{one}") for one in options}
    default = "7" if name == "window" else options[0]
    return filters.choose(f"funnel_{name}", desk.t(f"filters.funnel_{name}"), options, labels, default)


def _steps(desk: Desk, offered: Sequence[str]) -> list[str]:
    """Show the steps, picked or typed, in their order; the address holds them."""
    default = [name for name in _DEFAULT_STEPS if name in offered][:4] or list(offered)[:2]
    asked = st.query_params.get("funnel_steps", _BETWEEN_STEPS.join(default))
    chosen = [one for one in asked.split(_BETWEEN_STEPS) if one][:MOST_STEPS]
    picked = st.multiselect(
        desk.t("filters.funnel_steps"),
        list(dict.fromkeys([*chosen, *offered])),
        default=list(dict.fromkeys(chosen)),
        format_func=lambda name: step_label(desk, name),
        key="w_funnel_steps",
        accept_new_options=True,
        max_selections=MOST_STEPS,
        help=desk.t("funnel.steps_help"),
    )
    filters.write_address("funnel_steps", _BETWEEN_STEPS.join(picked), _BETWEEN_STEPS.join(default))
    return list(picked)


def _question(desk: Desk, texts: Sequence[str], choices: dict[str, str], finely: Finer) -> FunnelQuestion:
    funnel = Funnel(
        steps=finely.steps([read_step(text) for text in texts]),
        order=choices["order"],  # type: ignore[arg-type]
        window_seconds=int(choices["window"]) * 86400,
        exclusions=finely.exclusions(choices["without"]),
    )
    starts = "any" if choices["unit"] == "events" else choices["starts"]
    span = desk.view.span
    return FunnelQuestion(funnel, span.start, span.end, choices["unit"], starts)  # type: ignore[arg-type]


def _why(error: ValidationError | UsageError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ") if isinstance(error, ValidationError) else str(error)


def show(desk: Desk, question: FunnelQuestion, chosen: Chosen | None = None) -> None:
    """Show the funnel's steps, its breakdown, and who is behind a bar."""
    asked = funnel_persons.answers(desk)
    found = asked.steps(question)
    seen = found.select(
        "step_index", _said(desk, found), pl.col("units").alias("persons"), "rate_of_first", "rate_of_previous", "lost",
        (pl.col("from_entry_median") / 60).alias("minutes_from_entry"),
        (pl.col("from_previous_median") / 60).alias("minutes_from_previous"),
    )  # fmt: skip
    counted = desk.t(f"values.funnel_unit.{question.unit}")
    of_what = "" if question.unit == "persons" else "_units"
    seen_named = seen.rename({"persons": f"entered_{question.unit}"}) if question.unit != "persons" else seen
    maturing = desk.t(f"funnel.maturing{of_what}", n=desk.t.number(found["maturing"][0]))
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "own_funnel",
            chart(desk, seen, f"funnel.bar{of_what}") if found["units"][0] else None,
            seen_named if found["units"][0] or found["maturing"][0] else seen.clear(),
            title=desk.t("funnel.own_steps", unit=counted),
            pick=funnel_persons.pick(OWN) if desk.may("persons") else None,
            note=" ".join([maturing, *([desk.t("funnel.any_note")] if question.funnel.order == "any" else [])]),
            of=("web",),
        )
    with right:
        _breakdown(desk, asked, question)
    _over_time(desk, asked, question)
    funnel_persons.show(desk, question, OWN, chosen)


def _said(desk: Desk, steps: pl.DataFrame) -> pl.Series:
    """Return the names of steps, those that may be left out marked as such."""
    said = [
        desk.t("funnel.optional_step", step=step_label(desk, name)) if optional else name
        for name, optional in steps.select("step_name", "optional").iter_rows()
    ]
    return pl.Series("step_name", said, dtype=pl.String)


def _over_time(desk: Desk, asked: Funnels, question: FunnelQuestion) -> None:
    """Show the share that finished by period of entry, and how long the whole way took."""
    trend = asked.trend(question, desk.view.grain)  # type: ignore[arg-type]
    times = asked.histogram(question).filter(pl.col("step_index") == len(question.funnel.steps))
    times = times.select("at_least", pl.col("units").alias("finished"))
    left, right = row(desk, 1, 1)
    with left:
        title = desk.t("funnel.trend")
        panel(desk, "own_trend", trend_chart(desk, trend), trend, title=title, note=desk.t("chart.note"), of=("web",))
    with right:
        said = pl.Series("time_from_entry", [_at_least(desk, edge) for edge in times["at_least"]], dtype=pl.String)
        times = times.with_columns(said).select("time_from_entry", "finished")
        drawing = _times_chart(desk, times) if times.height else None
        panel(desk, "own_times", drawing, times, title=desk.t("funnel.times"), of=("web",))


def _at_least(desk: Desk, seconds: int) -> str:
    """Return a class of times by its lower edge, in the largest unit that it is whole in."""
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return desk.t(f"funnel.from_{unit}", n=seconds // size)
    return desk.t("funnel.from_nothing")


def _times_chart(desk: Desk, times: pl.DataFrame) -> theme.Drawing:
    bars = (
        alt.Chart(plain(times))
        .mark_bar(color=theme.accent())
        .encode(
            x=alt.X("time_from_entry:N", sort=None, axis=alt.Axis(title=None, labelAngle=0)),
            y=alt.Y("finished:Q", axis=number_axis(desk, "count")),
            tooltip=[
                alt.Tooltip("time_from_entry:N", title=desk.label("time_from_entry")),
                alt.Tooltip("finished:Q", title=desk.label("finished")),
            ],
        )
    )
    return theme.dressed(bars.properties(height=HEIGHT))


def _breakdown(desk: Desk, asked: Funnels, question: FunnelQuestion) -> None:
    left, right = row(desk, 1, 1)
    with left:
        labels = {name: desk.label(name) if name else desk.t("funnel.nothing") for name in BREAKDOWNS}
        by = filters.choose("funnel_by", desk.t("filters.funnel_by"), BREAKDOWNS, labels, "device")
    with right:
        labels = {name: desk.t(f"values.funnel_touch.{name}") for name in TOUCHES}
        touch = filters.choose("funnel_touch", desk.t("filters.funnel_touch"), TOUCHES, labels, "first")
    if not by:
        return
    groups = asked.breakdown(question, by, touch)  # type: ignore[arg-type]
    labelled = groups.with_columns(pl.Series(by, _group_labels(desk, groups, by), dtype=pl.String))
    table = labelled.select(
        by, "step_index", "step_name", pl.col("units").alias("persons"), "rate_of_first", "rate_of_previous"
    )
    last = labelled.filter(pl.col("step_index") == len(question.funnel.steps)).with_columns(
        labelled.filter(pl.col("step_index") == 1)["units"].alias("entered")
    )
    panel(
        desk,
        "own_breakdown",
        _group_chart(desk, last, by) if last.height else None,
        table,
        title=desk.t("funnel.breakdown", by=desk.label(by)),
        note=desk.t("funnel.breakdown_note", n=desk.minimum),
        of=("web",),
    )


def _group_labels(desk: Desk, groups: pl.DataFrame, by: str) -> list[str]:
    return [
        desk.value_label(by, value) if kind == "value" else desk.t(f"values.funnel_kind.{kind}")
        for kind, value in groups.select("kind", "value").iter_rows()
    ]


def _group_chart(desk: Desk, last: pl.DataFrame, by: str) -> theme.Drawing:
    """Return a bar per group: its share that finished, of how many; those of few are faint (X9)."""
    shown = [
        desk.t("funnel.group", rate=desk.t.percent(rate), n=desk.t.number(entered))
        for rate, entered in last.select("rate_of_first", "entered").iter_rows()
    ]
    data = last.with_columns(pl.Series("shown", shown), (pl.col("entered") < desk.minimum).alias("few"))
    base = alt.Chart(plain(data.select(by, "rate_of_first", "shown", "few"))).encode(
        x=alt.X("rate_of_first:Q", axis=None, scale=room_for_text(data["rate_of_first"], data["shown"])),
        y=alt.Y(f"{by}:N", sort=None, axis=alt.Axis(title=None)),
        opacity=theme.opacity("datum.few", 0.45, 1),
    )
    bar = base.mark_bar(size=15, color=theme.accent())
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("shown:N"))
    return theme.dressed(alt.layer(bar, text).properties(height=max(90, BAR_STEP * last.height + 12)))


def anchor_of(text: str) -> EventFilter:
    """Return the events that a text means, as a step's text does."""
    step = read_step(text)
    return EventFilter(event=step.event, where=step.where)
