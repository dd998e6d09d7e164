"""The filter of a page's questions by a saved segment, kept in the address as `saved_segment` (U2)."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboards.components import filters
from dashboards.components.desk import Desk
from dashboards.segments import files
from dashboards.segments.members import Segments
from opsloop.errors import OpsloopError

ADDRESS = "saved_segment"
_EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The segment that questions are asked of: its name, its label, the relation of its persons and their number."""

    name: str
    label: str
    relation: str
    size: int


def choose(desk: Desk) -> Chosen | None:
    """Offer the saved segments, where there are any, and return the one chosen; one that cannot be read is told."""
    # The place is there without segments too: what is open below it would close when the first one comes.
    place = st.container(key="segment_choice")
    labels = {name: label_of(desk, name) for name in files.names(desk.workspace)}
    if not labels:
        return None
    labels[_EVERYBODY] = desk.t("segments.everybody")
    options = [_EVERYBODY, *sorted((name for name in labels if name), key=labels.__getitem__)]
    with place:
        name = filters.choose(ADDRESS, desk.t("filters.saved_segment"), options, labels, _EVERYBODY)
        return _chosen(desk, name, labels[name]) if name else None


def label_of(desk: Desk, name: str) -> str:
    """Return a segment's label in the reader's language; its name where its file cannot be read."""
    try:
        segment = files.read(desk.workspace, name)
    except OpsloopError:
        return name
    return desk.t.pick(segment.label_en, segment.label_zh)


def _chosen(desk: Desk, name: str, label: str) -> Chosen | None:
    segments = Segments(desk.workspace, desk.metrics)
    try:
        return Chosen(name, label, segments.relation(name), segments.size(name)["size"] or 0)
    except OpsloopError as error:
        st.warning(desk.t("segments.unreadable", why=str(error)))
        return None


def say(desk: Desk, page: str, chosen: Chosen | None) -> None:
    """Say whom a page's questions are asked of, where it is not everybody."""
    place = st.container(key="segment_said")
    if chosen:
        only = desk.t(f"segments.only_{page}", label=chosen.label, n=desk.t.number(chosen.size))
        place.info(only, icon=":material/group:")
