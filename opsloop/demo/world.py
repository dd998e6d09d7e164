"""The simulated world: people first, then what they do; every export observes this one world."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from opsloop.demo.buying import Customers, draw_customers, draw_items, draw_orders
from opsloop.demo.content import draw_content
from opsloop.demo.devices import Accounts, draw_accounts, put_on_devices
from opsloop.demo.pages import Pages, land, make_pages
from opsloop.demo.people import Journey, People, draw_people, journeys
from opsloop.demo.plan import Plan
from opsloop.demo.shop import settle_orders
from opsloop.demo.visits import draw_sessions


@dataclass(slots=True)
class World:
    """Everybody and everything that happened, seen or not."""

    plan: Plan
    people: People
    journey: Journey
    customers: Customers
    accounts: Accounts
    content: pl.DataFrame
    pages: Pages
    sessions: pl.DataFrame
    orders: pl.DataFrame
    items: pl.DataFrame


def simulate(plan: Plan) -> World:
    """Draw the people and let them visit, sign up, buy and come back."""
    people = draw_people(plan)
    journey = journeys(plan, people)
    customers = draw_customers(plan, people, journey)
    orders = draw_orders(plan, people, journey, customers)
    items = draw_items(plan, people, orders)
    sessions = draw_sessions(plan, people, journey, orders, items, customers)
    accounts = draw_accounts(plan, people, sessions)
    sessions = put_on_devices(plan, people, sessions, accounts).with_row_index("session")
    sessions = sessions.with_columns(session=sessions["session"].cast(pl.Int64))
    content = draw_content(plan)
    pages = make_pages(plan, content)
    sessions = land(plan, pages, sessions)
    settled = settle_orders(plan, people, accounts, orders, items, sessions)
    return World(plan, people, journey, customers, accounts, content, pages, sessions, settled, items)
