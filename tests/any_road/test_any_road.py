"""The same rows give the same marts, in whatever order, split or doubling they arrive (X7)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import company
from plan import Plan, compiled, marts

from ingestion import landing
from opsloop.workspace import Workspace

EXAMPLES = int(os.environ.get("OPSLOOP_TEST_ROADS", "25"))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The project compiled for the company's settings."""
    return compiled(company.make(tmp_path_factory.mktemp("plan") / "ws"))


def arrived(root: Path, deliveries: list[company.Rows]) -> Workspace:
    """A workspace in which each delivery has landed after the one before."""
    ws = company.make(root)
    for number, rows in enumerate(deliveries):
        company.deliver(ws, number, rows)
        report = landing.land(ws)
        assert sum(stream.refused_files for stream in report.streams) == 0
    return ws


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_split_and_doubling_of_arrivals_gives_the_same_marts(plan: Plan, data: st.DataObject) -> None:
    """X7: what arrives at once and what arrives in pieces, out of order and twice, are the same company."""
    rows = data.draw(company.histories(), label="rows")
    deliveries = data.draw(company.arrivals(rows), label="deliveries")
    with TemporaryDirectory() as folder:
        straight = arrived(Path(folder) / "straight", [rows])
        winding = arrived(Path(folder) / "winding", deliveries)
        plan.build(straight)
        plan.build(winding)
        expected, found = marts(straight, plan.marts), marts(winding, plan.marts)
    assert found["fct_orders"]
    for name, cells in expected.items():
        assert found[name] == cells, name
