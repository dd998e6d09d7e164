"""Who is scored, by consent."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from models_ml.consent import consenting
from opsloop.workspace import Workspace

ANSWERS = """
create schema marts;
create table marts.fct_consents (person_id varchar, purpose varchar, is_granted boolean, is_current boolean);
insert into marts.fct_consents values
    ('p_yes', 'profiling', true, true), ('p_no', 'profiling', false, true), ('p_no', 'profiling', true, false),
    ('p_other', 'email', true, true), (null, 'profiling', true, false);
"""
PERSONS = ["p_other", "p_yes", "p_no", "p_silent"]


@pytest.mark.parametrize(
    ("prepare", "scored"),
    [("select 1", PERSONS), (ANSWERS, ["p_yes"]), (f"{ANSWERS} delete from marts.fct_consents", PERSONS)],
)
def test_only_who_consents_is_scored_where_consents_are_kept(tmp_path: Path, prepare: str, scored: list[str]) -> None:
    """D7: no mart yet, answers of three, no answer at all."""
    workspace = Workspace.create(tmp_path / "ws", {"version": 1})
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute(prepare)
    rows = pl.DataFrame({"person_id": PERSONS})
    assert consenting(workspace, rows)["person_id"].to_list() == scored


def test_the_purpose_is_a_setting(tmp_path: Path) -> None:
    """D7: a company may ask for another purpose than profiling."""
    workspace = Workspace.create(tmp_path / "ws", {"version": 1, "consent": {"scores_purpose": "email"}})
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute(ANSWERS)
    assert consenting(workspace, pl.DataFrame({"person_id": PERSONS}))["person_id"].to_list() == ["p_other"]
