"""The saved segments as a page shows them: how large, what became of their persons, how they overlap (M3, D2)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import polars as pl
import streamlit as st

from dashboards.components import theme
from dashboards.components.axes import number_axis, plain, time_axis
from dashboards.components.desk import Desk
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.segment_choice import label_of
from dashboards.components.segment_words import told
from dashboards.segments import files
from dashboards.segments.members import Segments
from opsloop.errors import OpsloopError

PAIRS = 200
Version = tuple[tuple[str, int], ...]
_NUMBERS = {"persons": "size", "persons_saved": "saved", "persons_merged": "merged", "persons_gone": "gone"}


def show(desk: Desk) -> None:
    """Show every saved segment, and of several their sizes over time and their overlaps; each problem in one line."""
    found, problems = listed(desk)
    table_panel(
        desk,
        "saved_segments",
        found.drop("name"),
        title=desk.t("segments.title"),
        note=desk.t("segments.note") if found.height else None,
        when_empty=desk.t("segments.none"),
    )
    for problem in problems:
        st.warning(desk.t("segments.unreadable", why=problem))
    if said := st.session_state.pop("segment_removed", None):
        st.success(said)
    names = files.names(desk.workspace)
    if names and desk.may("segments"):
        _removal(desk, names)
    if found.height:
        _compared(desk, found["name"].to_list())


def _removal(desk: Desk, names: Sequence[str]) -> None:
    """Offer to remove a segment, also one that cannot be read; whoever presses has seen what goes."""
    with st.popover(desk.t("segments.remove"), icon=":material/delete:", key="remove_segment"):
        labels = {name: label_of(desk, name) for name in names}
        name = st.selectbox(
            desk.t("segments.remove_which"), names, format_func=labels.__getitem__, key="w_remove_segment"
        )
        st.caption(desk.t("segments.remove_note"))
        if st.button(desk.t("segments.remove_now"), type="primary", key="remove_segment_now"):
            _remove(desk, str(name), labels[str(name)])


def _remove(desk: Desk, name: str, label: str) -> None:
    try:
        files.remove(desk.workspace, name)
    except OpsloopError as error:
        st.error(str(error))
        return
    except OSError as error:
        st.error(desk.t("segments.cannot_write", why=error.strerror))
        return
    st.session_state["segment_removed"] = desk.t("segments.removed", label=label)
    st.rerun()


def _compared(desk: Desk, names: Sequence[str]) -> None:
    """Show sizes over time once there are two days of them, and overlaps once there are two segments."""
    over_time = sizes(desk, names)
    drawing = sizes_chart(desk, over_time)
    places = iter(row(desk, 1, 1) if drawing or len(names) > 1 else [])
    if drawing:
        with next(places):
            title, note = desk.t("segments.sizes"), desk.t("segments.sizes_note")
            panel(desk, "segment_sizes", drawing, over_time.drop("name"), title=title, note=note)
    if len(names) > 1:
        with next(places):
            table_panel(
                desk,
                "segment_overlaps",
                overlaps(desk, names),
                title=desk.t("segments.overlaps"),
                whole=lambda: overlaps(desk, names, None),
            )


def listed(desk: Desk) -> tuple[pl.DataFrame, list[str]]:
    """Return a row per segment, the newest first, and a line for each that cannot be read or answered."""
    rows, problems = [], []
    for name in files.names(desk.workspace):
        try:
            rows.append(_row(desk, name))
        except OpsloopError as error:
            problems.append(str(error))
    kinds = dict.fromkeys(("name", "saved_segment", "segment_kind"), pl.String)
    schema = {**kinds, **dict.fromkeys(_NUMBERS, pl.Int64), "saved_on": pl.Date, "segment_question": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("saved_on", "name", descending=[True, False], nulls_last=True), problems


def _row(desk: Desk, name: str) -> dict[str, object]:
    segments, segment = Segments(desk.workspace, desk.metrics), files.read(desk.workspace, name)
    question = segments.asked(segment)
    counted = _counted(desk.metrics.snapshot.id, _version(desk), name, segments)
    return {
        "name": name,
        "saved_segment": desk.t.pick(segment.label_en, segment.label_zh),
        "segment_kind": segment.kind if segment.days == "fixed" else segment.days,
        **{column: counted[counts] for column, counts in _NUMBERS.items()},
        "saved_on": segment.saved and segment.saved.as_of_date,
        "segment_question": told(desk, question, question.within and label_of(desk, question.within)),
    }


def _version(desk: Desk) -> Version:
    """Which files of segments there are: a size holds as long as none of them changes."""
    folder = desk.workspace.segments
    return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml")))


@st.cache_data(max_entries=256, show_spinner=False)
def _counted(
    snapshot: str, version: tuple[tuple[str, int], ...], name: str, _segments: Segments
) -> dict[str, int | None]:
    return _segments.size(name)


def overlaps(desk: Desk, names: Sequence[str], shown: int | None = PAIRS) -> pl.DataFrame:
    """Return the pairs of segments, those with most persons in both first, by their labels."""
    segments = Segments(desk.workspace, desk.metrics)
    found = _overlapping(desk.metrics.snapshot.id, _version(desk), tuple(names), segments)
    found = found if shown is None else found.head(shown)
    labels = {name: label_of(desk, name) for name in names}
    return found.with_columns(
        pl.col("segment_one", "segment_two").replace_strict(labels, return_dtype=pl.String),
    )


@st.cache_data(max_entries=16, show_spinner=False)
def _overlapping(snapshot: str, version: Version, names: tuple[str, ...], _segments: Segments) -> pl.DataFrame:
    return _segments.overlaps(names)


def sizes(desk: Desk, names: Sequence[str]) -> pl.DataFrame:
    """Return the size of each segment by the last day that a snapshot knew, of each day the newest snapshot."""
    parts = [
        files.sizes(desk.workspace, name)
        .sort("snapshot")
        .group_by("as_of_date", maintain_order=True)
        .last()
        .select(
            "as_of_date",
            pl.lit(name).alias("name"),
            pl.lit(label_of(desk, name)).alias("saved_segment"),
            pl.col("size").alias("persons"),
        )
        for name in names
    ]
    return pl.concat(parts).sort("saved_segment", "name", "as_of_date")


def sizes_chart(desk: Desk, over_time: pl.DataFrame) -> theme.Drawing | None:
    """Return a line per segment, with a point for each day; nothing before there are two days."""
    if over_time["as_of_date"].n_unique() < 2:
        return None
    days = pl.Series("day", [desk.t.date(day) for day in over_time["as_of_date"]], dtype=pl.String)
    chart = (
        alt.Chart(plain(over_time.with_columns(days)))
        .mark_line(point=alt.OverlayMarkDef(size=30, filled=True))
        .encode(
            x=alt.X("as_of_date:T", axis=time_axis(desk, "day", over_time["as_of_date"])),
            y=alt.Y("persons:Q", axis=number_axis(desk, "count")),
            detail="name:N",
            color=alt.Color("saved_segment:N", legend=alt.Legend(title=None, orient="top", columns=2)),
            tooltip=[
                alt.Tooltip("saved_segment:N", title=desk.label("saved_segment")),
                alt.Tooltip("day:N", title=desk.label("as_of_date")),
                alt.Tooltip("persons:Q", title=desk.label("persons"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=260))
