"""Who comes: every person's origin, habits and visits up to the first order, and what each channel truly added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opsloop.demo.calendar import growth, search_visibility, season, times_of_day
from opsloop.demo.company import CHANNEL, CHANNELS
from opsloop.demo.plan import DAY, Bools, Floats, Ints, Plan, pick

# code, GA4 name, cities, currency, share within the region.
COUNTRIES = (
    ("CN", "China", ("Shanghai", "Hangzhou", "Beijing", "Shenzhen", "Chengdu", "Wuhan"), "CNY", 94.0),
    ("HK", "Hong Kong", ("Hong Kong",), "CNY", 3.0),
    ("SG", "Singapore", ("Singapore",), "CNY", 3.0),
    ("US", "United States", ("New York", "San Francisco", "Austin", "Chicago"), "USD", 46.0),
    ("GB", "United Kingdom", ("London", "Manchester"), "USD", 13.0),
    ("DE", "Germany", ("Berlin", "Hamburg", "Munich"), "EUR", 15.0),
    ("FR", "France", ("Paris", "Lyon"), "EUR", 9.0),
    ("CA", "Canada", ("Toronto", "Vancouver"), "USD", 9.0),
    ("AU", "Australia", ("Sydney", "Melbourne"), "USD", 8.0),
)
CHINA_COUNTRIES = 3
CHINA_SHARE = 0.7
CONSUMER, LEAD, OFFLINE = 0, 1, 2
TOUCHES = 6
BASE_CONVERSION = 0.07
# Leads met at trade fairs, who never ask on the site.
FAIR_SHARE = 0.14


@dataclass(slots=True)
class People:
    """One entry per person in each array; the index is the person's true id."""

    region: Ints
    country: Ints
    city: Ints
    arrival: Ints
    kind: Ints
    channel: Ints
    is_tracked: Bools
    spend: Floats
    order_rate: Floats
    leave_rate: Floats
    leaves_at_once: Bools
    joy: Floats
    has_email: Bools
    has_friend: Bools

    def __len__(self) -> int:
        return len(self.region)


@dataclass(slots=True)
class Journey:
    """The visits of each person up to the first order or the last one: arrays of persons by touches."""

    at: Ints
    channel: Ints
    made: Bools
    converts: Bools
    last: Ints
    incremental: dict[str, int]


def _arrivals(plan: Plan, count: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Region, first channel and first day of each person, in order of the day."""
    demand = season(plan) * growth(plan)
    late = np.linspace(0, 1, plan.days)
    weights = np.zeros((2, len(CHANNELS), plan.days))
    for index, channel in enumerate(CHANNELS):
        shape = demand.copy()
        if channel.kind == "search":
            shape = shape * search_visibility(plan)
        if channel.kind == "assistant":
            shape = shape * (0.2 + 1.6 * late)
        weights[0, index] = channel.china * shape
        weights[1, index] = channel.abroad * shape
    weights[0] *= CHINA_SHARE / weights[0].sum()
    weights[1] *= (1 - CHINA_SHARE) / weights[1].sum()
    counts = rng.multinomial(count, weights.ravel() / weights.sum())
    cells = np.repeat(np.arange(weights.size), counts)
    region, channel_of, day = np.unravel_index(cells, weights.shape)
    order = np.argsort(day * count + rng.permutation(count), kind="stable")
    return region[order].astype(np.int64), channel_of[order].astype(np.int64), day[order].astype(np.int64)


def draw_people(plan: Plan) -> People:
    """Draw everybody who will ever visit, ask for wholesale or buy in the shop around the corner."""
    rng = plan.rng("people")
    count = plan.people
    region, channel, day = _arrivals(plan, count, rng)
    kind = pick(rng, (0.925, 0.035, 0.04), count)
    kind[(kind == OFFLINE) & (region == 1)] = CONSUMER
    china = np.array([row[4] for row in COUNTRIES[:CHINA_COUNTRIES]])
    abroad = np.array([row[4] for row in COUNTRIES[CHINA_COUNTRIES:]])
    country = np.where(region == 0, pick(rng, china, count), CHINA_COUNTRIES + pick(rng, abroad, count))
    joy = rng.beta(5, 2, count)
    leave = rng.gamma(1.3, 1 / 1.3, count) / 260 * np.where(joy < 0.5, 2.0, 0.85)
    return People(
        region=region,
        country=country.astype(np.int64),
        city=rng.integers(0, 12, count),
        arrival=day,
        kind=kind,
        channel=channel,
        is_tracked=rng.random(count) < 0.9,
        spend=rng.lognormal(0, 0.45, count),
        order_rate=rng.gamma(1.7, 1 / 1.7, count) / 105,
        leave_rate=leave,
        leaves_at_once=rng.random(count) < 0.3 + 0.15 * (joy < 0.5),
        joy=joy,
        has_email=rng.random(count) < 0.5,
        has_friend=(rng.random(count) < 0.32) & (region == 0),
    )


def _later_channels(people: People, rng: np.random.Generator) -> Ints:
    """The channel of each touch: the first is the person's own, later ones mix it with direct, brand search and ads."""
    size = (len(people), TOUCHES)
    china = people.region == 0
    brand = np.where(china, CHANNEL["baidu_organic"], CHANNEL["google_organic"])
    abroad = np.where(rng.random(len(people)) < 0.5, CHANNEL["google_ads"], CHANNEL["meta_ads"])
    ads = np.where(china, CHANNEL["ocean_engine"], abroad)
    mixed = np.where(
        china,
        pick(rng, [channel.china for channel in CHANNELS], len(people)),
        pick(rng, [channel.abroad for channel in CHANNELS], len(people)),
    )
    options = np.stack([people.channel, np.zeros(len(people), np.int64), brand, ads, mixed], axis=1)
    choice = pick(rng, (0.32, 0.28, 0.16, 0.12, 0.12), size[0] * size[1]).reshape(size)
    choice[:, 0] = 0
    return np.take_along_axis(options, choice, axis=1)


def _touch_times(plan: Plan, people: People, rng: np.random.Generator) -> tuple[Ints, Bools]:
    size = (len(people), TOUCHES)
    gaps = rng.exponential(5.0, size)
    gaps[:, 0] = 0
    days = people.arrival[:, None] + np.floor(np.cumsum(gaps, axis=1)).astype(np.int64)
    seconds = times_of_day(rng, size[0] * size[1]).reshape(size).astype(np.int64)
    at = np.sort(days * DAY + seconds, axis=1)
    wanted = np.minimum(rng.geometric(0.6, len(people)), TOUCHES)
    made = (np.arange(TOUCHES) < wanted[:, None]) & (at < plan.end - 1800)
    return at, made


def journeys(plan: Plan, people: People) -> Journey:
    """Let people visit until they buy for the first time, and count what would not have happened without each channel.

    A person buys when a draw of its own falls under 1 − (1 − base) × Π(1 − effect) over the visits so far; the same
    draw without a channel's visits gives that channel's true incremental conversions.
    """
    rng = plan.rng("journeys")
    at, made = _touch_times(plan, people, rng)
    channel = _later_channels(people, rng)
    searched = np.array([item.kind == "search" for item in CHANNELS])[channel]
    visible = search_visibility(plan)[np.minimum(at // DAY, plan.days - 1)]
    hidden = searched & (rng.random(at.shape) > visible)
    hidden[:, 0] = False
    met_at_fair = (people.kind == LEAD) & (rng.random(len(people)) < FAIR_SHARE)
    made &= ~hidden & (~met_at_fair & (people.kind != OFFLINE))[:, None]
    strength = np.log1p(-np.array([item.effect for item in CHANNELS]))[channel] * made
    draw = rng.random(len(people))
    chance = 1 - (1 - BASE_CONVERSION) * np.exp(np.cumsum(strength, axis=1))
    hit = (draw[:, None] < chance) & made
    consumer = people.kind == CONSUMER
    converts = hit.any(axis=1) & consumer
    final = TOUCHES - 1 - np.argmax(made[:, ::-1], axis=1)
    last = np.where(converts, np.argmax(hit, axis=1), final).astype(np.int64)
    incremental = _incremental(channel, strength, draw, converts)
    made &= np.arange(TOUCHES) <= last[:, None]
    return Journey(at, channel, made, converts, last, incremental)


def _incremental(channel: Ints, strength: Floats, draw: Floats, converts: Bools) -> dict[str, int]:
    """First orders that each channel truly caused: those gone when only its visits are taken away."""
    total = strength.sum(axis=1)
    found: dict[str, int] = {}
    for index, item in enumerate(CHANNELS):
        without = total - (strength * (channel == index)).sum(axis=1)
        stays: npt.NDArray[np.bool_] = draw < 1 - (1 - BASE_CONVERSION) * np.exp(without)
        found[item.name] = int((converts & ~stays).sum())
    return found
