"""The year shows: weekdays, months, Chinese new year, 618, 双11, Black Friday, growth and the shocks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from opsloop.demo.calendar import ALGORITHM_DAYS_BACK, black_friday, season, viral
from opsloop.demo.company import CHANNEL
from opsloop.demo.mentions import draw_mentions
from opsloop.demo.plan import DAY, Plan, months_before
from opsloop.demo.world import World


@pytest.fixture(scope="module")
def daily(world: World) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Orders per day."""
    day = world.orders["at"].to_numpy() // DAY
    return np.bincount(day, minlength=world.plan.days)[: world.plan.days]


def _mean(world: World, daily: np.ndarray[tuple[int], np.dtype[np.int64]], first: dt.date, days: int) -> float:
    start = world.plan.day_index(first)
    return float(daily[start : start + days].mean())


def test_chinese_new_year_is_a_slump_after_a_rush(
    world: World, daily: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> None:
    """The week of 2026-02-17 sells less than two thirds of the weeks of the new year's shopping."""
    rush = _mean(world, daily, dt.date(2026, 1, 22), 14)
    assert _mean(world, daily, dt.date(2026, 2, 14), 10) < 0.66 * rush


@pytest.mark.parametrize("day", [dt.date(2025, 6, 18), dt.date(2025, 11, 11), dt.date(2024, 11, 11)])
def test_shopping_festivals_peak(world: World, daily: np.ndarray[tuple[int], np.dtype[np.int64]], day: dt.date) -> None:
    """The three days up to 618 and 双11 sell at least a third more than the weeks before them."""
    around = _mean(world, daily, day - dt.timedelta(days=40), 25)
    assert _mean(world, daily, day - dt.timedelta(days=2), 3) > 1.33 * around


def test_black_friday_follows_thanksgiving() -> None:
    """Its dates are those of the calendar."""
    assert [black_friday(year) for year in (2024, 2025, 2026)] == [
        dt.date(2024, 11, 29),
        dt.date(2025, 11, 28),
        dt.date(2026, 11, 27),
    ]


def test_saturdays_sell_more_than_tuesdays() -> None:
    """The week has a shape of its own."""
    plan = Plan(dt.date(2025, 8, 1), dt.date(2025, 8, 31), 10_000, 7)
    weekday = np.array([plan.date(index).weekday() for index in range(plan.days)])
    assert season(plan)[weekday == 5].mean() > 1.1 * season(plan)[weekday == 1].mean()


def test_the_algorithm_change_takes_search_visits_and_nothing_else(world: World) -> None:
    """First visits by Google search fall against those of other channels on the day of the change (N5)."""
    change = world.plan.back(ALGORITHM_DAYS_BACK)
    people = world.people
    searched = np.isin(people.channel, [CHANNEL["google_organic"], CHANNEL["baidu_organic"]])
    before = (people.arrival < change) & (people.arrival >= change - 120)
    after = people.arrival >= change
    assert searched[after].mean() < 0.7 * searched[before].mean()
    change_in_direct = (people.channel[after] == 0).mean() / (people.channel[before] == 0).mean()
    assert 0.9 < change_in_direct < 1.4


def test_the_viral_complaint_is_a_burst_of_negative_mentions_of_the_own_brand(world: World) -> None:
    """Its first two days bring more than five times the usual mentions, nearly all negative (N4)."""
    mentions = draw_mentions(world.plan).with_columns(
        day=pl.col("at") // DAY, own=pl.col("brand").is_in(["Yunwu Tea", "云雾茶舍"])
    )
    first, _ = viral(world.plan)
    own = mentions.filter("own")
    usual = len(own.filter(pl.col("day") < first)) / first
    burst = own.filter(pl.col("day").is_between(first, first + 1))
    assert len(burst) > 2 * 5 * usual
    assert (burst["sentiment"] == "negative").sum() > 0.85 * len(burst)


def test_months_before_ends_well_in_short_months() -> None:
    """Twelve months before a day exist for every day of the year."""
    assert months_before(dt.date(2026, 3, 31), 1) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2026, 1, 15), 26) == dt.date(2023, 11, 15)
