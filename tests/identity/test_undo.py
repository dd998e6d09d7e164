"""Undoing a merge: two ids declared apart are never one person, and as little else as possible changes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_graphs import Edge, persons_of, set_edges, solve, workspace_of

from models_ml.identity import resolve
from models_ml.identity.apart import keep_apart
from models_ml.identity.rules import Rules, rules_of
from opsloop.errors import OpsloopError
from opsloop.personal import keyed_hash
from opsloop.workspace import Workspace

# An order on the wrong e-mail made Ann and Bob one; the CRM is surer that the e-mail is Ann's.
WRONG: list[Edge] = [
    ("user_id", "ann", "email_hash", "ann@", "2026-01-01", 0.95),
    ("customer_id", "bob", "phone_hash", "bob#", "2026-01-02", 0.9),
    ("customer_id", "bob", "email_hash", "ann@", "2026-01-03", 0.9),
]
APART = {"identity": {"apart": [[{"kind": "user_id", "value": "ann"}, {"kind": "customer_id", "value": "bob"}]]}}
IDS = st.integers(0, 7)


def test_two_ids_declared_apart_are_two_persons_and_the_least_sure_link_gives_way(tmp_path: Path) -> None:
    """D4: the e-mail stays with Ann, the phone with Bob, and the audit says which link was cut."""
    merged = workspace_of(tmp_path / "merged", WRONG)
    resolve(merged)
    assert len(set(persons_of(merged).values())) == 1
    undone = workspace_of(tmp_path / "undone", WRONG, **APART)
    assert resolve(undone).cut == 1
    persons = persons_of(undone)
    assert persons["ann"] == persons["ann@"] != persons["bob"] == persons["bob#"]
    audit = pl.read_parquet(undone.config / "identity_audit.parquet")
    assert audit.select("reason", "id_value", "other_value").rows() == [("apart", "bob", "ann@")]
    assert pl.read_parquet(undone.config / "person_history.parquet").height == 0


def test_taking_the_setting_back_brings_the_merge_back(tmp_path: Path) -> None:
    """D4: an undo is a setting, so it can be undone itself, and both ways the former name finds its person."""
    workspace = workspace_of(tmp_path / "ws", WRONG, **APART)
    resolve(workspace)
    bob = persons_of(workspace)["bob"]
    workspace.settings.identity.apart.clear()
    resolve(workspace)
    assert len(set(persons_of(workspace).values())) == 1
    aliases = (
        pl.read_parquet(workspace.config / "person_aliases.parquet").select("former_person_id", "person_id").rows()
    )
    assert aliases == [(bob, persons_of(workspace)["bob"])]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(IDS, IDS), max_size=14), st.lists(st.tuples(IDS, IDS), max_size=3), st.randoms())
def test_no_pair_declared_apart_shares_a_person_and_persons_only_split(
    links: list[tuple[int, int]], pairs: list[tuple[int, int]], shuffle: object
) -> None:
    """D4, D3: whatever the edges and their order; what remains lies within the persons that there were before."""
    edges: list[Edge] = [
        ("customer_id", f"c{a}", "customer_id", f"c{b}", f"2026-01-{a + 1:02}", (a + b) / 20) for a, b in links
    ]
    apart = tuple((("customer_id", f"c{a}"), ("customer_id", f"c{b}")) for a, b in pairs if a != b)
    whole, _ = solve(edges)
    split, _ = solve(edges, Rules({}, (), apart))
    shuffle.shuffle(edges)  # type: ignore[attr-defined]
    assert solve(edges, Rules({}, (), apart))[0] == split
    for one, other in apart:
        if one in split and other in split:
            assert split[one] != split[other]
    for one in split:
        for other in split:
            assert split[one] != split[other] or whole[one] == whole[other]
            if whole[one] == whole[other] and not apart:
                assert split[one] == split[other]


@given(st.lists(st.tuples(IDS, IDS), max_size=14), st.lists(st.tuples(IDS, IDS), max_size=4))
def test_groups_never_hold_both_sides_of_a_pair_and_only_links_that_would_bring_them_together_are_cut(
    links: list[tuple[int, int]], declared: list[tuple[int, int]]
) -> None:
    """D4: links are tried in order; those that count join, those that are cut stay between two groups."""
    pairs = [(a, b) for a, b in declared if a != b]
    groups, refused = keep_apart(links, pairs)
    assert all(groups[a] != groups[b] for a, b in pairs)
    assert all(groups[a] != groups[b] for a, b in refused)
    assert all(groups[a] == groups[b] for a, b in links if (a, b) not in refused)
    assert pairs or not refused


def test_an_email_in_the_settings_is_hashed_as_landing_hashes_it(tmp_path: Path) -> None:
    """D3, G1: the deny list may name an address in clear; the warehouse only has its hash."""
    deny = {"identity": {"deny": [{"kind": "email", "value": " Till@Shop.example"}, {"kind": "user_id", "value": "u"}]}}
    workspace = Workspace.create(tmp_path / "ws", {"version": 1, **deny})
    denied = rules_of(workspace).denied
    assert denied == (("email_hash", keyed_hash("till@shop.example", workspace.secret)), ("user_id", "u"))


def test_a_denied_id_merges_nobody_and_stays_a_person_of_its_own(tmp_path: Path) -> None:
    """D3: the list is the company's own, and the audit names what it held back."""
    deny = {"identity": {"deny": [{"kind": "email_hash", "value": "ann@"}]}}
    workspace = workspace_of(tmp_path / "ws", WRONG, **deny)
    assert resolve(workspace).held_back == 1
    assert len(set(persons_of(workspace).values())) == 3
    audit = pl.read_parquet(workspace.config / "identity_audit.parquet")
    assert audit.select("reason", "id_value").rows() == [("denied", "ann@")]
    set_edges(workspace, [])
    assert resolve(workspace).ids == 0


def test_limits_of_the_workspace_replace_the_defaults_of_their_pair(tmp_path: Path) -> None:
    """D3: a limit can be raised and taken away; all others stay."""
    own = [
        {"kind": "email_hash", "other": "user_id", "most": 3},
        {"kind": "crm_contact", "other": "user_id", "most": None},
    ]
    limits = rules_of(Workspace.create(tmp_path / "ws", {"version": 1, "identity": {"limits": own}})).limits
    assert limits["email_hash", "user_id"] == 3
    assert ("crm_contact", "user_id") not in limits
    assert limits["phone_hash", "user_id"] == 1


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ({"deny": [{"kind": "name", "value": "Ann"}]}, "identity.deny.0.kind"),
        ({"deny": [{"kind": "user_id", "value": ""}]}, "identity.deny.0.value"),
        ({"limits": [{"kind": "email_hash", "other": "user_id", "most": 0}]}, "identity.limits.0.most"),
        ({"apart": [[{"kind": "user_id", "value": "u"}] * 2]}, "cannot be apart from itself"),
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, identity: dict[str, object], message: str) -> None:
    """D3, D4: a name is no kind of id; a limit of none, an empty id or a pair of one id says where it stands."""
    with pytest.raises(OpsloopError, match=message):
        Workspace.create(tmp_path / "ws", {"version": 1, "identity": identity})
