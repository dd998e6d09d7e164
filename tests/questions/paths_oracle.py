"""Paths by walking through each history event by event, written apart from the SQL."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from funnel_oracle import Event, _like, means

from dashboards.questions.paths import PathQuestion

Move = tuple[str, int, str | None, str | None]


def node_of(question: PathQuestion, event: Event) -> str | None:
    """Return what an event is called on a path."""
    name = event.page_path if question.node == "page" or (question.node == "both" and event.event_name == "page_view") else event.event_name  # fmt: skip  # noqa: E501
    if name is None:
        return None
    if question.drop_query and name == event.page_path and question.node != "event":
        name = name.split("?")[0].split("#")[0]
    return next((title for pattern, title in question.groups if _like(name, pattern)), name)


def walks(question: PathQuestion, events: Sequence[Event]) -> dict[str, list[tuple[int, str]]]:
    """Return each unit's walk: places, 0 at the anchor, and nodes."""
    found: dict[str, list[tuple[int, str]]] = {}
    for unit, own in groupby(sorted(events, key=lambda e: (e.unit, e.at, e.event_id)), key=lambda e: e.unit):
        stays: list[tuple[str, bool]] = []
        for event in own:
            name = node_of(question, event)
            wanted = not question.keep or any(means(one, event) for one in question.keep)
            is_anchor = question.anchor is None or means(question.anchor, event)
            if question.anchor is not None and is_anchor:
                wanted = True
            if name is None or not wanted or any(means(one, event) for one in question.leave_out):
                continue
            is_anchor &= question.start <= event.at.date() <= question.end
            for one in question.segment:
                value = getattr(event, one.property)
                is_anchor &= value in one.values
            if question.collapse and stays and stays[-1][0] == name:
                stays[-1] = (name, stays[-1][1] or is_anchor)
            else:
                stays.append((name, is_anchor))
        anchor = next((at for at, (_, is_anchor) in enumerate(stays) if is_anchor), None)
        if anchor is not None:
            low, high = (0, question.steps) if question.direction == "from" else (-question.steps, 0)
            places = [(at - anchor, name) for at, (name, _) in enumerate(stays)]
            found[unit] = [(place, name) for place, name in places if low <= place <= high]
    return found


def moves(question: PathQuestion, events: Sequence[Event]) -> list[Move]:
    """Return every move of every walk: unit, place, source, target."""
    found: list[Move] = []
    for unit, walk in walks(question, events).items():
        found += [(unit, place, source, target) for (place, source), (_, target) in pairwise(walk)]
        if question.direction == "from" and walk[-1][0] < question.steps:
            found.append((unit, walk[-1][0], walk[-1][1], None))
        if question.direction == "to" and walk[0][0] > -question.steps:
            found.append((unit, walk[0][0] - 1, None, walk[0][1]))
    return found
