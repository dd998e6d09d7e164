"""Every session on the site, as it really happened: who, when, by which channel, how deep, with which order."""

from __future__ import annotations

import numpy as np
import polars as pl

from opsloop.demo.buying import WEB, Customers, channel_of_cause
from opsloop.demo.calendar import times_of_day
from opsloop.demo.campaigns import choose_ads
from opsloop.demo.company import CHANNEL, PRODUCTS
from opsloop.demo.people import LEAD, Journey, People
from opsloop.demo.plan import DAY, Ints, Plan, pick

BOUNCE, BROWSE, PRODUCT, CART, CHECKOUT, PURCHASE, INQUIRY = range(7)
ANONYMOUS, LOGIN, SIGN_UP, LOGGED_IN = range(4)
# Seconds on the site by depth, on average.
STAY = np.array([4.0, 70.0, 130.0, 210.0, 320.0, 420.0, 260.0])
LONGEST = 1700
DEPTHS = (0.42, 0.2, 0.23, 0.1, 0.05)


def _frame(person: Ints, start: Ints, channel: Ints, depth: Ints | int, order: Ints | int = -1) -> pl.DataFrame:
    return pl.DataFrame({"person": person, "start": start, "channel": channel}).with_columns(
        depth=pl.Series(np.broadcast_to(np.asarray(depth, np.int64), len(person))),
        order=pl.Series(np.broadcast_to(np.asarray(order, np.int64), len(person))),
    )


def _first_visits(people: People, journey: Journey, orders: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The visits up to the first order: the last one of a buyer holds the order, the last one of a lead the inquiry."""
    person, touch = np.nonzero(journey.made)
    is_last = touch == journey.last[person]
    depth = pick(rng, DEPTHS, len(person))
    depth = np.where(is_last & journey.converts[person], PURCHASE, depth)
    depth = np.where(is_last & (people.kind[person] == LEAD), INQUIRY, depth)
    first = orders.filter(pl.col("is_first") & (pl.col("place") == WEB))
    order_of = np.full(len(people), -1, np.int64)
    order_of[first["person"].to_numpy()] = first["order"].to_numpy()
    order = np.where(depth == PURCHASE, order_of[person], -1)
    return _frame(person.astype(np.int64), journey.at[person, touch], journey.channel[person, touch], depth, order)


def _customer_channels(people: People, person: Ints, rng: np.random.Generator) -> Ints:
    """How somebody who knows the shop comes back."""
    china = people.region[person] == 0
    search = np.where(china, CHANNEL["baidu_organic"], CHANNEL["google_organic"])
    abroad = np.where(rng.random(len(person)) < 0.5, CHANNEL["google_ads"], CHANNEL["meta_ads"])
    ads = np.where(china, CHANNEL["ocean_engine"], abroad)
    social = np.where(china, CHANNEL["xiaohongshu"], CHANNEL["instagram"])
    mail = np.where(people.has_email[person], CHANNEL["email"], CHANNEL["direct"])
    friend = np.where(people.has_friend[person], CHANNEL["wecom"], search)
    options = np.stack([np.zeros(len(person), np.int64), search, ads, social, mail, friend], axis=1)
    choice = pick(rng, (0.38, 0.14, 0.07, 0.06, 0.19, 0.16), len(person))
    return options[np.arange(len(person)), choice]


def _return_visits(
    plan: Plan, people: People, orders: pl.DataFrame, customers: Customers, rng: np.random.Generator
) -> pl.DataFrame:
    """Visits of customers: those of repeat orders, some looking before them, and some that lead to nothing."""
    repeat = orders.filter(~pl.col("is_first") & (pl.col("place") == WEB))
    person, start = repeat["person"].to_numpy(), repeat["start"].to_numpy()
    caused = channel_of_cause(repeat["cause"].to_numpy())
    channel = np.where(caused >= 0, caused, _customer_channels(people, person, rng))
    bought = _frame(person, start, channel, PURCHASE, repeat["order"].to_numpy())
    looks = np.repeat(np.arange(len(person)), rng.poisson(0.55, len(person)))
    ahead = (rng.random(len(looks)) * 6 * DAY).astype(np.int64) + 3600
    stay = np.minimum(customers.leaves_on, plan.days) - customers.first_at / DAY
    idle = np.repeat(np.arange(len(stay)), rng.poisson(np.maximum(stay, 0) / 70))
    day = customers.first_at[idle] // DAY + 1 + (rng.random(len(idle)) * stay[idle]).astype(np.int64)
    who = np.concatenate([person[looks], customers.person[idle]])
    at = np.concatenate([start[looks] - ahead, day * DAY + times_of_day(rng, len(idle)).astype(np.int64)])
    good = (at > 0) & (at < plan.end - 1800)
    who, at = who[good], at[good]
    depth = pick(rng, (0.3, 0.24, 0.28, 0.13, 0.05), len(who))
    return pl.concat([bought, _frame(who, at, _customer_channels(people, who, rng), depth)])


def _staff_visits(plan: Plan, people: People, rng: np.random.Generator) -> pl.DataFrame:
    """Visits of the company's own people, which its web analytics marks as internal: persons after the last one."""
    count = int(plan.days * max(1.0, plan.scale) * 0.8)
    person = len(people) + rng.integers(0, 6, count)
    start = rng.integers(0, plan.days, count) * DAY + 9 * 3600 + rng.integers(0, 9 * 3600, count)
    return _frame(person, start, np.zeros(count, np.int64), pick(rng, DEPTHS, count))


def draw_sessions(
    plan: Plan, people: People, journey: Journey, orders: pl.DataFrame, items: pl.DataFrame, customers: Customers
) -> pl.DataFrame:
    """All sessions in order of time, seen by web analytics or not; the row's position is the session's true id."""
    rng = plan.rng("visits")
    parts = [
        _first_visits(people, journey, orders, rng),
        _return_visits(plan, people, orders, customers, rng),
        _staff_visits(plan, people, rng),
    ]
    sessions = pl.concat(parts).sort("start", "person", "order")
    size = len(sessions)
    depth = sessions["depth"].to_numpy()
    stay = np.clip(STAY[depth] * rng.lognormal(-0.2, 0.6, size), 3, LONGEST).astype(np.int64)
    stay = np.where((depth == BOUNCE) & (rng.random(size) < 0.75), 0, stay)
    first_item = items.unique("order", keep="first", maintain_order=True)
    product_of = np.full(len(orders) + 1, -1, np.int64)
    product_of[first_item["order"].to_numpy()] = first_item["product"].to_numpy()
    bought = product_of[sessions["order"].to_numpy()]
    product = np.where(bought >= 0, bought, rng.integers(0, len(PRODUCTS), size))
    channel = sessions["channel"].to_numpy()
    ad = choose_ads(plan, channel, sessions["start"].to_numpy() // DAY, rng)
    staff = sessions["person"].to_numpy() >= len(people)
    seen = (
        staff | np.append(people.is_tracked, np.ones(6, bool))[np.minimum(sessions["person"].to_numpy(), len(people))]
    )
    return sessions.with_columns(
        stay=pl.Series(stay),
        product=pl.Series(product),
        ad=pl.Series(ad),
        is_staff=pl.Series(staff),
        is_seen=pl.Series(seen),
    )
