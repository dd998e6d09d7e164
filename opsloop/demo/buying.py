"""What people buy: first and repeat orders over time, by true rates that the product never sees, and their lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from opsloop.demo.calendar import season, times_of_day
from opsloop.demo.company import CATEGORIES, CHANNEL, PRODUCTS
from opsloop.demo.people import COUNTRIES, OFFLINE, Journey, People
from opsloop.demo.plan import DAY, Bools, Floats, Ints, Plan, pick

WEB, MINI, POS, PHONE = 0, 1, 2, 3
SALES_CHANNELS = ("web", "wechat_mini", "pos", "phone")
EMAIL_LIFT, FRIEND_LIFT = 0.2, 0.3
BASE, BY_EMAIL, BY_FRIEND = 0, 1, 2
HORIZON = 90


@dataclass(slots=True)
class Customers:
    """True life of everybody who ordered: person, second of the first order, day of leaving (never: a large number)."""

    person: Ints
    first_at: Ints
    leaves_on: Floats
    rate: Floats
    leave_rate: Floats
    season_sum: Floats


def _lift(people: People) -> Floats:
    return 1 + EMAIL_LIFT * people.has_email + FRIEND_LIFT * people.has_friend


def draw_customers(plan: Plan, people: People, journey: Journey) -> Customers:
    """Give each buyer a life: the first order's time, a true order rate and the day on which the person leaves."""
    rng = plan.rng("customers")
    shop_at = people.arrival * DAY + times_of_day(rng, len(people)).astype(np.int64)
    web_at = journey.at[np.arange(len(people)), journey.last]
    person = np.flatnonzero(journey.converts | (people.kind == OFFLINE))
    first = np.where(people.kind == OFFLINE, shop_at, web_at)[person]
    life = rng.exponential(1 / people.leave_rate[person])
    life = np.where(people.leaves_at_once[person], 0.0, life)
    rate = people.order_rate[person] * _lift(people)[person]
    total = np.concatenate([[0.0], np.cumsum(season(plan, HORIZON + 1))])
    return Customers(person, first, first / DAY + life, rate, people.leave_rate[person], total)


def _repeats(plan: Plan, customers: Customers, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Position of the customer and second of each repeat order: a Poisson process in seasonal time until leaving."""
    days = np.arange(len(customers.season_sum), dtype=float)
    begin = np.interp(customers.first_at / DAY + 0.5, days, customers.season_sum)
    stop = np.interp(np.minimum(customers.leaves_on, plan.days), days, customers.season_sum)
    span = np.maximum(stop - begin, 0)
    count = rng.poisson(customers.rate * span)
    who = np.repeat(np.arange(len(count)), count)
    when = begin[who] + rng.random(len(who)) * span[who]
    day = np.floor(np.interp(when, customers.season_sum, days)).astype(np.int64)
    at = day * DAY + times_of_day(rng, len(who)).astype(np.int64)
    good = (at > customers.first_at[who] + 3600) & (at < plan.end - 1800)
    return who[good], at[good]


def draw_orders(plan: Plan, people: People, journey: Journey, customers: Customers) -> pl.DataFrame:
    """All orders, in order of time: person, start (second), place of sale, true cause and whether it is the first."""
    rng = plan.rng("orders")
    who, at = _repeats(plan, customers, rng)
    person = np.concatenate([customers.person, customers.person[who]])
    start = np.concatenate([customers.first_at, at])
    is_first = np.arange(len(person)) < len(customers.person)
    offline = people.kind[person] == OFFLINE
    china = people.region[person] == 0
    place = np.where(china, pick(rng, (0.7, 0.16, 0.06, 0.08), len(person)), WEB)
    place = np.where(offline, pick(rng, (0.06, 0.1, 0.7, 0.14), len(person)), place)
    place = np.where(is_first & ~offline, WEB, place)
    place = np.where(is_first & offline & (place == WEB), POS, place)
    email, friend = EMAIL_LIFT * people.has_email[person], FRIEND_LIFT * people.has_friend[person]
    draw = rng.random(len(person)) * (1 + email + friend)
    cause = np.where(is_first | (draw < 1), BASE, np.where(draw < 1 + email, BY_EMAIL, BY_FRIEND))
    frame = pl.DataFrame({"person": person, "start": start, "place": place, "cause": cause, "is_first": is_first})
    return frame.sort("start", "person").with_row_index("order").with_columns(pl.col("order").cast(pl.Int64))


def repeat_effects(orders: pl.DataFrame) -> dict[str, int]:
    """Repeat orders that e-mail and WeCom truly caused."""
    cause = orders["cause"].to_numpy()
    return {"email": int((cause == BY_EMAIL).sum()), "wecom": int((cause == BY_FRIEND).sum())}


def draw_items(plan: Plan, people: People, orders: pl.DataFrame) -> pl.DataFrame:
    """What each order holds: one row per line with product, quantity, price and discount in the order's currency."""
    rng = plan.rng("items")
    person = orders["person"].to_numpy()
    lines = np.minimum(rng.geometric(0.62, len(person)), 4)
    order = np.repeat(np.arange(len(person)), lines)
    product = _products(plan, people, orders, order, rng)
    quantity = np.minimum(rng.geometric(0.78, len(order)), 5)
    currency = np.array([row[3] for row in COUNTRIES])[people.country[person]][order]
    factor = np.where(currency == "USD", 1 / 6.2, np.where(currency == "EUR", 1 / 6.8, 1.0))
    price = np.round(np.array([item.price for item in PRODUCTS])[product] * factor, 0)
    sale = season(plan)[np.minimum(orders["start"].to_numpy() // DAY, plan.days - 1)][order] > 1.5
    rate = np.where(sale, 0.15, 0.0) + np.where(rng.random(len(order)) < 0.12, 0.1, 0.0)
    discount = np.round(price * quantity * rate, 2)
    return pl.DataFrame(
        {"order": order, "product": product, "quantity": quantity, "price": price, "discount": discount}
    ).with_columns(currency=pl.Series(currency))


def _products(plan: Plan, people: People, orders: pl.DataFrame, order: Ints, rng: np.random.Generator) -> Ints:
    """Draw products by popularity; who spends more draws from the dearer end, gifts sell before the holidays."""
    popularity = 1 / (1 + np.arange(len(PRODUCTS))) ** 0.25
    gift = np.array([item.category == CATEGORIES[-1] for item in PRODUCTS])
    order_of = np.argsort([item.price for item in PRODUCTS], kind="stable")
    drawn = pick(rng, popularity[order_of], len(order)) / len(PRODUCTS)
    level = people.spend[orders["person"].to_numpy()][order]
    rank = np.clip((drawn ** (1 / level)) * len(PRODUCTS), 0, len(PRODUCTS) - 1).astype(np.int64)
    product = order_of[rank]
    day = orders["start"].to_numpy()[order] // DAY
    festive = season(plan)[np.minimum(day, plan.days - 1)] > 1.35
    swap = festive & (rng.random(len(order)) < 0.2)
    return np.where(swap, pick(rng, gift.astype(float), len(order)), product).astype(np.int64)


def channel_of_cause(cause: Ints) -> Ints:
    """The channel that brings an order which e-mail or WeCom caused; −1 for the others."""
    return np.select([cause == BY_EMAIL, cause == BY_FRIEND], [CHANNEL["email"], CHANNEL["wecom"]], -1).astype(np.int64)


def true_churn(customers: Customers, day: int) -> tuple[Bools, Floats]:
    """Who had ordered by the end of the day, and each one's true chance of no order in the next 90 days.

    Who has left never orders again (1). The others order at their own rate times the season until they leave, which
    they do at a constant rate: the chance is summed over the day of leaving.
    """
    known = customers.first_at < (day + 1) * DAY
    total = customers.season_sum[day + 1 : day + HORIZON + 2] - customers.season_sum[day + 1]
    stay = np.exp(-customers.leave_rate)
    chance = np.zeros(len(known))
    for passed in range(HORIZON):
        middle = (total[passed] + total[passed + 1]) / 2
        chance += stay**passed * (1 - stay) * np.exp(-customers.rate * middle)
    chance += stay**HORIZON * np.exp(-customers.rate * total[HORIZON])
    return known, np.where(customers.leaves_on <= day + 1, 1.0, chance)
