"""Spend, CAC, ROAS and MER of the demo company against its exports, read by hand, and credit summed in Python."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.metrics import Metrics
from opsloop.workspace import Workspace

START, END = dt.date(2025, 2, 10), dt.date(2026, 3, 20)
CNY = "CNY"


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Iterator[Metrics]:
    """The demo company's metrics."""
    client = Metrics.open(demo)
    yield client
    client.close()


def _aside(metrics: Metrics) -> set[tuple[str, int]]:
    rows = metrics.rows("select file, row from workspace.quarantine where stream = 'ad_daily'")
    return {(Path(file).name, row) for file, row in rows.iter_rows()}


def _lines(demo: Workspace, platform: str, aside: set[tuple[str, int]]) -> Iterator[dict[str, str]]:
    """Good rows of a platform's exports, in the order of their files."""
    encoding = "gb18030" if platform == "ocean_engine" else "utf-8-sig"
    for file in sorted((demo.landing / platform / "ad_daily").iterdir()):
        text = file.read_bytes().decode(encoding)
        if file.suffix == ".jsonl":
            lines = [line for number, line in enumerate(text.splitlines(), 1) if (file.name, number) not in aside]
            yield from map(json.loads, lines)
        else:
            rows = enumerate(csv.DictReader(io.StringIO(text)), start=1)
            yield from (row for number, row in rows if (file.name, number) not in aside)


def _spend(demo: Workspace, aside: set[tuple[str, int]]) -> list[tuple[str, str, Decimal]]:
    """Day, currency and cost of each ad's newest version; Meta says itself which is newest."""
    google = {
        (row["segments.date"], row["ad_group_ad.ad.id"]): (
            row["customer.currency_code"],
            Decimal(row["metrics.cost_micros"]) / 1_000_000,
        )
        for row in _lines(demo, "google_ads", aside)
    }
    ocean = {(row["日期"], row["广告ID"]): (CNY, Decimal(row["消耗"])) for row in _lines(demo, "ocean_engine", aside)}
    meta: dict[tuple[str, str], tuple[str, str, Decimal]] = {}
    for row in _lines(demo, "meta_ads", aside):
        key = row["date_start"], row["ad_id"]
        if key not in meta or row["updated_time"] >= meta[key][0]:
            meta[key] = row["updated_time"], row["account_currency"], Decimal(row["spend"])
    found = [(day, *value) for (day, _), value in (google | ocean).items()]
    return found + [(day, currency, amount) for (day, _), (_, currency, amount) in meta.items()]


def _rates(metrics: Metrics, demo: Workspace) -> dict[tuple[str, dt.date], Decimal]:
    import duckdb

    with duckdb.connect(str(demo.work_db), read_only=True) as con:
        rows = con.execute(
            "select from_currency, date_day, rate from landing_company.fx_rates where to_currency = 'CNY'"
        ).fetchall()
    return {(currency, day): Decimal(str(rate)) for currency, day, rate in rows}


def test_spend_of_each_month_is_what_the_platforms_exports_say(demo: Workspace, metrics: Metrics) -> None:
    """X2, X4: newest versions only, rows set aside left out, each day at the last rate of its week."""
    rates = _rates(metrics, demo)
    months: dict[dt.date, Decimal] = defaultdict(Decimal)
    for text, currency, amount in _spend(demo, _aside(metrics)):
        day = dt.date.fromisoformat(text)
        known = (rates.get((currency, day - dt.timedelta(days=age))) for age in range(8))
        rate = Decimal(1) if currency == CNY else next((rate for rate in known if rate is not None), None)
        if rate is not None and START <= day <= END:
            months[day.replace(day=1)] += amount * rate
    found = metrics.query(["ad_spend"], grain="month", start=START, end=END)
    assert dict(found.iter_rows()) == pytest.approx({month: float(spend) for month, spend in months.items()}, rel=1e-8)


def test_windows_of_return_and_cost_follow_from_credit_and_days_between(metrics: Metrics) -> None:
    """A1, A2: ROAS and CAC of every window and model, summed in Python from credits, orders and spend."""
    credits = metrics.rows(
        "select attribution_model, conversion_id, conversion_date - touch_date as wait, channel, channel_class,"
        " attributed_conversions, attributed_revenue from marts.fct_attribution"
        " where conversion_kind = 'order' and touch_date between ? and ?",
        [START, END],
    ).rows(named=True)
    first = set(metrics.rows("select order_id from marts.fct_orders where order_number = 1")["order_id"])
    spend = metrics.value("ad_spend", START, END)
    assert spend
    found = metrics.query(
        ["return_on_ad_spend", "customer_acquisition_cost", "customer_acquisition_cost_paid"],
        by=["attribution_model", "conversion_window"],
        start=START,
        end=END,
    )
    assert set(found["conversion_window"]) == {"1", "3", "7", "14", "30", "60", "90", "all"}
    for model, window, roas, cac, paid_cac in found.iter_rows():
        kept = [
            one
            for one in credits
            if one["attribution_model"] == model
            and (window == "all" or one["channel"] == "unattributed" or one["wait"] <= int(window))
        ]
        paid = [one for one in kept if one["channel_class"] == "paid"]
        new = sum(one["attributed_conversions"] for one in kept if one["conversion_id"] in first)
        new_paid = sum(one["attributed_conversions"] for one in paid if one["conversion_id"] in first)
        assert roas == pytest.approx(float(sum(one["attributed_revenue"] for one in paid)) / spend)
        assert (cac, paid_cac) == (pytest.approx(spend / float(new)), pytest.approx(spend / float(new_paid)))


def test_efficiency_is_on_cash_and_return_on_accrual(metrics: Metrics) -> None:
    """A2: MER takes the orders of the days, ROAS the touches of the days; a border between them tells both apart."""
    day_asked = dt.date(2025, 11, 11)
    span = (day_asked, day_asked)
    gross, spend = metrics.value("revenue_gross", *span), metrics.value("ad_spend", *span)
    assert gross
    assert spend
    assert metrics.value("marketing_efficiency_ratio", *span) == pytest.approx(gross / spend)
    for name, day in (("attributed_revenue", "conversion_date"), ("attributed_revenue_accrual", "touch_date")):
        sql = (
            f"select sum(attributed_revenue) from marts.fct_attribution where attribution_model = 'first' and {day} = ?"
        )
        expected = metrics.rows(sql + " and conversion_kind = 'order'", [day_asked]).item()
        value = metrics.value(name, *span, where="attribution_model = 'first'")
        assert value == pytest.approx(float(expected))
    assert metrics.value("attributed_revenue", *span, where="attribution_model = 'first'") != pytest.approx(
        metrics.value("attributed_revenue_accrual", *span, where="attribution_model = 'first'")
    )


def test_spend_over_channels_and_campaigns_is_the_spend_landed(metrics: Metrics) -> None:
    """X2, A4: whatever it is split by, with what matches nothing; the checks that say so run on every build."""
    whole = metrics.exact(["ad_spend"])["ad_spend"].item()
    for by in ("channel", "campaign", "platform", "currency"):
        assert metrics.exact(["ad_spend"], by=[by])["ad_spend"].sum() == whole
    assert metrics.rows("select sum(spend) from marts.fct_campaigns_daily").item() == whole
    balanced = dict(
        metrics.rows("select check_name, bool_and(is_balanced) from marts.fct_reconciliation group by 1").rows()
    )
    for check in ("spend_landed", "spend_by_channel", "spend_by_campaign", "spend_of_cohorts", "revenue_by_touch_day"):
        assert balanced[check] is True


def test_a_later_day_than_all_arrivals_changes_nothing_and_an_earlier_one_knows_nothing(metrics: Metrics) -> None:
    """X6: the demo lands at once, so as known before is nothing and as known ever after is all."""
    names = ["ad_spend", "orders", "revenue_net", "new_customers", "deals_won", "items_sold"]
    now = metrics.exact(names, grain="month", start=START, end=END)
    assert metrics.exact(names, grain="month", start=START, end=END, as_of=dt.date(2100, 1, 1)).equals(now)
    before = metrics.query(names, as_of=dt.date(2026, 6, 30))
    assert [value for row in before.rows() for value in row if value] == []
    assert metrics.knew_nothing(dt.date(2026, 6, 30)) is not None
    assert metrics.knew_nothing(dt.date(2100, 1, 1)) is None
