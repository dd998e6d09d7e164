"""Shopify: whole orders with their lines, refunds and transactions, and the catalogue.

An order is exported again whenever it changes; `updated_at` orders the versions.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, TIMESTAMP, Rule, Source, Stream

LINE_ITEM = pl.Struct(
    {
        "id": pl.String(),
        "product_id": pl.String(),
        "title": pl.String(),
        "quantity": pl.Int64(),
        "price": pl.String(),
        "total_discount": pl.String(),
    }
)
REFUND = pl.Struct({"id": pl.String(), "created_at": pl.String(), "amount": pl.String()})
TRANSACTION = pl.Struct(
    {
        "id": pl.String(),
        "kind": pl.String(),
        "gateway": pl.String(),
        "amount": pl.String(),
        "processed_at": pl.String(),
    }
)

FINANCIAL_STATUSES = (
    "pending",
    "authorized",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
)

ORDERS = Stream(
    name="orders",
    description="Orders with their lines, refunds and payments inside.",
    grain=("order_id",),
    schema={
        "order_id": pl.String(),
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "cancelled_at": TIMESTAMP,
        "financial_status": pl.String(),
        "currency": pl.String(),
        "email": pl.String(),
        "customer_id": pl.String(),
        "user_id": pl.String(),
        "test": pl.Boolean(),
        "sales_channel": pl.String(),
        "line_items": pl.List(LINE_ITEM),
        "refunds": pl.List(REFUND),
        "transactions": pl.List(TRANSACTION),
        "total_shipping": MONEY,
        "total_tax": MONEY,
        "country": pl.String(),
    },
    time_column="created_at",
    order_by="updated_at",
    pii={"email": "email"},
    rename={"id": "order_id", "source_name": "sales_channel", "shipping_country": "country"},
    rules=(
        Rule.not_null("created_at"),
        Rule.not_null("currency"),
        Rule.matches("currency", r"^[A-Z]{3}$"),
        Rule.accepted("financial_status", *FINANCIAL_STATUSES),
        Rule.between("total_shipping", minimum=0),
    ),
    optional=("cancelled_at", "user_id", "test", "total_tax", "country"),
    glob="*.json*",
)

PRODUCTS = Stream(
    name="products",
    description="The catalogue with prices and unit costs.",
    grain=("product_id",),
    schema={
        "product_id": pl.String(),
        "title": pl.String(),
        "category": pl.String(),
        "price": MONEY,
        "unit_cost": MONEY,
        "currency": pl.String(),
        "updated_at": TIMESTAMP,
    },
    time_column="updated_at",
    order_by="updated_at",
    rename={"id": "product_id", "product_type": "category", "cost_per_item": "unit_cost"},
    rules=(Rule.between("price", minimum=0), Rule.between("unit_cost", minimum=0)),
    glob="*.csv*",
)

SOURCE = Source(
    name="shopify",
    title="Shopify",
    owner="e-commerce",
    licence="The company's own data, under Shopify's API terms",
    streams=(ORDERS, PRODUCTS),
)
