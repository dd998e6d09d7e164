"""How fresh and how settled what a panel shows is, in one line (U3, X5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.components.desk import Desk
from dashboards.components.topics import BY_TABLE

# A stream that is silent for longer is awaited no more, and its last day is all there is (fct_arrivals).
_ENDED_DAYS = 28


@dataclass(frozen=True, slots=True)
class Standing:
    """The last day that is there whole, and the last one that will not change; both of the slowest topic."""

    until: dt.date
    settled: dt.date
    today: dt.date

    @property
    def is_behind(self) -> bool:
        """Whether days that are over lack data."""
        return self.until < self.today


def topics_of(desk: Desk, columns: Iterable[str]) -> list[str]:
    """Return the topics that the metrics among the columns are made from."""
    tables = [table for name in columns if name in desk.catalogue for table in desk.catalogue[name].tables]
    return list(dict.fromkeys(BY_TABLE[table].name for table in tables if table in BY_TABLE))


def standing(desk: Desk, topics: Iterable[str]) -> Standing | None:
    """Return how topics stand; nothing where none of them has rows, as what is shown is then of the snapshot itself."""
    known = [name for name in topics if desk.has(name)]
    if not known:
        return None
    settled = min(desk.facts.settled_topic(name) for name in known)
    return Standing(min(_until(desk, name) for name in known), min(settled, desk.today), desk.today)


def _until(desk: Desk, topic: str) -> dt.date:
    _, _, last = desk.facts.extent[topic]
    arrived = min(desk.facts.arrived_topic(topic), desk.today)
    if last is not None and (desk.today - last).days > _ENDED_DAYS and not desk.facts.is_by_beginning(topic):
        return last
    return arrived


def say(desk: Desk, topics: Iterable[str]) -> str:
    """Return the line: until when there is data, and until when it is settled; else which day the snapshot is of."""
    found = standing(desk, topics)
    if found is None:
        return desk.t("standing.snapshot", day=desk.t.date(desk.today))
    until = desk.t("standing.behind" if found.is_behind else "standing.until", day=desk.t.date(found.until))
    if found.settled == dt.date.min:
        return until + desk.t("standing.none_settled")
    if found.settled >= found.until:
        return until + desk.t("standing.all_settled")
    return until + desk.t("standing.settled", day=desk.t.date(found.settled))
