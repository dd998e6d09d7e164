"""The filters in the sidebar, kept in step with the address so that a view can be shared (U2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboards.components.desk import Desk
from dashboards.components.i18n import LANGUAGES, Translator, language_of
from dashboards.components.view import COMPARISONS, MODELS, Span, View, read_span

WEEKS = (4, 12, 26, 52)
ALL = ""
OWN = "own"


def choose_language() -> str:
    """Return the reader's language: what was switched to, else the address, else the browser's."""
    if "w_lang" not in st.session_state:
        asked = language_of(st.query_params.get("lang")) or language_of(st.context.locale)
        st.session_state["w_lang"] = asked or "en"
    return str(st.session_state["w_lang"])


def language_switch(t: Translator) -> None:
    """Show the switch between languages."""
    st.segmented_control(
        t("filters.language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="w_lang",
        required=True,
        label_visibility="collapsed",
    )


def remember(name: str, default: str, options: Sequence[str]) -> str:
    """Return a choice that outlives its widget: what the session or the address says, if it is offered here."""
    if f"kept_{name}" not in st.session_state and name in st.query_params:
        mean(name, st.query_params[name])
    kept = st.session_state.get(f"kept_{name}", default)
    return kept if kept in options else default


def mean(name: str, value: str) -> None:
    """Take a value as if it had been chosen."""
    st.session_state[f"kept_{name}"] = value


def choose(name: str, label: str, options: Sequence[str], labels: Mapping[str, str], default: str) -> str:
    """Show a choice whose value stays in the address and over pages, and return it.

    What was chosen is kept apart from its widget, whose state does not outlive the page; a page that does not offer it
    shows the default and leaves it as it is.
    """
    key = f"w_{name}"
    st.session_state[key] = remember(name, default, options)
    picked = st.selectbox(
        label,
        list(options),
        key=key,
        format_func=lambda option: labels.get(option, option),
        on_change=lambda: mean(name, st.session_state[key]),
    )
    write_address(name, picked, default)
    return str(picked)


def write_address(name: str, value: str, default: str) -> None:
    """Put a value into the address, or take the parameter out where the default says the same."""
    if value != default:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def read_view(
    t: Translator, default: Span, default_model: str, last: dt.date, *, shown: bool = True, compares: bool = True
) -> View:
    """Show period and comparison, where the page has use for them, and return the view they make.

    Not by the page itself: what a page shows under a key is not what another page shows under it.
    """
    if not shown:
        compare = choose_comparison(t) if compares else COMPARISONS[0]
        return View(st.session_state.get("kept_span", default), compare, model=default_model)
    span = _period(t, default, last)
    compare = choose_comparison(t)
    model = remember("model", default_model, MODELS)
    return View(span, compare, {}, model)


def choose_comparison(t: Translator) -> str:
    """Show what a period can be compared with, and return the choice."""
    labels = {name: t(f"filters.compare_{name}") for name in COMPARISONS}
    return choose("compare", t("filters.compare"), COMPARISONS, labels, COMPARISONS[0])


def _presets(default: Span, last: dt.date) -> dict[str, Span]:
    weeks = {f"{n}w": Span(last - dt.timedelta(days=7 * n - 1), last) for n in WEEKS}
    return {"default": default} | {name: span for name, span in weeks.items() if span != default}


def _period(t: Translator, default: Span, last: dt.date) -> Span:
    """Show presets and days, each following the other, and return the days."""
    presets = _presets(default, last)
    if "kept_span" not in st.session_state:
        st.session_state["kept_span"] = read_span(st.query_params.to_dict(), default)
    span: Span = st.session_state["kept_span"]
    fitting = next((name for name in presets if presets[name] == span), OWN)
    st.session_state["w_preset"] = fitting
    if len(st.session_state.get("w_days", ())) != 1:
        st.session_state["w_days"] = (span.start, span.end)
    names = {"default": t("filters.period_default"), OWN: t("filters.period_own")}
    names |= {f"{weeks}w": t("filters.period_weeks", weeks=weeks) for weeks in WEEKS}
    st.selectbox(
        t("filters.period"),
        [*presets, *([OWN] if fitting == OWN else [])],
        key="w_preset",
        format_func=names.__getitem__,
        on_change=_take_preset,
        args=(presets,),
    )
    st.date_input(
        t("filters.days"), key="w_days", format="YYYY-MM-DD", label_visibility="collapsed", on_change=_take_days
    )
    write_address("from", span.start.isoformat(), default.start.isoformat())
    write_address("to", span.end.isoformat(), default.end.isoformat())
    return span


def _take_preset(presets: Mapping[str, Span]) -> None:
    name = st.session_state["w_preset"]
    if name in presets:
        st.session_state["kept_span"] = presets[name]


def _take_days() -> None:
    picked = st.session_state["w_days"]
    if isinstance(picked, tuple) and len(picked) == 2:
        st.session_state["kept_span"] = Span(picked[0], picked[1])


def choose_model(desk: Desk) -> str:
    """Show the choice of attribution model and return it."""
    labels = {name: desk.t(f"values.attribution_model.{name}") for name in MODELS}
    default = str(desk.workspace.settings.attribution.default_model)
    return choose("model", desk.t("filters.model"), MODELS, labels, default)


def choose_slice(desk: Desk, dimension: str, options: Sequence[str]) -> str | None:
    """Show a choice of one value of a dimension, or all, and return it."""
    labels = {option: desk.value_label(dimension, option) for option in options} | {ALL: desk.t("filters.all")}
    ordered = [ALL, *sorted(options, key=lambda option: labels[option])]
    return choose(dimension, desk.t(f"filters.{dimension}"), ordered, labels, ALL) or None
