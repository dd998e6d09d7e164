"""Faces of data that is not as it should be: a failed run, an old snapshot, refused files, damage (U5, O3, X8)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from fake_metrics import TODAY
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components.i18n import Translator, words
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]
APP = Path(dashboards.__file__).parent / "streamlit_app.py"


def opened(lang: str) -> AppTest:
    """The pages over the workspace as it is, without a fake."""
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    return app.run()


def warnings(app: AppTest) -> list[str]:
    """What a page warns of first."""
    return [warning.value for warning in app.warning]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", ["overview", "customers", "data_health"])
def test_a_failed_run_is_said_on_every_page_with_where_and_why(
    page: str, lang: str, workspace: Workspace, open_page: OPEN
) -> None:
    """O3: the last good snapshot serves, and says what became of the newest; no Markdown from outside."""
    note = {"failed_at": "2026-03-14T06:02:00+00:00", "stage": "build", "why": "fct_orders: a *test* failed"}
    workspace.failed_run.write_text(json.dumps(note), encoding="utf-8")
    said = warnings(open_page(page, lang))
    t = Translator(lang)
    when = t.moment(dt.datetime(2026, 3, 14, 14, 2))
    assert len(said) == 1
    assert when in said[0]
    assert words(lang)["faces.stage_build"] in said[0]
    assert r"fct\_orders\: a \*test\* failed" in said[0]
    assert t.date(TODAY) in said[0]


def test_a_note_that_cannot_be_read_breaks_no_page(workspace: Workspace, open_page: OPEN) -> None:
    """O6: a half-written file is no failure of the pages."""
    workspace.failed_run.write_text('{"failed_at": "20', encoding="utf-8")
    app = open_page("overview")
    assert not app.exception
    assert warnings(app) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (2, False), (3, True), (40, True)])
def test_an_old_snapshot_says_how_many_days_it_lacks(
    days: int, is_stale: bool, lang: str, workspace: Workspace, open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U5, X5: whoever reads pages that nobody made anew is told, from the third missing day on."""
    monkeypatch.setattr(Workspace, "as_of_date", TODAY + dt.timedelta(days=days))
    expected = words(lang)["faces.stale"].format(day=Translator(lang).date(TODAY), days=days)
    assert warnings(open_page("overview", lang)) == ([expected] if is_stale else [])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_refused_files_are_listed_with_the_reason_and_spoil_the_verdict(
    lang: str, workspace: Workspace, open_page: OPEN
) -> None:
    """X8: what could not be read is on Data health, though it is of no snapshot; what brought nothing is not."""
    lines = [("ga4", "events", "a.json", "a.json: row 3: expected a number", dt.datetime(2026, 3, 14))]
    lines.append(("ga4", "events", "b.json", "", dt.datetime(2026, 3, 14)))
    frame = pl.DataFrame(lines, schema=["source", "stream", "file", "message", "seen_at"], orient="row")
    frame.write_parquet(workspace.config / "refused_files.parquet")
    app = open_page("data_health", lang)
    column = words(lang)["columns.refused_because"]
    found = [table.value for table in app.dataframe if column in table.value.columns]
    assert [table[column].to_list() for table in found] == [["a.json: row 3: expected a number"]]
    answer = next(one.proto.body for one in app.get("html") if 'data-testid="answer"' in one.proto.body)
    assert words(lang)["health.files_refused"].format(n=1) in answer
    assert words(lang)["health.trust"] not in answer


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("damage", ["pointer", "no_id", "no_folder", "warehouse", "settings", "role"])
def test_what_is_damaged_is_called_so_and_never_empty(
    damage: str, lang: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U5: a pointer, a snapshot or settings that cannot be read is no workspace without data, and no exception."""
    folder = workspace.published / "20260315T000000-b1"
    meta = {"snapshot_id": folder.name, "as_of": "2026-03-15T16:00:00+00:00", "created_at": "2026-03-15T17:00:00+00:00"}
    pointer = json.dumps({"snapshot_id": folder.name})
    (workspace.published / "current.json").write_text({"pointer": "{", "no_id": "{}"}.get(damage, pointer))
    if damage == "warehouse":
        folder.mkdir()
        (folder / "snapshot.json").write_text(json.dumps(meta))
        (folder / "semantic_manifest.json").write_text("{}")
        (folder / "warehouse.duckdb").write_bytes(b"half a file")
    if damage == "settings":
        workspace.settings_file.write_text("currency: QQQ\n")
    if damage == "role":
        monkeypatch.setenv("OPSLOOP_ROLE", "boss")
    app = opened(lang)
    assert not app.exception
    assert app.title[0].value == words(lang)["empty.broken"]
    assert any("opsloop run --full-refresh" in block.value for block in app.code)
