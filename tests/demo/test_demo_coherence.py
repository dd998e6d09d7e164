"""The exports tell of the same people: what one vendor saw, the others saw too."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from opsloop.workspace import Workspace


def _purchases(events: pl.DataFrame) -> pl.DataFrame:
    bought = events.filter(pl.col("event_name") == "purchase")
    return bought.select("event_timestamp", order_id=pl.col("ecommerce").struct.field("transaction_id"))


def test_every_purchase_on_the_web_is_an_order_of_the_shop_made_within_seconds(
    events: pl.DataFrame, orders: list[dict[str, Any]]
) -> None:
    """The transaction id of GA4 is the shop's order id, and both clocks agree."""
    made = {order["id"]: order["created_at"] for order in orders if order["id"]}
    purchases = _purchases(events).to_dicts()
    assert len(purchases) > 200
    for purchase in purchases:
        created = dt.datetime.fromisoformat(made[purchase["order_id"]]).timestamp()
        assert 0 < created - purchase["event_timestamp"] / 1e6 < 5


def test_every_tracked_order_is_a_purchase_on_the_web_but_those_of_the_outage(
    company: Workspace, events: pl.DataFrame, dirt: dict[str, Any]
) -> None:
    """The outage is the only hole in web analytics, and it is a real one."""
    true = pl.read_parquet(company.root / "truth" / "orders.parquet").filter("is_tracked")
    missing = true.filter(~pl.col("order_id").is_in(_purchases(events)["order_id"].to_list()))
    outage = dirt["tracking_outage"]
    at = missing["ordered_at"].dt.epoch("s")
    assert at.is_between(outage["from_epoch"], outage["to_epoch"] + 1800).all()
    seconds = events["event_timestamp"] // 1_000_000
    assert not seconds.is_between(outage["from_epoch"], outage["to_epoch"] - 1).any()


def test_a_user_id_appears_on_a_browser_only_after_a_login_there(events: pl.DataFrame, dirt: dict[str, Any]) -> None:
    """Nobody is known on a device before logging in on it (D1)."""
    second = pl.col("event_timestamp") // 1_000_000
    lost = dirt["tracking_outage"]["from_epoch"]
    login = pl.col("event_name").is_in(["login", "sign_up"])
    known = events.filter(pl.col("user_id").is_not_null() & (second < lost))
    first = known.group_by("user_pseudo_id", "user_id").agg(
        seen=pl.col("event_timestamp").min(), entered=pl.col("event_timestamp").filter(login).min()
    )
    assert len(first) > 100
    assert (first["seen"] == first["entered"]).all()


def test_later_exports_of_an_order_are_newer_and_keep_its_birth(orders: list[dict[str, Any]]) -> None:
    """A refund or cancellation re-exports the order with a later updated_at (X6)."""
    versions: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for order in orders:
        if order["id"] and order["financial_status"] != "unclear" and order["created_at"] != "yesterday":
            versions[order["id"]][order["updated_at"]] = order
    changed = [list(found.values()) for found in versions.values() if len(found) > 1]
    assert len(changed) > 10
    for before, after in changed:
        assert before["updated_at"] < after["updated_at"]
        assert before["created_at"] == after["created_at"]
        assert not before["refunds"]
        assert after["refunds"] or after["cancelled_at"]


def _table(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def _google(company: Workspace) -> list[list[dict[str, str]]]:
    files = sorted((company.landing / "google_ads" / "ad_daily").iterdir())
    return [_table(file) for file in files if "_copy" not in file.name]


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def test_ad_platforms_restate_spend_and_conversions_of_the_last_28_days_only(company: Workspace) -> None:
    """An older day never changes again (I6); within the window something does."""
    changed, key = 0, ("segments.date", "ad_group_ad.ad.id")
    for before, after in pairwise(_google(company)):
        known = {
            tuple(row[name] for name in key): row for row in before if (_number(row["metrics.cost_micros"]) or 0) >= 0
        }
        last = max(row["segments.date"] for row in before if row["segments.date"])
        for row in after:
            old = known.get(tuple(row[name] for name in key))
            if old and _number(row["metrics.clicks"]) is not None and (_number(row["metrics.cost_micros"]) or 0) >= 0:
                columns = ("metrics.cost_micros", "metrics.conversions")
                if any(_number(old[name]) != _number(row[name]) for name in columns):
                    changed += 1
                    age = dt.date.fromisoformat(last) - dt.date.fromisoformat(row["segments.date"])
                    assert age.days <= 28
    assert changed > 20


def test_paid_clicks_carry_a_campaign_that_the_platform_spends_on(company: Workspace, events: pl.DataFrame) -> None:
    """The web's campaign is the platform's campaign, and the platform counts at least the clicks that landed."""
    landed = events.select(pl.col("collected_traffic_source").struct.unnest())
    google = landed.filter((pl.col("manual_source") == "google") & (pl.col("manual_medium") == "cpc"))
    assert google["gclid"].null_count() == 0
    final = {(row["segments.date"], row["ad_group_ad.ad.id"]): row for rows in _google(company) for row in rows}
    assert set(google["manual_campaign_name"]) <= {row["campaign.name"] for row in final.values()}
    clicks = sum(_number(row["metrics.clicks"]) or 0 for row in final.values())
    assert len(google) <= clicks < 2 * len(google)


@pytest.mark.parametrize("field", ["manual_source", "manual_campaign_name"])
def test_what_the_landing_link_says_is_what_analytics_collected(events: pl.DataFrame, field: str) -> None:
    """Campaign columns repeat the utm parameters of the page's address, and are empty where there are none."""
    from urllib.parse import parse_qs, urlsplit

    name = {"manual_source": "utm_source", "manual_campaign_name": "utm_campaign"}[field]
    rows = events.head(4000).select("event_params", value=pl.col("collected_traffic_source").struct.field(field))
    for row in rows.to_dicts():
        link = next(p["value"]["string_value"] for p in row["event_params"] if p["key"] == "page_location")
        assert parse_qs(urlsplit(link).query).get(name, [None])[0] == row["value"]


def test_exchange_rates_are_missing_for_at_most_seven_days(company: Workspace) -> None:
    """Each gap can be bridged by the last known rate (X4), and there are gaps."""
    days = set()
    for file in (company.landing / "company" / "fx_rates").iterdir():
        for row in _table(file):
            if row["from_currency"] == "USD" and row["date_day"] and (_number(row["rate"]) or 0) > 0:
                days.add(dt.date.fromisoformat(row["date_day"]))
    gaps = [(after - before).days for before, after in pairwise(sorted(days))]
    assert max(gaps) in range(3, 8)


def test_articles_are_read_only_after_publication(company: Workspace, events: pl.DataFrame) -> None:
    """The page paths of the blog are those of WordPress, and no view comes before the article."""
    last = max((company.landing / "wordpress" / "posts").iterdir())
    posts = pl.read_json(last).filter(pl.col("id").is_not_null())
    published = dict(zip(posts["link"], posts["date"], strict=True))
    views = events.filter(pl.col("event_name") == "page_view").select(
        "event_timestamp",
        page=pl.col("event_params")
        .list.eval(
            pl.element()
            .filter(pl.element().struct.field("key") == "page_location")
            .struct.field("value")
            .struct.field("string_value")
        )
        .list.first()
        .str.split("?")
        .list.first(),
    )
    read = views.filter(pl.col("page").str.contains("/blog/")).group_by("page").agg(pl.col("event_timestamp").min())
    assert len(read) > 20
    for page, first in read.iter_rows():
        at = dt.datetime.fromisoformat(published[page] + "+08:00").timestamp()
        assert first / 1e6 > at
