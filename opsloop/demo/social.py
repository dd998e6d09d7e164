"""What social networks show: posts with a snapshot of their running totals on each of their first 30 days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.plan import DAY, Plan, pick
from opsloop.demo.writing import by_month, day_text, local_iso, month_text, write_csv

SNAPSHOTS = 30
# platform, account, posts a week, reach of a post, engagement share, share of video posts, is Chinese.
PLATFORMS = (
    ("xiaohongshu", "yunwu_xhs", 2.0, 5200, 0.07, 0.35, True),
    ("douyin", "yunwu_dy", 1.6, 9800, 0.045, 1.0, True),
    ("weibo", "yunwu_wb", 1.5, 3600, 0.02, 0.2, True),
    ("wechat_official", "yunwu_mp", 1.0, 2400, 0.05, 0.1, True),
    ("instagram", "yunwu.tea", 1.4, 2900, 0.055, 0.45, False),
    ("youtube", "yunwutea", 0.4, 4100, 0.04, 1.0, False),
)
TITLES_ZH = ("三分钟泡好一杯{}", "{}开箱", "茶农的一天：{}", "{}和什么点心最配", "新手买{}避坑")
TITLES_EN = (
    "Brewing {} in three minutes",
    "Unboxing {}",
    "A day with a {} grower",
    "What to eat with {}",
    "Buying {}: five mistakes",
)
TEAS_ZH = ("龙井", "白茶", "岩茶", "普洱", "茉莉花茶", "盖碗")
TEAS_EN = ("Longjing", "white tea", "rock oolong", "pu-erh", "jasmine pearls", "a gaiwan")


def draw_posts(plan: Plan) -> pl.DataFrame:
    """All posts with their final figures and how fast they get there."""
    rng = plan.rng("social")
    parts = []
    for index, (platform, account, weekly, reach, share, video, chinese) in enumerate(PLATFORMS):
        size = max(1, int(plan.days / 7 * weekly))
        day = np.sort(rng.integers(0, plan.days, size))
        titles, teas = (TITLES_ZH, TEAS_ZH) if chinese else (TITLES_EN, TEAS_EN)
        grown = 0.6 + 0.8 * day / plan.days
        is_video = rng.random(size) < video
        final = reach * grown * rng.lognormal(0, 0.7, size) * np.where(is_video, 1.4, 1.0) * plan.scale**0.3
        liked = share * rng.lognormal(0, 0.3, size)
        text = [
            titles[i].format(teas[j]) for i, j in zip(rng.integers(0, 5, size), rng.integers(0, 6, size), strict=True)
        ]
        parts.append(
            pl.DataFrame(
                {
                    "platform": [platform] * size,
                    "account_id": [account] * size,
                    "post_id": [f"{index + 1}{number:06d}" for number in range(size)],
                    "day": day,
                    "at": day * DAY + rng.integers(8, 22, size) * 3600 + rng.integers(0, 3600, size),
                    "format": np.where(
                        is_video, "video", np.array(("image", "carousel", "text"))[pick(rng, (5, 3, 2), size)]
                    ),
                    "title": text,
                    "reach": final,
                    "liked": liked,
                    "seconds": np.where(is_video, 9 + 14 * rng.random(size), 0.0),
                    "speed": rng.uniform(0.25, 0.6, size),
                }
            )
        )
    return pl.concat(parts).sort("at", "post_id")


def write_posts(plan: Plan, posts: pl.DataFrame, folder: Path) -> None:
    """Write a file of daily snapshots per month; figures run up to the end of the snapshot's day."""
    ages = pl.DataFrame({"age": np.arange(SNAPSHOTS, dtype=np.int64)})
    rows = posts.join(ages, how="cross", maintain_order="left").with_columns(on=pl.col("day") + pl.col("age"))
    rows = rows.filter(pl.col("on") < plan.days)
    grown = 1 - (1 - pl.col("speed")) ** (pl.col("age") + 1)
    reach = (pl.col("reach") * grown).floor().cast(pl.Int64)

    def part(share: float) -> pl.Expr:
        return (reach * pl.col("liked") * share).floor().cast(pl.Int64)

    out = rows.select(
        "on",
        snapshot_date=day_text(plan, pl.col("on")),
        platform="platform",
        account_id="account_id",
        post_id="post_id",
        published_at=local_iso(plan, pl.col("at")),
        format="format",
        title="title",
        reach=reach,
        impressions=(reach * 1.35).floor().cast(pl.Int64),
        likes=part(0.7),
        comments=part(0.08),
        shares=part(0.1),
        saves=part(0.16),
        video_seconds=(reach * pl.col("seconds")).floor().cast(pl.Int64),
        followers_gained=part(0.03),
    ).sort("on", "platform", "post_id")
    for month, rows_of in by_month(out.with_columns(month=month_text(plan, pl.col("on"))), "month"):
        write_csv(rows_of.drop("on"), folder / f"posts_{month}.csv")
