"""What really is so: who is who, who will come back, what each channel truly added. The product never reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.buying import SALES_CHANNELS, repeat_effects, true_churn
from opsloop.demo.company import CHANNELS
from opsloop.demo.plan import Plan
from opsloop.demo.visits import ANONYMOUS
from opsloop.demo.world import World

CAUSES = ("none", "email", "wecom")
HAZARD_STEP = 30


def _moment(plan: Plan, second: pl.Expr) -> pl.Expr:
    return pl.from_epoch((second + plan.midnight) * 1_000_000, time_unit="us")


def _known_ids(world: World, contacts: pl.DataFrame, mails: pl.DataFrame) -> pl.DataFrame:
    """Every id that an export shows, with its person."""

    def ids(frame: pl.DataFrame, kind: str, column: str, source: str) -> pl.DataFrame:
        value = pl.col(column).str.strip_chars().str.to_lowercase() if kind == "email" else pl.col(column)
        shown = frame.filter(pl.col(column).is_not_null())
        return shown.select("person", id_kind=pl.lit(kind), id_value=value, source_name=pl.lit(source))

    seen = world.sessions.filter(pl.col("is_seen") & ~pl.col("is_staff") & (pl.col("auth") != ANONYMOUS))
    logged = seen.select("person").join(world.accounts.table, on="person", how="left", maintain_order="left")
    return pl.concat(
        [
            ids(logged, "user_id", "user_id", "ga4"),
            ids(world.orders, "user_id", "user_id", "shopify"),
            ids(world.orders, "email", "email", "shopify"),
            ids(world.orders, "customer_id", "customer_id", "shopify"),
            ids(contacts, "crm_contact", "contact_id", "hubspot"),
            ids(contacts, "email", "email", "hubspot"),
            ids(contacts, "user_id", "company_user_id", "hubspot"),
            ids(mails, "email", "email", "mailchimp"),
        ]
    ).unique(maintain_order=True)


def _visitors(plan: Plan, world: World) -> pl.DataFrame:
    """Who used each browser from when to when; a shared one has a row per person."""
    seen = world.sessions.filter(pl.col("is_seen") & ~pl.col("is_staff"))
    grouped = seen.group_by("person", "visitor_id", maintain_order=True).agg(
        first=pl.col("start").min(),
        last=(pl.col("start") + pl.col("stay")).max(),
        has_login=(pl.col("auth") != ANONYMOUS).any(),
    )
    return grouped.select(
        "person",
        id_kind=pl.lit("visitor_id"),
        id_value="visitor_id",
        source_name=pl.lit("ga4"),
        owned_from=_moment(plan, pl.col("first")),
        owned_to=_moment(plan, pl.col("last")),
        has_login="has_login",
        is_shared=pl.len().over("visitor_id") > 1,
    )


def _write_identity(plan: Plan, world: World, contacts: pl.DataFrame, mails: pl.DataFrame, folder: Path) -> None:
    known = _known_ids(world, contacts, mails)
    both = pl.concat([known, _visitors(plan, world)], how="diagonal")
    both.sort("person", "id_kind", "id_value", "source_name").write_parquet(folder / "identity.parquet")


def _write_hazard(plan: Plan, world: World, folder: Path) -> None:
    """The true chance of no order in the next 90 days, at the end of every thirtieth day back from the last."""
    parts = []
    for day in range(plan.days - 1, 60, -HAZARD_STEP):
        known, chance = true_churn(world.customers, day)
        parts.append(
            pl.DataFrame(
                {
                    "person": world.customers.person[known],
                    "as_of": [plan.date(day)] * int(known.sum()),
                    "probability": chance[known],
                    "has_left": (world.customers.leaves_on <= day + 1)[known],
                }
            )
        )
    schema = {"person": pl.Int64, "as_of": pl.Date, "probability": pl.Float64, "has_left": pl.Boolean}
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    frame.sort("as_of", "person").write_parquet(folder / "churn_hazard.parquet")


def _write_effects(world: World, folder: Path) -> None:
    """Orders that would not be without a channel: first ones by its visits, repeat ones by e-mail and WeCom."""
    repeat = repeat_effects(world.orders)
    session = world.sessions.filter(pl.col("order") >= 0)
    brought = np.bincount(session["channel"].to_numpy(), minlength=len(CHANNELS))
    first = [world.journey.incremental[channel.name] for channel in CHANNELS]
    later = [repeat.get(channel.name, 0) for channel in CHANNELS]
    pl.DataFrame(
        {
            "channel": [channel.name for channel in CHANNELS],
            "source": [channel.source or None for channel in CHANNELS],
            "medium": [channel.medium or None for channel in CHANNELS],
            "referrer": [channel.referrer or None for channel in CHANNELS],
            "first_orders": first,
            "repeat_orders": later,
            "incremental_conversions": [a + b for a, b in zip(first, later, strict=True)],
            "last_session_orders": brought,
        }
    ).write_parquet(folder / "channel_effect.parquet")


def _write_orders(plan: Plan, world: World, folder: Path) -> None:
    visits = world.sessions.filter(pl.col("order") >= 0).select("order", "channel", "is_seen", "visitor_id")
    joined = world.orders.join(visits, on="order", how="left", maintain_order="left")
    names = {index: channel.name for index, channel in enumerate(CHANNELS)}
    joined.select(
        "order_id",
        pl.when("is_anonymous").then(None).otherwise("person").alias("person"),
        "is_first",
        ordered_at=_moment(plan, pl.col("at")),
        place=pl.col("place").replace_strict(dict(enumerate(SALES_CHANNELS)), return_dtype=pl.String),
        cause=pl.col("cause").replace_strict(dict(enumerate(CAUSES)), return_dtype=pl.String),
        channel=pl.col("channel").replace_strict(names, return_dtype=pl.String, default=None),
        is_tracked=pl.col("is_seen").fill_null(value=False),
        visitor_id="visitor_id",
        currency="currency",
        subtotal="subtotal",
        total="total",
        refund="refund",
        refunded_at=pl.when(pl.col("is_refunded") & (pl.col("changed") < plan.end)).then(
            _moment(plan, pl.col("changed"))
        ),
        is_cancelled=pl.col("is_cancelled") & (pl.col("changed") < plan.end),
    ).write_parquet(folder / "orders.parquet")


def write_truth(plan: Plan, world: World, contacts: pl.DataFrame, messages: pl.DataFrame, folder: Path) -> None:
    """Write identity, churn hazard, channel effects and orders."""
    folder.mkdir(parents=True, exist_ok=True)
    mails = messages.select("person", email="email_address").unique(maintain_order=True)
    _write_identity(plan, world, contacts, mails, folder)
    _write_hazard(plan, world, folder)
    _write_effects(world, folder)
    _write_orders(plan, world, folder)
