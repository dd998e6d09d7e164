"""The weekly review: one complete week beside the one before, six weeks of each headline, and the pack to hand out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboards.components import charts, filters, theme
from dashboards.components.desk import Desk
from dashboards.components.i18n import LANGUAGES
from dashboards.components.view import Span, View
from opsloop.errors import OpsloopError

_OFFERED = 26
_CHARTED = 6
_WEEKS = 6


def pick_week(desk: Desk) -> Span:
    """Offer the last complete weeks, the newest first, and return the one chosen."""
    newest = last_complete_week(desk)
    weeks = {iso_name(newest.back(7 * n)): newest.back(7 * n) for n in range(_OFFERED)}
    labels = {name: f"{name} · {desk.t.span(span.start, span.end)}" for name, span in weeks.items()}
    with st.sidebar:
        return weeks[filters.choose("week", desk.t("filters.week"), list(weeks), labels, next(iter(weeks)))]


def last_complete_week(desk: Desk) -> Span:
    """Return the newest company week that was over when the snapshot was made, within the default range."""
    end = min(desk.workspace.default_range()[1], desk.today)
    start = desk.workspace.week_of(end + dt.timedelta(days=1)) - dt.timedelta(days=7)
    return Span(start, start + dt.timedelta(days=6))


def iso_name(week: Span) -> str:
    """Return the ISO name of the week whose Thursday lies in the company's week."""
    thursday = next(day for n in range(7) if (day := week.start + dt.timedelta(days=n)).weekday() == 3)
    year, number, _ = thursday.isocalendar()
    return f"{year}-W{number:02d}"


def view_of(week: Span, compare: str = "previous") -> View:
    """Return the view of one week beside the week before, or beside what else is chosen."""
    return View(week, compare, {}, "last")


def trends(desk: Desk, week: Span, names: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Return the last six weeks of the first few metrics that had anything in them."""
    span = Span(week.start - dt.timedelta(days=7 * (_WEEKS - 1)), week.end)
    frame = desk.frame(list(names), grain="week", span=span)
    alive = [name for name in frame.columns if name != "period" and frame[name].fill_null(0).ne(0).any()]
    return {name: frame.select("period", name) for name in alive[:_CHARTED]}


def six_weeks(desk: Desk, frame: pl.DataFrame, metric: str) -> theme.Drawing:
    """Return the six weeks of one metric as a line."""
    view = desk.view
    start = frame["period"].min() if frame.height else view.span.start
    desk.view = View(Span(_day(start, view.span.start), view.span.end), "none", {}, view.model)
    try:
        return charts.trend(desk, frame, metric, grain="week", height=170)
    finally:
        desk.view = view


def _day(value: object, default: dt.date) -> dt.date:
    return value if isinstance(value, dt.date) else default


def _packs() -> tuple[Callable[..., Path], Callable[..., Any]] | None:
    """Return how packs are made and listed, where this installation can."""
    try:
        from dashboards.packs import list_packs, make_pack
    except ImportError:
        return None
    return make_pack, list_packs


def pack_box(desk: Desk, week: Span) -> None:
    """Offer to make the week's pack, and every pack there is for download."""
    packs = _packs()
    with st.container(border=True, key="panel_packs"):
        st.markdown(f"##### {desk.t('review.packs')}")
        st.caption(desk.t("review.packs_note"))
        if packs is None:
            st.caption(desk.t("review.no_packs"))
            return
        make, listing = packs
        if not desk.may("packs"):
            st.caption(desk.t("roles.no_packs"))
            return
        if desk.may("write"):
            _offer(desk, make, week)
        _list(desk, listing)


def _offer(desk: Desk, make: Callable[..., Path], week: Span) -> None:
    """Offer to make the week's pack in a language."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lang = st.segmented_control(
            desk.t("review.language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=desk.t.lang,
            required=True,
            key="w_pack_lang",
        )
        pressed = st.button(
            desk.t("review.make", week=iso_name(week)),
            type="primary",
            icon=":material/inventory_2:",
            key="make_pack",
        )
    if pressed:
        _make(desk, make, week, str(lang))


def _make(desk: Desk, make: Callable[..., Path], week: Span, lang: str) -> None:
    try:
        with st.spinner(desk.t("review.making")):
            made = make(desk.workspace, iso_name(week), lang, None)
        st.success(desk.t("review.made", name=Path(made).name))
    except OpsloopError as error:
        st.error(str(error))


def _list(desk: Desk, listing: Callable[..., Any]) -> None:
    found = [Path(getattr(pack, "path", pack)) for pack in listing(desk.workspace)]
    files = sorted((path for path in found if path.is_file()), key=lambda path: path.name, reverse=True)
    if not files:
        st.caption(desk.t("review.none_yet"))
        return
    for path in files[:8]:
        st.download_button(
            f"{path.name} · {path.stat().st_size / 1024:,.0f} KB",
            path.read_bytes(),
            file_name=path.name,
            mime="application/zip",
            key=f"pack_{path.name}",
            on_click="ignore",
            icon=":material/download:",
            type="tertiary",
        )
