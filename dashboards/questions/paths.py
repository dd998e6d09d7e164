"""What people do before or after an event or page (S9), with who is behind each cell (S10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, get_args

import polars as pl

from dashboards.questions.events import EVENTS, check_range
from dashboards.questions.rendering import Reader, narrowed, render
from opsloop.errors import UsageError
from opsloop.funnels import EventFilter, Filter

Node = Literal["page", "event", "both"]
Direction = Literal["from", "to"]
Walker = Literal["sessions", "persons"]
MOST_STEPS = 20
_UNITS = {"sessions": "session_id", "persons": "person_id"}


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Walks of sessions or persons from, or to, their first event of a kind that lies from `start` to `end`.

    `groups` names nodes by patterns with `*`, the first that fits; `keep` and `leave_out` say which events count;
    `segment` narrows to walks whose anchor passes the filters, `among` to the persons of a relation. A walk goes at
    most `steps` nodes from the anchor.
    """

    start: dt.date
    end: dt.date
    anchor: EventFilter | None = None
    direction: Direction = "from"
    steps: int = 5
    node: Node = "both"
    walker: Walker = "sessions"
    drop_query: bool = True
    collapse: bool = True
    groups: tuple[tuple[str, str], ...] = ()
    keep: tuple[EventFilter, ...] = ()
    leave_out: tuple[EventFilter, ...] = ()
    segment: tuple[Filter, ...] = ()
    among: str | None = None

    def __post_init__(self) -> None:
        check_range(self.start, self.end)
        if not 1 <= self.steps <= MOST_STEPS:
            raise UsageError(f"a path goes 1 to {MOST_STEPS} steps, not {self.steps}")
        for value, offered in ((self.direction, Direction), (self.node, Node), (self.walker, Walker)):
            if value not in get_args(offered):
                raise UsageError(f"a path has no {value!r}: use one of {', '.join(get_args(offered))}")
        if self.direction == "to" and self.anchor is None:
            raise UsageError("a path to an event needs that event: name an anchor")


class Paths:
    """Answers questions about paths from one snapshot."""

    def __init__(self, metrics: Reader) -> None:
        self._metrics = metrics

    def flow(self, question: PathQuestion) -> pl.DataFrame:
        """Return moves by place: place (0 at the anchor, counted outward), source, target, transitions, persons.

        Without a target the walk ends there; without a source a walk to the anchor begins there.
        """
        return self._rows("{{ paths_flow(q) }}", question)

    def matrix(self, question: PathQuestion) -> pl.DataFrame:
        """Return the transition matrix: source, target, transitions, persons, and share of the source's transitions."""
        found = self._rows("{{ paths_matrix(q) }}", question)
        whole = pl.col("transitions").sum().over("source")
        return found.with_columns((pl.col("transitions") / whole).alias("share"))

    def walks(self, question: PathQuestion, top: int = 20) -> pl.DataFrame:
        """Return the commonest whole walks: nodes (a list), walks, persons."""
        return self._rows("{{ paths_walks(q, top) }}", question, top=int(top))

    def difference(self, one: PathQuestion, two: PathQuestion) -> pl.DataFrame:
        """Return both matrices side by side, `_two` for the second, and how much larger the first's share is."""
        keys = ["source", "target"]
        both = self.matrix(one).join(
            self.matrix(two), on=keys, how="full", coalesce=True, nulls_equal=True, suffix="_two"
        )
        counts = ["transitions", "persons", "share", "transitions_two", "persons_two", "share_two"]
        both = both.with_columns(pl.col(counts).fill_null(0))
        return both.with_columns((pl.col("share") - pl.col("share_two")).alias("share_more")).sort(
            pl.col("share_more").abs(), *keys, descending=[True, False, False]
        )

    def persons(
        self, question: PathQuestion, source: str | None, target: str | None, place: int | None = None
    ) -> pl.DataFrame:
        """Return who made a move, at one place or anywhere: person_id and transitions, ordered."""
        return self._metrics.rows(self.persons_sql(question, source, target, place))

    def persons_sql(
        self, question: PathQuestion, source: str | None, target: str | None, place: int | None = None
    ) -> str:
        """Return the statement whose rows are who made a move."""
        call = "{{ paths_persons(q, source, target, place) }}"
        return self._sql(call, question, source=source, target=target, place=place)

    def _rows(self, call: str, question: PathQuestion, **values: Any) -> pl.DataFrame:
        return self._metrics.rows(self._sql(call, question, **values))

    @staticmethod
    def _sql(call: str, question: PathQuestion, **values: Any) -> str:
        unit = _UNITS[question.walker]
        asked = {
            **{name: getattr(question, name) for name in ("direction", "steps", "node", "drop_query", "collapse")},
            "events": narrowed(EVENTS, question.among),
            "unit": unit,
            "key": f"hash({unit})",
            "anchor": question.anchor and question.anchor.asked(),
            "keep": [one.asked() for one in question.keep],
            "leave_out": [one.asked() for one in question.leave_out],
            "groups": [{"pattern": pattern, "name": name} for pattern, name in question.groups],
            "segment": [one.model_dump() for one in question.segment],
            "first_day": f"date '{question.start}'",
            "last_day": f"date '{question.end}'",
        }
        return render(call, question.among, q=asked, **values)
