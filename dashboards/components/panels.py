"""A chart with the table behind it, how fresh and settled both are, and all of it as files (U3, X5).

A table is made when a reader opens it: what shows tables in the browser is as large as all the rest of a page. So are
the files, and the buttons that fetch them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import standing, theme
from dashboards.components.desk import Desk
from dashboards.components.exports import MIME, Export, Rows
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
    of: Iterable[str] = (),
    whole: Rows | None = None,
    show: Show = show_table,
) -> None:
    """Show a titled chart, its table in a second tab; without marks the table, without rows a word.

    A chart with a selection `PICKED` may take what a reader clicks: `pick` gets the fields, and the page is drawn anew.
    `of` names the topics that it is of, where its columns are no metrics; `whole` returns all rows where `table` has
    a part of them.
    """
    with st.container(border=True, key=f"panel_{key}"):
        if table.height == 0:
            st.markdown(f"##### {title}")
            st.caption(desk.t("empty.no_rows", period=desk.t.span(desk.view.span.start, desk.view.span.end)))
            return
        said = heading(desk, key, title, table, chart, of, whole)
        if chart is None:
            show(desk, table)
            _standing(said)
        else:
            chart_and_table(desk, key, chart, table, title, note, pick, show, said)


def heading(
    desk: Desk,
    key: str,
    title: str,
    table: pl.DataFrame,
    chart: theme.Drawing | None,
    of: Iterable[str] = (),
    whole: Rows | None = None,
) -> str:
    """Show a panel's title and what saves it; return how fresh and settled it is."""
    said = standing.say(desk, of or standing.topics_of(desk, table.columns))
    export = Export(desk, key, title, whole or (lambda: table), chart, said)
    with st.container(horizontal=True, wrap=False, gap="small", key=f"head_{key}"):
        st.markdown(f"##### {title}", width="stretch")
        _menu(desk, key, export)
    return said


@st.fragment
def _menu(desk: Desk, key: str, export: Export) -> None:
    """Offer the files; their buttons are there once the menu is open."""
    menu = st.popover(
        desk.t("panel.save"), icon=":material/download:", type="tertiary", key=f"save_{key}", on_change="rerun"
    )
    if not menu.open:
        return
    with menu:
        for kind in export.kinds:
            st.download_button(
                desk.t(f"panel.{kind}"),
                partial(export.content, kind),
                file_name=export.name(kind),
                mime=MIME[kind],
                key=f"{kind}_{key}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


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
    said: str = "",
) -> None:
    """Show the chart or the table, whichever is open; opening the other draws this panel alone."""
    names = [desk.t("panel.chart"), desk.t("panel.table")]
    picture, rows = st.tabs(names, key=f"tabs_{key}", on_change="rerun")
    if rows.open:
        with rows:
            show(desk, table)
            _standing(said)
        return
    with picture:
        with st.container(key=f"chart_{key}"):
            if pick is None:
                st.vega_lite_chart(spec=chart, theme=None, width="stretch", alt=title)
            else:
                _clickable(key, chart, title, pick)
        _standing(said, note)


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
    of: Iterable[str] = (),
    whole: Rows | None = None,
) -> None:
    """Show a titled table that needs no chart, with its files; without rows, say so."""
    with st.container(border=True, key=f"panel_{key}"):
        if "person_id" in table.columns and not desk.may("persons"):
            st.markdown(f"##### {title}")
            st.caption(desk.t("roles.no_persons"))
            return
        if table.height == 0:
            st.markdown(f"##### {title}")
            period = desk.t.span(desk.view.span.start, desk.view.span.end)
            st.caption("  \n".join([*([note] if note else []), when_empty or desk.t("empty.no_rows", period=period)]))
            return
        said = heading(desk, key, title, table, None, of, whole)
        if note:
            st.caption(note)
        show(desk, table)
        _standing(said)


def _standing(said: str, note: str | None = None) -> None:
    """Say what a reader has to know of a drawing, and how fresh and settled it is."""
    lines = "<br>".join(escape(text) for text in (note, said) if text)
    st.html(f'<p class="ops-standing" data-testid="standing">{lines}</p>')
