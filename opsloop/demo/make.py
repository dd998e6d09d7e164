"""Making the demo company's exports: one run, whole and the same for the same seed, size and days."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from opsloop.demo.ads import write_ads
from opsloop.demo.company import SOURCES
from opsloop.demo.content import write_content
from opsloop.demo.crm import draw_contacts, write_contacts, write_deals
from opsloop.demo.dirt import inject
from opsloop.demo.finance import write_company
from opsloop.demo.ga4 import Site, write_events
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
    truth = ws.root / "truth"
    _make_room(plan, ws, truth)
    say(f"people, visits and orders from {plan.start} to {plan.until}")
    world = simulate(plan)
    say("web events")
    total = write_events(plan, site_of(world), world.sessions, ws.landing / "ga4" / "events")
    say("shop, ads and search")
    _write_business(plan, world, ws.landing)
    say("customers, messages and social networks")
    contacts, messages = draw_contacts(plan, world), draw_messages(plan, world)
    _write_relations(plan, world, contacts, messages, ws.landing)
    say("dirt and truth")
    inject(plan, ws.landing, truth)
    write_truth(plan, world, contacts, messages, truth)
    files = _write_manifest(plan, ws, truth)
    return DemoReport(plan.start, plan.until, files, total, len(world.orders), len(world.customers.person), truth)


def _manifest(plan: Plan) -> dict[str, str | int]:
    return {"start": str(plan.start), "until": str(plan.until), "events": plan.events, "seed": plan.seed}


def _streams(ws: Workspace) -> list[Path]:
    return sorted(path for source in SOURCES for path in (ws.landing / source).glob("*") if path.is_dir())


def _make_room(plan: Plan, ws: Workspace, truth: Path) -> None:
    """Clear the files of an earlier run; refuse where another company's rows have already been landed."""
    manifest = truth / "manifest.json"
    if manifest.exists():
        before = json.loads(manifest.read_text(encoding="utf-8"))
        if before != _manifest(plan) and any(ws.lake.iterdir()):
            known = f"until {before['until']}, {before['events']} events, seed {before['seed']}"
            raise OpsloopError(
                f"{ws.root}: holds another demo company ({known}): choose another folder with --workspace"
            )
    elif any(any(folder.iterdir()) for folder in _streams(ws)):
        raise OpsloopError(f"{ws.landing}: already holds exports: choose another folder with --workspace")
    for folder in [*_streams(ws), truth]:
        shutil.rmtree(folder, ignore_errors=True)


def _write_manifest(plan: Plan, ws: Workspace, truth: Path) -> int:
    """Write down what was asked for, last of all, and count the exported files."""
    text = json.dumps(_manifest(plan), indent=1) + "\n"
    (truth / "manifest.json").write_text(text, encoding="utf-8")
    return sum(1 for folder in _streams(ws) for _ in folder.iterdir())


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
