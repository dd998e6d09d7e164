"""The articles of the company's blog: a believable content plan, exported as WordPress would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.company import SITE
from opsloop.demo.plan import DAY, Plan
from opsloop.demo.writing import write_page

TOPICS = (
    ("brewing", "冲泡", "How to brew {}", "{}怎么泡才好喝"),
    ("origin", "产地", "Where {} grows", "{}的产地故事"),
    ("health", "健康", "What is in a cup of {}", "一杯{}里有什么"),
    ("gifting", "送礼", "{} as a gift", "送{}的讲究"),
    ("teaware", "茶具", "The right pot for {}", "{}配什么壶"),
)
SUBJECTS = (
    ("longjing", "Longjing", "龙井"),
    ("biluochun", "Biluochun", "碧螺春"),
    ("keemun", "Keemun", "祁红"),
    ("tieguanyin", "Tieguanyin", "铁观音"),
    ("da-hong-pao", "Da Hong Pao", "大红袍"),
    ("raw-puerh", "raw pu-erh", "生普"),
    ("ripe-puerh", "ripe pu-erh", "熟普"),
    ("silver-needle", "Silver Needle", "白毫银针"),
    ("white-peony", "White Peony", "白牡丹"),
    ("jasmine", "jasmine tea", "茉莉花茶"),
    ("phoenix-dancong", "Phoenix Dancong", "凤凰单丛"),
    ("jin-jun-mei", "Jin Jun Mei", "金骏眉"),
    ("dian-hong", "Dian Hong", "滇红"),
    ("osmanthus", "osmanthus oolong", "桂花乌龙"),
)
AUTHORS = ("Chen Jing", "Mia Taylor", "周敏", "Luo Yang")
FORMATS = ("article", "guide", "video", "list")


def draw_content(plan: Plan) -> pl.DataFrame:
    """All articles in order of publication; `at` is the second of it, a draft comes after the last day."""
    rng = plan.rng("content")
    size = len(TOPICS) * len(SUBJECTS)
    order = rng.permutation(size)
    topic, subject = order // len(SUBJECTS), order % len(SUBJECTS)
    old = size // 4
    day = np.concatenate([-rng.integers(20, 300, old), rng.integers(0, plan.days + 10, size - old)])
    at = np.sort(day) * DAY + rng.integers(9, 18, size) * 3600 + rng.integers(0, 3600, size)
    chinese = rng.random(size) < 0.55
    titles = [
        (TOPICS[t][3].format(SUBJECTS[s][2]) if zh else TOPICS[t][2].format(SUBJECTS[s][1]))
        for t, s, zh in zip(topic, subject, chinese, strict=True)
    ]
    slugs = [f"{TOPICS[t][0]}-{SUBJECTS[s][0]}" for t, s in zip(topic, subject, strict=True)]
    return pl.DataFrame(
        {
            "id": 1200 + 3 * np.arange(size),
            "at": at,
            "revised": at + rng.integers(0, 120, size) * DAY,
            "slug": slugs,
            "title": titles,
            "author": np.array(AUTHORS)[rng.integers(0, len(AUTHORS), size)],
            "category": [TOPICS[t][0] for t in topic],
            "format": np.array(FORMATS)[rng.integers(0, len(FORMATS), size)],
            "cost": np.round(rng.gamma(4, 180, size) + 150, 2),
            "is_ai_made": rng.random(size) < np.where(at > plan.end / 2, 0.35, 0.1),
        }
    ).with_columns(link=pl.lit(f"{SITE}/blog/") + pl.col("slug"))


def wordpress_export(plan: Plan, content: pl.DataFrame, day: int) -> pl.DataFrame:
    """What an export at the end of a day holds: what is published by then, and the drafts of the next days."""
    end = (day + 1) * DAY
    epoch = pl.lit(plan.midnight + 8 * 3600)
    shown = content.filter(pl.col("at") < end + 12 * DAY)
    stamp = "%Y-%m-%dT%H:%M:%S"
    revised = pl.when(pl.col("revised") < end).then("revised").otherwise(pl.min_horizontal("at", pl.lit(end - 3600)))
    return shown.select(
        "id",
        date=pl.from_epoch(pl.col("at") + epoch).dt.strftime(stamp),
        modified=pl.from_epoch(revised + epoch).dt.strftime(stamp),
        slug="slug",
        link="link",
        title="title",
        author="author",
        category="category",
        format="format",
        status=pl.when(pl.col("at") < end).then(pl.lit("publish")).otherwise(pl.lit("draft")),
        cost="cost",
        is_ai_made="is_ai_made",
    )


def write_content(plan: Plan, content: pl.DataFrame, folder: Path) -> None:
    """Write a whole export at a third, at two thirds and at the end of the history."""
    for share in (1, 2, 3):
        day = plan.days * share // 3 - 1
        write_page(wordpress_export(plan, content, day), folder / f"posts_{plan.date(day):%Y%m%d}.json")
