"""Two deliveries written so that each reach of each model has something to reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import company

DAYS = ["2024-05-30T12:00:00Z", "2024-06-11"]  # the first build sees a part of its day
# Visitor, user, when, and for whom it is the same day later.
BEFORE = [
    ("next_day", "", "2024-05-31T00:30:00Z"),  # the first hours after the first build's day
    ("last_day", "", "2024-06-11T15:30:00Z"),  # the last hour of the second build's day
    ("two_runs", "", "2024-05-10T10:00:00Z"),
    ("two_runs", "", "2024-05-10T10:40:00Z"),
    ("renamed", "u_renamed", "2024-05-11T10:00:00Z"),
    ("buyer", "", "2024-05-10T10:00:00Z"),
    ("trial", "", "2024-05-12T11:00:00Z"),
    ("touched", "u_touched", "2024-05-13T10:00:00Z"),
    ("late_touch", "u_late", "2024-05-14T10:00:00Z"),
    ("late_source", "u_source", "2024-05-14T11:00:00Z"),
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
]


def view(name: str, visitor: str, user: str, at: str, source: str = "") -> tuple[str, ...]:
    """A page view."""
    return (name, visitor, user, at, "page_view", "/", source, "", "", "mobile", "")


def events(visits: list[tuple[str, str, str]], start: int) -> list[tuple[str, ...]]:
    """Page views, numbered from a start."""
    return [view(f"e{start + number}", *visit) for number, visit in enumerate(visits)]


def purchase(visitor: str, order: str, at: str, user: str = "") -> tuple[str, ...]:
    """The event that names an order."""
    return (f"p_{order}", visitor, user, at, "purchase", "/paid", "", "", "", "mobile", order)


@dataclass(frozen=True, slots=True)
class Order:
    """One version of an order."""

    name: str
    at: str
    user: str = ""
    customer: str | None = None
    email: str = ""
    phone: str = ""
    currency: str = "CNY"
    cancelled: str = ""
    updated: str = ""

    def row(self) -> tuple[str, ...]:
        """Its row in the shop's file; where no customer is named it has one of its own."""
        customer = f"c_{self.name}" if self.customer is None else self.customer
        who = (customer, self.user, self.email, self.phone)
        return (self.name, *who, self.at, self.currency, "4.50", self.cancelled, self.updated or self.at)


def items(orders: list[Order], gross: str, product: str = "sku1") -> list[tuple[str, ...]]:
    """One line for each order."""
    return [(f"i_{one.name}", one.name, product, "1", gross) for one in orders]


FIRST_ORDERS = [
    Order("known", "2024-05-14T10:10:00Z", "u_late"),
    Order("second", "2024-05-15T10:10:00Z", "u_again"),
    Order("ripe", "2024-05-21T10:00:00Z", "u_ripe"),
    Order("misnamed", "2024-05-19T10:10:00Z"),
    Order("of_a_late_source", "2024-05-14T11:10:00Z", "u_source"),
    Order("renamed_by_a_lead", "2024-05-11T10:10:00Z", "u_renamed", customer=""),
    Order("of_tomorrow", "2024-05-30T16:30:00Z"),
    Order("settling", "2024-04-05T10:00:00Z"),  # it settles between the builds
    Order("rescheduled", "2024-05-30T14:00:00Z", updated="2024-05-01T10:00:00Z"),  # to later on the first build's day
    Order("paid_later", "2024-05-10T10:30:00Z"),
    Order("off_next_week", "2024-05-16T10:00:00Z", cancelled="2024-06-05T10:00:00Z"),
    Order("off_later", "2024-05-10T10:00:00Z"),
    Order("dollar", "2024-05-16T10:00:00Z", currency="USD"),
    Order("gains_a_line", "2024-05-10T11:00:00Z"),
    Order("gains_a_payment", "2024-05-10T12:00:00Z"),
    Order("gains_a_refund", "2024-05-10T13:00:00Z"),
    Order("loses_a_line", "2024-05-10T14:00:00Z"),
    Order("loses_a_payment", "2024-05-10T15:00:00Z"),
    Order("mailed", "2024-05-10T16:00:00Z", customer="", email="one@example.com"),
    Order("phoned", "2024-05-10T17:00:00Z", customer="", phone="+8613800000001"),
    Order("by_customer", "2024-05-10T18:00:00Z", customer="c_kept"),
    Order("recategorised", "2024-05-10T19:30:00Z"),
    Order("of_known_cost", "2024-05-10T19:00:00Z"),
]
BARE = Order("dollar_for_nothing", "2024-05-16T11:00:00Z", currency="USD")  # no line: only its shipping has a rate
NEW_ORDERS = [
    Order("bought", "2024-05-10T10:05:00Z", "u_buyer"),
    Order("of_nobody", "2024-05-10T10:06:00Z", customer=""),
    Order("trial-1", "2024-05-12T11:05:00Z"),
    Order("unseen", "2024-05-13T12:00:00Z", "u_touched"),
    Order("first", "2024-05-05T10:00:00Z", "u_again"),
    Order("mailed_before", "2024-05-02T16:00:00Z", "u_mailed", email="one@example.com"),
    Order("phoned_before", "2024-05-02T17:00:00Z", "u_phoned", phone="+8613800000001"),
    Order("by_customer_before", "2024-05-02T18:00:00Z", "u_kept", customer="c_kept"),
]
OFF_LATER = next(one for one in FIRST_ORDERS if one.name == "off_later")
RESCHEDULED = Order("rescheduled", "2024-06-20T10:00:00Z", updated="2024-05-02T10:00:00Z")
CALLED_OFF = replace(OFF_LATER, cancelled="2024-05-22T10:00:00Z", updated="2024-05-22T10:00:00Z")


def first() -> company.Rows:
    """What is there before: some of it counts only later, some waits for what it belongs to."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = [
        *events(BEFORE, 0),
        view("robot_of_tomorrow", "robot", "", "2024-05-31T01:00:00Z", "crawler"),
        view("robots_first", "late_robot", "u_robot", "2024-05-12T12:00:00Z"),
        purchase("buyer", "bought", "2024-05-10T10:05:00Z"),
        purchase("late_source", "of_a_late_source", "2024-05-14T11:05:00Z"),
        purchase("trial", "trial-1", "2024-05-12T11:05:00Z", "u_trial"),
        purchase("late_touch", "known", "2024-05-14T10:05:00Z"),
        purchase("misnaming", "misnamed", "2024-05-19T10:05:00Z"),
    ]
    rows["orders"] = [one.row() for one in [*FIRST_ORDERS, BARE]]
    rows["order_items"] = [*items(FIRST_ORDERS[:-2], "10.05"), *items(FIRST_ORDERS[-1:], "5.05", "sku2")]
    rows["order_items"] += items(FIRST_ORDERS[-2:-1], "6.05", "sku3")
    rows["order_items"] += [*items(NEW_ORDERS[:1], "20.10"), ("i_lost", "loses_a_line", "sku1", "1", "1.05")]
    rows["payments"] = [
        ("y_lost", "loses_a_payment", "2024-05-15T10:11:00Z", "CNY", "1.05"),
        ("y_first", "gains_a_line", "2024-05-30T10:00:00Z", "CNY", "1.00"),
        ("y_later", "paid_later", "2024-05-30T13:00:00Z", "CNY", "9.00"),
        ("y_unheard_of", "bought", "", "CNY", "20.10"),
        ("y_renamed", "renamed_by_a_lead", "2024-05-11T10:11:00Z", "CNY", "10.05"),
        ("y_dollar", "dollar", "2024-05-17T10:11:00Z", "USD", "10.05"),
        ("y_settling", "settling", "2024-04-05T10:11:00Z", "CNY", "10.05"),
    ]
    rows["products"] = [
        ("sku2", "tea", "1.20", "CNY", "2024-05-01T10:00:00Z"),
        ("sku3", "tea", "1.20", "CNY", "2024-05-01T10:00:00Z"),
    ]
    return rows


def second() -> company.Rows:
    """Late events, orders that events or persons were waiting for, an order before a known one, other versions."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = [
        *events(AFTER, 100),
        view("late_source", "late_source", "u_source", "2024-05-14T10:50:00Z", "google"),
        view("robots_first", "late_robot", "u_robot", "2024-05-12T12:00:00Z", "crawler"),
        ("p_misnamed", *purchase("misnaming", "", "2024-05-19T10:05:00Z")[1:]),
    ]
    rows["orders"] = [one.row() for one in [*NEW_ORDERS, CALLED_OFF, RESCHEDULED]]
    rows["order_items"] = [
        *items(NEW_ORDERS[1:], "20.10"),
        ("i_gained", "gains_a_line", "sku1", "2", "3.00"),
        ("i_lost", "first", "sku1", "1", "1.05"),
    ]
    rows["payments"] = [
        ("y_gained", "gains_a_payment", "2024-05-14T10:12:00Z", "CNY", "3.00"),
        ("y_lost", "first", "2024-05-15T10:11:00Z", "CNY", "1.05"),
    ]
    rows["refunds"] = [("r_gained", "gains_a_refund", "2024-05-20T10:00:00Z", "CNY", "2.00")]
    rows["products"] = [
        ("sku2", "tea", "2.20", "CNY", "2024-05-02T10:00:00Z"),
        ("sku3", "ware", "1.20", "CNY", "2024-05-02T10:00:00Z"),
    ]
    rows["fx_rates"] = [("2024-05-16", "USD", "CNY", "7.10")]
    rows["crm_leads"] = [
        ("l1", "k1", "u_renamed", "2024-05-02T08:00:00Z", "web"),
        ("l3", "k3", "u_kept", "2024-05-01T08:00:00Z", "web"),
        ("l2", "k2", "u_prospect", "2024-05-18T08:00:00Z", "web"),
    ]
    return rows


LONG_AGO = "2024-03-10T10:00:00Z"
OF_A_KIND = Order("o1", "2024-03-11T10:00:00Z", "u_buyer")


def visits_and_a_deal() -> company.Rows:
    """Visits long ago, and a deal that is won."""
    visitors = [("visitor", "", LONG_AGO), ("buyer", "u_buyer", LONG_AGO), ("client", "u_client", LONG_AGO)]
    return {name: [] for name in company.COLUMNS} | {
        "web_events": events(visitors, 0),
        "crm_leads": [("l1", "k1", "u_client", LONG_AGO, "web")],
        "crm_deals": [("d1", "l1", LONG_AGO, LONG_AGO, "true", "CNY", "500.50")],
    }


def an_order() -> company.Rows:
    """The first order there is."""
    return {name: [] for name in company.COLUMNS} | {
        "orders": [OF_A_KIND.row()],
        "order_items": items([OF_A_KIND], "10.05"),
    }


def visits_a_deal_and_an_order() -> company.Rows:
    """Conversions of two kinds."""
    return visits_and_a_deal() | {name: rows for name, rows in an_order().items() if rows}


def the_deal_is_lost() -> company.Rows:
    """The only deal is not won after all."""
    lost = ("d1", "l1", LONG_AGO, LONG_AGO, "false", "CNY", "500.50")
    return {name: [] for name in company.COLUMNS} | {"crm_deals": [lost]}


# What arrives first, and what then.
STORIES = (
    (first, second),
    (visits_and_a_deal, an_order),
    (visits_a_deal_and_an_order, the_deal_is_lost),
)
