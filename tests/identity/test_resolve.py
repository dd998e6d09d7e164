"""Identity on a small warehouse: who is merged, former names and former files, and that rows' order changes nothing."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import polars as pl
import pytest
from identity_graphs import Edge, persons_of, set_edges, workspace_of

from models_ml.identity import resolve
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

EDGES: list[Edge] = [
    ("user_id", "u1", "user_id", "u1", "2026-01-05"),
    ("email_hash", "e1", "customer_id", "shop:c1", "2026-01-02"),
    ("user_id", "u1", "email_hash", "e1", "2026-02-01"),
    ("user_id", "u2", "user_id", "u2", "2026-01-01"),
]


def _name(kind: str, value: str) -> str:
    return "p_" + hashlib.md5(f"{kind}:{value}".encode(), usedforsecurity=False).hexdigest()


def _resolved(workspace: Workspace) -> dict[str, str]:
    resolve(workspace)
    return persons_of(workspace)


def _aliases(workspace: Workspace) -> dict[str, str]:
    table = pl.read_parquet(workspace.config / "person_aliases.parquet")
    return dict(table.select("former_person_id", "person_id").iter_rows())


def test_ids_linked_over_a_third_are_one_person_and_others_are_not(tmp_path: Path) -> None:
    """D2: u1 and the shop's customer meet through an e-mail; u2 met nobody."""
    persons = _resolved(workspace_of(tmp_path / "ws", EDGES))
    assert persons["u1"] == persons["e1"] == persons["shop:c1"]
    assert persons["u2"] != persons["u1"]


def test_the_order_of_edges_and_another_run_change_no_byte(tmp_path: Path) -> None:
    """D2, X7: person ids are a function of the component's earliest id by event time."""
    files = []
    for name, seed in (("a", 1), ("b", 2)):
        shuffled = [(kb, b, ka, a, day) for ka, a, kb, b, day in EDGES] if seed == 2 else list(EDGES)
        random.Random(seed).shuffle(shuffled)
        workspace = workspace_of(tmp_path / name, shuffled)
        resolve(workspace)
        first = (workspace.config / "person_ids.parquet").read_bytes()
        resolve(workspace)
        files += [first, (workspace.config / "person_ids.parquet").read_bytes()]
    assert len(set(files)) == 1


def test_the_earliest_id_by_event_time_names_the_person(tmp_path: Path) -> None:
    """D2: an earlier id gives the name, a later one leaves it; of two at one instant the kind decides."""
    late: Edge = ("email_hash", "e9", "user_id", "u2", "2026-03-01")
    early: Edge = ("email_hash", "e9", "user_id", "u2", "2025-03-01")  # both first seen then: the kind decides
    assert _resolved(workspace_of(tmp_path / "none", EDGES))["u2"] == _name("user_id", "u2")
    assert _resolved(workspace_of(tmp_path / "late", [*EDGES, late]))["u2"] == _name("user_id", "u2")
    assert _resolved(workspace_of(tmp_path / "early", [*EDGES, early]))["u2"] == _name("email_hash", "e9")
    assert _resolved(workspace_of(tmp_path / "e1", EDGES))["u1"] == _name("customer_id", "shop:c1")


def test_a_former_person_id_leads_to_the_present_person_over_several_runs(tmp_path: Path) -> None:
    """D2: run 1 has two persons, run 2 merges them, run 3 names them by a still earlier id, run 4 undoes it."""
    workspace = workspace_of(tmp_path / "ws", EDGES)
    before = _resolved(workspace)
    assert _aliases(workspace) == {}
    merge: Edge = ("crm_contact", "k", "user_id", "u2", "2026-03-01")
    other: Edge = ("crm_contact", "k", "customer_id", "shop:c1", "2026-03-01")
    set_edges(workspace, [*EDGES, merge, other])
    assert _resolved(workspace)["u1"] == before["u2"]
    assert _aliases(workspace) == {before["u1"]: before["u2"]}
    early: Edge = ("email_hash", "e0", "email_hash", "e0", "2025-12-01")
    linked: Edge = ("email_hash", "e0", "customer_id", "shop:c1", "2026-03-02")
    set_edges(workspace, [*EDGES, merge, other, early, linked])
    present = _resolved(workspace)["u1"]
    assert present == _name("email_hash", "e0")
    assert _aliases(workspace) == {before["u1"]: present, before["u2"]: present}
    set_edges(workspace, EDGES)
    assert _resolved(workspace) == before
    assert _aliases(workspace) == {present: before["u2"]}


def test_a_person_whose_naming_id_is_gone_is_whoever_has_its_next_id(tmp_path: Path) -> None:
    """D2: a corrected order takes an e-mail away; the score under the former name still finds its person."""
    workspace = workspace_of(tmp_path / "ws", EDGES)
    former = _resolved(workspace)["u1"]
    set_edges(workspace, [EDGES[0], EDGES[3]])
    assert _resolved(workspace)["u1"] == _name("user_id", "u1")
    assert _aliases(workspace) == {former: _name("user_id", "u1")}
    set_edges(workspace, [("user_id", "u0", "user_id", "u0", "2025-01-01"), EDGES[0], EDGES[3]])
    resolve(workspace)
    assert _aliases(workspace) == {former: _name("user_id", "u1")}


def test_the_former_file_lies_beside_the_present_one(tmp_path: Path) -> None:
    """D2, X7: a join of both tells whose person changed; before the first run nobody was known."""
    workspace = workspace_of(tmp_path / "ws", EDGES)
    first = _resolved(workspace)
    previous = workspace.config / "person_ids.previous.parquet"
    assert pl.read_parquet(previous).height == 0
    set_edges(workspace, [*EDGES, ("email_hash", "e1", "crm_contact", "k", "2026-03-01")])
    second = _resolved(workspace)
    assert dict(pl.read_parquet(previous).select("id_value", "person_id").iter_rows()) == first
    assert set(second) - set(first) == {"k"}


def test_a_warehouse_without_edges_is_one_clear_line(tmp_path: Path) -> None:
    """An error says what to do."""
    workspace = Workspace.create(tmp_path / "ws", {"version": 1})
    with pytest.raises(OpsloopError, match="opsloop run --until build"):
        resolve(workspace)
