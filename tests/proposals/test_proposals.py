"""Proposed actions: what the company's own weeks say, and nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboards.actions.action import Expected
from dashboards.actions.effect import WeekValue, baseline_of
from dashboards.metrics import Metrics
from dashboards.proposals import proposals
from dashboards.proposals.rules import ASKED_WEEKS, Proposal
from dashboards.proposals.slip import Slip, slip_of
from dashboards.weeks import Week

MONDAY = dt.date(2026, 6, 22)
WEEK = Week("2026-W26", MONDAY)
STARTS = [MONDAY - dt.timedelta(weeks=number) for number in range(ASKED_WEEKS - 1, -1, -1)]
# Moves by 4 each week: a mean of 100, limits of ± 10.64 for a week, of ± 3.76 for a mean of eight.
STEADY = [98.0, 102.0]


def _weeks(values: Sequence[float], maturity: str = "mature", base: float | None = None) -> list[WeekValue]:
    return [WeekValue(MONDAY, value, base, maturity) for value in values]


def _slip(*values: float) -> Slip:
    found = slip_of(_weeks([*STEADY * 13, *values]), 30)
    assert found is not None
    return found


def test_a_slip_is_the_mean_of_eight_weeks_beside_the_limits_of_those_before() -> None:
    """W2, W6: worked out on paper; a mean of eight swings by a week's swing over the root of eight."""
    slip = _slip(*[96.0] * 8)
    assert (slip.recent, slip.earlier.mean, slip.change) == (96.0, 100.0, 4.0)
    assert slip.earlier.swing == pytest.approx(2.66 * 4)
    assert slip.limits.swing == pytest.approx(2.66 * 4 / math.sqrt(8))
    assert slip.interval == pytest.approx((4 - 10.64, 4 + 10.64))
    assert slip.is_bad("up")
    assert not slip.is_bad("down")
    assert not slip.is_bad("none")
    assert not _slip(*[97.0] * 8).is_bad("up")


def test_weeks_that_can_change_or_rest_on_few_cases_prove_no_slip() -> None:
    """W2, X5, X9: only settled weeks on enough cases tell; with fewer than eight before, nothing does."""
    odd = [*_weeks([1.0] * 8, "maturing"), *_weeks([1.0] * 8, base=29.0)]
    slip = slip_of([*_weeks([*STEADY * 17]), *odd], 30)
    assert slip is not None
    assert slip.recent == 100.0
    assert slip_of(_weeks(STEADY * 7), 30) is None


def test_what_is_expected_is_measured_against_the_same_baseline() -> None:
    """W2, W4: an action that takes a proposal over expects exactly the way back to the mean before."""
    values = [*STEADY * 13, *[90.0, 80.0] * 4]
    slip, baseline = slip_of(_weeks(values), 30), baseline_of(_weeks(values), 30)
    assert slip is not None
    assert baseline is not None
    assert slip.recent == baseline.mean
    expected = Expected.read(Proposal("metric", "orders", slip).expected("count"))
    assert baseline.mean + expected.of(baseline.mean) == pytest.approx(slip.earlier.mean, rel=1e-3)
    rate = Slip(0.1, slip.earlier, slip.weeks, 26)
    assert Proposal("metric", "orders", rate).expected("rate").endswith("pt")


def test_a_condition_says_the_segment_whatever_its_name_holds() -> None:
    """W2."""
    assert Proposal("channel", "sessions", _slip(*STEADY * 4), "channel", "it's").condition == "channel = 'it''s'"
    assert Proposal("metric", "sessions", _slip(*STEADY * 4)).condition is None


class _Company:
    """A metrics layer of two metrics whose weeks are written down, whole and by channel."""

    def __init__(self, by_channel: Mapping[str, Sequence[float]]) -> None:
        self.weeks = by_channel
        self.snapshot = SimpleNamespace(as_of_date=MONDAY + dt.timedelta(days=6))

    def catalogue(self) -> dict[str, Any]:
        """Sessions, which add up over channels."""
        sessions = SimpleNamespace(
            kind="simple", unit="count", formula="", tables=("fct_sessions",), good_direction="up",
            dimensions=("channel",), splits=("channel",),
        )  # fmt: skip
        return {"sessions": sessions}

    def makeup(self, metric: str, dimension: str) -> SimpleNamespace:
        """Channels add up."""
        return SimpleNamespace(kind="sum")

    def query(self, metrics: Sequence[str], **asked: Any) -> pl.DataFrame:
        """The weeks, whole or by channel."""
        if not asked.get("by"):
            totals = [sum(values) for values in zip(*self.weeks.values(), strict=True)]
            return pl.DataFrame({"period": STARTS, "sessions": totals})
        rows = [
            {"period": start, "channel": name, "sessions": value}
            for name, values in self.weeks.items()
            for start, value in zip(STARTS, values, strict=True)
        ]
        return pl.DataFrame(rows)


FACTS = SimpleNamespace(
    has_all=lambda tables: True,
    settled=lambda tables: dt.date.max,
    arrived=lambda tables: dt.date.max,
    extent={"sessions": (1, STARTS[0], MONDAY)},
)


def _found(by_channel: Mapping[str, Sequence[float]]) -> list[Proposal]:
    return proposals(cast(Metrics, _Company(by_channel)), cast(Any, FACTS), WEEK, 30)


def _series(earlier: Sequence[float], recent: Sequence[float]) -> list[float]:
    return [*(list(earlier) * ASKED_WEEKS)[: ASKED_WEEKS - 8], *recent]


def test_the_segment_that_accounts_for_most_of_a_slip_is_named_with_its_share() -> None:
    """W2: e-mail lost 30 of the 40 sessions that are gone, direct 10."""
    (found,) = _found(
        {
            "email": _series(STEADY, [70.0] * 8),
            "direct": _series([199.0, 201.0], [190.0] * 8),
        }
    )[:1]
    assert (found.rule, found.metric, found.condition) == ("metric", "sessions", "channel = 'email'")
    assert found.share == pytest.approx(0.75)
    assert found.slip.change == pytest.approx(30.0)


def test_where_no_segment_accounts_for_half_none_is_named() -> None:
    """W2: three channels that each lose a third are a matter of the whole."""
    found = _found({name: _series(STEADY, [85.0] * 8) for name in ("email", "direct", "social")})
    assert (found[0].rule, found[0].condition) == ("metric", None)


def test_a_segment_that_slips_behind_a_steady_whole_is_found_by_itself() -> None:
    """W2: what one channel loses and another gains hides in the whole."""
    (found,) = _found({"email": _series(STEADY, [80.0] * 8), "direct": _series(STEADY, [121.0, 119.0] * 4)})
    assert (found.rule, found.condition, found.share) == ("channel", "channel = 'email'", None)


def test_noise_growth_and_small_segments_propose_nothing() -> None:
    """W2, X9: within the limits, in the good direction, or under the minimum sample."""
    assert _found({"email": _series(STEADY, [99.0] * 8), "direct": _series(STEADY, [150.0] * 8)}) == []
    assert _found({"email": _series([10.0, 12.0], [1.0] * 8), "direct": _series(STEADY, [120.0] * 8)}) == []
