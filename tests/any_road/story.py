"""Two deliveries written so that each reach of each model has something to reach."""

from __future__ import annotations

import company

VISITS = ("page_view", "/", "", "", "", "mobile", "")
DAYS = ["2024-05-30", "2024-06-11"]
# Visitor, user, when, and for whom it is the same day later.
BEFORE = [
    ("next_day", "", "2024-05-31T00:30:00Z"),  # the first hours after the first build's day
    ("last_day", "", "2024-06-11T15:30:00Z"),  # the last hour of the second build's day
    ("two_runs", "", "2024-05-10T10:00:00Z"),
    ("two_runs", "", "2024-05-10T10:40:00Z"),
    ("renamed", "u_renamed", "2024-05-11T10:00:00Z"),
    ("buyer", "", "2024-05-12T10:00:00Z"),
    ("trial", "", "2024-05-12T11:00:00Z"),
    ("touched", "u_touched", "2024-05-13T10:00:00Z"),
    ("late_touch", "u_late", "2024-05-14T10:00:00Z"),
    ("maturing", "", "2024-05-29T10:00:00Z"),
    ("again", "u_again", "2024-04-01T10:00:00Z"),  # known before any order, and too long ago to be a touch
    ("again", "u_again", "2024-05-15T10:00:00Z"),
    ("ripening", "u_ripe", "2024-05-20T10:00:00Z"),  # its windows of return close between the builds
    ("dormant_first", "", "2024-03-02T10:00:00Z"),  # silent for 90 days on the day after the first build's
    ("dormant_last", "", "2024-03-13T10:00:00Z"),  # and on the second build's day
    ("prospect", "u_prospect", "2024-05-17T10:00:00Z"),
]
AFTER = [
    ("two_runs", "", "2024-05-10T10:20:00Z"),
    ("late_touch", "u_late", "2024-05-13T09:00:00Z"),
    ("late_touch", "u_late", "2024-05-14T09:50:00Z"),  # the session of a known order begins earlier
]


def events(visits: list[tuple[str, str, str]], start: int) -> list[tuple[str, ...]]:
    """Page views, numbered from a start."""
    return [(f"e{start + number}", *visit, *VISITS) for number, visit in enumerate(visits)]


def purchase(visitor: str, order: str, at: str, name: str = "") -> tuple[str, ...]:
    """The event that names an order."""
    return (f"p_{name or order}", visitor, "", at, "purchase", "/paid", "", "", "", "mobile", order)


def order(name: str, user: str, at: str, currency: str = "CNY", cancelled: str = "", updated: str = "") -> tuple[str, ...]:
    """One version of an order of the user's only customer."""
    return (name, f"c_{user[2:] or name}", user, at, currency, "4.50", cancelled, updated or at)


def items(orders: list[tuple[str, ...]], gross: str) -> list[tuple[str, ...]]:
    """One line for each order."""
    return [(f"i_{one[0]}", one[0], "sku1", "1", gross) for one in orders]


def first() -> company.Rows:
    """What is there before: some of it counts only later."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = [
        *events(BEFORE, 0),
        purchase("buyer", "bought", "2024-05-12T10:05:00Z"),
        purchase("trial", "trial-1", "2024-05-12T11:05:00Z"),
        purchase("late_touch", "known", "2024-05-14T10:05:00Z"),
        purchase("ripening", "other", "2024-05-20T10:05:00Z", "misnamed"),
    ]
    rows["orders"] = [
        order("known", "u_late", "2024-05-14T10:10:00Z"),
        order("second", "u_again", "2024-05-15T10:10:00Z"),
        order("ripe", "u_ripe", "2024-05-21T10:00:00Z"),
        order("other", "", "2024-05-20T10:10:00Z"),
        order("renamed_by_a_lead", "u_renamed", "2024-05-11T10:10:00Z"),
        order("of_tomorrow", "u_ripe", "2024-05-30T16:30:00Z"),
        order("off_next_week", "u_off", "2024-05-16T10:00:00Z", cancelled="2024-06-05T10:00:00Z"),
        order("dollar", "u_dollar", "2024-05-16T10:00:00Z", "USD"),
        order("dollar_for_nothing", "u_bare", "2024-05-18T10:00:00Z", "USD"),
    ]
    rows["order_items"] = items(rows["orders"][:-1], "10.05")
    rows["payments"] = [
        ("y_known", "known", "2024-05-14T10:11:00Z", "CNY", "10.05"),
        ("y_second", "second", "2024-05-15T10:11:00Z", "CNY", "1.05"),
        ("y_later", "second", "2024-06-05T10:00:00Z", "CNY", "9.00"),
        ("y_unheard_of", "bought", "", "CNY", "20.10"),
        ("y_renamed", "renamed_by_a_lead", "2024-05-11T10:11:00Z", "CNY", "10.05"),
        ("y_dollar", "dollar", "2024-05-17T10:11:00Z", "USD", "10.05"),
        ("y_ripening", "ripe", "2024-05-21T10:11:00Z", "CNY", "10.05"),
    ]
    return rows


def second() -> company.Rows:
    """Late events, orders that events or persons were waiting for, an order before a known one, other versions."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = [*events(AFTER, 100), purchase("ripening", "", "2024-05-20T10:05:00Z", "misnamed")]
    new = [
        order("bought", "u_buyer", "2024-05-12T10:05:00Z"),
        order("trial-1", "", "2024-05-12T11:05:00Z"),
        order("unseen", "u_touched", "2024-05-13T12:00:00Z"),
        order("first", "u_again", "2024-05-05T10:00:00Z"),
    ]
    called_off = order("ripe", "u_ripe", "2024-05-21T10:00:00Z", cancelled="2024-05-22T10:00:00Z", updated="2024-05-22T10:00:00Z")
    rows["orders"] = [*new, called_off]
    rows["order_items"] = [
        *items(new, "20.10"),
        ("i_known_2", "known", "sku2", "2", "3.00"),
        ("i_second", "off_next_week", "sku1", "1", "10.05"),  # a line that was another order's
    ]
    rows["payments"] = [
        ("y_known_2", "known", "2024-05-14T10:12:00Z", "CNY", "3.00"),
        ("y_second", "first", "2024-05-15T10:11:00Z", "CNY", "1.05"),  # a payment that was another order's
    ]
    rows["refunds"] = [("r_known", "known", "2024-05-20T10:00:00Z", "CNY", "2.00")]
    rows["products"] = [("sku1", "2.20", "CNY", "2024-05-01T10:00:00Z")]
    rows["fx_rates"] = [("2024-05-16", "USD", "CNY", "7.10")]
    rows["crm_leads"] = [
        ("l1", "k1", "u_renamed", "2024-05-02T08:00:00Z", "web"),
        ("l2", "k2", "u_prospect", "2024-05-18T08:00:00Z", "web"),
    ]
    return rows


def first_of_kinds() -> company.Rows:
    """Visits, and a deal that is won."""
    at = "2024-05-10T10:00:00Z"
    return {name: [] for name in company.COLUMNS} | {
        "web_events": events([("visitor", "", at), ("buyer", "u_buyer", at), ("client", "u_client", at)], 0),
        "crm_leads": [("l1", "k1", "u_client", at, "web")],
        "crm_deals": [("d1", "l1", at, at, "true", "CNY", "500.50")],
    }


def second_of_kinds() -> company.Rows:
    """The first order, and the only deal is not won after all."""
    at = "2024-05-10T10:00:00Z"
    bought = order("o1", "u_buyer", "2024-05-11T10:00:00Z")
    return {name: [] for name in company.COLUMNS} | {
        "orders": [bought],
        "order_items": items([bought], "10.05"),
        "crm_deals": [("d1", "l1", at, at, "false", "CNY", "500.50")],
    }
