"""Whom do we reach in the private domain, who answers, who leaves, and what does it sell?"""

from __future__ import annotations

from dashboards.components import charts
from dashboards.components.answers import answer, came
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import group, heading
from dashboards.components.panels import panel, row, table_panel

CONTACTS = ("private_contacts_new", "private_contacts_lost", "private_reply_rate", "first_reply_minutes")
EMPLOYEES = (
    "private_contacts_new",
    "private_contacts_lost",
    "private_applications",
    "private_chats",
    "private_reply_rate",
    "first_reply_minutes",
    "private_messages",
)
MESSAGES = ("messages_sent", "message_open_rate", "message_click_rate", "unsubscribe_rate", "coupon_redemptions")
ORDERS = ("orders", "revenue_net", "sessions", "conversion_rate")

desk = get_desk()
private, mailed = desk.narrowed(channel_class="private"), desk.narrowed(channel="email")
groups = {
    "contacts": (desk, measure(desk, CONTACTS)),
    "orders": (private, measure(private, ORDERS) if desk.has("web", "private") else {}),
    "messages": (desk, measure(desk, MESSAGES)),
    "mailed": (mailed, measure(mailed, ORDERS) if desk.has("web", "messages") else {}),
}
brought = came(desk, "private.through", groups["orders"][1])
heading(desk, "private_domain", answer(desk, groups["contacts"][1] | groups["messages"][1]), brought)
for name, (asker, figures) in groups.items():
    if any(not figure.is_silent for figure in figures.values()):
        group(desk.t(f"private.{name}_figures"))
        show_figures(asker, list(figures.values()))

absent = missing(desk, "private", "messages")
if "private" not in absent:
    weekly = desk.frame(
        ["private_contacts_new", "private_contacts_lost", "private_contacts_net"], grain=desk.view.grain
    )
    employees = desk.frame(desk.by(EMPLOYEES, "employee"), by=["employee"])
    left, right = row(desk, 2, 3)
    with left:
        panel(
            desk,
            "private_contacts",
            charts.trend(desk, weekly, "private_contacts_net"),
            weekly,
            title=desk.titled("private.contacts", "private_contacts_net"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "employees", desk.top(employees, "private_contacts_new"), title=desk.t("private.employees"))
    if private.by(("orders",), "channel") and (private.totals(["orders"])["orders"] or 0) > 0:
        orders = private.frame(["orders", "revenue_net"], grain=desk.view.grain)
        campaigns = private.frame(
            private.by(("sessions", "conversion_rate", "orders", "revenue_gross"), "campaign"), by=["campaign"]
        )
        left, right = row(desk, 1, 1)
        with left:
            panel(
                desk,
                "private_orders",
                charts.trend(private, orders, "orders"),
                orders,
                title=desk.titled("private.orders", "orders"),
                note=desk.t("chart.note"),
            )
        with right:
            table_panel(desk, "private_campaigns", desk.top(campaigns, "sessions"), title=desk.t("private.campaigns"))
if "messages" not in absent:
    kinds = desk.frame(["messages_sent"], by=["message_kind"], grain=desk.view.grain)
    mailings = desk.frame(
        ["messages_sent", "messages_delivered", "message_open_rate", "message_click_rate", "unsubscribe_rate"],
        by=["campaign"],
    )
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "messages_by_kind",
            charts.stacked(desk, kinds, "messages_sent", "message_kind"),
            kinds,
            title=desk.titled("private.messages", "messages_sent"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "mailings", desk.top(mailings, "messages_sent"), title=desk.t("private.mailings"))
