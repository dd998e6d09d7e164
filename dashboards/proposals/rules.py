"""The rules of proposals, and their search: each is data, all read the same weeks (W2).

A proposal is never more than what the company's own weeks say: a metric, or one segment of it, whose last eight settled
weeks lie beyond the natural limits of those before, away from its good direction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.proposals.slip import EARLIER_WEEKS, Slip, slip_of
from dashboards.series import Series

if TYPE_CHECKING:
    from dashboards.components.facts import Facts
    from dashboards.metrics import Metrics
    from dashboards.weeks import Week

# Weeks that are not settled yet, or rest on few cases, are passed over, so more are asked for than are taken.
ASKED_WEEKS = EARLIER_WEEKS + 26
# A segment is named where it accounts for at least half of the slip.
LEAST_SHARE = 0.5
# What a segment would be named by without saying where to act: time, money's unit, single pages.
NOT_ASKED = frozenset({"cohort", "currency", "landing_page", "page", "query"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Metrics that are looked at as a whole, or value by value of a dimension."""

    name: str
    metrics: tuple[str, ...]
    by: str | None = None


RULES = (
    Rule(
        "metric",
        (
            "search_impressions", "search_clicks", "sessions", "engaged_session_rate", "conversion_rate", "leads",
            "private_contacts_new", "private_contacts_lost", "first_reply_minutes", "message_click_rate",
            "unsubscribe_rate", "new_customers", "orders", "revenue_net", "average_order_value", "repeat_rate",
            "cancellation_rate", "refund_rate", "customer_acquisition_cost", "net_promoter_score",
            "negative_mention_rate",
        ),
    ),
    Rule("cohorts", ("retention_rate",)),
    Rule("channel_cost", ("customer_acquisition_cost",), "channel"),
    Rule("channel", ("sessions",), "channel"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to bring back: a metric, or where `value` names a segment that segment of it; `share` of the slip."""

    rule: str
    metric: str
    slip: Slip
    dimension: str | None = None
    value: str | None = None
    share: float | None = None

    @property
    def condition(self) -> str | None:
        """The segment in the language of `--where`."""
        if self.dimension is None or self.value is None:
            return None
        return f"{self.dimension} = '" + self.value.replace("'", "''") + "'"

    def expected(self, unit: str) -> str:
        """What an action is to expect, as the form takes it: back to the earlier mean."""
        change, recent = self.slip.change, self.slip.recent
        if unit == "rate":
            return f"{100 * change:+.2f}pt"
        return f"{change / abs(recent):+.1%}" if recent else f"{change:+.2f}"


def proposals(metrics: Metrics, facts: Facts, week: Week, minimum: int) -> list[Proposal]:
    """What the rules find as of a week, in their order; a metric that the company has no data for is passed over."""
    search = _Search(metrics, facts, week, minimum)
    found = [one for rule in RULES for one in search.of(rule)]
    kept: dict[tuple[str, str | None], Proposal] = {}
    for one in found:
        kept.setdefault((one.metric, one.condition), one)
    return list(kept.values())


class _Search:
    """Looks at the weeks up to one of them."""

    def __init__(self, metrics: Metrics, facts: Facts, week: Week, minimum: int) -> None:
        self._metrics, self._facts, self._minimum = metrics, facts, minimum
        self._catalogue = metrics.catalogue()
        self._series = Series(metrics, facts)
        self._starts = [week.start - dt.timedelta(weeks=number) for number in range(ASKED_WEEKS - 1, -1, -1)]

    def of(self, rule: Rule) -> list[Proposal]:
        """What one rule finds."""
        known = [
            name
            for name in rule.metrics
            if name in self._catalogue and self._facts.has_all(self._catalogue[name].tables)
        ]
        if rule.by is not None:
            return [one for name in known for one in self._segments(rule, name, rule.by)]
        weeks = self._series.values(known, "week", self._starts) if known else {}
        slips = {name: slip_of(weeks[name], self._minimum) for name in known}
        return [self._explained(rule, name, slip) for name, slip in slips.items() if slip and self._is_bad(name, slip)]

    def _is_bad(self, metric: str, slip: Slip) -> bool:
        return slip.is_bad(self._catalogue[metric].good_direction)

    def _segments(self, rule: Rule, metric: str, by: str) -> list[Proposal]:
        """Each segment that slipped by itself, the largest first; small ones never (X9)."""
        found = [
            Proposal(rule.name, metric, slip, by, value)
            for value, slip in self._slips(metric, by).items()
            if self._is_bad(metric, slip)
        ]
        return sorted(found, key=lambda one: (-abs(one.slip.change), one.value or ""))

    def _slips(self, metric: str, by: str) -> dict[str, Slip]:
        if by not in self._catalogue[metric].dimensions:
            return {}
        weeks = self._series.by(metric, by, self._starts)
        slips = {value: slip_of(values, self._minimum) for value, values in weeks.items()}
        is_count = self._catalogue[metric].unit == "count"
        return {
            value: slip
            for value, slip in slips.items()
            if slip is not None and not (is_count and max(slip.recent, slip.earlier.mean) < self._minimum)
        }

    def _explained(self, rule: Rule, metric: str, slip: Slip) -> Proposal:
        """The metric's slip, narrowed to the segment that accounts for most of it where one does for half."""
        best = Proposal(rule.name, metric, slip)
        for by in self._catalogue[metric].splits:
            if by in NOT_ASKED or self._metrics.makeup(metric, by).kind != "sum":
                continue
            for value, part in self._slips(metric, by).items():
                share = part.change / slip.change
                if self._is_bad(metric, part) and share >= max(LEAST_SHARE, best.share or 0.0):
                    best = Proposal(rule.name, metric, part, by, value, share)
        return best
