"""Each policy does what it says, for each of the four things that can be wrong (I4)."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from ingestion.conform import conform
from ingestion.contract import Action, Policy, Rule, Stream
from ingestion.readers import BrokenRow, Chunk, FileRefused
from ingestion.types import plain_name, sql_type

STREAM = Stream(
    "things",
    ("key",),
    {"key": pl.String(), "size": pl.Int64(), "kind": pl.String()},
    rules=(Rule.accepted("kind", "a", "b"),),
)
SECRET = b"not a secret"


def split(policy: Policy, **columns: list[str | None]) -> tuple[list[dict[str, object]], list[tuple[object, ...]]]:
    """Good rows, and number and reason of bad ones, of a chunk under the policy."""
    rows = len(next(iter(columns.values())))
    frame = pl.DataFrame({**columns, "_row": list(range(1, rows + 1))})
    done = conform(Chunk(frame), dataclasses.replace(STREAM, policy=policy), SECRET)
    return done.good.drop("_row", "_time_flags").to_dicts(), done.bad.select("_row", "reason", "column_name").rows()


GIVEN: dict[str, dict[str, list[str | None]]] = {
    "unknown_column": {"key": ["x", "y"], "size": ["1", "2"], "kind": ["a", "b"], "New": ["n", None]},
    "missing_column": {"key": ["x", "y"], "kind": ["a", "b"]},
    "wrong_type": {"key": ["x", "y"], "size": ["big", "2"], "kind": ["a", "b"]},
    "broken_rule": {"key": ["x", "y"], "size": ["1", "2"], "kind": ["c", "b"]},
}
Y = {"key": "y", "size": 2, "kind": "b"}
X = {"key": "x", "size": 1, "kind": "a"}
OUTCOMES = {
    ("unknown_column", "evolve"): ([{**X, "new": "n"}, {**Y, "new": None}], []),
    ("unknown_column", "null_value"): ([X, Y], []),
    ("unknown_column", "quarantine_row"): ([Y], [(1, "unknown_column", "New")]),
    ("missing_column", "evolve"): ([{**X, "size": None}, {**Y, "size": None}], []),
    ("missing_column", "null_value"): ([{**X, "size": None}, {**Y, "size": None}], []),
    ("missing_column", "quarantine_row"): ([], [(1, "missing_column", "size"), (2, "missing_column", "size")]),
    ("wrong_type", "evolve"): ([{**X, "size": None, "size_text": "big"}, {**Y, "size_text": None}], []),
    ("wrong_type", "null_value"): ([{**X, "size": None}, Y], []),
    ("wrong_type", "quarantine_row"): ([Y], [(1, "wrong_type", "size")]),
    ("broken_rule", "evolve"): ([{**X, "kind": "c"}, Y], []),
    ("broken_rule", "null_value"): ([{**X, "kind": None}, Y], []),
    ("broken_rule", "quarantine_row"): ([Y], [(1, "broken_rule", "kind")]),
}


@pytest.mark.parametrize(("fault", "action"), OUTCOMES)
def test_a_policy_does_what_it_says(fault: str, action: Action) -> None:
    """Every fault under every policy that does not refuse the file."""
    assert split(dataclasses.replace(Policy(), **{fault: action}), **GIVEN[fault]) == OUTCOMES[fault, action]


@pytest.mark.parametrize("fault", GIVEN)
def test_freeze_refuses_the_file(fault: str) -> None:
    """Every fault under the policy that refuses."""
    with pytest.raises(FileRefused):
        split(dataclasses.replace(Policy(), **{fault: "freeze"}), **GIVEN[fault])


def test_a_missing_key_column_refuses_the_file_under_any_policy() -> None:
    """Rows without a key cannot be told apart."""
    with pytest.raises(FileRefused, match="column 'key' is missing"):
        split(Policy(missing_column="evolve"), size=["1"], kind=["a"])


def test_a_row_with_several_faults_is_aside_once() -> None:
    """Read = aside + landed needs each row in one place (X2)."""
    good, bad = split(Policy(), key=[None, "y"], size=["big", "2"], kind=["c", "b"])
    assert (good, bad) == ([Y], [(1, "wrong_type", "size")])


def test_a_row_that_no_reader_could_split_keeps_its_text_without_what_is_personal() -> None:
    """Addresses and numbers are masked; where names may be in it, the text is not kept at all (G1)."""
    broken = BrokenRow(3, "broken_row", "expected 3 values, found 4", "x,ann@shop.example,+86 138 0013 8000")
    empty = pl.DataFrame(schema={"key": pl.String, "size": pl.String, "kind": pl.String, "_row": pl.Int64})
    chunk = Chunk(empty, [broken])
    masks = {}
    for kind in ("email", "text"):
        stream = dataclasses.replace(STREAM, rules=(), pii={"kind": kind})
        masks[kind] = conform(chunk, stream, SECRET).bad["raw"].to_list()
    assert masks == {"email": ["x,***,***"], "text": ["(hidden: the row may hold personal text; see the file)"]}


def test_a_type_is_named_for_the_warehouse_and_for_people() -> None:
    """Nested types too."""
    nested = pl.List(pl.Struct({"sku": pl.String, "price": pl.Decimal(18, 6)}))
    assert sql_type(nested) == 'STRUCT("sku" VARCHAR, "price" DECIMAL(18, 6))[]'
    assert plain_name(pl.Int64()) == "a whole number"
