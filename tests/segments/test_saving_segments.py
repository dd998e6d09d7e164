"""A list of persons is saved whole, once, under a name that holds, and nowhere else (S10, M3, O6)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from segment_shop import Shop

from dashboards.segments import files
from dashboards.segments.asked import Asked, FunnelPersons
from dashboards.segments.definition import Segment, is_name, parse
from dashboards.segments.members import Segments
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace

DEEDS = [("p_ann", 1, "view", "/x", "phone"), ("p_ann", 2, "buy", "/x", "phone"), ("p_bob", 1, "view", "/y", "desk")]
SAVED = {"snapshot": "first", "as_of": "2026-05-01T00:00:00Z", "as_of_date": "2026-04-30", "persons": 2}
FUNNEL = {"steps": [{"event": "view"}, {"event": "buy", "where": {"page_path": "/x*"}, "within_minutes": 60}]}
QUESTIONS: list[dict[str, Any]] = [
    {"of": "funnel", "funnel": FUNNEL, "from": "2026-03-01", "to": "2026-03-31", "step": 2, "who": "lost"},
    {"of": "funnel", "funnel": FUNNEL, "from": "2026-03-01", "to": "2026-03-31", "step": 1, "unit": "sessions"},
    {"of": "retention", "starts": "order", "returns": "event:view", "cohort": "2026-03-02", "periods": [1, 3],
     "back": "brackets", "brackets": [[1, 3]], "who": "gone", "clock": "rolling", "first_start": "recurring"},
    {"of": "path", "from": "2026-03-01", "to": "2026-03-31", "anchor": {"event": "buy"}, "direction": "to",
     "groups": [["/x*", "X"]], "leave_out": [{"event": "scroll"}], "source": "view", "target": None},
    {"of": "stage", "week": "2026-03-02", "stage_before": "unseen", "stage": "aware", "within": "others"},
    {"of": "customers", "churn_band": "high", "group": "loyal"},
]  # fmt: skip


def ask(told: dict[str, Any]) -> Asked:
    """The question that a file's words mean."""
    return TypeAdapter(Asked).validate_python(told)  # type: ignore[no-any-return]


VIEWED = {"of": "funnel", "funnel": FUNNEL, "from": "2026-03-01", "to": "2026-03-31", "step": 1}


@given(text=st.text(alphabet="abz09_- .A/界\n", max_size=12) | st.from_regex(r"[a-z0-9_]{1,70}", fullmatch=True))
def test_a_name_is_lower_case_words_joined_by_one_underline_each(text: str) -> None:
    """M3: letters and digits of the keyboard, a letter first, so that a name is a file's name on every machine."""
    words = text.split("_")
    plain = all(word and all(letter in "abcdefghijklmnopqrstuvwxyz0123456789" for letter in word) for word in words)
    assert is_name(text) == (plain and text[0].isalpha() and len(text) <= 60)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["of"])
@pytest.mark.parametrize(("kind", "days"), [("static", "fixed"), ("living", "fixed"), ("living", "moving")])
def test_a_file_says_the_whole_question_and_reads_as_what_was_saved(
    question: dict[str, Any], kind: str, days: str
) -> None:
    """S10: steps, cell, range, snapshot: nothing is left to defaults that might change."""
    told = {"name": "x", "label_en": "X", "label_zh": "叉", "kind": kind, "days": days, "question": question}
    segment = Segment.model_validate(told | {"saved": SAVED})
    text = segment.text()
    assert parse(text, "x.yaml") == segment
    written = yaml.safe_load(text)["question"]
    offered = {field.alias or name: field for name, field in type(segment.question).model_fields.items()}
    absent = {name for name in offered if name not in written}
    assert all(getattr(segment.question, name) is None for name in absent)


def test_a_static_segment_keeps_ids_and_nothing_else_and_a_living_one_keeps_none(workspace: Workspace) -> None:
    """S10, G1: the ids lie in Parquet beside the file; a living segment is its question alone."""
    segments = Segments(workspace, Shop(DEEDS))
    segments.save("viewers", ("Viewers", "浏览者"), ask(VIEWED), "static")
    segments.save("living_viewers", ("", ""), ask(VIEWED), "living", "moving")
    kept = {path.name for path in workspace.segments.iterdir()} - {".lock"}
    assert kept == {
        *("viewers.yaml", "viewers.parquet", "viewers.sizes.csv", "living_viewers.yaml", "living_viewers.sizes.csv")
    }
    ids = pl.read_parquet(workspace.segments / "viewers.parquet")
    assert ids.to_dict(as_series=False) == {"person_id": ["p_ann", "p_bob"]}
    living = files.read(workspace, "living_viewers")
    assert (living.kind, living.days, living.label_zh) == ("living", "moving", "living_viewers")
    saved = files.read(workspace, "viewers").saved
    assert saved is not None
    assert (saved.snapshot, saved.as_of, saved.persons) == ("first", dt.datetime(2026, 5, 1, tzinfo=dt.UTC), 2)


def _everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", ["", "Viewers", "two words", "../out", "a__b", "9lives", "浏览", "x" * 61])
def test_a_wrong_name_is_one_clear_line_and_writes_nothing(name: str, workspace: Workspace) -> None:
    """M3, O6: no name leads out of the folder."""
    before = _everything(workspace.root.parent)
    with pytest.raises(UsageError, match="no name for a segment: use lower-case words") as caught:
        Segments(workspace, Shop(DEEDS)).save(name, ("X", "X"), ask(VIEWED), "static")
    assert "\n" not in str(caught.value)
    assert _everything(workspace.root.parent) == before


def test_a_taken_name_is_refused_and_the_one_who_has_it_stays(workspace: Workspace) -> None:
    """M3: unique, and never written over."""
    segments = Segments(workspace, Shop(DEEDS))
    segments.save("viewers", ("Viewers", "浏览者"), ask(VIEWED), "static")
    before = _everything(workspace.root)
    with pytest.raises(UsageError, match="there already: choose another name"):
        segments.save("viewers", ("Others", "别人"), ask({**VIEWED, "step": 2}), "static")
    assert _everything(workspace.root) == before


def test_only_one_of_two_who_save_at_once_gets_the_name(workspace: Workspace) -> None:
    """O6: the name is looked at again where nobody else can write."""
    segment = Segments(workspace, Shop(DEEDS)).save("first", ("X", "X"), ask(VIEWED), "static")
    other = segment.model_copy(update={"label_en": "Late"})
    with pytest.raises(UsageError, match="already"):
        files.save(workspace, other, pl.DataFrame({"person_id": ["p_late"]}))
    assert pl.read_parquet(workspace.segments / "first.parquet")["person_id"].to_list() == ["p_ann", "p_bob"]


@pytest.mark.parametrize("cut", ["ids", "file"])
def test_a_save_that_is_cut_short_leaves_no_segment_and_can_be_done_again(
    cut: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I5's habit, O6: the file that makes it a segment comes last, in one step."""
    segments = Segments(workspace, Shop(DEEDS))

    def full(self: object, *_: Any, **how: Any) -> int:
        raise OSError(28, "No space left on device")

    if cut == "ids":
        monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    else:
        monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        segments.save("viewers", ("X", "X"), ask(VIEWED), "static")
    monkeypatch.undo()
    assert files.names(workspace) == []
    segments.save("viewers", ("X", "X"), ask(VIEWED), "static")
    assert segments.size("viewers")["size"] == 2


def test_nobody_is_no_segment(workspace: Workspace) -> None:
    """An empty list is said to be one, and nothing is written."""
    with pytest.raises(UsageError, match="nobody"):
        Segments(workspace, Shop([])).save("viewers", ("X", "X"), ask(VIEWED), "static")
    assert files.names(workspace) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "dead"}, ["kind"]),
        ({"question": {**VIEWED, "step": 9}}, ["step 9"]),
        ({"question": {**VIEWED, "to": "2025-01-01"}}, ["before it begins"]),
        ({"question": {**VIEWED, "of": "dream"}}, ["question"]),
        ({"question": {"of": "customers"}}, ["churn_band"]),
        ({"saved": None}, ["saved from"]),
        ({"days": "moving"}, ["do not move"]),
        ({"name": "Viewers"}, ["no name"]),
    ],
)
def test_a_file_that_is_wrong_is_one_line_that_names_it(
    change: dict[str, Any], words: list[str], workspace: Workspace
) -> None:
    """X8's habit: a file written by hand is read strictly, and what is wrong with it is said in a line."""
    told = {"name": "viewers", "label_en": "X", "label_zh": "X", "kind": "static", "question": VIEWED, "saved": SAVED}
    (workspace.segments / "viewers.yaml").write_text(yaml.safe_dump(told | change), encoding="utf-8")
    with pytest.raises(OpsloopError) as caught:
        files.read(workspace, "viewers")
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in ["segments/viewers.yaml", *words])


def test_a_rule_written_by_hand_is_a_living_segment(workspace: Workspace) -> None:
    """M3: rules as YAML need no chart, and say no more than they mean."""
    text = (
        "{name: viewers, label_en: Viewers, label_zh: 浏览者, kind: living, question: {of: funnel, from: 2026-03-01,"
        " to: 2026-03-31, step: 2, funnel: {steps: [{event: view}, {event: buy}]}}}"
    )
    (workspace.segments / "viewers.yaml").write_text(text, encoding="utf-8")
    segments = Segments(workspace, shop := Shop(DEEDS))
    assert shop.listed(segments.relation("viewers")) == ["p_ann"]


def test_a_question_that_cannot_be_asked_cannot_be_made() -> None:
    """The model and the question agree on what there is to ask."""
    with pytest.raises(ValidationError, match="nobody lost"):
        FunnelPersons.model_validate({**VIEWED, "step": 1, "who": "lost"})


def test_a_removed_segment_leaves_nothing_and_its_name_is_free(workspace: Workspace) -> None:
    """M3: its file, the ids of a static one and its sizes go; the other segments stay as they are."""
    segments = Segments(workspace, Shop(DEEDS))
    segments.save("others", ("Others", "其他"), ask(VIEWED), "static")
    before = _everything(workspace.segments)
    segments.save("viewers", ("Viewers", "浏览者"), ask(VIEWED), "static")
    files.remember(workspace, "viewers", pl.DataFrame([{**dict.fromkeys(files.SIZES, 1), "snapshot": "s",
                                                        "as_of_date": dt.date(2026, 4, 30)}]))  # fmt: skip
    files.remove(workspace, "viewers")
    assert _everything(workspace.segments) == before
    assert files.problem_of(workspace, "viewers") is None
    with pytest.raises(OpsloopError, match="no segment is called 'viewers'"):
        files.remove(workspace, "viewers")


def test_a_segment_that_another_lies_within_is_not_removed(workspace: Workspace) -> None:
    """M3: no segment is left asking within one that is no more; one that cannot be read can still be removed."""
    segments = Segments(workspace, Shop(DEEDS))
    segments.save("viewers", ("Viewers", "浏览者"), ask(VIEWED), "static")
    segments.save("buyers", ("Buyers", "买家"), ask({**VIEWED, "step": 2, "within": "viewers"}), "living")
    with pytest.raises(UsageError, match="buyers lies within it"):
        files.remove(workspace, "viewers")
    assert files.names(workspace) == ["buyers", "viewers"]
    (workspace.segments / "buyers.yaml").write_text("name: [", encoding="utf-8")
    files.remove(workspace, "buyers")
    files.remove(workspace, "viewers")
    assert files.names(workspace) == []
