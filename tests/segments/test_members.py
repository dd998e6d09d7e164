"""Who is in a saved segment after persons were merged, renamed or lost, and how segments overlap (D2, M3)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_shop import Shop
from test_saving_segments import DEEDS, VIEWED, ask

from dashboards.segments import files
from dashboards.segments.members import Segments
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

PERSONS = [f"p_{letter}" for letter in "abcdefgh"]


def kept(workspace: Workspace, name: str, persons: list[str]) -> Segments:
    """A static segment of these persons, and what answers of it."""
    shop = Shop([(person, 1, "view", "/x", "phone") for person in persons])
    Segments(workspace, shop).save(name, (name, name), ask(VIEWED), "static")
    return Segments(workspace, shop)


def test_a_merge_loses_nobody(workspace: Workspace) -> None:
    """D2: two of a segment become one, one gets another's name, a browser is known at last, one is no more."""
    kept(workspace, "viewers", ["p_ann", "p_bob", "p_cid", "v_laptop", "p_eve", "p_fay"])
    shop = Shop()
    aliases = {"p_bob": "p_ann", "p_cid": "p_new", "v_laptop": "p_dan"}
    shop.persons(["p_ann", "p_new", "p_dan", "p_gus", "p_fay"], aliases, kept={"p_bob": "p_gus"})
    segments = Segments(workspace, shop)
    assert shop.listed(segments.relation("viewers")) == ["p_ann", "p_dan", "p_fay", "p_new"]
    assert segments.size("viewers") == {"saved": 6, "size": 4, "renamed": 3, "merged": 1, "gone": 1}


def test_who_has_a_former_name_that_no_source_shows_is_found_by_the_kept_map(workspace: Workspace) -> None:
    """D2: the map that each run keeps leads on where the ids of now do not."""
    kept(workspace, "viewers", ["p_ann", "p_bob"])
    shop = Shop()
    shop.persons(["p_ann", "p_new"], kept={"p_bob": "p_new"})
    assert shop.listed(Segments(workspace, shop).relation("viewers")) == ["p_ann", "p_new"]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_saved_is_size_and_merged_and_gone_whatever_becomes_of_them(data: st.DataObject) -> None:
    """D2, X2: against going through the maps one by one."""
    saved = data.draw(st.lists(st.sampled_from(PERSONS), min_size=1, unique=True), label="saved")
    present = data.draw(st.lists(st.sampled_from(PERSONS), unique=True), label="present")
    absent = st.sampled_from([one for one in PERSONS if one not in present] or ["p_x"])
    maps = st.dictionaries(absent, st.sampled_from(PERSONS), max_size=4)
    aliases, kept_map = data.draw(maps, label="aliases"), data.draw(maps, label="kept")
    with TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "ws", {"as_of": "2026-04-30"})
        kept(workspace, "some", saved)
        shop = Shop()
        shop.persons(present, aliases, kept_map)
        segments = Segments(workspace, shop)
        size, members = segments.size("some"), shop.listed(segments.relation("some"))
    now = {one: aliases.get(one, kept_map.get(one, one)) for one in saved}
    found = {one: stands for one, stands in now.items() if stands in present}
    assert members == sorted(set(found.values()))
    assert size == {
        "saved": len(saved),
        "size": len(members),
        "renamed": sum(one != stands for one, stands in found.items()),
        "merged": len(found) - len(members),
        "gone": len(saved) - len(found),
    }
    assert size["saved"] == size["size"] + size["merged"] + size["gone"]  # type: ignore[operator]


@settings(max_examples=15, deadline=None)
@given(groups=st.lists(st.lists(st.sampled_from(PERSONS), min_size=1, unique=True), min_size=2, max_size=4))
def test_overlaps_are_those_of_sets(groups: list[list[str]]) -> None:
    """M3: each pair once, those with nobody in common too."""
    with TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "ws", {"as_of": "2026-04-30"})
        names = [f"s{at}" for at in range(len(groups))]
        for name, group in zip(names, groups, strict=True):
            kept(workspace, name, group)
        shop = Shop()
        shop.persons(PERSONS)
        found = Segments(workspace, shop).overlaps(names)
    expected = {
        (one, two): (len(set(first) & set(second)), len(set(first) & set(second)) / min(len(first), len(second)))
        for at, (one, first) in enumerate(zip(names, groups, strict=True))
        for two, second in list(zip(names, groups, strict=True))[at + 1 :]
    }
    shown = found.select("segment_one", "segment_two", "persons_both", "share_of_smaller").rows()
    assert {row[:2]: row[2:] for row in shown} == expected


def test_a_segment_within_another_holds_who_is_in_both(workspace: Workspace) -> None:
    """S10: a list that was asked of a segment is answered within it again, and the file says so."""
    shop = Shop(DEEDS)
    segments = Segments(workspace, shop)
    segments.save("buyers", ("X", "X"), ask({**VIEWED, "step": 2}), "static")
    segments.save("within", ("X", "X"), ask({**VIEWED, "within": "buyers"}), "living")
    assert shop.listed(segments.relation("within")) == ["p_ann"]
    shop.connection.execute("insert into marts.fct_events select 9, 'p_cid', 's', event_at, event_date, 'view', '/', 'x' from marts.fct_events limit 1")  # fmt: skip  # noqa: E501
    assert shop.listed(segments.relation("within")) == ["p_ann"]


def test_a_segment_within_itself_is_told(workspace: Workspace) -> None:
    """A circle in files written by hand ends in a line, not in a wait."""
    segments = Segments(workspace, Shop(DEEDS))
    segments.save("one", ("X", "X"), ask(VIEWED), "living")
    text = (workspace.segments / "one.yaml").read_text(encoding="utf-8")
    for name, within in (("one", "two"), ("two", "one")):
        told = text.replace("name: one", f"name: {name}").replace("of: funnel", f"of: funnel\n  within: {within}")
        (workspace.segments / f"{name}.yaml").write_text(told, encoding="utf-8")
    with pytest.raises(OpsloopError, match="within itself"):
        segments.relation("one")


def test_ids_that_are_missing_are_told(workspace: Workspace) -> None:
    """X8's habit: a file that somebody removed is one line."""
    segments = kept(workspace, "viewers", ["p_ann"])
    (workspace.segments / "viewers.parquet").unlink()
    with pytest.raises(OpsloopError, match=r"segments/viewers.parquet: missing"):
        segments.relation("viewers")


def test_a_size_is_kept_for_each_snapshot_once(workspace: Workspace) -> None:
    """M3: size over time; a snapshot that is measured again is known once."""
    segments = kept(workspace, "viewers", ["p_ann", "p_bob"])
    shop = Shop()
    shop.persons(["p_ann"])
    shop.publish("second", shop.snapshot.as_of_date)
    for _ in range(2):
        Segments(workspace, shop).remember("viewers")
    segments.remember("viewers")
    found = files.sizes(workspace, "viewers")
    assert found.select("snapshot", "size", "gone").rows() == [("first", 2, 0), ("second", 1, 1)]
