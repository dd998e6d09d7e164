"""What e-mail and WeCom report: each message with its opens and clicks, and each employee's contacts by day."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.calendar import season, viral
from opsloop.demo.campaigns import newsletter_days, newsletter_of
from opsloop.demo.plan import DAY, Plan
from opsloop.demo.world import World
from opsloop.demo.writing import by_month, month_text, utc, write_csv, write_page

NEVER = 2**60
ANSWER = '{"errcode":0,"errmsg":"ok","behavior_data":'
STAMP = "%Y-%m-%dT%H:%M:%S+00:00"
FLOWS = (
    ("flow-welcome", "Welcome", 3600),
    ("flow-care", "How was your tea?", 9 * DAY),
    ("flow-winback", "We miss you", 75 * DAY),
)
EMPLOYEES = ("LiTing", "WangHao", "ZhouMin", "ChenYu", "SunLei")


def _newsletters(plan: Plan, world: World, rng: np.random.Generator) -> pl.DataFrame:
    """A row per newsletter and reader: those who opted in at their first order and have not left the list."""
    readers = world.people.has_email[world.customers.person]
    person, since = world.customers.person[readers], world.customers.first_at[readers]
    leaves = since + (rng.exponential(900, len(person)) * DAY).astype(np.int64)
    days = newsletter_days(plan)
    _, names = newsletter_of(plan, np.array(days or [0]))
    parts = []
    for name, day in zip(names, days, strict=False):
        at = day * DAY + 10 * 3600
        gets = np.flatnonzero((since < at) & (leaves > at - 14 * DAY))
        last = leaves[gets] <= at
        parts.append(
            pl.DataFrame(
                {"person": person[gets], "at": at + rng.integers(0, 1800, len(gets)), "leaves": last}
            ).with_columns(campaign_id=pl.lit(name), campaign_title=pl.lit(f"Newsletter {plan.date(day):%d %b %Y}"))
        )
    return pl.concat(parts)


def _flows(plan: Plan, world: World, rng: np.random.Generator) -> pl.DataFrame:
    """Automatic messages that follow the first order of opted-in customers."""
    readers = world.people.has_email[world.customers.person]
    person, since = world.customers.person[readers], world.customers.first_at[readers]
    parts = []
    for code, title, wait in FLOWS:
        at = since + wait + rng.integers(60, 900, len(person))
        parts.append(
            pl.DataFrame({"person": person, "at": at, "leaves": rng.random(len(person)) < 0.004}).with_columns(
                campaign_id=pl.lit(code), campaign_title=pl.lit(title)
            )
        )
    return pl.concat(parts)


def draw_messages(plan: Plan, world: World) -> pl.DataFrame:
    """All messages in order of sending, with what came of each by the last day; nothing is null."""
    rng = plan.rng("messages")
    rows = pl.concat([_newsletters(plan, world, rng), _flows(plan, world, rng)])
    rows = rows.filter(pl.col("at") < plan.end).sort("at", "person", "campaign_id")
    size = len(rows)
    arrives = rng.random(size) < 0.982
    likes = 0.5 + world.people.joy[rows["person"].to_numpy()]
    opens = arrives & (rng.random(size) < 0.3 * likes)
    clicks = opens & (rng.random(size) < 0.16 * likes)
    leaves = opens & rows["leaves"].to_numpy()
    at = rows["at"].to_numpy()
    opened = at + 30 + (rng.exponential(5 * 3600, size)).astype(np.int64)

    def when(happens: np.ndarray[tuple[int], np.dtype[np.bool_]], moment: pl.Series) -> pl.Expr:
        return pl.when(pl.Series(happens) & (moment < plan.end)).then(moment)

    moment = pl.Series(opened)
    return rows.join(world.accounts.table, on="person", how="left", maintain_order="left").select(
        "person",
        "at",
        "campaign_id",
        "campaign_title",
        email_address="email",
        delivered=when(arrives, pl.Series(at + 8)),
        opened=when(opens, moment),
        clicked=when(clicks, moment + 45),
        left=when(leaves, moment + 90),
    )


def write_messages(plan: Plan, messages: pl.DataFrame, folder: Path) -> None:
    """Write a file per month of sending."""
    out = messages.select(
        month=month_text(plan, pl.col("at") // DAY),
        message_id=pl.lit("e") + (pl.int_range(pl.len()) + 8_000_001).cast(pl.String),
        campaign_id="campaign_id",
        campaign_title="campaign_title",
        email_address="email_address",
        sent_at=utc(plan, pl.col("at"), STAMP),
        delivered_at=utc(plan, pl.col("delivered"), STAMP),
        opened_at=utc(plan, pl.col("opened"), STAMP),
        clicked_at=utc(plan, pl.col("clicked"), STAMP),
        unsubscribed_at=utc(plan, pl.col("left"), STAMP),
    )
    for month, part in by_month(out, "month"):
        write_csv(part, folder / f"messages_{month}.csv")


def write_contact_days(plan: Plan, world: World, folder: Path) -> None:
    """Write WeCom's figures per employee and day; new friends follow first orders, losses follow the complaint."""
    rng = plan.rng("wecom")
    friends = world.people.has_friend[world.customers.person]
    joined = np.minimum(world.customers.first_at[friends] // DAY + rng.integers(0, 5, friends.sum()), plan.days - 1)
    total = np.bincount(joined, minlength=plan.days)[: plan.days]
    staff = len(EMPLOYEES)
    shares = rng.multinomial(total, np.full(staff, 1 / staff))
    new = shares + rng.poisson(0.15 * plan.scale, shares.shape)
    first, last = viral(plan)
    day = np.arange(plan.days)
    anger = np.where((day >= first) & (day <= last), 5.0, 1.0)[:, None]
    base = (np.cumsum(total) * 0.012 + 2)[:, None] * season(plan)[:, None] ** 0.5
    chats = rng.poisson(base, shares.shape) + new
    lost = rng.poisson(0.06 * new + 0.004 * chats * anger + 0.03 * anger, shares.shape)
    frame = pl.DataFrame(
        {
            "day": np.repeat(day, staff),
            "userid": np.tile(EMPLOYEES, plan.days),
            "stat_time": np.repeat(plan.midnight + day * DAY, staff),
            "new_apply_cnt": (new + rng.poisson(0.3 * new + 0.1)).ravel(),
            "new_contact_cnt": new.ravel(),
            "chat_cnt": chats.ravel(),
            "message_cnt": rng.poisson(chats * 4.2).ravel(),
            "reply_percentage": np.round(np.clip(rng.normal(91, 5, chats.size), 40, 100), 2),
            "avg_reply_time": np.round(rng.lognormal(2.2, 0.5, chats.size) * np.repeat(anger[:, 0] ** 0.4, staff), 1),
            "negative_feedback_cnt": lost.ravel(),
        }
    )
    for month, part in by_month(frame.with_columns(month=month_text(plan, pl.col("day"))), "month"):
        write_page(
            part.drop("day"), folder / f"behavior_{month}.json", '{"errcode":0,"errmsg":"ok","behavior_data":', "}"
        )
