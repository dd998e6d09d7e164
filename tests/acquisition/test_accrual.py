"""Revenue and new customers by the day of the touch, within windows; campaigns with one side; cohorts' payback."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from acquisition_sql import Tables
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

TODAY = dt.date(2026, 6, 30)
FIRST = dt.date(2026, 1, 1)
# Every example builds a model; making a failing one smaller would take minutes.
QUICK = (Phase.explicit, Phase.generate)
WINDOWS = (1, 3, 7, 14, 30, 60, 90)
CREDITS = {
    "conversion_id": "varchar",
    "conversion_kind": "varchar",
    "attribution_model": "varchar",
    "touch_date": "date",
    "conversion_date": "date",
    "channel": "varchar",
    "channel_class": "varchar",
    "campaign": "varchar",
    "source": "varchar",
    "medium": "varchar",
    "attributed_conversions": "decimal(38, 6)",
    "attributed_revenue": "decimal(38, 6)",
}
# days from the first day to the touch, days from the touch to the order, channel, is it a first order, revenue in cents
DRAWN = st.tuples(
    st.integers(0, 40),
    st.integers(0, 95),
    st.sampled_from(["email", "paid_search", "unattributed"]),
    st.booleans(),
    st.integers(-500, 9999),
)


def _accrual(orders: list[tuple[int, int, str, bool, int]]) -> Tables:
    tables = Tables(TODAY)
    rows: list[tuple[Any, ...]] = []
    for n, (start, wait, channel, _, cents) in enumerate(orders):
        touch = FIRST + dt.timedelta(days=start)
        bought = touch + dt.timedelta(days=0 if channel == "unattributed" else wait)
        rows.append((f"o{n}", "order", "last", touch, bought, channel, None, None, None, None, 1, Decimal(cents) / 100))
    rows.append(("d", "deal", "last", FIRST, FIRST, "email", None, None, None, None, 1, 10_000))
    tables.give("fct_attribution", CREDITS, rows)
    tables.give(
        "fct_orders",
        {"order_id": "varchar", "is_first_order": "boolean"},
        [(f"o{n}", order[3]) for n, order in enumerate(orders)],
    )
    tables.build("fct_accrual_daily")
    return tables


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(st.lists(DRAWN, max_size=8))
def test_a_window_holds_what_was_ordered_at_most_so_many_days_after_the_touch(
    orders: list[tuple[int, int, str, bool, int]],
) -> None:
    """A2: all seven windows and the look-back whole, by the touch's day; deals are no orders."""
    found = {
        (day, window, channel): (conversions, new, revenue)
        for day, window, channel, conversions, new, revenue in _accrual(orders).rows(
            "select date_day, conversion_window, channel, conversions, new_customers, revenue from fct_accrual_daily"
        )
    }
    expected: dict[tuple[dt.date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for start, wait, channel, is_first, cents in orders:
        reached = [str(n) for n in WINDOWS if channel == "unattributed" or wait <= n]
        for window in (*reached, "all"):
            sums = expected[FIRST + dt.timedelta(days=start), window, channel]
            expected[FIRST + dt.timedelta(days=start), window, channel] = [
                sums[0] + 1,
                sums[1] + is_first,
                sums[2] + Decimal(cents) / 100,
            ]
    assert {key: list(values) for key, values in found.items()} == dict(expected)


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(st.lists(DRAWN, max_size=8))
def test_the_look_back_whole_gives_on_accrual_what_there_is_on_cash(
    orders: list[tuple[int, int, str, bool, int]],
) -> None:
    """A1, A2, X2: summed over all days, credit by the touch's day is the orders, their first ones and their revenue."""
    ((conversions, new, revenue),) = _accrual(orders).rows(
        "select coalesce(sum(conversions), 0), coalesce(sum(new_customers), 0), coalesce(sum(revenue), 0)"
        " from fct_accrual_daily where conversion_window = 'all'"
    )
    assert conversions == len(orders)
    assert new == sum(order[3] for order in orders)
    assert revenue == Decimal(sum(order[4] for order in orders)) / 100


ADS = {
    "date_day": "date",
    "platform": "varchar",
    "source": "varchar",
    "medium": "varchar",
    "campaign": "varchar",
    "channel": "varchar",
    "spend": "decimal(38, 6)",
    "clicks": "bigint",
    "is_fx_missing": "boolean",
}
SESSIONS = {
    "session_date": "date",
    "source": "varchar",
    "medium": "varchar",
    "campaign": "varchar",
    "channel": "varchar",
    "channel_class": "varchar",
}
NAMES = st.sampled_from([None, "brand", "shoes", "typo"])


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(st.lists(st.tuples(st.integers(0, 2), NAMES, st.integers(0, 999)), max_size=8), st.lists(NAMES, max_size=6))
def test_no_spend_is_lost_where_campaigns_and_visits_do_not_meet(
    ads: list[tuple[int, str | None, int]], visits: list[str | None]
) -> None:
    """A4, X2: every unit of spend and every paid visit stays, and a campaign with one side says so."""
    tables = Tables(TODAY)
    rows = [
        (FIRST + dt.timedelta(days=d), "p", "google", "cpc", name, "paid_search", s, 1, False) for d, name, s in ads
    ]
    tables.give("fct_ad_performance_daily", ADS, rows)
    seen = [(FIRST, "google", "cpc", name, "paid_search", "paid") for name in visits]
    tables.give("fct_sessions", SESSIONS, [*seen, (FIRST, "x", "email", "june", "email", "owned")])
    tables.build("fct_campaigns_daily")
    ((spend, sessions),) = tables.rows(
        "select coalesce(sum(spend), 0), coalesce(sum(sessions), 0) from fct_campaigns_daily"
    )
    assert (spend, sessions) == (sum(one[2] for one in ads), len(visits))
    bought, visited = {name or "unallocated" for _, name, _ in ads}, set(visits) - {None}
    lonely = set(tables.rows("select distinct campaign, match from fct_campaigns_daily where match <> 'matched'"))
    expected: set[tuple[str | None, str]] = {(name, "spend_without_visits") for name in bought - visited}
    expected |= {(name, "visits_without_spend") for name in visited - bought}
    expected |= {(None, "visits_without_spend")} if None in visits else set()
    assert lonely == expected


def test_payback_is_the_first_month_whose_margin_reaches_the_spend_and_predicted_only_within_the_horizon() -> None:
    """A3: realised and predicted apart, by cohort and channel; a channel that cost and won nobody stays."""
    tables = Tables(dt.date(2026, 4, 10))
    tables.give(
        "dim_customers",
        {
            "person_id": "varchar",
            "cohort": "varchar",
            "acquisition_channel": "varchar",
            "revenue_net": "decimal(38, 6)",
            "gross_margin": "decimal(38, 6)",
            "ltv_expected": "double",
        },
        [
            ("p", "2026-01", "paid", 100, 60, 30.0),
            ("r", "2026-02", "paid", 40, 20, 30.0),
            ("s", "2026-03", "paid", 40, 20, 30.0),
        ],
    )
    tables.give(
        "fct_acquisition_daily",
        {"date_day": "date", "channel": "varchar", "spend": "decimal(38, 6)", "non_media_cost": "decimal(38, 6)"},
        [(dt.date(2026, month, 9), "paid", spend, 5) for month, spend in ((1, 50), (2, 30), (3, 90))]
        + [(dt.date(2026, 1, 9), "lonely", 8, 0)],
    )
    tables.give(
        "fct_orders",
        {"person_id": "varchar", "order_date": "date", "gross_margin": "decimal(38, 6)"},
        [("p", "2026-01-05", 20), ("p", "2026-03-05", 40), ("r", "2026-02-05", 20), ("s", "2026-03-05", 20)],
    )
    tables.build("fct_cohort_economics")
    found = tables.rows(
        "select cohort, channel, customers, acquisition_spend, acquisition_cost, payback_months,"
        " payback_months_predicted from fct_cohort_economics order by cohort, channel"
    )
    # February lacks 10 of the 30 expected over 90 days: a month after April, its third. March never gets there.
    assert found == [
        ("2026-01", "lonely", 0, 8, 8, None, None),
        ("2026-01", "paid", 1, 50, 55, 2, 2),
        ("2026-02", "paid", 1, 30, 35, None, 3),
        ("2026-03", "paid", 1, 90, 95, None, None),
    ]
