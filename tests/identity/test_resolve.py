"""Identity on a small warehouse: who is merged, who is held back, and that rows' order changes nothing."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models_ml.identity import resolve
from models_ml.identity.resolve import MOST_USERS_PER_ID
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Edge = tuple[str, str, str, str, str]


def _workspace(path: Path, edges: list[Edge]) -> Workspace:
    """A workspace whose warehouse holds nothing but these edges (kind, id, kind, id, first seen)."""
    workspace = Workspace.create(path, {"version": 1})
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_identity__edges (id_kind_a varchar, id_a varchar, id_kind_b varchar,"
            " id_b varchar, source_name varchar, first_seen_at timestamp, last_seen_at timestamp)"
        )
        for kind_a, id_a, kind_b, id_b, day in edges:
            row = [kind_a, id_a, kind_b, id_b, "web", f"{day} 00:00:00", f"{day} 00:00:00"]
            connection.execute("insert into intermediate.int_identity__edges values (?, ?, ?, ?, ?, ?, ?)", row)
    return workspace


def _persons(workspace: Workspace) -> dict[str, str]:
    resolve(workspace)
    table = pl.read_parquet(workspace.config / "person_ids.parquet")
    return dict(table.select("id_value", "person_id").iter_rows())


EDGES: list[Edge] = [
    ("user_id", "u1", "user_id", "u1", "2026-01-05"),
    ("email_hash", "e1", "customer_id", "shop:c1", "2026-01-02"),
    ("user_id", "u1", "email_hash", "e1", "2026-02-01"),
    ("user_id", "u2", "user_id", "u2", "2026-01-01"),
]


def test_ids_linked_over_a_third_are_one_person_and_others_are_not(tmp_path: Path) -> None:
    """D2: u1 and the shop's customer meet through an e-mail; u2 met nobody."""
    persons = _persons(_workspace(tmp_path / "ws", EDGES))
    assert persons["u1"] == persons["e1"] == persons["shop:c1"]
    assert persons["u2"] != persons["u1"]


def test_the_order_of_edges_changes_no_byte(tmp_path: Path) -> None:
    """D2, X7: person ids are a function of the component's earliest id by event time."""
    files = []
    for name, seed in (("a", 1), ("b", 2)):
        shuffled = [(kb, b, ka, a, day) for ka, a, kb, b, day in EDGES] if seed == 2 else list(EDGES)
        random.Random(seed).shuffle(shuffled)
        workspace = _workspace(tmp_path / name, shuffled)
        resolve(workspace)
        files.append((workspace.config / "person_ids.parquet").read_bytes())
    assert files[0] == files[1]


def test_a_later_id_leaves_the_persons_name_and_an_earlier_one_gives_it(tmp_path: Path) -> None:
    """D2: the earliest id by event time names the person."""
    late = ("email_hash", "e9", "user_id", "u2", "2026-03-01")
    early = ("email_hash", "e9", "user_id", "u2", "2025-03-01")
    before = _persons(_workspace(tmp_path / "before", EDGES))
    assert _persons(_workspace(tmp_path / "late", [*EDGES, late]))["u2"] == before["u2"]
    assert _persons(_workspace(tmp_path / "early", [*EDGES, early]))["u2"] != before["u2"]


@pytest.mark.parametrize("users", [MOST_USERS_PER_ID, MOST_USERS_PER_ID + 1])
def test_an_email_of_too_many_users_merges_nobody_and_is_audited(tmp_path: Path, users: int) -> None:
    """D3: one more user than the limit, and the e-mail is held back."""
    shared: list[Edge] = [("email_hash", "till", "user_id", f"u{i}", "2026-01-01") for i in range(users)]
    workspace = _workspace(tmp_path / "ws", shared)
    report = resolve(workspace)
    audit = pl.read_parquet(workspace.config / "identity_audit.parquet")
    if users > MOST_USERS_PER_ID:
        assert (report.persons, report.held_back) == (users + 1, 1)
        assert audit.select("id_kind", "id_value", "users").rows() == [("email_hash", "till", users)]
    else:
        assert (report.persons, report.held_back, audit.height) == (1, 0, 0)


def test_a_warehouse_without_edges_is_one_clear_line(tmp_path: Path) -> None:
    """An error says what to do."""
    workspace = Workspace.create(tmp_path / "ws", {"version": 1})
    with pytest.raises(OpsloopError, match="opsloop run --until build"):
        resolve(workspace)
