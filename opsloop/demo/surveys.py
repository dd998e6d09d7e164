"""What customers answer: NPS some days after an order, by true satisfaction, lower while the complaint is viral."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.calendar import viral
from opsloop.demo.plan import DAY, Plan
from opsloop.demo.world import World
from opsloop.demo.writing import by_month, month_text, utc, write_csv

ZH = (
    ("茶味淡，失望", "包装破损，没人管", "太贵了"),
    ("还可以", "一般", "物流有点慢"),
    ("很好喝，会回购", "送礼很体面", "客服很耐心"),
)
EN = (
    ("Stale leaves, disappointed", "Box was crushed", "Too expensive"),
    ("It is fine", "Average", "Shipping took a while"),
    ("Lovely tea, will order again", "A great gift", "Support was patient"),
)


def draw_answers(plan: Plan, world: World) -> pl.DataFrame:
    """Answers in order of time: person, score, comment, language."""
    rng = plan.rng("surveys")
    orders = world.orders.filter(pl.col("email").is_not_null())
    answers = rng.random(len(orders)) < 0.13
    chosen = orders.filter(pl.Series(answers))
    at = chosen["at"].to_numpy() + 12 * DAY + rng.integers(0, 4 * DAY, len(chosen))
    person = chosen["person"].to_numpy()
    first, last = viral(plan)
    during = (at // DAY >= first) & (at // DAY <= last + 10)
    score = (
        5.6 + 6.2 * (world.people.joy[person] - 0.45) + rng.normal(0, 1.6, len(person)) + 1.4 - np.where(during, 2.2, 0)
    )
    nps = np.clip(np.round(score), 0, 10).astype(np.int64)
    mood = np.select([nps <= 6, nps <= 8], [0, 1], 2)
    chinese = world.people.region[person] == 0
    which = rng.integers(0, 3, len(person))
    says = rng.random(len(person)) < 0.6
    comments = [
        ((ZH if zh else EN)[feeling][choice] if speaks else None)
        for zh, feeling, choice, speaks in zip(chinese, mood, which, says, strict=True)
    ]
    return (
        pl.DataFrame(
            {
                "person": person,
                "at": at,
                "email": world.accounts.table["email"].gather(person),
                "nps": nps,
                "comment": pl.Series(comments, dtype=pl.String),
                "language": np.where(chinese, "ZH-S", "EN"),
            }
        )
        .filter(pl.col("at") < plan.end)
        .sort("at", "person")
    )


def write_answers(plan: Plan, answers: pl.DataFrame, folder: Path) -> None:
    """Write a file per month."""
    out = answers.select(
        month=month_text(plan, pl.col("at") // DAY),
        ResponseId=pl.lit("R_") + (pl.int_range(pl.len()) + 100_001).cast(pl.String),
        RecordedDate=utc(plan, pl.col("at"), "%Y-%m-%d %H:%M:%S"),
        RecipientEmail="email",
        Q_NPS="nps",
        Q_COMMENT="comment",
        UserLanguage="language",
    )
    for month, part in by_month(out, "month"):
        write_csv(part, folder / f"responses_{month}.csv")
