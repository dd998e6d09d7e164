"""The catalogue: what each metric means, comes from, should reach, and where it is used (Y3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.usage import Usage, used_on

if TYPE_CHECKING:
    from dashboards.components.facts import Facts
    from dashboards.metrics import MetricDefinition, Metrics

_TARGETS = "select metric, month, target from marts.fct_targets where month <= ? order by month"
_STREAMS = "select source || '/' || stream, last_day, is_late from marts.fct_freshness where is_on"


@dataclass(frozen=True, slots=True)
class Stream:
    """A landed stream that a metric comes from: its newest day, and whether more is overdue."""

    name: str
    last_day: dt.date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric of the catalogue, with all that its definition does not say itself.

    `first_day` and `last_day` are the days that its marts hold, nothing where one of them is empty; `settled_until` is
    the last day whose number can no longer change. The target is that of `target_month`, the newest there is.
    """

    definition: MetricDefinition
    streams: tuple[Stream, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    settled_until: dt.date | None
    target: float | None
    target_month: dt.date | None
    usage: Usage

    def holds(self, words: str) -> bool:
        """Whether all words, in any order and case, occur in what is said of the metric in either language."""
        one = self.definition
        parts = [one.name, *one.labels.values(), *one.descriptions.values(), one.formula, one.owner, one.layer]
        said = " ".join([*parts, *one.dimensions, *one.tables, *(stream.name for stream in self.streams)]).casefold()
        return all(word in said for word in words.casefold().split())


def entries(metrics: Metrics, facts: Facts) -> dict[str, Entry]:
    """Return every metric of the catalogue by name, as the snapshot knows it."""
    catalogue = metrics.catalogue()
    known, targets, streams = frozenset(catalogue), _targets(metrics, facts), _streams(metrics, facts)
    lineage: Mapping[str, list[str]] = metrics.snapshot.meta.get("lineage", {})
    found = {}
    for name, one in catalogue.items():
        month, target = targets.get(name, (None, None))
        landed = sorted({stream for table in one.tables for stream in lineage.get(table, ()) if stream in streams})
        first, last = _extent(facts, one)
        settled = min(facts.settled(one.tables), facts.arrived(one.tables))
        found[name] = Entry(
            one,
            tuple(streams[stream] for stream in landed),
            first,
            last,
            None if last is None else min(last, settled),
            target,
            month,
            used_on(name, known),
        )
    return found


def _targets(metrics: Metrics, facts: Facts) -> dict[str, tuple[dt.date, float]]:
    """The newest month's target of each metric, up to the snapshot's day."""
    if not facts.has_table("marts", "fct_targets"):
        return {}
    found = metrics.rows(_TARGETS, [metrics.snapshot.as_of_date]).iter_rows()
    return {name: (month, float(target)) for name, month, target in found}


def _streams(metrics: Metrics, facts: Facts) -> dict[str, Stream]:
    """The streams that the workspace uses, by name."""
    if not facts.has_table("marts", "fct_freshness"):
        return {}
    return {name: Stream(name, day, bool(late)) for name, day, late in metrics.rows(_STREAMS).iter_rows()}


def _extent(facts: Facts, one: MetricDefinition) -> tuple[dt.date | None, dt.date | None]:
    """The days that all marts of a metric hold; nothing where one is empty or its days are not known."""
    topics = facts.topics(one.tables)
    held = [facts.extent.get(topic, (0, None, None)) for topic in topics]
    if not held or not all(rows for rows, _, _ in held):
        return None, None
    firsts, lasts = [first for _, first, _ in held if first], [last for _, _, last in held if last]
    return max(firsts, default=None), min(lasts, default=None)
