"""What an action is: the change that is expected of a metric, by whom, and by when."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboards.weeks import Week, last_week, named_week, week_of
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition

STATUSES = ("open", "due", "closed")
OUTCOMES = ("worked", "failed", "unclear")
_EXPECTED = re.compile(r"([+-])(\d+(?:\.\d+)?)(%|pt)?", re.ASCII)
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """A change hoped for: a share of the baseline (`+5%`), an amount (`-200`) or points of a rate (`+1.5pt`)."""

    text: str
    amount: float
    is_relative: bool

    @classmethod
    def read(cls, text: str) -> Expected:
        """What the text says; a `UsageError` where it is no change or none with a sign."""
        plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace(" ", "")
        match = _EXPECTED.fullmatch(plain)
        amount = float(match[2]) * (-1 if match[1] == "-" else 1) if match else 0.0
        if match is None or not amount or not math.isfinite(amount):
            raise UsageError(
                f"--expected {text!r}: expected a change with its sign, such as +5% (of the baseline), -200 or +1.5pt"
            )
        return cls(plain, amount / (100 if match[3] else 1), match[3] == "%")

    def of(self, baseline: float) -> float:
        """The change in the metric's own unit."""
        return self.amount * abs(baseline) if self.is_relative else self.amount


@dataclass(frozen=True, slots=True)
class Action:
    """One action as it stands; `condition` narrows its metric in the language of `--where`, instants are aware."""

    id: int
    added_at: dt.datetime
    finding: str
    metric: str
    condition: str | None
    expected: Expected
    owner: str
    due: str
    closed_at: dt.datetime | None = None
    outcome: str | None = None
    learning: str | None = None

    def due_week(self, workspace: Workspace) -> Week:
        """The company's week in which the effect is to be seen."""
        return named_week(self.due, workspace)

    def added_on(self, workspace: Workspace) -> dt.date:
        """The day, in the company's zone, on which the action was added."""
        return (self.added_at - _TICK).astimezone(workspace.zone).date()

    def status(self, workspace: Workspace, today: dt.date) -> str:
        """`closed`, `due` where its due week has come, else `open`."""
        if self.closed_at is not None:
            return "closed"
        return "due" if self.due_week(workspace).start <= today else "open"

    def baseline_ends(self, workspace: Workspace) -> Week:
        """The last week that tells how things were: over when the action was added, and before its due week."""
        week = week_of(self.added_on(workspace), workspace)
        is_over = _end(week, workspace) <= self.added_at
        before = week if is_over else week.earlier(1, workspace)
        return min(before, self.due_week(workspace).earlier(1, workspace), key=lambda one: one.start)


def known_to(week: Week, actions: Iterable[Action], workspace: Workspace, as_of: dt.datetime) -> list[Action]:
    """Actions as the review of a week knew them, so that what is added or closed later leaves an older pack alone.

    The review of the newest week knows all that is written; that of an older one what had been by the end of the week
    after it. An action that was recorded after its due week counts from the end of that week, which measures it.
    """
    if week.start >= last_week(workspace, as_of).start:
        return list(actions)
    until = _end(week.earlier(-1, workspace), workspace)
    known = [one for one in actions if min(one.added_at, _end(one.due_week(workspace), workspace)) <= until]
    return [
        replace(one, closed_at=None, outcome=None, learning=None) if one.closed_at and one.closed_at > until else one
        for one in known
    ]


def found(
    actions: Sequence[Action], text: str, catalogue: Mapping[str, MetricDefinition] | None = None
) -> list[Action]:
    """The actions that hold every word of a text, in whatever was written or in what their metric is called."""
    terms = unicodedata.normalize("NFKC", text).casefold().split()
    return [one for one in actions if all(term in _words(one, catalogue or {}) for term in terms)]


def _words(action: Action, catalogue: Mapping[str, MetricDefinition]) -> str:
    metric = catalogue.get(action.metric)
    labels = [metric.label(lang) for lang in ("en", "zh")] if metric else []
    said = [action.finding, action.metric, action.condition, action.owner, action.due, action.outcome, action.learning]
    return unicodedata.normalize("NFKC", "\n".join(filter(None, [*said, *labels]))).casefold()


def _end(week: Week, workspace: Workspace) -> dt.datetime:
    """The instant at which a week ends in the company's zone."""
    return dt.datetime.combine(week.end + dt.timedelta(days=1), dt.time(), tzinfo=workspace.zone)
