"""Making the demo company's exports: one run, whole and the same for the same seed, size and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import polars as pl

from opsloop.demo.ads import write_ads
from opsloop.demo.content import write_content
from opsloop.demo.crm import draw_contacts, write_contacts, write_deals
from opsloop.demo.dirt import inject
from opsloop.demo.finance import write_company
from opsloop.demo.ga4 import Site, write_events
from opsloop.demo.manifest import DemoReport, begin, finish, in_place, read_manifest
from opsloop.demo.mentions import draw_mentions, write_mentions
from opsloop.demo.messages import draw_messages, write_contact_days, write_messages
from opsloop.demo.plan import FULL_EVENTS, SMALL_EVENTS, Plan, months_before
from opsloop.demo.search import write_search
from opsloop.demo.shop import write_orders, write_products
from opsloop.demo.social import draw_posts, write_posts
from opsloop.demo.surveys import draw_answers, write_answers
from opsloop.demo.truth import write_truth
from opsloop.demo.world import World, simulate
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


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
    """Write every export into the drop folder and the truth beside it, unless the same company is already there.

    Raises OpsloopError for an unusable size and where another company's exports lie. Without `until` a company that is
    there keeps its last day; else it is yesterday.
    """
    say = progress or (lambda message: None)
    wanted = events or (SMALL_EVENTS if size == "small" else FULL_EVENTS)
    if months < 2 or wanted < 5000:
        raise OpsloopError(
            f"demo: {months} months with {wanted} events are too few: ask for 2 months and 5000 events or more"
        )
    last = until or _last_day(ws)
    plan = Plan(months_before(last + dt.timedelta(days=1), months), last, wanted, seed)
    if (report := in_place(ws, plan)) is not None:
        say(f"the demo company's exports until {report.until} are already there")
        return report
    begin(ws, plan)
    return finish(ws, plan, _write_all(plan, ws.landing, ws.root / "truth", say))


def _last_day(ws: Workspace) -> dt.date:
    known = read_manifest(ws)
    if known:
        return dt.date.fromisoformat(known["asked"]["until"])
    return ws.as_of_date if ws.settings.as_of else ws.as_of_date - dt.timedelta(days=1)


def _write_all(plan: Plan, landing: Path, truth: Path, say: Callable[[str], None]) -> dict[str, int]:
    """Simulate, write the exports, damage them and write the truth; returns how much there is."""
    say(f"people, visits and orders from {plan.start} to {plan.until}")
    world = simulate(plan)
    say("web events")
    total = write_events(plan, site_of(world), world.sessions, landing / "ga4" / "events")
    say("shop, ads and search")
    _write_business(plan, world, landing)
    say("customers, messages and social networks")
    contacts, messages = draw_contacts(plan, world), draw_messages(plan, world)
    _write_relations(plan, world, contacts, messages, landing)
    say("dirt and truth")
    inject(plan, landing, truth)
    write_truth(plan, world, contacts, messages, truth)
    return {"events": total, "orders": len(world.orders), "customers": len(world.customers.person)}


def _write_business(plan: Plan, world: World, landing: Path) -> None:
    """Write what the shop, the ad platforms, search and the company itself export."""
    write_orders(plan, world.orders, world.items, landing / "shopify" / "orders")
    write_products(plan, landing / "shopify" / "products")
    write_ads(plan, world, landing)
    write_search(plan, world, landing / "search_console" / "search_performance")
    write_content(plan, world.content, landing / "wordpress" / "posts")
    write_company(plan, world, landing / "company")


def _write_relations(plan: Plan, world: World, contacts: pl.DataFrame, messages: pl.DataFrame, landing: Path) -> None:
    """Write what the CRM, mail, WeCom, surveys, social networks and listening export."""
    write_contacts(plan, contacts, landing / "hubspot" / "contacts")
    write_deals(plan, contacts, landing / "hubspot" / "deals")
    write_messages(plan, messages, landing / "mailchimp" / "messages")
    write_contact_days(plan, world, landing / "wecom" / "contact_daily")
    write_answers(plan, draw_answers(plan, world), landing / "qualtrics" / "responses")
    write_posts(plan, draw_posts(plan), landing / "social" / "posts")
    write_mentions(plan, draw_mentions(plan), landing / "listening" / "mentions")


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
