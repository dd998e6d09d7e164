"""One number: what every format of the pack says is what the metrics layer says."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import html
import json
import re
from pathlib import Path

import openpyxl
import pypdf
import pytest

from dashboards.metrics import Metrics
from dashboards.packs.headlines import HEADLINES
from opsloop.workspace import Workspace

FIRST, LAST = dt.date(2026, 6, 22), dt.date(2026, 6, 28)
LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


def _truth(demo: Workspace) -> dict[str, float]:
    """The week's headline numbers that are known, straight from the metrics layer."""
    metrics = Metrics.open(demo)
    names = [name for name in HEADLINES if name in metrics.catalogue()]
    row = metrics.query(names, start=FIRST, end=LAST).row(0, named=True)
    return {name: float(row[name]) for name in names if row[name]}


def _shown(demo: Workspace, name: str, value: float, lang: str) -> str:
    return Metrics.open(demo).catalogue()[name].format(value, lang, demo.settings.currency)


def _only(folder: Path, suffix: str) -> Path:
    return next(folder.glob(f"*.{suffix}"))


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@LANGS
def test_the_csv_holds_each_headline_number_at_full_precision(
    demo: Workspace, packs: dict[str, Path], lang: str
) -> None:
    """X1, W1."""
    said = {row["metric"]: float(row["this_week"]) for row in _csv(packs[lang], "headlines") if row["this_week"]}
    truth = _truth(demo)
    assert len(truth) >= 15
    assert {name: value for name, value in said.items() if value} == truth


@LANGS
def test_the_workbook_holds_each_headline_number_as_a_number(
    demo: Workspace, packs: dict[str, Path], lang: str
) -> None:
    """X1, W1: typed cells, a format by unit, frozen headings."""
    book = openpyxl.load_workbook(_only(packs[lang], "xlsx"))
    sheet = book.worksheets[1]
    found = {row[0].value.removesuffix(" °"): row[1] for row in sheet.iter_rows(min_row=2)}
    catalogue = Metrics.open(demo).catalogue()
    for name, value in _truth(demo).items():
        cell = found[catalogue[name].label(lang)]
        assert cell.value == pytest.approx(value, rel=1e-12)
        assert ("%" in cell.number_format) == (catalogue[name].unit == "rate")
    assert all(one.freeze_panes == "B2" for one in book.worksheets[1:] if not one._charts)


@LANGS
def test_the_pdf_and_the_page_show_each_headline_number(demo: Workspace, packs: dict[str, Path], lang: str) -> None:
    """X1, W1: rounded once, the way the dashboards round."""
    pdf = "".join(page.extract_text() for page in pypdf.PdfReader(_only(packs[lang], "pdf")).pages)
    printed = re.sub(r"\s", "", pdf)
    page = html.unescape(_only(packs[lang], "html").read_text(encoding="utf-8"))
    table = page[page.index('<table id="headlines">') :].split("</table>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr>")]
    on_page = {row[0].removesuffix(" °"): row[1].split(" <small>")[0] for row in cells if row}
    catalogue = Metrics.open(demo).catalogue()
    for name, value in _truth(demo).items():
        label, shown = catalogue[name].label(lang), _shown(demo, name, value, lang)
        assert on_page[label] == shown
        assert re.search(re.escape(f"{label}".replace(" ", "")) + "°?" + re.escape(shown.replace(" ", "")), printed)


@LANGS
def test_the_workbook_draws_weeks_and_months_itself(packs: dict[str, Path], lang: str) -> None:
    """W1, W6: a workbook to work with holds charts that a reader can change, over the cells of its sheets."""
    book = openpyxl.load_workbook(_only(packs[lang], "xlsx"))
    drawn = {sheet.title: sheet._charts for sheet in book.worksheets if sheet._charts}
    (charts,) = drawn.values()
    rows = _csv(packs[lang], "business")
    assert len(charts) == 2 * len({row["metric"] for row in rows})
    source = next(sheet for sheet in book.worksheets if sheet.max_row == len(rows) + 1)
    first = charts[0].series[0].val.numRef.f
    assert source.title in first
    column = first.rpartition("!")[2].replace("$", "").split(":")[0].rstrip("0123456789")
    assert [source[f"{column}{line}"].value for line in range(2, 8)] == [float(row["value"]) for row in rows[:6]]
    definitions = book.worksheets[-1]
    assert definitions.max_row > 40


def test_the_manifest_says_what_the_pack_was_made_from(demo: Workspace, packs: dict[str, Path]) -> None:
    """W3: data cut-off, snapshot, metric versions, code version, and a checksum that holds for every file."""
    manifest = json.loads((packs["en"] / "manifest.json").read_text(encoding="utf-8"))
    snapshot = Metrics.open(demo).snapshot
    assert manifest["snapshot"] == snapshot.id
    assert manifest["data_cut_off"] == snapshot.meta["cut_off"]
    assert manifest["code_version"] == snapshot.meta["code_version"]
    assert manifest["metrics"]["orders"]["version"] == Metrics.open(demo).catalogue()["orders"].version
    files = {str(path.relative_to(packs["en"])): path for path in packs["en"].rglob("*") if path.is_file()}
    assert set(manifest["sha256"]) == set(files) - {"manifest.json"}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest
