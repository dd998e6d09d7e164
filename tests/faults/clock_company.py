"""A company in São Paulo over both changes of its clocks in 2018, told in UTC and by a clock on the wall.

On 17 February the hour to midnight came twice; on 4 November the hour after midnight did not come.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import yaml

from opsloop.workspace import Workspace

ZONE = ZoneInfo("America/Sao_Paulo")
QUARTER = dt.timedelta(minutes=15)
LONG, SHORT = dt.date(2018, 2, 17), dt.date(2018, 11, 4)
SETTINGS = {
    "company": {"name": "Clocks", "name_zh": "时钟"},
    "time_zone": "America/Sao_Paulo",
    "currency": "BRL",
    "as_of": "2018-11-10",
    "default_range": {"from": "2018-02-01", "to": "2018-11-10"},
    "sources": ["access_logs"],
    "mappings": ["mappings/*.yaml"],
    "data_folder": "data",
    "internal_networks": ["203.0.113.0/28", "2001:db8::/32"],
}
# A clock on the wall that nobody set forward shows times of the hour that did not come.
ORDERS = {
    "o_plain": "2018-02-17 12:00:00",
    "o_twice": "2018-02-17 23:30:00",
    "o_skipped": "2018-11-04 00:30:00",
    "o_after": "2018-11-04 01:30:00",
    "o_last": "2018-11-03 23:59:59",
}
# Three page views from the office, one of a stylesheet there, two from elsewhere.
REQUESTS = (
    ("203.0.113.1", "/"),
    ("203.0.113.15", "/a"),
    ("2001:db8::7", "/b"),
    ("203.0.113.1", "/style.css"),
    ("203.0.113.16", "/"),
    ("office.shop.example", "/"),
)
LOG_LINE = '{host} - - [04/Nov/2018:10:00:{second:02} -0200] "GET {target} HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11)"'


def instants() -> list[dt.datetime]:
    """Each quarter of an hour, in UTC, of three days about either change."""
    found: list[dt.datetime] = []
    for day in (LONG, SHORT):
        first = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(), ZONE).astimezone(dt.UTC)
        last = dt.datetime.combine(day + dt.timedelta(days=2), dt.time(), ZONE).astimezone(dt.UTC)
        found += [first + n * QUARTER for n in range(int((last - first) / QUARTER))]
    return found


def make(root: Path) -> Workspace:
    """The workspace with its files and mappings; nothing has landed."""
    ws = Workspace.create(root, SETTINGS)
    (root / "data").mkdir()
    (root / "mappings").mkdir()
    moments = instants()
    _events(root, "utc", [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments])
    _events(root, "wall", [f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" for moment in moments])
    orders = {"order_id": list(ORDERS), "ordered_at": list(ORDERS.values())}
    _table(root, "wall", "orders", orders, {"currency": "BRL", "customer_id": "c"})
    items = {"order_item_id": [f"i_{order}" for order in ORDERS], "order_id": list(ORDERS)}
    _table(root, "wall", "order_items", items, {"quantity": 1, "gross": 10})
    site = ws.landing / "access_logs" / "requests" / "shop.example"
    site.mkdir(parents=True)
    lines = [LOG_LINE.format(host=host, target=target, second=n) for n, (host, target) in enumerate(REQUESTS)]
    (site / "access.log").write_text("\n".join(lines) + "\n")
    return ws


def _events(root: Path, source: str, times: list[str]) -> None:
    """A page view at each of the times, of a visitor each."""
    names = [f"{source}{n:04}" for n in range(len(times))]
    told = {"event_name": "page_view", "page_host": "shop.example", "page_path": "/"}
    _table(root, source, "web_events", {"event_id": names, "visitor_id": names, "event_at": times}, told)


def _table(root: Path, source: str, stream: str, columns: dict[str, list[str]], constants: dict[str, Any]) -> None:
    """One stream's file, and the mapping that takes it under its own names."""
    pl.DataFrame(columns).write_csv(root / "data" / f"{source}_{stream}.csv")
    spec = {
        "source": source,
        "stream": stream,
        "files": [f"{source}_{stream}.csv"],
        "columns": {name: name for name in columns},
        "constants": constants,
        "time_zone": ZONE.key,
    }
    (root / "mappings" / f"{source}_{stream}.yaml").write_text(yaml.safe_dump(spec))
