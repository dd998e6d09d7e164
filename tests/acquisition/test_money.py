"""Rates of exchange: whose day, how old, and what happens without one (X4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from acquisition_sql import Tables

DAY = dt.date(2026, 3, 20)
RATES = {"date_day": "date", "from_currency": "varchar", "to_currency": "varchar", "rate": "decimal(18, 8)"}


def _rate(currency: str, known: list[tuple[dt.date, str, str, Decimal]]) -> tuple[Decimal | None, dt.date | None]:
    tables = Tables(dt.date(2026, 3, 31))
    tables.give("int_money__amount_days", {"date_day": "date", "currency": "varchar"}, [(DAY, currency)])
    tables.give("int_company__fx_rates", RATES, known)
    tables.build("int_money__fx_daily")
    ((rate, day),) = tables.rows("select rate, rate_date from int_money__fx_daily")
    return rate, day


@pytest.mark.parametrize(("age", "is_known"), [(0, True), (1, True), (7, True), (8, False), (-1, False)])
def test_a_rate_holds_for_seven_days_and_no_longer(age: int, is_known: bool) -> None:
    """X4: the rate of the amount's own date, else the last known one at most 7 days old; never a later one."""
    given = DAY - dt.timedelta(days=age)
    found = _rate("USD", [(given, "USD", "CNY", Decimal(7))])
    assert found == ((Decimal(7), given) if is_known else (None, None))


def test_the_newest_rate_wins_and_one_the_other_way_round_is_turned() -> None:
    """X4: of several, the last; a rate from the reporting currency is as good."""
    older, newer = DAY - dt.timedelta(days=3), DAY - dt.timedelta(days=1)
    assert _rate("USD", [(older, "USD", "CNY", Decimal(7)), (newer, "USD", "CNY", Decimal(8))])[0] == 8
    assert _rate("USD", [(newer, "CNY", "USD", Decimal("0.125"))])[0] == 8


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-7)])
def test_a_rate_that_is_none_is_no_rate(rate: Decimal) -> None:
    """X4: zero and negative rates convert nothing; the amount is left out as without one."""
    assert _rate("USD", [(DAY, "USD", "CNY", rate)]) == (None, None)


def test_the_reporting_currency_needs_no_rate() -> None:
    """X4: its own rate is 1 whatever a table says."""
    assert _rate("CNY", [(DAY, "CNY", "CNY", Decimal(2))]) == (Decimal(1), DAY)
