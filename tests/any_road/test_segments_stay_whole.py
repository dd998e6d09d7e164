"""A static segment keeps its persons while later arrivals make browsers known and merge users (D2, S10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import company
import duckdb
import polars as pl
from plan import Plan
from roads import travelled

from dashboards.segments.asked import FunnelPersons
from dashboards.segments.members import Segments
from ingestion import landing
from opsloop.workspace import Workspace


class Built:
    """The marts of a build, as a snapshot would have them."""

    def __init__(self, workspace: Workspace) -> None:
        self.snapshot: Any = SimpleNamespace(id="built", as_of=workspace.as_of, as_of_date=workspace.as_of_date)
        self._connection = duckdb.connect()
        self._connection.execute(f"attach '{workspace.work_db}' as work (read_only)")
        self._connection.execute("use work")

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pl.DataFrame:
        """Return the rows of a statement."""
        return self._connection.execute(sql, parameters).pl()

    def close(self) -> None:
        """Let go of the warehouse, so that the next build may write."""
        self._connection.close()


def _event(visitor: str, day: int, name: str = "page_view", user: str = "", order: str = "") -> tuple[str, ...]:
    at = f"2024-05-{day:02}T10:00:00Z"
    return f"{visitor}-{day}-{name}", visitor, user, at, name, "/", "", "", "", "mobile", order


def _order(user: str, updated: str) -> tuple[str, ...]:
    return "o1", "c1", user, "", "", "2024-05-03T10:05:00Z", "CNY", "", "", updated


VIEWERS = FunnelPersons.model_validate(
    {
        "funnel": {"steps": [{"event": "page_view"}, {"event": "never"}]},
        "from": dt.date(2024, 5, 1),
        "to": dt.date(2024, 5, 10),
        "step": 1,
    }
)
NO_ROWS: company.Rows = {name: [] for name in company.COLUMNS}


def test_a_static_segment_keeps_its_persons_through_a_login_and_a_merge(plan: Plan, tmp_path: Path) -> None:
    """D2, D1: a browser's visitor logs in later, a customer of the shop is a user of the site; nobody is lost."""
    first = NO_ROWS | {
        "web_events": [
            _event("stranger", 1),
            _event("users", 2, user="u1"),
            _event("buyers", 3),
            _event("buyers", 3, "purchase", order="o1"),
            _event("nobodys", 4),
        ],
        "orders": [_order("", "2024-05-03T10:05:00Z")],
        "order_items": [("i1", "o1", "sku1", "1", "12.50")],
    }
    second = NO_ROWS | {
        "web_events": [_event("stranger", 20, "sign_up", user="u2")],
        "orders": [_order("u1", "2024-05-20T10:00:00Z")],
    }
    workspace = travelled(tmp_path / "ws", plan, [first], ["2024-05-30"])
    before = Built(workspace)
    segment = Segments(workspace, before).save("viewers", ("Viewers", "浏览者"), VIEWERS, "static")
    assert segment.saved is not None
    assert segment.saved.persons == 4
    before.close()
    company.deliver(workspace, 1, second)
    workspace = company.on(workspace, "2024-05-30")
    landing.land(workspace)
    plan.build(workspace)
    after = Built(workspace)
    segments = Segments(workspace, after)
    now = after.rows("select distinct person_id from marts.fct_events where event_name = 'page_view' order by 1")
    assert after.rows(f"from {segments.relation('viewers')} order by 1").rows() == now.rows()
    size = segments.size("viewers")
    assert (size["saved"], size["size"], size["merged"], size["gone"]) == (4, 3, 1, 0)
    after.close()
