"""The pack's section on actions: what due ones did, what is carried over, and that an older pack stays as it was."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest
import yaml

from dashboards.actions.action import Action, Expected
from dashboards.actions.ledger import Ledger
from dashboards.metrics import Metrics
from dashboards.packs import actions, make_pack
from dashboards.packs.desk import Desk
from dashboards.weeks import named_week
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
WEEK = "2026-W14"


@pytest.fixture
def company(demo: Workspace, tmp_path: Path) -> Workspace:
    """A workspace that reads the demo company's snapshot and keeps what is written to itself."""
    settings = yaml.safe_load(demo.settings_file.read_text(encoding="utf-8"))
    workspace = Workspace.create(tmp_path / "company", settings)
    workspace.published.rmdir()
    workspace.published.symlink_to(demo.published)
    return workspace


def _ledger(workspace: Workspace, day: str) -> Ledger:
    """The company's ledger as it is written in at noon of a day."""
    ledger = Ledger(workspace)
    ledger._now = lambda: dt.datetime.fromisoformat(f"{day}T12:00+08:00")  # type: ignore[method-assign]
    return ledger


def _add(workspace: Workspace, day: str, finding: str, due: str, metric: str = "sessions") -> Action:
    return _ledger(workspace, day).add(finding, metric, None, Expected.read("+5%"), "Mei", due)


def _desk(workspace: Workspace, week: str = WEEK, lang: str = "en") -> Desk:
    return Desk(workspace, Metrics.open(workspace), named_week(week, workspace), lang)


def _tables(workspace: Workspace, week: str = WEEK) -> dict[str, list[str]]:
    """What each table to read says in its first column, by the table's name."""
    desk = _desk(workspace, week)
    found = actions.section(desk, actions.known(desk)).tables
    return {table.name: [row["action"] for row in table.rows] for table in found if table.show == "read"}


@pytest.fixture
def written(company: Workspace) -> Workspace:
    """A company with actions around 2026-W14, which ends on 5 April."""
    _add(company, "2026-02-10", "Long due", "2026-W10")
    _add(company, "2026-03-10", "Due now", WEEK)
    _add(company, "2026-03-11", "Carried over", "2026-W20")
    _add(company, "2026-02-11", "Closed long ago", "2026-W09")
    _add(company, "2026-03-12", "Closed this week", "2026-W12")
    _ledger(company, "2026-03-04").close(4, "Nothing came of it", "failed")
    _ledger(company, "2026-04-01").close(5, "Noon is better than night", "worked")
    return company


def test_due_actions_are_measured_open_ones_carried_over_and_closed_ones_told(written: Workspace) -> None:
    """W4, W2: an action stays in the pack until it is closed; one closed long ago is in the playbook only."""
    assert _tables(written) == {
        "actions_due": ["#1 Long due", "#2 Due now", "#5 Closed this week"],
        "actions_open": ["#3 Carried over"],
        "actions_closed": ["#5 Closed this week"],
    }


def test_an_action_is_carried_over_until_the_pack_of_its_due_week(written: Workspace) -> None:
    """W4: the week before it is open, in its week it is due, and the week after it still is."""
    assert "#2 Due now" in _tables(written, "2026-W13")["actions_open"]
    assert "#2 Due now" in _tables(written, "2026-W15")["actions_due"]


@LANGS
def test_every_format_tells_the_effect_that_the_metrics_layer_gives(
    written: Workspace, tmp_path: Path, lang: str
) -> None:
    """W1, X1: PDF, page, workbook and CSV, in the reader's words."""
    with zipfile.ZipFile(make_pack(written, WEEK, lang, tmp_path)) as archive:
        stem = f"weekly-review-{WEEK}-{lang}"
        rows = list(csv.DictReader(io.StringIO(archive.read("csv/actions.csv").decode("utf-8-sig"))))
        page = archive.read(f"{stem}.html").decode()
        pdf = pypdf.PdfReader(io.BytesIO(archive.read(f"{stem}.pdf")))
        book = openpyxl.load_workbook(io.BytesIO(archive.read(f"{stem}.xlsx")))
        manifest = json.loads(archive.read("manifest.json"))
    due = next(row for row in rows if row["finding"] == "Due now")
    week = named_week(WEEK, written)
    assert float(due["value"]) == Metrics.open(written).value("sessions", week.start, week.end)
    assert float(due["effect"]) == pytest.approx(float(due["value"]) - float(due["baseline"]))
    printed = "".join("".join(one.extract_text() for one in pdf.pages).split())
    for text in ("#2 Due now", due["result"], "Noon is better than night", due["due_week"]):
        assert text in page
        assert text.replace(" ", "") in printed
    sheet = book[{"en": "Actions", "zh": "行动"}[lang]]
    heading = {cell.value: at for at, cell in enumerate(sheet[1])}
    line = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "#2 Due now")
    assert line[heading[{"en": "Effect", "zh": "效果"}[lang]]].value == pytest.approx(float(due["effect"]))
    assert manifest["actions"]["known"] == 5


def test_a_company_without_actions_is_told_how_to_begin(company: Workspace) -> None:
    """W2, W4."""
    section = actions.section(_desk(company), [])
    assert section.tables == ()
    assert "opsloop actions add" in section.missing


def test_what_is_added_or_closed_later_leaves_an_older_pack_as_it_was(written: Workspace, tmp_path: Path) -> None:
    """W3, W4: the same bytes in the week after its review and long after it; the newest pack has the new ones."""
    before = make_pack(written, WEEK, "en", tmp_path / "before").read_bytes()
    _add(written, "2026-04-13", "Added after the review", "2026-W30")
    _ledger(written, "2026-04-13").close(2, "Closed after the review", "worked")
    after = make_pack(written, WEEK, "en", tmp_path / "after").read_bytes()
    assert hashlib.sha256(after).hexdigest() == hashlib.sha256(before).hexdigest()
    newest = _tables(written, "2026-W26")
    assert newest["actions_open"] == ["#6 Added after the review"]
    assert newest["actions_due"] == ["#1 Long due", "#3 Carried over"]


def test_an_action_of_a_metric_that_is_no_more_breaks_nothing(company: Workspace, tmp_path: Path) -> None:
    """W2, W4: its line says why it cannot be measured."""
    _add(company, "2026-03-10", "Old metric", WEEK, metric="gone")
    with zipfile.ZipFile(make_pack(company, WEEK, "en", tmp_path)) as archive:
        assert "there is no such metric any more" in archive.read(f"weekly-review-{WEEK}-en.html").decode()
