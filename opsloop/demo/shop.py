"""What the shop exports: Shopify orders with lines, payments and refunds, again at each change, and products."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.buying import MINI, POS, SALES_CHANNELS, WEB
from opsloop.demo.company import PRODUCTS
from opsloop.demo.devices import Accounts
from opsloop.demo.people import COUNTRIES, People
from opsloop.demo.plan import DAY, Plan, pick
from opsloop.demo.writing import by_month, local_iso, money, month_text, write_csv, write_lines

TEST_SHARE = 0.003
NEVER = 2**60


def order_ids(count: int) -> pl.Series:
    """The shop's id of each order, which web analytics repeats as the transaction."""
    return (pl.Series(np.arange(count)) * 7 + 5_600_000_010_001).cast(pl.String)


def settle_orders(
    plan: Plan, people: People, accounts: Accounts, orders: pl.DataFrame, items: pl.DataFrame, sessions: pl.DataFrame
) -> pl.DataFrame:
    """Add to each order what the shop knows: time, ids, sums, refund, cancellation; test orders come later."""
    rng = plan.rng("shop")
    size = len(orders)
    stays = sessions.filter(pl.col("order") >= 0).select("order", "stay")
    sums = items.group_by("order", maintain_order=True).agg(
        subtotal=(pl.col("price") * pl.col("quantity") - pl.col("discount")).sum().round(2),
        pieces=pl.col("quantity").sum(),
    )
    frame = orders.join(stays, on="order", how="left", maintain_order="left")
    frame = frame.join(sums, on="order", how="left", maintain_order="left")
    frame = frame.join(accounts.table, on="person", how="left", maintain_order="left")
    person = frame["person"].to_numpy()
    late = np.where(people.joy[person] < 0.5, 2.2, 0.8)
    refunded = rng.random(size) < 0.055 * late
    cancelled = ~refunded & (rng.random(size) < 0.02)
    frame = frame.with_columns(
        at=pl.col("start") + pl.col("stay").fill_null(0) + 2,
        signed_up=pl.Series(accounts.signed_up[person]),
        wait=pl.Series(rng.integers(2 * DAY, 26 * DAY, size)),
        is_refunded=pl.Series(refunded),
        is_cancelled=pl.Series(cancelled),
        whole=pl.Series(rng.random(size) < 0.55),
        is_anonymous=pl.Series((frame["place"].to_numpy() == POS) & (rng.random(size) < 0.04)),
        uses_other=pl.Series(rng.random(size) < 0.5),
        shouts=pl.Series(rng.random(size) < 0.01),
        knows_user=pl.Series(rng.random(size) < 0.5),
        gateway=pl.Series(rng.random(size)),
        country=pl.Series(np.array([row[0] for row in COUNTRIES])[people.country[person]]),
        currency=pl.Series(np.array([row[3] for row in COUNTRIES])[people.country[person]]),
        order_id=order_ids(size),
    )
    return _sums(_ids(frame))


def _ids(frame: pl.DataFrame) -> pl.DataFrame:
    """E-mail, customer and user as the shop has them: a second address only where the account ties it to the person."""
    has_account = pl.col("user_id").is_not_null() & (pl.col("at") >= pl.col("signed_up"))
    shows = has_account & (pl.col("place").is_in([WEB, MINI]) | pl.col("knows_user"))
    other = shows & pl.col("has_other") & pl.col("uses_other")
    email = pl.when(other).then("other_email").otherwise("email")
    return frame.with_columns(
        user_id=pl.when(shows & ~pl.col("is_anonymous")).then("user_id"),
        email=pl.when(~pl.col("is_anonymous")).then(
            pl.when(pl.col("shouts")).then(email.str.to_uppercase() + " ").otherwise(email)
        ),
        customer_id=pl.when(~pl.col("is_anonymous")).then((pl.col("person") + 7_000_000_001).cast(pl.String)),
    )


def _sums(frame: pl.DataFrame) -> pl.DataFrame:
    shipping = (
        pl.when(pl.col("place") == POS)
        .then(0.0)
        .when(pl.col("currency") == "CNY")
        .then(pl.when(pl.col("subtotal") >= 199).then(0.0).otherwise(12.0))
        .otherwise(pl.when(pl.col("subtotal") >= 80).then(0.0).otherwise(9.5))
    )
    tax = pl.when(pl.col("currency") == "CNY").then(0.0).otherwise((pl.col("subtotal") * 0.05).round(2))
    refund = pl.when(pl.col("whole")).then(pl.col("subtotal")).otherwise((pl.col("subtotal") * 0.4).round(2))
    return frame.with_columns(shipping=shipping, tax=tax, refund=pl.when("is_refunded").then(refund)).with_columns(
        total=(pl.col("subtotal") + pl.col("shipping") + pl.col("tax")).round(2),
        changed=pl.when("is_refunded")
        .then(pl.col("at") + pl.col("wait"))
        .when("is_cancelled")
        .then(pl.col("at") + pl.col("wait") // 30),
    )


def _test_orders(plan: Plan, orders: pl.DataFrame) -> pl.DataFrame:
    """Copies of some orders that staff made to try the shop: other ids, no person."""
    rng = plan.rng("test orders")
    chosen = np.sort(pick(rng, np.ones(len(orders)), max(3, int(len(orders) * TEST_SHARE))))
    copies = orders[np.unique(chosen)]
    return copies.with_columns(
        is_test=pl.lit(True),
        order_id=pl.col("order_id") + "9",
        person=pl.lit(-1, pl.Int64),
        email=pl.lit("checkout-test@yunwutea.example"),
        user_id=pl.lit(None, pl.String),
        customer_id=pl.lit("7000000000"),
        changed=pl.lit(None, pl.Int64),
        is_refunded=pl.lit(False),
        is_cancelled=pl.lit(False),
    )


def _lines(items: pl.DataFrame) -> pl.DataFrame:
    """The lines of each order as a list of objects."""
    ids = pl.Series([item.product_id for item in PRODUCTS])
    titles = pl.Series([item.title for item in PRODUCTS])
    product = items["product"]
    number = items.select(pl.int_range(pl.len()).over("order"))[:, 0]
    line = items.with_columns(
        id=(items["order"] * 10 + number + 14_500_000_000_000).cast(pl.String),
        product_id=ids.gather(product),
        title=titles.gather(product),
        total_discount=pl.col("discount"),
    ).with_columns(money("price"), money("total_discount"))
    fields = pl.struct("id", "product_id", "title", "quantity", "price", "total_discount")
    return line.group_by("order", maintain_order=True).agg(line_items=fields)


def _export(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """Orders in the shape of the export; `is_changed` says whether refund and cancellation are known by then."""
    done = pl.col("is_changed")
    paid_with = (
        pl.when(pl.col("currency") != "CNY")
        .then(pl.when(pl.col("gateway") < 0.4).then(pl.lit("paypal")).otherwise(pl.lit("shopify_payments")))
        .when(pl.col("place") == POS)
        .then(pl.when(pl.col("gateway") < 0.2).then(pl.lit("cash")).otherwise(pl.lit("wechat_pay")))
        .otherwise(pl.when(pl.col("gateway") < 0.55).then(pl.lit("alipay")).otherwise(pl.lit("wechat_pay")))
    )
    status = (
        pl.when(done & pl.col("is_cancelled"))
        .then(pl.lit("voided"))
        .when(done & pl.col("is_refunded") & pl.col("whole"))
        .then(pl.lit("refunded"))
        .when(done & pl.col("is_refunded"))
        .then(pl.lit("partially_refunded"))
        .otherwise(pl.lit("paid"))
    )
    number = pl.col("order_id")
    copied = pl.col("line_items").list.eval(pl.element().struct.with_fields(id=pl.field("id") + "9"))
    refund = pl.struct(id="R" + number, created_at=local_iso(plan, pl.col("changed")), amount=money("refund"))
    sale = pl.struct(
        id="T" + number,
        kind=pl.lit("sale"),
        gateway=paid_with,
        amount=money("total"),
        processed_at=local_iso(plan, pl.col("at") + 3),
    )
    return frame.select(
        id=number,
        created_at=local_iso(plan, pl.col("at")),
        updated_at=local_iso(plan, pl.when(done).then("changed").otherwise(pl.col("at") + 60)),
        cancelled_at=pl.when(done & pl.col("is_cancelled")).then(local_iso(plan, pl.col("changed"))),
        financial_status=status,
        currency="currency",
        email="email",
        customer_id="customer_id",
        user_id="user_id",
        test="is_test",
        source_name=pl.Series(SALES_CHANNELS).gather(frame["place"]),
        line_items=pl.when("is_test").then(copied).otherwise("line_items"),
        refunds=pl.concat_list(pl.when(done & pl.col("is_refunded")).then(refund)).list.drop_nulls(),
        transactions=pl.concat_list(sale),
        total_shipping=money("shipping"),
        total_tax=money("tax"),
        shipping_country="country",
        month="month",
    )


def write_orders(plan: Plan, orders: pl.DataFrame, items: pl.DataFrame, folder: Path) -> None:
    """Write a file per month with every order that was made or changed in it, as it was at the month's end."""
    lines = _lines(items)
    every = pl.concat([orders.with_columns(is_test=pl.lit(False)), _test_orders(plan, orders)])
    every = every.with_columns(
        made=month_text(plan, pl.col("at") // DAY),
        moved=pl.when(pl.col("changed") < plan.end).then(month_text(plan, pl.col("changed") // DAY)),
    )
    new = every.with_columns(month="made", is_changed=(pl.col("made") == pl.col("moved")).fill_null(value=False))
    later = every.filter(pl.col("moved").is_not_null() & (pl.col("moved") != pl.col("made")))
    again = later.with_columns(month="moved", is_changed=pl.lit(True))
    stacked = pl.concat([new, again]).with_columns(stamp=pl.when("is_changed").then("changed").otherwise("at"))
    for month, part in by_month(stacked.sort("month", "stamp", "order_id").with_columns(key="month"), "key"):
        joined = part.join(lines, on="order", how="left", maintain_order="left")
        write_lines(_export(plan, joined).drop("month"), folder / f"orders_{month}.jsonl")


def write_products(plan: Plan, folder: Path) -> None:
    """Write the product list at the start and again halfway, when costs have gone up."""
    for day, factor in ((0, 1.0), (plan.days // 2, 1.06)):
        frame = pl.DataFrame(
            {
                "id": [item.product_id for item in PRODUCTS],
                "title": [item.title for item in PRODUCTS],
                "product_type": [item.category for item in PRODUCTS],
                "price": [item.price for item in PRODUCTS],
                "cost_per_item": [round(item.cost * factor, 2) for item in PRODUCTS],
                "currency": ["CNY"] * len(PRODUCTS),
                "day": [day * DAY + 10 * 3600] * len(PRODUCTS),
            }
        ).with_columns(updated_at=local_iso(plan, pl.col("day")))
        write_csv(frame.drop("day"), folder / f"products_{plan.date(day):%Y%m}.csv")
