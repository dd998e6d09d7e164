"""Revenue cohorts by first order against a walk through each customer's orders."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from model_sql import Tables

LAST = dt.date(2026, 6, 30)
ORDER = st.tuples(
    st.sampled_from("pqrs"),
    st.integers(0, 170),
    st.sampled_from(("email", "paid_search")),
    st.sampled_from(("tea", "cups", None)),
    # Net of refunds; what was paid back is more than the order brought where a fee was charged.
    st.integers(-20, 200),
    st.none() | st.integers(-40, 90),
)
ORDERS = {
    "source_name": "varchar",
    "order_id": "varchar",
    "person_id": "varchar",
    "order_date": "date",
    "cohort": "varchar",
    "is_first_order": "boolean",
    "channel": "varchar",
    "channel_class": "varchar",
    "revenue_net": "decimal(38, 6)",
    "gross_margin": "decimal(38, 6)",
}
ITEMS = {
    "source_name": "varchar",
    "order_id": "varchar",
    "order_item_id": "varchar",
    "product_category": "varchar",
    "revenue_gross": "decimal(38, 6)",
}
Drawn = tuple[str, int, str, str | None, int, int | None]


def _tables(orders: list[Drawn]) -> Tables:
    firsts = {order[0]: order for order in reversed(orders)}
    rows, items = [], []
    for n, (person, day, channel, category, net, margin) in enumerate(orders):
        at = dt.date(2026, 1, 1) + dt.timedelta(day)
        month = f"{dt.date(2026, 1, 1) + dt.timedelta(firsts[person][1]):%Y-%m}"
        is_first = firsts[person] is orders[n]
        rows.append(("shop", f"o{n}", person, at, month, is_first, channel, "owned", net, margin))
        items += [
            ("shop", f"o{n}", "b", "small", 1),
            ("shop", f"o{n}", "a", category, 100),
            ("shop", f"o{n}", "c", "x", 100),
        ]
    tables = Tables(LAST)
    tables.give("fct_orders", ORDERS, rows)
    tables.give("fct_order_items", ITEMS, items)
    tables.build("fct_cohort_revenue_by_first_order")
    return tables


def test_a_customer_brings_to_the_channel_and_product_of_the_first_order() -> None:
    """R7: a later order through another channel adds to where the customer came from, month upon month."""
    tables = _tables([("p", 5, "email", "tea", 100, 40), ("p", 70, "paid_search", "cups", 30, None)])
    columns = "channel, first_product_category, month_index, cumulative_revenue_net, cumulative_margin"
    found = tables.rows(f"select {columns} from fct_cohort_revenue_by_first_order order by month_index")
    assert found == [("email", "tea", n, 100 if n < 2 else 130, 40) for n in range(6)]


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(ORDER, max_size=10))
def test_cohorts_by_first_order_are_those_of_each_customer_and_sum_to_the_whole(drawn: list[Drawn]) -> None:
    """R7, X2: by month, channel and first product; revenue and margin add up month by month, refunds in the order."""
    orders = sorted(drawn, key=lambda order: order[1])
    tables = _tables(orders)
    firsts = {order[0]: order for order in reversed(orders)}
    revenue: Counter[tuple[str, str, str, int]] = Counter()
    for person, day, _, _, net, _ in orders:
        first, month = dt.date(2026, 1, 1) + dt.timedelta(firsts[person][1]), dt.date(2026, 1, 1) + dt.timedelta(day)
        for index in range(month.month - first.month, LAST.month - first.month + 1):
            revenue[f"{first:%Y-%m}", firsts[person][2], firsts[person][3] or "unknown", index] += net
    found = tables.rows(
        "select cohort, channel, first_product_category, month_index, cumulative_revenue_net"
        " from fct_cohort_revenue_by_first_order"
    )
    assert {row[:4]: row[4] for row in found if row[4]} == {k: Decimal(v) for k, v in revenue.items() if v}
    at_last = "where month_index = 6 - cast(right(cohort, 2) as integer)"
    sums = "sum(customers), sum(cumulative_revenue_net), sum(cumulative_margin)"
    margins = [order[5] for order in orders if order[5] is not None]
    assert tables.rows(f"select {sums} from fct_cohort_revenue_by_first_order {at_last}") == [
        (len(firsts) or None, sum(o[4] for o in orders) if orders else None, sum(margins) if margins else None)
    ]
