"""What people do within a session: which events, on which pages, at which times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from opsloop.demo.pages import Pages, page_of_slot
from opsloop.demo.plan import Ints, Plan
from opsloop.demo.visits import BOUNCE, CART, CHECKOUT, INQUIRY, LOGIN, PRODUCT, PURCHASE, SIGN_UP

EVENTS = "page_view scroll view_item login sign_up add_to_cart begin_checkout generate_lead purchase".split()
EVENT = {name: index for index, name in enumerate(EVENTS)}
LANDING, SCROLL, MORE, AUTH, VIEW, ADD, CHECK, LEAD_FORM, BUY = range(9)


@dataclass(slots=True)
class Events:
    """Events of some sessions: position of the session, name, page, page before, µs, ms since, place in it."""

    session: Ints
    name: Ints
    page: Ints
    before: Ints
    at: Ints
    gap: Ints
    place: Ints


def _slots(sessions: pl.DataFrame, rng: np.random.Generator) -> Ints:
    """How many events of each slot a session has: sessions by slots."""
    depth, auth = sessions["depth"].to_numpy(), sessions["auth"].to_numpy()
    size = len(depth)
    buys = (depth >= PRODUCT) & (depth <= PURCHASE)
    more = rng.poisson(np.select([depth == BOUNCE, depth == PRODUCT], [0.0, 0.8], 1.2))
    counts = np.zeros((size, 9), np.int64)
    counts[:, LANDING] = 1
    counts[:, SCROLL] = rng.random(size) < np.where(depth == BOUNCE, 0.12, 0.45)
    counts[:, SCROLL] |= depth == INQUIRY
    counts[:, MORE] = np.where(depth == BOUNCE, 0, np.maximum(more, (depth == 1) | (depth == INQUIRY)))
    counts[:, AUTH] = (auth == LOGIN) | (auth == SIGN_UP)
    counts[:, VIEW] = np.where(buys, 2 * (1 + rng.poisson(0.4, size)), 0)
    counts[:, ADD] = (depth >= CART) & (depth <= PURCHASE)
    counts[:, CHECK] = (depth >= CHECKOUT) & (depth <= PURCHASE)
    counts[:, LEAD_FORM] = depth == INQUIRY
    counts[:, BUY] = depth == PURCHASE
    return counts


def _names(slot: Ints, within: Ints, auth: Ints) -> Ints:
    by_slot = np.array([0, 1, 0, 0, 0, 5, 6, 7, 8])
    name = by_slot[slot]
    name = np.where((slot == VIEW) & (within % 2 == 1), EVENT["view_item"], name)
    return np.where(slot == AUTH, np.where(auth == SIGN_UP, EVENT["sign_up"], EVENT["login"]), name)


def unroll(plan: Plan, sessions: pl.DataFrame, pages: Pages, rng: np.random.Generator) -> Events:
    """Turn sessions into events: steps in their order, their pages, and times between start and end of the stay."""
    counts = _slots(sessions, rng)
    size = counts.sum(axis=1)
    session = np.repeat(np.arange(len(size)), size)
    slot = np.repeat(np.tile(np.arange(9), len(size)), counts.ravel())
    first = np.cumsum(size) - size
    place = np.arange(len(session)) - first[session]
    ends = np.cumsum(counts.ravel())
    within = np.arange(len(session)) - np.repeat(ends - counts.ravel(), counts.ravel())
    name = _names(slot, within, sessions["auth"].to_numpy()[session])
    page = page_of_slot(pages, sessions, session, slot, within, rng)
    step = np.where(place == 0, 0.0, rng.gamma(1.5, 1.0, len(session)) + 0.05)
    passed = np.cumsum(step) - np.cumsum(step)[first[session]]
    whole = np.maximum(passed[(first + size - 1)[session]], 1e-9)
    stay = np.maximum(sessions["stay"].to_numpy(), (size > 1) * 3)[session] * 1_000_000
    jitter = rng.integers(0, 900_000, len(size))[session]
    start = (sessions["start"].to_numpy()[session] + plan.midnight) * 1_000_000
    at = start + jitter + np.floor(stay * passed / whole).astype(np.int64) + place
    before = np.where(place == 0, -1, np.roll(page, 1))
    gap = np.where(place == 0, 0, (at - np.roll(at, 1)) // 1000)
    return Events(session, name, page, before, at, gap, place)
