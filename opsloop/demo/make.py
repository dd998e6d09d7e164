"""Making the demo company's exports: one run, whole and the same for the same seed, size and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from opsloop.demo.ads import write_ads
from opsloop.demo.content import write_content
from opsloop.demo.crm import draw_contacts, write_contacts, write_deals
from opsloop.demo.finance import write_company
from opsloop.demo.ga4 import Site, write_events
from opsloop.demo.mentions import draw_mentions, write_mentions
from opsloop.demo.messages import draw_messages, write_contact_days, write_messages
from opsloop.demo.plan import FULL_EVENTS, SMALL_EVENTS, Plan, months_before
from opsloop.demo.search import write_search
from opsloop.demo.shop import write_orders, write_products
from opsloop.demo.social import draw_posts, write_posts
from opsloop.demo.surveys import draw_answers, write_answers
from opsloop.demo.world import World, simulate
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What a demo run wrote."""

    start: dt.date
    until: dt.date
    files: int
    events: int
    orders: int
    customers: int
    truth: Path


def make_demo(
    ws: Workspace,
    *,
    size: Literal["small", "full"] = "small",
    events: int | None = None,
    months: int = 26,
    until: dt.date | None = None,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> DemoReport:
    """Write every export into the drop folder and the truth beside it; raises OpsloopError for an unusable size."""
    say = progress or (lambda message: None)
    last = until or ws.as_of_date - dt.timedelta(days=0 if ws.settings.as_of else 1)
    wanted = events or (SMALL_EVENTS if size == "small" else FULL_EVENTS)
    if months < 2 or wanted < 5000:
        raise OpsloopError(
            f"demo: {months} months with {wanted} events are too few: ask for 2 months and 5000 events or more"
        )
    plan = Plan(months_before(last + dt.timedelta(days=1), months), last, wanted, seed)
    say(f"people, visits and orders from {plan.start} to {plan.until}")
    world = simulate(plan)
    say("web events")
    total, files = write_events(plan, site_of(world), world.sessions, ws.landing / "ga4" / "events")
    files += _write_others(plan, world, ws.landing, say)
    return DemoReport(
        plan.start, plan.until, len(files), total, len(world.orders), len(world.customers.person), ws.root / "truth"
    )


def _write_others(plan: Plan, world: World, landing: Path, say: Callable[[str], None]) -> list[str]:
    """Write every export but the web events and return the files' names."""
    say("shop, ads and search")
    files = write_orders(plan, world.orders, world.items, landing / "shopify" / "orders")
    files += write_products(plan, landing / "shopify" / "products")
    files += write_ads(plan, world, landing)
    files += write_search(plan, world, landing / "search_console" / "search_performance")
    say("customers, messages and social networks")
    contacts = draw_contacts(plan, world)
    files += write_contacts(plan, contacts, landing / "hubspot" / "contacts")
    files += write_deals(plan, contacts, landing / "hubspot" / "deals")
    files += write_messages(plan, draw_messages(plan, world), landing / "mailchimp" / "messages")
    files += write_contact_days(plan, world, landing / "wecom" / "contact_daily")
    files += write_answers(plan, draw_answers(plan, world), landing / "qualtrics" / "responses")
    files += write_posts(plan, draw_posts(plan), landing / "social" / "posts")
    files += write_mentions(plan, draw_mentions(plan), landing / "listening" / "mentions")
    files += write_content(plan, world.content, landing / "wordpress" / "posts")
    return files + write_company(plan, world, landing / "company")


def site_of(world: World) -> Site:
    """What web analytics knows of the world besides its sessions."""
    rate = pl.when(pl.col("currency") == "USD").then(7.1).when(pl.col("currency") == "EUR").then(7.8).otherwise(1.0)
    totals = world.orders.select((pl.col("total") * rate).round(2))[:, 0]
    return Site(
        people=world.people,
        pages=world.pages,
        user_ids=world.accounts.table["user_id"],
        order_ids=world.orders["order_id"],
        order_totals=totals,
        order_items=world.orders["pieces"],
    )
