"""What Search Console reports: clicks and impressions by query, page, country and device, rows of no click too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.calendar import ALGORITHM_DAYS_BACK
from opsloop.demo.company import CATEGORIES, CHANNEL, PRODUCTS, SITE
from opsloop.demo.content import SUBJECTS, TOPICS
from opsloop.demo.pages import BLOG, COLLECTION
from opsloop.demo.people import COUNTRIES
from opsloop.demo.plan import DAY, Floats, Ints, Plan, pick
from opsloop.demo.world import World
from opsloop.demo.writing import by_month, day_text, write_csv

BRAND = ("yunwu tea", "yunwu tea shop", "云雾茶舍", "yunwutea review")
CODES = ("chn", "hkg", "sgp", "usa", "gbr", "deu", "fra", "can", "aus")
DEVICES = ("MOBILE", "DESKTOP", "TABLET")
KEYS = ["day", "query", "page", "country", "device"]


def _query_of(world: World, page: Ints, rng: np.random.Generator) -> tuple[list[str], Ints]:
    """All queries, and one that fits each page: a brand query for home, what the page is about for the others."""
    pages = world.pages
    words = {
        "brewing": "how to brew {}",
        "origin": "{} origin",
        "health": "{} benefits",
        "gifting": "{} gift",
        "teaware": "best pot for {}",
    }
    english = {
        f"{topic}-{slug}": words[topic].format(name.lower()) for topic, *_ in TOPICS for slug, name, _ in SUBJECTS
    }
    texts = [*BRAND, "loose leaf tea online", *[f"buy {name.replace('-', ' ')}" for name in CATEGORIES]]
    texts += [f"{item.slug.replace('-', ' ')} tea" for item in PRODUCTS]
    texts += [english[slug] for slug in world.content["slug"]]
    begin = len(BRAND) + 1
    offsets = (begin, begin + len(CATEGORIES), begin + len(CATEGORIES) + len(PRODUCTS))
    brand = pick(rng, (5, 2, 3, 1), len(page))
    _, collection, item, blog, plain = pages.begins
    query = np.select(
        [page < collection, page < item, page < blog, page < plain],
        [brand, offsets[0] + page - collection, offsets[1] + page - item, offsets[2] + page - blog],
        brand,
    )
    loose = (page < blog) & (page >= collection) & (rng.random(len(page)) < 0.15)
    return texts, np.where(loose, len(BRAND), query).astype(np.int64)


def _clicks(world: World, rng: np.random.Generator) -> pl.DataFrame:
    """A row per search visit: what Google counts as a click, tracked on the site or not."""
    visits = world.sessions.filter((pl.col("channel") == CHANNEL["google_organic"]) & ~pl.col("is_staff"))
    country = world.people.country[visits["person"].to_numpy()]
    return visits.select(day=pl.col("start") // DAY, page="landing", device="form").with_columns(
        country=pl.Series(country), clicks=pl.lit(1, pl.Int64)
    )


def _misses(plan: Plan, world: World, size: int, rng: np.random.Generator) -> pl.DataFrame:
    """Rows that were shown and not clicked, spread over the days and the pages of their time."""
    day = np.sort(rng.integers(0, plan.days, size))
    known = np.maximum(np.searchsorted(world.pages.published, day * DAY), 1)
    article = world.pages.begins[BLOG] + np.floor(known * rng.random(size)).astype(np.int64)
    other = rng.integers(world.pages.begins[COLLECTION], world.pages.begins[BLOG], size)
    country = pick(rng, (4, 2, 2, 40, 14, 14, 9, 9, 8), size)
    return pl.DataFrame(
        {
            "day": day,
            "page": np.where(rng.random(size) < 0.7, article, other),
            "device": pick(rng, (6, 4, 0.4), size),
            "country": country,
            "clicks": np.zeros(size, np.int64),
        }
    )


def _positions(plan: Plan, frame: pl.DataFrame, rng: np.random.Generator) -> Floats:
    """Brand queries rank first; the algorithm change pushes the others down by some places."""
    query, day = frame["query"].to_numpy(), frame["day"].to_numpy()
    base = 3.5 + (query * 7919 % 97) / 97 * 9
    worse = np.where(day >= plan.back(ALGORITHM_DAYS_BACK), 3.4, 0.0)
    general = base + worse + rng.normal(0, 0.7, len(frame)) + np.where(frame["clicks"].to_numpy() == 0, 4, 0)
    return np.where(query < len(BRAND), 1 + rng.random(len(frame)) * 0.6, np.maximum(general, 1.0))


def write_search(plan: Plan, world: World, folder: Path) -> None:
    """Write a file per month."""
    rng = plan.rng("search console")
    clicks = _clicks(world, rng)
    rows = pl.concat([clicks, _misses(plan, world, int(len(clicks) * 1.6) + plan.days, rng).select(clicks.columns)])
    texts, query = _query_of(world, rows["page"].to_numpy(), rng)
    frame = rows.with_columns(query=pl.Series(query)).group_by(KEYS, maintain_order=True).agg(pl.col("clicks").sum())
    frame = frame.sort(KEYS)
    frame = frame.with_columns(position=pl.Series(np.round(_positions(plan, frame, rng), 2)))
    rate = 0.32 / frame["position"].to_numpy() ** 0.9
    shown = frame["clicks"].to_numpy() + rng.poisson((frame["clicks"].to_numpy() + 0.4) * (1 / rate - 1)) + 1
    links = pl.Series([SITE + path for path in world.pages.paths])
    share = pl.col("clicks") / pl.Series(shown) * 100
    out = frame.select(
        "day",
        date=day_text(plan, pl.col("day")),
        query=pl.Series(texts).gather(frame["query"]),
        page=links.gather(frame["page"]),
        country=pl.Series(CODES[: len(COUNTRIES)]).gather(frame["country"]),
        device=pl.Series(DEVICES).gather(frame["device"]),
        clicks="clicks",
        impressions=pl.Series(shown),
        ctr=((share * 100).round(0).cast(pl.Int64) / 100).cast(pl.String) + "%",
        position="position",
    )
    for month, part in by_month(out.with_columns(month=out["date"].str.slice(0, 7).str.replace("-", "")), "month"):
        write_csv(part.drop("day"), folder / f"search_performance_{month}.csv")
