"""What listening hears: mentions of the own and competing brands in Chinese and English, and one viral complaint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from opsloop.demo.calendar import season, times_of_day, viral
from opsloop.demo.company import COMPETITORS, OWN_BRANDS
from opsloop.demo.plan import DAY, Bools, Ints, Plan, pick
from opsloop.demo.writing import by_month, month_text, utc, write_lines

SENTIMENTS = ("negative", "neutral", "positive")
CHINESE_PLATFORMS = ("xiaohongshu", "weibo", "zhihu", "douyin")
ENGLISH_PLATFORMS = ("reddit", "instagram", "x", "youtube")
TEXTS_ZH = (
    (
        "{}的包装破了，茶叶受潮，客服半天不回",
        "{}价格涨了，味道不如去年",
        "{}发货太慢，等了一周",
        "不会再买{}了，香精味重",
    ),
    ("有人喝过{}吗？", "{}和别家比怎么样", "路过看到{}开了新店", "{}的盖碗多少钱"),
    ("{}的茶汤很清亮，回甘好", "回购第三次{}，稳定", "{}送长辈很体面", "{}客服耐心，推荐"),
)
TEXTS_EN = (
    (
        "{} arrived crushed and stale, no reply from support",
        "{} got pricey and weaker this year",
        "Two weeks waiting for {}",
        "Done with {}, tastes perfumed",
    ),
    ("Anyone tried {}?", "How does {} compare?", "Saw {} at the tea fair", "What gaiwan does {} sell?"),
    (
        "{} brews clear and sweet",
        "Third order from {}, steady quality",
        "{} made a lovely gift",
        "Great help from {} support",
    ),
)
VIRAL_ZH = ("{}礼盒里发现霉点，太失望了", "曝光{}：中秋礼盒受潮发霉", "{}发霉还不给退？", "转发避雷{}礼盒")
VIRAL_EN = ("Mould in my {} gift box", "{} refuses refunds for mouldy tea")
AUTHORS = ("tea_lover", "小茶", "leaf", "阿敏", "steeper", "山里人", "gongfu", "老王")


def _ordinary(plan: Plan, rng: np.random.Generator) -> tuple[Ints, Ints, Bools, Ints]:
    """Day, brand, language and sentiment of everyday mentions."""
    size = int(plan.days * 4.2 * plan.scale**0.3)
    day = pick(rng, season(plan) ** 0.6 * (0.8 + 0.5 * np.arange(plan.days) / plan.days), size)
    brand = pick(rng, (14, 20, 16, 14, 18), size)
    chinese = np.select([brand == 0, brand == 1, brand == 4], [0.1, 1.0, 1.0], 0.4)
    mood = np.where(brand < 2, pick(rng, (0.13, 0.42, 0.45), size), pick(rng, (0.18, 0.46, 0.36), size))
    return day, brand, rng.random(size) < chinese, mood.astype(np.int64)


def _complaint(plan: Plan, rng: np.random.Generator) -> tuple[Ints, Ints, Bools, Ints]:
    """The burst: a few hundred negative mentions of the own brand that fade over six days."""
    first, last = viral(plan)
    size = int(340 * plan.scale**0.3)
    day = first + pick(rng, 0.55 ** np.arange(last - first + 1), size)
    chinese = rng.random(size) < 0.85
    return day, np.where(chinese, 1, 0).astype(np.int64), chinese, pick(rng, (0.93, 0.06, 0.01), size)


def _text(rng: np.random.Generator, brand: Ints, chinese: Bools, mood: Ints, is_viral: Bools) -> list[str]:
    which: npt.NDArray[np.int64] = rng.integers(0, 4, len(brand))
    names = (*OWN_BRANDS, *COMPETITORS)
    words = []
    for number, zh, feeling, burst, choice in zip(brand, chinese, mood, is_viral, which, strict=True):
        if burst and feeling == 0:
            pool: tuple[str, ...] = VIRAL_ZH if zh else VIRAL_EN
        else:
            pool = (TEXTS_ZH if zh else TEXTS_EN)[feeling]
        words.append(pool[choice % len(pool)].format(names[number]))
    return words


def draw_mentions(plan: Plan) -> pl.DataFrame:
    """All mentions in order of time."""
    rng = plan.rng("mentions")
    ordinary, complaint = _ordinary(plan, rng), _complaint(plan, rng)
    day, brand, chinese, mood = (np.concatenate([a, b]) for a, b in zip(ordinary, complaint, strict=True))
    size = len(day)
    is_viral = np.arange(size) >= len(ordinary[0])
    at = np.minimum(day * DAY + times_of_day(rng, size).astype(np.int64), plan.end - 60)
    where = rng.integers(0, 4, size)
    platform = np.where(chinese, np.array(CHINESE_PLATFORMS)[where], np.array(ENGLISH_PLATFORMS)[where])
    reach = rng.lognormal(5.6, 1.3, size) * np.where(is_viral, 4.0, 1.0)
    frame = pl.DataFrame(
        {
            "at": at,
            "platform": platform,
            "language": np.where(chinese, "zh", "en"),
            "author": np.array(AUTHORS)[rng.integers(0, len(AUTHORS), size)],
            "text": _text(rng, brand, chinese, mood, is_viral),
            "brand": np.array((*OWN_BRANDS, *COMPETITORS))[brand],
            "reach": reach.astype(np.int64),
            "sentiment": np.array(SENTIMENTS)[mood],
            "is_viral": is_viral,
        }
    ).sort("at", "platform", "text", "reach")
    number = pl.int_range(pl.len()) + 300_000
    return frame.with_columns(mention_id="m" + number.cast(pl.String), author=pl.col("author") + number.cast(pl.String))


def write_mentions(plan: Plan, mentions: pl.DataFrame, folder: Path) -> None:
    """Write a file per month."""
    out = mentions.select(
        month=month_text(plan, pl.col("at") // DAY),
        mention_id="mention_id",
        published_at=utc(plan, pl.col("at"), "%Y-%m-%dT%H:%M:%SZ"),
        platform="platform",
        language="language",
        author="author",
        text="text",
        brand="brand",
        reach="reach",
        sentiment="sentiment",
        url=pl.lit("https://social.example/") + pl.col("platform") + "/" + pl.col("mention_id"),
    )
    for month, part in by_month(out, "month"):
        write_lines(part, folder / f"mentions_{month}.jsonl")
