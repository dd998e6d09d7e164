"""The drop folder's sensor also sees the files that mappings take from a folder of the company's own (O1, I3)."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from opsloop.workspace import Workspace
from orchestration.defs.schedules import drop_folder_sensor

MAPPING = """\
source: shop
stream: orders
files: [orders*.csv]
lookups: [{file: buyers.csv, on: buyer, take: [person]}]
columns: {order_id: id, customer_id: person, ordered_at: sold}
"""


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    """A workspace whose orders are mapped from a folder beside it, where nothing lies yet."""
    (tmp_path / "data").mkdir()
    ws = Workspace.create(
        tmp_path / "ws", {"data_folder": str(tmp_path / "data"), "mappings": ["mappings/*.yaml"], "sources": []}
    )
    (ws.root / "mappings").mkdir()
    (ws.root / "mappings" / "orders.yaml").write_text(MAPPING)
    return ws


def asked(ws: Workspace, cursor: str | None) -> tuple[int, str | None]:
    """How many runs two evaluations in a row ask for, and the cursor they leave."""
    sensor = drop_folder_sensor(ws)
    runs = 0
    for _ in range(2):
        context = dg.build_sensor_context(cursor=cursor)
        result = sensor(context)
        if isinstance(result, dg.SensorResult):
            runs += len(result.run_requests or [])
            cursor = result.cursor
        else:
            cursor = context.cursor
    return runs, cursor


def test_a_file_that_a_mapping_takes_asks_for_a_refresh_once(company: Workspace, tmp_path: Path) -> None:
    """Its arrival, its change and that of a file it is looked up in each ask once; another file does not (O1)."""
    _, cursor = asked(company, None)
    for name, runs in (("orders_1.csv", 1), ("orders_1.csv", 1), ("buyers.csv", 1), ("other.csv", 0)):
        with (tmp_path / "data" / name).open("a") as file:
            file.write("id,buyer,sold\n")
        count, cursor = asked(company, cursor)
        assert (name, count) == (name, runs)
        assert asked(company, cursor)[0] == 0


def test_a_wrong_mapping_stops_no_sensor(company: Workspace) -> None:
    """The run says what is wrong with it; files in the drop folder are seen all the same (O1, X8)."""
    (company.root / "mappings" / "orders.yaml").write_text("stream: nothing")
    (company.landing / "company").mkdir()
    (company.landing / "company" / "new.csv").write_text("a\n")
    assert asked(company, None)[0] == 1
