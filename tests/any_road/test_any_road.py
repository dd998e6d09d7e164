"""The same rows give the same marts, in whatever order, split or doubling they arrive (X7)."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import company
import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan import Plan, marts
from roads import travelled

from opsloop.workspace import Workspace

EXAMPLES = int(os.environ.get("OPSLOOP_TEST_ROADS", "25"))


@pytest.mark.timeout(60 * EXAMPLES + 900)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_split_and_doubling_of_arrivals_gives_the_same_marts(plan: Plan, data: st.DataObject) -> None:
    """X7: what arrives at once and what is built piece by piece, out of order and twice, are the same company.

    What arrives at once is built in parts, as where memory is little for so much; the first piece in one go.
    """
    rows = data.draw(company.histories(), label="rows")
    deliveries = data.draw(company.arrivals(rows), label="deliveries")
    days = data.draw(company.days(len(deliveries)), label="days")
    with TemporaryDirectory() as folder:
        straight = travelled(Path(folder) / "straight", plan, [rows], days[-1:], in_parts=True)
        winding = travelled(Path(folder) / "winding", plan, deliveries, days)
        expected, found = marts(straight, plan.marts), marts(winding, plan.marts)
    assert found["marts.fct_orders"]
    for name, cells in expected.items():
        assert found[name] == cells, name


def test_a_version_that_its_source_calls_older_changes_nothing_by_arriving_last(plan: Plan, tmp_path: Path) -> None:
    """X7: the source's own order decides, so an order that was cancelled stays cancelled."""
    no_rows: company.Rows = {name: [] for name in company.COLUMNS}
    placed = ("o1", "c1", "u1", "", "", "2024-05-02T10:00:00Z", "CNY", "", "", "2024-05-02T10:00:00Z")
    cancelled = (
        "o1",
        "c1",
        "u1",
        "",
        "",
        "2024-05-02T10:00:00Z",
        "CNY",
        "",
        "2024-05-03T09:00:00Z",
        "2024-05-03T10:00:00Z",
    )
    line = ("i1", "o1", "sku1", "1", "12.50")
    for name, first, second in (("straight", placed, cancelled), ("winding", cancelled, placed)):
        deliveries = [no_rows | {"orders": [first], "order_items": [line]}, no_rows | {"orders": [second]}]
        travelled(tmp_path / name, plan, deliveries, [company.LAST_DAY] * 2)
    found = [marts(Workspace.open(tmp_path / name), plan.marts) for name in ("straight", "winding")]
    assert found[0] == found[1]
    with duckdb.connect(str(tmp_path / "winding" / "warehouse" / "work.duckdb"), read_only=True) as con:
        assert con.sql("select is_cancelled from marts.fct_orders").fetchall() == [(True,)]
