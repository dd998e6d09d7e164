"""When a build may replace slices of the warehouse: where it is as the last line of steps left it (X7, O3)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest
import yaml

from opsloop.workspace import Workspace
from orchestration import increment, transform

SETTINGS = {
    "company": {"name": "Steps", "name_zh": "步骤"},
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "as_of": "2024-06-30",
    "sources": [],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose warehouse was built once, without a model."""
    made = Workspace.create(tmp_path / "ws", SETTINGS)
    assert built(made) == [False, False, False]
    return made


def in_slices(workspace: Workspace) -> bool:
    """Whether models replace slices at this moment."""
    with duckdb.connect(str(workspace.work_db)) as connection:
        found = connection.execute("select count(*) from slices.run where is_open and since is not null").fetchall()
    return found == [(1,)]


def built(workspace: Workspace, steps: tuple[str, ...] = increment.STEPS) -> list[bool]:
    """Go through the steps of a build; whether each replaced slices."""
    found = []
    for name in steps:
        with increment.step(workspace, name):
            found.append(in_slices(workspace))
    return found


def with_settings(workspace: Workspace, **settings: object) -> Workspace:
    """The workspace under other settings."""
    path = workspace.root / "opsloop.yaml"
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**known, **settings}, allow_unicode=True), encoding="utf-8")
    return Workspace.open(workspace.root)


def test_after_a_whole_build_the_next_one_replaces_slices(workspace: Workspace) -> None:
    """X7: the same day again, or a later one."""
    assert built(workspace) == [True, True, True]
    assert built(with_settings(workspace, as_of="2024-07-01")) == [True, True, True]


def test_an_earlier_day_and_other_settings_are_built_whole(workspace: Workspace) -> None:
    """X10: what is no longer known cannot be taken out of a slice."""
    assert built(with_settings(workspace, as_of="2024-06-29")) == [False, False, False]
    assert built(with_settings(workspace, as_of="2024-06-29", currency="USD")) == [False, False, False]


def test_another_project_is_built_whole(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """X7: a table that an older release made is not mended in part."""
    monkeypatch.setattr(transform, "project_checksum", lambda: "another")
    assert built(workspace) == [False, False, False]


def test_a_step_that_fails_makes_itself_the_rest_and_the_next_build_whole(workspace: Workspace) -> None:
    """O3: what a step left half done is nobody's base."""
    with increment.step(workspace, "before_identity"):
        pass
    with pytest.raises(ZeroDivisionError), increment.step(workspace, "before_weights"):
        raise ZeroDivisionError
    assert built(workspace, ("before_weights", "marts")) == [False, False]
    assert built(workspace) == [False, False, False]
    assert built(workspace) == [True, True, True]


def test_a_step_built_twice_or_out_of_turn_makes_the_rest_whole(workspace: Workspace) -> None:
    """X7: what a table lost and gained is told once; whoever missed it cannot catch up by slices."""
    assert built(workspace, ("before_identity", "before_weights", "before_weights", "marts")) == [
        True,
        True,
        False,
        False,
    ]
    assert built(workspace) == [False, False, False]
    assert built(workspace, ("marts",)) == [False]
    assert built(workspace) == [False, False, False]


def test_models_built_by_themselves_make_the_next_build_whole(workspace: Workspace) -> None:
    """X7: `--select`, a part of a group in Dagster's UI, and `--full-refresh` come here."""
    increment.forget(workspace)
    assert built(workspace) == [False, False, False]


def test_what_is_built_outside_of_a_step_is_built_whole(workspace: Workspace) -> None:
    """X7: a stopped step does not leave its mode to whoever comes next."""
    with pytest.raises(ZeroDivisionError), increment.step(workspace, "before_identity"):
        raise ZeroDivisionError
    with duckdb.connect(str(workspace.work_db)) as connection:
        assert connection.execute("select is_open from slices.run").fetchall() == [(True,)]
    transform.prepare(workspace)
    assert not in_slices(workspace)


def test_a_build_is_remembered_with_its_first_steps_day(workspace: Workspace) -> None:
    """X10: an event between the first step and the last is new to the next build."""
    with duckdb.connect(str(workspace.work_db)) as connection:
        assert connection.execute("select as_of from slices.built").fetchall() == [(dt.datetime(2024, 6, 30, 16),)]
