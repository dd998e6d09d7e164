"""The ads, newsletters and calendar of the demo company: what links carry as campaign, and when each one ran."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from opsloop.demo.calendar import NEW_YEAR, black_friday
from opsloop.demo.company import CHANNEL
from opsloop.demo.plan import Floats, Ints, Plan


@dataclass(frozen=True, slots=True)
class Ad:
    """One ad: its place in the platform's ladder, cost of a click in the account's currency, share of clicks."""

    platform: str
    campaign_id: str
    campaign: str
    kind: str
    group_id: str
    group: str
    ad_id: str
    name: str
    weight: float
    cost: float
    click_rate: float
    begins: float = 0.0
    ends: float = 1.0


# begins and ends are shares of the history, so that some campaigns end and others start.
ADS = (
    Ad("google_ads", "20110001", "search-brand", "SEARCH", "15110001", "brand", "66110001", "Brand text", 3, 1.3, 0.11),
    Ad(
        "google_ads",
        "20110002",
        "search-loose-leaf",
        "SEARCH",
        "15110002",
        "loose leaf",
        "66110002",
        "Leaf text",
        4,
        3.15,
        0.034,
    ),
    Ad(
        "google_ads",
        "20110002",
        "search-loose-leaf",
        "SEARCH",
        "15110003",
        "oolong",
        "66110003",
        "Oolong text",
        3,
        3.57,
        0.03,
    ),
    Ad(
        "google_ads",
        "20110003",
        "shopping-teaware",
        "SHOPPING",
        "15110004",
        "teaware",
        "66110004",
        "Feed",
        4,
        2.31,
        0.012,
        0.15,
    ),
    Ad(
        "google_ads",
        "20110004",
        "pmax-gifts",
        "PERFORMANCE_MAX",
        "15110005",
        "gifts",
        "66110005",
        "Gift assets",
        3,
        2.73,
        0.009,
        0.4,
    ),
    Ad(
        "meta_ads",
        "23850001",
        "prospecting-ritual",
        "",
        "23860001",
        "tea lovers 25-44",
        "23870001",
        "Ritual video",
        5,
        2.52,
        0.011,
    ),
    Ad(
        "meta_ads",
        "23850001",
        "prospecting-ritual",
        "",
        "23860002",
        "lookalike buyers",
        "23870002",
        "Ritual carousel",
        4,
        2.94,
        0.013,
    ),
    Ad(
        "meta_ads",
        "23850002",
        "retargeting-cart",
        "",
        "23860003",
        "cart 14 days",
        "23870003",
        "Still steeping",
        3,
        1.89,
        0.021,
    ),
    Ad(
        "meta_ads",
        "23850003",
        "reels-brewing",
        "",
        "23860004",
        "reels",
        "23870004",
        "Brew in 30 s",
        3,
        1.68,
        0.009,
        0.5,
    ),
    Ad("ocean_engine", "17400001", "春茶上新", "", "17400001", "春茶上新", "18100001", "采茶视频", 4, 10.92, 0.016),
    Ad("ocean_engine", "17400001", "春茶上新", "", "17400001", "春茶上新", "18100002", "茶园直播切片", 4, 10.08, 0.018),
    Ad("ocean_engine", "17400002", "礼盒种草", "", "17400002", "礼盒种草", "18100003", "礼盒开箱", 3, 13.44, 0.014),
    Ad("ocean_engine", "17400003", "茶具达人", "", "17400003", "茶具达人", "18100004", "盖碗教学", 3, 8.82, 0.02, 0.3),
    Ad(
        "ocean_engine",
        "17400004",
        "老客召回",
        "",
        "17400004",
        "老客召回",
        "18100005",
        "回购券",
        2,
        8.19,
        0.024,
        0.0,
        0.7,
    ),
)
NEWSLETTER_DAYS = 14


def choose_ads(plan: Plan, channel: Ints, day: Ints, rng: np.random.Generator) -> Ints:
    """The ad that each paid click came from, among those running that day; −1 for other channels."""
    chosen = np.full(len(channel), -1, np.int64)
    share = day / plan.days
    draw = rng.random(len(channel))
    for platform in ("google_ads", "meta_ads", "ocean_engine"):
        mine = np.flatnonzero(channel == CHANNEL[platform])
        ads = [index for index, ad in enumerate(ADS) if ad.platform == platform]
        weights = np.stack([_running(ADS[index], share[mine]) for index in ads], axis=1)
        cumulative = np.cumsum(weights, axis=1)
        position = (cumulative < (draw[mine] * cumulative[:, -1])[:, None]).sum(axis=1)
        chosen[mine] = np.array(ads)[position]
    return chosen


def _running(ad: Ad, share: Floats) -> Floats:
    return np.where((share >= ad.begins) & (share <= ad.ends), ad.weight, 0.0)


def newsletter_days(plan: Plan) -> list[int]:
    """The days on which a newsletter goes out: every second Wednesday."""
    first = (2 - plan.start.weekday()) % 7
    return list(range(first, plan.days, NEWSLETTER_DAYS))


def newsletter_of(plan: Plan, day: Ints) -> tuple[Ints, list[str]]:
    """For each day the newsletter before it, and the newsletters' campaign ids."""
    days = newsletter_days(plan) or [0]
    position = np.maximum(np.searchsorted(days, day, side="right") - 1, 0)
    return position, [f"nl-{plan.date(index):%Y%m%d}" for index in days]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A line of the campaign calendar."""

    campaign_id: str
    name: str
    name_zh: str
    kind: str
    channel: str
    starts: dt.date
    ends: dt.date
    cost: float
    goal: str


def promotions(plan: Plan) -> list[Promotion]:
    """Every promotion that touches the history, in order of its start."""
    found: list[Promotion] = []
    new_year = {text[:4]: dt.date.fromisoformat(text) for text in NEW_YEAR}
    for year in range(plan.start.year, plan.until.year + 1):
        rows = [
            (
                "spring",
                "First flush launch",
                "明前春茶上新",
                "launch",
                "",
                dt.date(year, 3, 20),
                25,
                9_000,
                "new_customers",
            ),
            (
                "618",
                "618 shopping festival",
                "618 大促",
                "promotion",
                "",
                dt.date(year, 6, 12),
                7,
                7_000,
                "revenue_net",
            ),
            (
                "moon",
                "Mid-Autumn gift boxes",
                "中秋礼盒",
                "promotion",
                "",
                dt.date(year, 9, 5),
                14,
                8_000,
                "revenue_net",
            ),
            ("d11", "Double 11", "双11", "promotion", "", dt.date(year, 11, 4), 8, 24_000, "revenue_net"),
            (
                "bf",
                "Black Friday",
                "黑色星期五",
                "promotion",
                "google_ads",
                black_friday(year),
                4,
                7_000,
                "revenue_net",
            ),
            (
                "meet",
                "Tasting evening",
                "线下品鉴会",
                "offline",
                "wecom",
                dt.date(year, 5, 10),
                2,
                4_000,
                "private_contacts_new",
            ),
        ]
        if (festival := new_year.get(str(year))) is not None:
            before = festival - dt.timedelta(days=28)
            rows.append(
                ("cny", "New year gifts", "年货节", "promotion", "ocean_engine", before, 20, 13_000, "revenue_net")
            )
        for code, name, name_zh, kind, channel, starts, length, cost, goal in rows:
            ends = starts + dt.timedelta(days=length - 1)
            if ends >= plan.start and starts <= plan.until:
                cost_here = float(cost) * plan.scale
                found.append(Promotion(f"{code}-{year}", name, name_zh, kind, channel, starts, ends, cost_here, goal))
    return sorted(found, key=lambda item: (item.starts, item.campaign_id))
