"""A shop sends its exports, builds, sends changed ones, builds again: what was known between is still known (X6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import shop_of_two_days as shop

from dashboards.metrics_layer.as_known import TWINS, knowledge, stand_in
from opsloop.workspace import Workspace

BETWEEN = dt.date(2026, 4, 5)
COLUMNS = {
    "fct_ad_performance_daily": "date_day, ad_id, campaign, channel, currency, spend, clicks, conversions_claimed",
    "fct_orders": "order_id, order_number, is_first_order, is_cancelled, items, revenue_gross, revenue_cancelled,"
    " refunds, revenue_net, is_fx_missing, cohort, segment, maturity",
    "fct_order_items": "order_item_id, order_id, quantity, revenue_gross, revenue_cancelled, segment",
    "fct_refunds": "refund_id, refund_date, refunds, refunds_of_cancelled",
    "fct_deals": "deal_id, is_won, won_date, deal_value",
}
NOTHING: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
Rows = dict[str, list[tuple[Any, ...]]]


class Story:
    """The workspace after both landings, and what its marts held after the first."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.first = self._land_and_build("first", shop.FIRST, shop.FIRST_LANDING)
        self.second = self._land_and_build("second", shop.SECOND, shop.SECOND_LANDING)

    def _land_and_build(self, name: str, rows: dict[str, list[tuple[str, ...]]], at: dt.datetime) -> Rows:
        from ingestion.landing import land
        from orchestration import transform

        shop.send(self.workspace, name, rows)
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(Workspace, "clock", lambda _: at)
            land(self.workspace)
        transform.prepare(self.workspace)
        marts = [f"+{name}" for mart, (twin, *_) in TWINS.items() for name in (mart, twin)]
        transform.build(self.workspace, select=marts, exclude=["resource_type:test"])
        return {table: self._rows(f"select {columns} from marts.{table}") for table, columns in COLUMNS.items()}

    def known(self, as_of: dt.date | dt.datetime) -> Rows:
        """Return the rows of each mart as they were known."""
        from orchestration.transform import variables

        then = knowledge(as_of, dt.date(2026, 3, 31), variables(self.workspace))
        return {
            table: self._rows(then.parts([table]) + f"select {columns} from {stand_in(table)}")
            for table, columns in COLUMNS.items()
        }

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.workspace.work_db), read_only=True) as con:
            return sorted(con.execute(sql).fetchall(), key=str)

    def one(self, sql: str) -> Any:
        """Return the single value of a query."""
        return self._rows(sql)[0][0]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The shop after both of its exports."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("OPSLOOP_WORK_DB", raising=False)
        yield Story(shop.make(tmp_path_factory.mktemp("shop") / "ws"))


def test_what_was_known_between_two_landings_is_what_the_build_of_that_day_said(story: Story) -> None:
    """X6: spend, orders, their lines, refunds and deals, row by row, order numbers and cohorts included."""
    assert story.known(BETWEEN) == story.first
    assert story.first != story.second


def test_what_is_known_now_is_what_the_marts_say(story: Story) -> None:
    """X6: on the day of the second landing and ever after."""
    assert story.known(dt.date(2026, 4, 11)) == story.second
    assert story.known(dt.date(2030, 1, 1)) == story.second


def test_a_day_ends_in_the_company_s_zone_and_an_instant_is_one(story: Story) -> None:
    """X3, X6: what landed at 17:00 in Shanghai is known that day, not at 16:59."""
    assert story.known(dt.date(2026, 4, 1)) == NOTHING
    assert story.known(dt.datetime(2026, 4, 2, 17, 0, 1)) == story.first
    assert story.known(dt.datetime(2026, 4, 2, 16, 59)) == NOTHING
    assert story.known(dt.datetime(2026, 4, 11, 8, 59, tzinfo=dt.UTC)) == story.first


def test_an_earlier_order_that_comes_late_makes_the_later_one_no_longer_the_first(story: Story) -> None:
    """X6: a new customer as known then is a repeat order as known now."""
    numbers = [{row[0]: row[1] for row in rows["fct_orders"]} for rows in (story.first, story.second)]
    assert (numbers[0]["late-first"], numbers[1]["late-first"], numbers[1]["early"]) == (1, 2, 1)


def test_an_older_version_that_comes_later_changes_nothing(story: Story) -> None:
    """X7: the shop's own order of versions decides."""
    cancelled = {row[0]: row[3] for row in story.second["fct_orders"]}
    assert cancelled["newer"] is True


def test_money_without_a_rate_is_left_out_and_counted(story: Story) -> None:
    """X4: neither the order nor the ad in francs is in a total; both are there and say why."""
    orders = {row[0]: (row[5], row[9]) for row in story.second["fct_orders"]}
    assert orders["no-rate"] == (None, True)
    # 25 and 10 dollars at 7; three francs at nothing.
    assert story.one("select sum(spend) from marts.fct_ad_performance_daily") == Decimal(245)
    assert story.one("select sum(spend_source) from marts.fct_ad_performance_daily where is_fx_missing") == 3
    assert story.one("select count(*) from marts.fct_orders where is_fx_missing") == 1


def test_negative_zero_and_ancient_revenue_count_as_they_are(story: Story) -> None:
    """X4: a correction takes off, a gift adds nothing, an order of 1970 is in 1970."""
    orders = {row[0]: (row[5], row[10]) for row in story.second["fct_orders"]}
    assert orders["negative"] == (Decimal(-20), "2026-03")
    assert orders["zero"] == (Decimal(0), "2026-03")
    assert orders["epoch"] == (Decimal(7), "1970-01")
    # 60 + 90 of Ann, 350 of Bob, 30 and 40 cancelled, 20 back, 0, 7; by the first export 100, 350, 30, 40, -20, 7.
    totals = [sum(row[5] or 0 for row in rows["fct_orders"]) for rows in (story.second, story.first)]
    assert totals == [Decimal(557), Decimal(507)]


def test_a_refund_is_restated_and_one_of_a_cancelled_order_stands_apart(story: Story) -> None:
    """X6: refunds keep their versions as well."""
    assert [row[2:] for row in story.known(BETWEEN)["fct_refunds"]] == [(Decimal(80), Decimal(0))]
    assert sorted(row[2:] for row in story.second["fct_refunds"]) == [
        (Decimal(0), Decimal(30)),
        (Decimal(120), Decimal(0)),
    ]
