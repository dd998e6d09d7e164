"""Filters of single pages: they appear under the common ones and live in the address as those do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboards.components import filters
from dashboards.components.desk import Desk

# Funnels that end in an order come first: the page opens with the first.
_FUNNELS = """
    select funnel_name from marts.fct_funnel_daily
    group by funnel_name order by bool_or(step_name = 'purchase') desc, funnel_name
"""
_WIDEST = {
    "channel": ("sessions", "orders"),
    "platform": ("ad_spend", "social_reach"),
    "campaign": ("ad_spend",),
    "currency": ("ad_spend", "orders"),
    "segment": ("customers", "customers_at_risk"),
}


def slice_by(desk: Desk, *dimensions: str) -> None:
    """Offer the values that a dimension has in the period, and narrow the desk's view to the one chosen."""
    with st.sidebar:
        for dimension in dimensions:
            options = _values(desk, dimension)
            if len(options) > 1:
                chosen = filters.choose_slice(desk, dimension, options)
                slices = {**desk.view.slices, **({dimension: chosen} if chosen else {})}
                desk.view = replace(desk.view, slices=slices)


def _values(desk: Desk, dimension: str) -> list[str]:
    found: set[str] = set()
    # Who has lapsed has no order in the period, and is a segment all the same.
    start, end = (None, None) if dimension == "segment" else (desk.view.span.start, desk.view.span.end)
    for name in desk.by(_WIDEST[dimension], dimension):
        frame = desk.metrics.query([name], by=[dimension], start=start, end=end)
        found |= {value for value in frame[dimension] if value}
    return sorted(found)


def pick(desk: Desk, name: str, options: Sequence[str]) -> str:
    """Offer a choice of the page's own, the first being the default."""
    with st.sidebar:
        labels = {option: desk.t(f"values.{name}.{option}") for option in options}
        return filters.choose(name, desk.t(f"filters.{name}"), options, labels, options[0])


def pick_model(desk: Desk) -> None:
    """Offer the attribution models and narrow the desk's view to the one chosen."""
    with st.sidebar:
        desk.view = replace(desk.view, model=filters.choose_model(desk))


def pick_funnel(desk: Desk) -> str | None:
    """Offer the funnels that have entries, and return the name of the one chosen."""
    if not desk.has("funnel"):
        return None
    names = desk.rows(_FUNNELS)["funnel_name"].to_list()
    labels = {name: funnel_label(desk, name) for name in names}
    with st.sidebar:
        return filters.choose("funnel", desk.t("filters.funnel"), names, labels, names[0])


def funnel_label(desk: Desk, name: str) -> str:
    """Return a funnel's label in the reader's language."""
    if not desk.facts.has_table("workspace", "funnels"):
        return name
    found = desk.rows(
        "select any_value(label_en), any_value(label_zh) from workspace.funnels where funnel_name = ?", [name]
    )
    english, chinese = found.row(0)
    return desk.t.pick(english or name, chinese or name)
