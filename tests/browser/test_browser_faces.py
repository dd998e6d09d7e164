"""Empty, partial, stale and broken data in a real browser: each its own honest face, in both languages (U5, O3, X8)."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml
from accessibility import violations
from browser_tools import keep, served
from playwright.sync_api import Page

from dashboards.components.i18n import Translator, words
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser
OPEN = Callable[..., tuple[Page, list[str]]]
LANGUAGES = ("en", "zh")


@pytest.fixture
def copied(demo: Workspace, tmp_path: Path) -> Workspace:
    """The demo company's snapshot in a workspace that may be damaged."""
    left_out = shutil.ignore_patterns("lake", "landing", "warehouse", "packs", "dagster", "truth", "segments")
    return Workspace.open(shutil.copytree(demo.root, tmp_path / "ws", ignore=left_out))


def test_an_empty_workspace_says_what_to_run(empty: Workspace, open_page: OPEN) -> None:
    """U5: nothing published is a friendly page, not an error."""
    with served(empty) as address:
        for lang in LANGUAGES:
            tab, _ = open_page(address, "overview", lang)
            keep(tab, f"face-empty-{lang}")
            assert tab.locator("h1").first.inner_text() == words(lang)["empty.title"]
            assert "opsloop run" in tab.inner_text("body")
            assert violations(tab) == []


def test_a_failed_run_an_old_snapshot_and_refused_files_are_said(copied: Workspace, open_page: OPEN) -> None:
    """O3, X5, X8: the snapshot before serves; what failed, what is missing and what was refused is said first."""
    note = {"failed_at": "2026-07-09T22:00:00+00:00", "stage": "build", "why": "a test of fct_orders failed"}
    copied.failed_run.write_text(json.dumps(note), encoding="utf-8")
    refused = [("ga4", "events", "ga4/events/x.json", "x.json: row 1: not JSON", dt.datetime(2026, 7, 9))]
    frame = pl.DataFrame(refused, schema=["source", "stream", "file", "message", "seen_at"], orient="row")
    frame.write_parquet(copied.config / "refused_files.parquet")
    settings = yaml.safe_load(copied.settings_file.read_text(encoding="utf-8"))
    copied.settings_file.write_text(yaml.safe_dump({**settings, "as_of": "2026-07-10"}), encoding="utf-8")
    with served(copied) as address:
        for lang in LANGUAGES:
            t = Translator(lang)
            day = t.date(dt.date(2026, 6, 30))
            for page in ("overview", "data_health"):
                tab, _ = open_page(address, page, lang, query="&from=2026-04-08&to=2026-06-30")
                keep(tab, f"face-failed-{page}-{lang}")
                said = tab.locator('[data-testid="stAlert"]').all_inner_texts()
                assert any(words(lang)["faces.stage_build"] in line and note["why"] in line for line in said)
                assert any(t("faces.stale", day=day, days=10).split("`")[0] in line for line in said)
                assert violations(tab) == []
            assert t("health.files_refused", n=1) in tab.locator('[data-testid="answer"]').inner_text()
            assert tab.locator(".st-key-panel_refused_files").count() == 1
            assert tab.locator(".st-key-panel_quarantine canvas").count() >= 1


def test_a_company_that_lacks_data_says_which_and_shows_the_rest(copied: Workspace, open_page: OPEN) -> None:
    """U5, X5: a period with nothing in it has panels that say so, no empty chart, and no error."""
    with served(copied) as address:
        for lang in LANGUAGES:
            tab, _ = open_page(address, "acquisition", lang, query="&from=2020-01-01&to=2020-01-31")
            keep(tab, f"face-partial-{lang}")
            assert tab.locator('[data-testid="stException"]').count() == 0
            period = Translator(lang).span(dt.date(2020, 1, 1), dt.date(2020, 1, 31))
            assert words(lang)["empty.no_rows"].format(period=period) in tab.inner_text("body")
            assert violations(tab) == []


def test_a_damaged_snapshot_is_called_damaged(copied: Workspace, open_page: OPEN) -> None:
    """U5: not empty, and not a stack trace."""
    pointer = json.loads((copied.published / "current.json").read_text(encoding="utf-8"))
    (copied.published / pointer["snapshot_id"] / "warehouse.duckdb").write_bytes(b"half a file")
    with served(copied) as address:
        for lang in LANGUAGES:
            tab, _ = open_page(address, "overview", lang)
            keep(tab, f"face-broken-{lang}")
            assert tab.locator("h1").first.inner_text() == words(lang)["empty.broken"]
            assert "opsloop run --full-refresh" in tab.inner_text("body")
            assert tab.locator('[data-testid="stException"]').count() == 0
            assert violations(tab) == []
