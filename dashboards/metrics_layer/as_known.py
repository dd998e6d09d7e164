"""Marts as they were known at an instant (X6): parts of a statement that stand for the marts themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QUESTIONS = Path(__file__).parent.parent.parent / "dbt_project" / "macros" / "questions"
# Each mart with a twin: the twin, the day that decides its maturity, the setting of its window, and the marts as known
# that it is joined with.
TWINS = {
    "fct_ad_performance_daily": ("fct_ad_performance_history", "date_day", "ads_days", ()),
    "fct_deals": ("fct_deals_history", "coalesce(won_date, created_date)", "orders_days", ()),
    "fct_orders": ("fct_orders_history", "order_date", "orders_days", ()),
    "fct_order_items": ("fct_order_items_history", "orders.order_date", "orders_days", ("fct_orders",)),
    "fct_refunds": ("fct_refunds_history", "refund_date", "orders_days", ("fct_orders",)),
}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """An instant of which one asks what was known, and the last day that counts then."""

    at: dt.datetime
    today: dt.date
    settings: Mapping[str, Any]

    def parts(self, tables: Iterable[str]) -> str:
        """The `with` clause that names each of the marts as it was known, and those they need; nothing for none."""
        needed: list[str] = []
        for table in sorted(tables):
            needed += [name for name in (*TWINS[table][3], table) if name not in needed]
        parts = [f"{stand_in(table)} as (\n{self._select(table)}\n)" for table in needed]
        return "with " + ",\n".join(parts) + "\n" if parts else ""

    def replace(self, sql: str, tables: Iterable[str]) -> str:
        """The statement over the marts as they were known, whole."""
        tables = list(tables)
        for table in tables:
            sql = sql.replace(_mart(table), stand_in(table))
        return self.parts(tables) + sql

    def _select(self, table: str) -> str:
        twin, day, window, _ = TWINS[table]
        today = f"date '{self.today}'"
        macros = _macros()
        arguments = {
            "twin": _mart(twin),
            "at": f"timestamp '{self.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}'",
            "maturity": macros.maturity_at(day, int(self.settings[window]), today, today),
        }
        if table == "fct_orders":
            arguments |= {"items": _mart("fct_order_items_history"), "refunds": _mart("fct_refunds_history")}
        if table in {"fct_order_items", "fct_refunds"}:
            arguments["orders"] = stand_in("fct_orders")
        if table != "fct_order_items":
            arguments["today"] = today
        return str(getattr(macros, f"{table}_as_known")(**arguments))


def knowledge(as_of: dt.date | dt.datetime, last_day: dt.date, settings: Mapping[str, Any]) -> Knowledge:
    """What was known by an instant, or by the end of a day in the company's zone, in which a plain time is read too."""
    zone = ZoneInfo(str(settings["time_zone"]))
    if isinstance(as_of, dt.datetime):
        at = as_of if as_of.tzinfo else as_of.replace(tzinfo=zone)
    else:
        at = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    day = (at - dt.timedelta(microseconds=1)).astimezone(zone).date()
    return Knowledge(at, min(day, last_day), settings)


def stand_in(table: str) -> str:
    """What a mart as it was known is called within a statement."""
    return f"{table}_as_known"


def _mart(table: str) -> str:
    """A mart as the metrics engine writes it."""
    return f'"work"."marts"."{table}"'


@cache
def _macros() -> Any:
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(QUESTIONS), undefined=jinja2.StrictUndefined)
    both = "".join((QUESTIONS / name).read_text(encoding="utf-8") for name in ("maturity.sql", "as_known.sql"))
    return environment.from_string(both).module
