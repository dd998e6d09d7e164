"""Renders the attribution questions over small tables, in plain DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "questions"
FILES = ("attribution_touches.sql", "attribution_credits.sql", "attribution_paths.sql")
RULES: dict[str, Any] = {
    "lookback_days": 30,
    "deal_lookback_days": 180,
    "lookback_touches": 100,
    "conversion_cycles": False,
    "converting_session": True,
    "drop_direct": False,
    "path": "unique",
    "exclude_channels": [],
    "exclude_hosts": [],
    "position_first": 0.4,
    "position_last": 0.4,
    "half_life_days": 7,
}
TABLES = """
create table conversions (conversion_kind varchar, conversion_id varchar, person_id varchar, conversion_at timestamp,
    conversion_date date, maturity varchar, session_id varchar, touched_until timestamp,
    previous_conversion_at timestamp, value decimal(38, 6));
create table sessions (session_id varchar, person_id varchar, session_started_at timestamp, session_date date,
    channel varchar, channel_class varchar, campaign varchar, source varchar, medium varchar);
create table effects (conversion_kind varchar, channel varchar, removal_effect double);
"""


@cache
def macros() -> Any:
    """Return the macros as a module of plain Jinja: nothing of dbt is there."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string("".join((MACROS / file).read_text(encoding="utf-8") for file in FILES)).module


class Company:
    """A few sessions and conversions, and what the questions say of them."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(TABLES)

    def session(self, name: str, person: str, at: str, channel: str, source: str | None = None) -> None:
        """Add a session."""
        self.con.execute(
            "insert into sessions values (?, ?, ?, ?, ?, null, null, ?, null)",
            [name, person, at, at[:10], channel, source],
        )

    def conversion(
        self, name: str, person: str, at: str, value: object = 0, *, kind: str = "order", **more: str | None
    ) -> None:
        """Add a conversion; `session_id`, `touched_until` and `previous_conversion_at` as given."""
        self.con.execute(
            "insert into conversions values (?, ?, ?, ?, ?, 'mature', ?, ?, ?, ?)",
            [
                kind,
                name,
                person,
                at,
                at[:10],
                more.get("session_id"),
                more.get("touched_until") or at,
                more.get("previous_conversion_at"),
                str(value),
            ],
        )

    def effect(self, channel: str, removal_effect: float, kind: str = "order") -> None:
        """Add a channel's removal effect."""
        self.con.execute("insert into effects values (?, ?, ?)", [kind, channel, removal_effect])

    def touches_sql(self, **rules: Any) -> str:
        """The statement of the touches under the rules."""
        return str(macros().attribution_touches("conversions", "sessions", RULES | rules))

    def paths(self, **rules: Any) -> dict[str, list[str]]:
        """Each conversion's sessions in order."""
        rows = self.rows(f"select conversion_id, touch_index, touches, session_id from ({self.touches_sql(**rules)})")
        found: dict[str, list[str]] = {}
        for conversion, index, touches, session in sorted(rows):
            found.setdefault(conversion, []).append(session)
            assert (index, touches) == (len(found[conversion]), sum(row[0] == conversion for row in rows))
        return found

    def credits(self, **rules: Any) -> list[dict[str, Any]]:
        """Each row of credit: conversion, model, touch, channel, credit in millionths and money."""
        self.con.execute(f"create or replace table touches as {self.touches_sql(**rules)}")
        credits = macros().attribution_credits("conversions", "touches", "effects", RULES | rules)
        rows = self.con.execute(
            "select conversion_kind, conversion_id, attribution_model, touch_index, channel, credit, "
            f"cast(cents * 0.01 + rest as decimal(38, 6)) as money from ({credits}) order by all"
        )
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of a statement."""
        return self.con.execute(sql).fetchall()
