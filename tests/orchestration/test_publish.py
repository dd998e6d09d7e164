"""Snapshots: swapped in whole, read-only, the last good one kept."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from ingestion import lake
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration import publish as publishing
from orchestration.pipeline import require_published


@pytest.fixture
def built(tmp_path: Path) -> Workspace:
    """A workspace with one mart built, as if dbt had made it."""
    workspace = Workspace.create(tmp_path / "workspace", {"keep_snapshots": 2})
    with duckdb.connect(str(workspace.work_db)) as connection:
        lake.attach(connection, workspace)
        connection.execute("create schema marts")
        connection.execute("create table marts.fct_orders as select range as order_id from range(10)")
    target = workspace.state / "dbt" / "target"
    target.mkdir(parents=True)
    (target / "semantic_manifest.json").write_text("{}", encoding="utf-8")
    return workspace


def _orders(workspace: Workspace, snapshot_id: str) -> int:
    path = workspace.published / snapshot_id / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return int(connection.execute("select count(*) from marts.fct_orders").fetchall()[0][0])


def test_the_pointer_names_a_snapshot_with_every_row(built: Workspace) -> None:
    """U5: what is published is what was built."""
    snapshot_id = publishing.publish(built, {"passed": 1})
    assert require_published(built) == snapshot_id
    assert _orders(built, snapshot_id) == 10
    meta = json.loads((built.published / snapshot_id / "snapshot.json").read_text(encoding="utf-8"))
    assert meta["rows"]["marts.fct_orders"] == 10
    assert meta["checks"] == {"passed": 1}


def test_a_mart_lies_in_the_order_of_its_days(built: Workspace) -> None:
    """U7: whoever asks for some days reads little else; a mart without a day lies as it was built."""
    with duckdb.connect(str(built.work_db)) as connection:
        connection.execute("""
            create table marts.fct_visits as
            select
                range as visit_id,
                date '2024-01-01' + cast(range * 7 % 10 as integer) as visit_date,
                date '2024-02-02' as seen_on
            from range(10)
        """)
    snapshot_id = publishing.publish(built, {})
    with duckdb.connect(str(built.published / snapshot_id / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute("select visit_id from marts.fct_visits order by rowid").fetchall()
    assert found == [(number * 3 % 10,) for number in range(10)]
    assert _orders(built, snapshot_id) == 10


def test_a_failed_publish_leaves_the_last_good_snapshot(built: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """O3: whatever fails before the swing of the pointer, readers go on reading the old one."""
    good = publishing.publish(built, {})

    def fail(*_: object) -> int:
        raise OpsloopError("lost rows")

    monkeypatch.setattr(publishing, "_same_count", fail)
    with pytest.raises(OpsloopError):
        publishing.publish(built, {})
    assert require_published(built) == good
    assert _orders(built, good) == 10


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_published(built: Workspace) -> None:
    """U5: a dashboard never sees half of a build."""
    first = publishing.publish(built, {})
    path = built.published / first / "warehouse.duckdb"
    with duckdb.connect() as reader:
        reader.execute(f"attach '{path}' as work (read_only)")
        with duckdb.connect(str(built.work_db)) as writer:
            writer.execute("insert into marts.fct_orders select 10 + range from range(5)")
        (built.published / first).rename(built.published / "20200101T000000-b0")
        second = publishing.publish(built, {})
        assert reader.execute("select count(*) from work.marts.fct_orders").fetchall() == [(10,)]
    assert _orders(built, second) == 15


def test_old_snapshots_go_by_count_and_age_and_never_the_present_one(built: Workspace) -> None:
    """Disk is given back, but not under a reader's feet: an hour at least."""
    present = publishing.publish(built, {})
    for day in range(1, 5):
        old = built.published / f"2020010{day}T000000-b0"
        shutil.copytree(built.published / present, old)
        age = built.clock().timestamp() - (7200 if day < 4 else 60)
        os.utime(old, (age, age))
    (built.published / ".half-made").mkdir()
    publishing._prune(built, present)
    assert sorted(path.name for path in built.published.iterdir() if path.is_dir()) == ["20200104T000000-b0", present]


def test_publishing_before_building_says_what_to_run(tmp_path: Path) -> None:
    """The error names the command."""
    workspace = Workspace.create(tmp_path / "workspace", {})
    with duckdb.connect(str(workspace.work_db)) as connection:
        lake.attach(connection, workspace)
    with pytest.raises(OpsloopError, match="opsloop run"):
        publishing.publish(workspace, {})


def test_a_snapshot_says_why_nobody_is_scored(built: Workspace) -> None:
    """L3, L4: a refusal is a result that pages show, in the reader's language."""
    from dashboards.metrics import Snapshot

    refused = {"model": "churn", "refusal": "310 customers, 500 needed", "refusal_zh": "310 位客户，需要 500 位"}
    scored = {"model": "ltv", "refusal": None, "refusal_zh": None}
    report = json.dumps({"models": [refused, scored]}, ensure_ascii=False)
    (built.scores / "report.json").write_text(report, encoding="utf-8")
    snapshot = Snapshot.find(built, publishing.publish(built, {}))
    assert snapshot.score_refusals("en") == ["Churn: 310 customers, 500 needed"]
    assert snapshot.score_refusals("zh") == ["流失: 310 位客户，需要 500 位"]
