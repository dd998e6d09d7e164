"""Who was whom when, against components computed anew at every instant."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from identity_graphs import Edge, files_of, lives_of

from models_ml.identity.rules import Rules

ID = st.tuples(st.sampled_from(["crm_contact", "user_id"]), st.sampled_from("abcd"))
EDGES = st.lists(st.builds(lambda a, b, day: (*a, *b, f"2026-01-{day:02}"), ID, ID, st.integers(1, 6)), max_size=9)


def _persons_at(edges: list[Edge], day: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Each id's person, as its earliest id, from the records up to a day, by brute force."""
    known = [edge for edge in edges if edge[4] <= day]
    ids = {one for edge in known for one in (edge[:2], edge[2:4])}
    first = {one: min(edge[4] for edge in edges if one in (edge[:2], edge[2:4])) for one in ids}
    person = {one: (first[one], *one) for one in ids}
    for _ in ids:
        for edge in known:
            person[edge[:2]] = person[edge[2:4]] = min(person[edge[:2]], person[edge[2:4]])
    return person


@settings(max_examples=25, deadline=None)
@given(EDGES)
def test_at_every_instant_each_id_has_one_person_the_one_that_the_records_until_then_make(edges: list[Edge]) -> None:
    """D6, D2: history with valid_from and valid_to, without gap or overlap, ending in the present person."""
    with TemporaryDirectory() as folder:
        found = files_of(edges, Path(folder), Rules({}))
    history, ids = lives_of(found), found["person_ids"]
    now = dict(zip(ids.select("id_kind", "id_value").rows(), ids["person_id"], strict=True))
    for day in sorted({edge[4] for edge in edges}):
        expected = _persons_at(edges, day)
        names = {who: [one for one in expected if expected[one] == who] for who in expected.values()}
        valid = [
            row
            for row in history.iter_rows(named=True)
            if str(row["valid_from"])[:10] <= day and (row["valid_to"] is None or day < str(row["valid_to"])[:10])
        ]
        assert sorted((row["id_kind"], row["id_value"]) for row in valid) == sorted(expected)
        persons: dict[str, list[tuple[str, str]]] = {}
        for row in valid:
            persons.setdefault(row["person_id"], []).append((row["id_kind"], row["id_value"]))
        assert sorted(map(sorted, persons.values())) == sorted(map(sorted, names.values()))
    last = history.filter(history["valid_to"].is_null())
    assert dict(zip(last.select("id_kind", "id_value").rows(), last["person_id"], strict=True)) == now


def test_a_contact_is_its_own_person_until_the_crm_merges_it_into_another(tmp_path: Path) -> None:
    """D6: the merged contact's row ends when the CRM says so, and the survivor's begins."""
    edges: list[Edge] = [
        ("crm_contact", "1", "crm_contact", "1", "2026-01-01"),
        ("crm_contact", "2", "crm_contact", "2", "2026-01-05"),
        ("crm_contact", "2", "email_hash", "e", "2026-01-05"),
        ("crm_contact", "2", "crm_contact", "1", "2026-02-01"),
    ]
    history = lives_of(files_of(edges, tmp_path))
    lives = history.filter(history["id_value"] == "e").select("valid_from", "valid_to").rows()
    assert [[None if at is None else f"{at:%m-%d}" for at in life] for life in lives] == [
        ["01-05", "02-01"],
        ["02-01", None],
    ]
    assert history.filter(history["id_value"] == "1").height == 1
