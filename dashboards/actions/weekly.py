"""What actions ask of the metrics layer: their metric week by week, and whether it may be asked so (X1)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.actions.action import Action, Expected
from dashboards.actions.effect import MOST_WEEKS, Effect, WeekValue, measure
from dashboards.components.periods import PARTIAL
from dashboards.series import Series
from dashboards.weeks import Week, named_week
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from dashboards.actions.ledger import Ledger
    from dashboards.components.facts import Facts
    from dashboards.metrics import MetricDefinition, Metrics

# Weeks on too few cases are passed over, so more are asked for than a baseline takes.
ASKED_WEEKS = 2 * MOST_WEEKS
FARTHEST_DAYS = 3653


@dataclass(frozen=True, slots=True)
class Measured:
    """An action, how it stands on a day, and its effect once its due week has come."""

    action: Action
    status: str
    effect: Effect | None


class Weekly:
    """Measures actions against one snapshot."""

    def __init__(self, workspace: Workspace, metrics: Metrics, facts: Facts) -> None:
        self.workspace = workspace
        self.metrics = metrics
        self.facts = facts
        self.catalogue: dict[str, MetricDefinition] = metrics.catalogue()

    def measured(self, action: Action, today: dt.date) -> Measured:
        """The action as it stands on a day."""
        has_come = action.due_week(self.workspace).start <= today
        return Measured(action, action.status(self.workspace, today), self.effect(action) if has_come else None)

    def effect(self, action: Action) -> Effect:
        """What the action's due week says, as the snapshot knows it."""
        due = action.due_week(self.workspace)
        if action.metric not in self.catalogue:
            return Effect("unknown", WeekValue(due.start, None, None, PARTIAL))
        last = action.baseline_ends(self.workspace)
        before = self._values(action, last.earlier(ASKED_WEEKS - 1, self.workspace), last)
        minimum = int(self.workspace.settings.minimum_sample)
        (now,) = self._values(action, due, due)
        return measure(before, now, action.expected, minimum)

    def check(self, metric: str, condition: str | None) -> MetricDefinition:
        """The metric, if it exists and may be narrowed so; a `UsageError` says what to ask instead."""
        from dashboards.metrics_layer.question import near

        if metric not in self.catalogue:
            raise UsageError(f"unknown metric {metric!r}{near(metric, self.catalogue)}: see `opsloop metrics list`")
        day = self.metrics.snapshot.as_of_date
        if self.metrics.query([metric], start=day, end=day, where=condition).height > 1:
            raise UsageError(f"--where {condition!r}: leaves several numbers of {metric}: narrow it to one")
        return self.catalogue[metric]

    def _values(self, action: Action, first: Week, last: Week) -> list[WeekValue]:
        """The metric week by week, both weeks included."""
        count = (last.start - first.start).days // 7 + 1
        starts = [first.start + dt.timedelta(weeks=number) for number in range(count)]
        return Series(self.metrics, self.facts).values([action.metric], "week", starts, action.condition)[action.metric]


def add(
    ledger: Ledger,
    weekly: Weekly,
    *,
    finding: str,
    metric: str,
    condition: str | None,
    expected: str,
    owner: str,
    due: str,
) -> Action:
    """Write an action down once all of it makes sense; a `UsageError` says in a line what does not."""
    for name, text in (("--finding", finding), ("--owner", owner)):
        if not text.strip():
            raise UsageError(f"{name} is empty: write it out")
    week = named_week(due.strip().upper(), weekly.workspace, "--due")
    if abs((week.start - weekly.workspace.as_of_date).days) > FARTHEST_DAYS:
        raise UsageError(f"--due {week.label}: lies more than ten years away: expected an ISO week such as 2026-W10")
    narrowed = (condition or "").strip() or None
    change = Expected.read(expected)
    if weekly.check(metric, narrowed).unit == "rate" and not change.is_relative and abs(change.amount) > 1:
        raise UsageError(
            f"--expected {expected!r}: {metric} is a rate: write points such as +1.5pt, or +5% of the baseline"
        )
    return ledger.add(finding.strip(), metric, narrowed, change, owner.strip(), week.label)
