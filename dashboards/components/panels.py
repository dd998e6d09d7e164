"""A chart with the table behind it and its numbers as CSV (U3).

A table is made when a reader opens it: what shows tables in the browser is as large as all the rest of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import theme
from dashboards.components.desk import Desk
from dashboards.components.tables import Show, show_table

Pick = Callable[[Mapping[str, Any]], None]


def row(desk: Desk, *widths: int) -> list[DeltaGenerator]:
    """Return columns of these widths, which a narrow window puts below one another."""
    return list(st.columns(list(widths), gap="small"))


def panel(
    desk: Desk,
    key: str,
    chart: theme.Drawing | None,
    table: pl.DataFrame,
    *,
    title: str,
    note: str | None = None,
    pick: Pick | None = None,
) -> None:
    """Show a titled chart, its table with the CSV in a second tab; without marks the table, without rows a word.

    A chart with a selection `PICKED` may take what a reader clicks: `pick` gets the fields, and the page is drawn anew.
    """
    with st.container(border=True, key=f"panel_{key}"):
        st.markdown(f"##### {title}")
        if table.height == 0:
            st.caption(desk.t("empty.no_rows", period=desk.t.span(desk.view.span.start, desk.view.span.end)))
        elif chart is None:
            show_table(desk, table, key=key)
        else:
            chart_and_table(desk, key, chart, table, title, note, pick)


@st.fragment
def chart_and_table(
    desk: Desk,
    key: str,
    chart: theme.Drawing,
    table: pl.DataFrame,
    title: str,
    note: str | None,
    pick: Pick | None = None,
    show: Show = show_table,
) -> None:
    """Show the chart or the table, whichever is open; opening the other draws this panel alone."""
    names = [desk.t("panel.chart"), desk.t("panel.table")]
    picture, rows = st.tabs(names, key=f"tabs_{key}", on_change="rerun")
    if rows.open:
        with rows:
            show(desk, table, key=key)
        return
    with picture:
        with st.container(key=f"chart_{key}"):
            if pick is None:
                st.vega_lite_chart(spec=chart, theme=None, width="stretch", alt=title)
            else:
                _clickable(key, chart, title, pick)
        if note:
            st.caption(note)


def _clickable(key: str, chart: theme.Drawing, title: str, pick: Pick) -> None:
    """Show a chart and hand on what was clicked in it, once for each click."""
    name = f"picked_{key}"
    state = st.vega_lite_chart(spec=chart, theme=None, width="stretch", alt=title, key=f"pick_{key}", on_select="rerun")
    found = state["selection"].get(theme.PICKED, [])
    if found and found != st.session_state.get(name):
        st.session_state[name] = found
        pick(found[0])
        st.rerun()


def table_panel(
    desk: Desk,
    key: str,
    table: pl.DataFrame,
    *,
    title: str,
    note: str | None = None,
    when_empty: str | None = None,
    show: Show = show_table,
) -> None:
    """Show a titled table that needs no chart, with its CSV; without rows, say so."""
    with st.container(border=True, key=f"panel_{key}"):
        st.markdown(f"##### {title}")
        if note:
            st.caption(note)
        if table.height == 0:
            period = desk.t.span(desk.view.span.start, desk.view.span.end)
            st.caption(when_empty or desk.t("empty.no_rows", period=period))
            return
        show(desk, table, key=key)
