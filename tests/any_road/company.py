"""A small company drawn at random: what its systems say, version by version, and the files in which it arrives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from hypothesis import strategies as st

from opsloop.workspace import Workspace

LAST_DAY = "2024-06-30"
EARLIER_DAYS = ("2024-05-12", "2024-05-30", "2024-06-11", LAST_DAY)
SETTINGS = {
    "company": {"name": "Any road", "name_zh": "殊途"},
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "as_of": LAST_DAY,
    "default_range": {"from": "2024-04-01", "to": "2024-06-30"},
    "sources": [],
    "mappings": ["mappings/*.yaml"],
    "data_folder": "data",
    "conversion_events": ["purchase"],
    "own_brands": [],
    "funnels": [
        {"name": "buy", "label_en": "Buy", "label_zh": "购买", "steps": [{"event": "page_view"}, {"event": "purchase"}]}
    ],
    "traffic_rules": [
        {"rule": "trial", "kind": "test_order", "field": "order_id", "pattern": "trial.*"},
        {"rule": "crawler", "kind": "bot", "field": "source", "pattern": "crawler"},
    ],
}
START = dt.datetime(2024, 5, 1)
MINUTES = 45 * 24 * 60
COLUMNS: dict[str, tuple[str, ...]] = {
    "web_events": (
        *("event_id", "visitor_id", "user_id", "event_at", "event_name", "page_path", "source", "medium", "campaign"),
        *("device", "order_id"),
    ),
    "orders": (
        *("order_id", "customer_id", "user_id", "email", "phone", "ordered_at", "currency", "shipping"),
        *("cancelled_at", "updated_at"),
    ),
    "order_items": ("order_item_id", "order_id", "product_id", "quantity", "gross"),
    "payments": ("payment_id", "order_id", "paid_at", "currency", "amount"),
    "products": ("product_id", "product_category", "unit_cost", "currency", "updated_at"),
    "fx_rates": ("date_day", "from_currency", "to_currency", "rate"),
    "refunds": ("refund_id", "order_id", "refunded_at", "currency", "amount"),
    "ad_performance": ("platform", "date_day", "campaign_id", "campaign_name", "ad_id", "currency", "spend"),
    "crm_leads": ("lead_id", "contact_id", "user_id", "first_contact_at", "origin"),
    "crm_deals": ("deal_id", "lead_id", "created_at", "won_at", "is_won", "currency", "amount"),
}
# Rows as the file has them, by stream.
Rows = dict[str, list[tuple[str, ...]]]

_visitors = st.sampled_from(["v1", "v2", "v3", "v4"])
_users = st.sampled_from(["", "", "u1", "u2", "u3"])
_minutes = st.integers(0, MINUTES)
_some_days = st.lists(st.integers(0, 40), max_size=4, unique=True).map(
    lambda drawn: [(START + dt.timedelta(days=day)).date().isoformat() for day in drawn]
)
_touches = st.sampled_from(
    [
        ("", "", ""),
        ("google", "organic", ""),
        ("google", "cpc", "spring"),
        ("weibo", "social", ""),
        ("mail", "email", ""),
    ]
)


def _at(minute: int) -> str:
    return f"{START + dt.timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"


@st.composite
def histories(draw: st.DrawFn) -> Rows:
    """What happened: visits, orders with later versions, their money, spend, leads and deals that hang together."""
    rows: Rows = {name: [] for name in COLUMNS}
    starts = draw(st.lists(st.tuples(_visitors, _users, _minutes, _touches, st.integers(1, 4)), min_size=2, max_size=9))
    for visit, (visitor, user, minute, touch, views) in enumerate(starts):
        for view in range(views):
            at = _at(minute + view * draw(st.sampled_from([0, 1, 20, 31])))
            name = "sign_up" if user and view == 1 else "page_view"
            event = (f"e{visit}-{view}", visitor, user, at, name, f"/{view}", *touch, "mobile", "")
            rows["web_events"].append(event)
    for number, (visitor, user, minute, touch, _) in enumerate(starts[: draw(st.integers(1, 4))]):
        bought = (visitor, user, _at(minute + 3), "purchase", "/paid", *touch, "mobile", f"o{number}")
        rows["web_events"].append((f"p{number}", *bought))
        _order(draw, rows, number, user, minute)
    for version in range(draw(st.integers(0, 2))):
        rows["products"].append(("sku0", f"kind {version}", f"{2 + version}.20", "USD", _at(1000 * version)))
    rows["fx_rates"] = [(day, "USD", "CNY", f"7.{day[-2:]}") for day in draw(_some_days)]
    rows["ad_performance"] = [
        ("google_ads", day, "k1", "spring", "a1", "CNY", f"5.{day[-2:]}") for day in draw(_some_days)
    ]
    for number, user in enumerate(draw(st.lists(_users, max_size=2))):
        at = _at(draw(_minutes))
        rows["crm_leads"].append((f"l{number}", f"k{number}", user, at, "web"))
        if draw(st.booleans()):
            rows["crm_deals"].append((f"d{number}", f"l{number}", at, at, "true", "CNY", "500.50"))
    return rows


def _order(draw: st.DrawFn, rows: Rows, number: int, user: str, minute: int) -> None:
    """An order with one to three versions, a line, a payment, perhaps a refund."""
    order, currency = f"o{number}", draw(st.sampled_from(["CNY", "USD"]))
    reached = draw(st.sampled_from([("", ""), ("one@example.com", ""), ("", "+8613800000001")]))
    for version in range(draw(st.integers(1, 3))):
        cancelled = draw(st.sampled_from([_at(minute + 90), _at(minute + 30_000)])) if version == 2 else ""
        when = (_at(minute + 3), currency, "4.50", cancelled, _at(minute + 60 * version))
        rows["orders"].append((order, f"c{number % 2}", user, *reached, *when))
    rows["order_items"].append((f"i{number}", order, f"sku{number % 2}", "1", f"{10 + 7 * number}.05"))
    paid_at = draw(st.sampled_from(["", _at(minute + 4), _at(minute + 20_000)]))
    rows["payments"].append((f"y{number}", order, paid_at, currency, "9.99"))
    if draw(st.booleans()):
        rows["refunds"].append((f"r{number}", order, _at(minute + 5000), "CNY", "3.33"))


@st.composite
def arrivals(draw: st.DrawFn, rows: Rows) -> list[Rows]:
    """One to four deliveries in which the rows arrive: in any order, split anywhere, some of them twice."""
    deliveries: list[Rows] = [{name: [] for name in COLUMNS} for _ in range(draw(st.integers(1, 4)))]
    places = st.integers(0, len(deliveries) - 1)
    for name, found in rows.items():
        for row in draw(st.permutations(found)):
            for place in draw(st.lists(places, min_size=1, max_size=2)):
                deliveries[place][name].append(row)
    return deliveries


def days(deliveries: int) -> st.SearchStrategy[list[str]]:
    """As of which day each delivery is built: never an earlier one than before, the last day in the end."""
    earlier = st.lists(st.sampled_from(EARLIER_DAYS), min_size=deliveries - 1, max_size=deliveries - 1)
    return earlier.map(lambda drawn: [*sorted(drawn), LAST_DAY])


def make(root: Path) -> Workspace:
    """A workspace with a mapping for each stream and nothing to land."""
    ws = Workspace.create(root, SETTINGS)
    ws.state.mkdir(exist_ok=True)
    (ws.state / "secret").write_text("0" * 64, encoding="ascii")  # two roads hash an address alike
    (root / "data").mkdir()
    (root / "mappings").mkdir()
    for name, columns in COLUMNS.items():
        spec: dict[str, Any] = {
            "source": "shop",
            "stream": name,
            "files": [f"{name}*.csv"],
            "columns": dict(zip(columns, columns, strict=True)),
        }
        if name == "web_events":
            spec["constants"] = {"page_host": "shop.example"}
        (root / "mappings" / f"{name}.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    return ws


def on(ws: Workspace, day: str) -> Workspace:
    """The workspace as of another day."""
    path = ws.root / "opsloop.yaml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**known, "as_of": day}, allow_unicode=True), encoding="utf-8")
    return Workspace.open(ws.root)


def deliver(ws: Workspace, number: int, rows: Rows) -> None:
    """Put one delivery's files where the mappings look for them."""
    for name, found in rows.items():
        if found:
            frame = pl.DataFrame(found, schema=dict.fromkeys(COLUMNS[name], pl.String()), orient="row")
            frame.write_csv(ws.root / "data" / f"{name}_{number}.csv")
