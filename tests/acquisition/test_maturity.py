"""How sure a row, a week and a chart's period are (X5)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
import polars as pl
from acquisition_sql import PROJECT, Tables, environment, macro

from dashboards.components.facts import Facts
from dashboards.components.periods import state_of
from dashboards.components.view import Span
from dashboards.metrics import Metrics
from dashboards.packs.desk import Desk as PackDesk
from dashboards.weeks import Week
from opsloop.workspace import Workspace

DAYS = "range(date '2026-02-20', date '2026-03-05', interval 1 day) as days(d)"


def _by_hand(day: dt.date, window: int, today: dt.date, arrived: dt.date) -> str:
    if day >= today:
        return "partial"
    if day > arrived:
        return "late"
    sure_until = min(today - dt.timedelta(days=1), arrived)
    return "mature" if day + dt.timedelta(days=window) <= sure_until else "maturing"


def test_a_row_is_mature_once_its_window_is_over_and_has_arrived() -> None:
    """X5: partial while its day is not over, late while its sources lack the day, maturing while its window is open."""
    sql = macro("maturity_at")("day", "cast(days as integer)", "today", "arrived")
    ranges = ", ".join(f"(select cast(d as date) as {name} from {DAYS})" for name in ("day", "today", "arrived"))
    with duckdb.connect() as con:
        rows = con.execute(f"select day, days, today, arrived, {sql} from {ranges}, range(5) as w(days)").fetchall()
    assert {row[4] for row in rows} == {"partial", "late", "maturing", "mature"}
    assert [row for row in rows if row[4] != _by_hand(*row[:4])] == []


def test_an_order_waits_for_the_streams_it_needs_and_for_no_others() -> None:
    """X5: the earliest of the topics that a row needs decides; without a topic there is no waiting."""
    tables = Tables(dt.date(2026, 2, 1))
    tables.con.execute("insert into fct_arrivals values ('web', '2026-01-10'), ('orders', '2026-01-20')")
    maturity = macro("maturity")
    answers = {
        needs: tables.rows(f"select {maturity('day', 0, list(needs))} from (select date '2026-01-15' as day)")[0][0]
        for needs in ((), ("orders",), ("web", "orders"), ("ads",))
    }
    assert answers == {(): "mature", ("orders",): "mature", ("web", "orders"): "late", ("ads",): "mature"}


def test_a_stream_holds_back_until_its_habit_is_broken_and_no_longer_than_it_is_missed() -> None:
    """X5: daily, weekly, new, switched off and ended streams of one topic."""
    tables = Tables(dt.date(2026, 3, 1))
    streams = {"source": "varchar", "stream": "varchar", "is_on": "boolean"}
    days = {"source": "varchar", "stream": "varchar", "last_day": "date", "days": "bigint", "usual_gap_days": "bigint"}
    cases = {
        "daily": (True, "2026-02-26", 90, 1),
        "weekly": (True, "2026-02-24", 20, 7),
        "new": (True, "2026-02-01", 5, 1),
        "off": (False, "2026-02-01", 90, 1),
        "ended": (True, "2026-01-31", 90, 1),
    }
    tables.give("workspace_streams", streams, [(name, "s", case[0]) for name, case in cases.items()])
    tables.give("int_quality__stream_days", days, [(name, "s", *case[1:]) for name, case in cases.items()])
    made = environment()
    for name in cases:
        made.globals["streams_of"] = lambda model, name=name: [(name, "s")]
        sql = made.from_string(_model("fct_arrivals")).render()
        found = dict(tables.rows(f"select topic, arrived_until from ({sql})"))
        expected = {"daily": dt.date(2026, 2, 26)}.get(name, dt.date(2026, 3, 1))
        assert set(found.values()) == {expected}, name


def _model(name: str) -> str:
    (file,) = (PROJECT / "models").rglob(f"{name}.sql")
    return str(file.read_text(encoding="utf-8"))


def test_a_week_whose_last_day_has_no_data_yet_is_late_and_not_whole() -> None:
    """X5: just after midnight the week is over by the clock, and short by what has arrived."""
    monday, sunday = dt.date(2026, 3, 2), dt.date(2026, 3, 8)
    span, next_monday = Span(dt.date(2026, 2, 2), dt.date(2026, 3, 9)), dt.date(2026, 3, 9)
    assert state_of(monday, "week", span, sunday, next_monday, dt.date(2026, 3, 7)) == "late"
    assert state_of(monday, "week", span, sunday, next_monday, sunday) == "mature"
    assert state_of(monday, "week", span, dt.date(2026, 3, 1), next_monday, sunday) == "maturing"
    assert state_of(next_monday, "week", span, sunday, next_monday, sunday) == "partial"


class Snapshot:
    """Marts of sessions whose last day, a Sunday, has not arrived."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("create schema marts")
        self.con.execute(
            "create table marts.fct_sessions as select cast(d as date) as session_date, 'mature' as maturity"
            " from range(date '2026-02-01', date '2026-03-09', interval 1 day) as days(d)"
        )
        self.con.execute("create table marts.fct_arrivals as select 'web' as topic, date '2026-03-07' as arrived_until")

    def rows(self, sql: str) -> pl.DataFrame:
        """Return the rows of a query."""
        return self.con.execute(sql).pl()


def test_the_pack_calls_a_week_late_that_is_over_by_the_clock_and_lacks_a_day(tmp_path: Path) -> None:
    """X5: marked as unsettled, and neither partial nor mature; what has not arrived is not settled either."""
    facts = Facts(cast(Metrics, Snapshot()))
    workspace = Workspace.create(tmp_path / "ws", {"as_of": "2026-03-08", "time_zone": "UTC"})
    sessions = SimpleNamespace(tables=("fct_sessions",))
    desk = SimpleNamespace(facts=facts, catalogue={"sessions": sessions}, workspace=workspace, as_of=workspace.as_of)
    maturity = {
        monday: PackDesk.maturity(cast(PackDesk, desk), "sessions", Week("", monday))
        for monday in (dt.date(2026, 2, 23), dt.date(2026, 3, 2), dt.date(2026, 3, 9))
    }
    assert list(maturity.values()) == ["mature", "late", "partial"]
    assert facts.settled(["fct_sessions"]) == facts.arrived(["fct_sessions"]) == dt.date(2026, 3, 7)
    assert facts.arrived(["dim_customers"]) == dt.date.max
