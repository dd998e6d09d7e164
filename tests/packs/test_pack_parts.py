"""One small review in all formats: what each must hold whatever the company (W1)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import polars as pl
import pypdf
import pytest

from dashboards.metrics import Metrics
from dashboards.packs import bundle, charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Review, Section, Table
from dashboards.weeks import named_week
from opsloop.workspace import Workspace

STEM = "weekly-review-2026-W26"
TITLES = {"en": "How many & how much", "zh": "多少订单与收入"}
META = {"code_version": "0.1", "cut_off": "2026-06-30T00:00:00", "last_batch": 7}
SNAPSHOT = SimpleNamespace(id="snap", as_of=dt.datetime(2026, 6, 30, 16, tzinfo=dt.UTC), meta=META)


def _table(title: str) -> Table:
    columns = (
        Column("label", "Metric"),
        Column("value", "Value", BY_ROW, "of"),
        Column("day", "Day", "date"),
    )
    frame = pl.DataFrame(
        [
            {"label": "Orders", "value": 1234.0, "day": dt.date(2026, 6, 22), "of": None, BY_ROW: "count"},
            {"label": "Revenue", "value": 1234.567891, "day": dt.date(2026, 6, 23), "of": None, BY_ROW: "money"},
            {"label": "<b>=1+1", "value": 0.25, "day": None, "of": 12.0, BY_ROW: "rate"},
        ],
        schema={"label": pl.String, "value": pl.Float64, "day": pl.Date, "of": pl.Float64, BY_ROW: pl.String},
    )
    bars = charts.bars(frame, "label", "value", ["1", "2", "3"], "Value")
    return Table("figures", title, columns, frame, charts=(bars,))


@pytest.fixture(params=["en", "zh"])
def parts(request: pytest.FixtureRequest, empty: Workspace) -> tuple[str, dict[str, bytes]]:
    """The language and every file of a pack of one table, and of one that only goes into files."""
    lang = request.param
    metrics = SimpleNamespace(catalogue=dict, snapshot=SNAPSHOT)
    desk = Desk(empty, cast(Metrics, metrics), named_week("2026-W26", empty), lang)
    table = _table(TITLES[lang])
    only = Table("only_filed", "Only filed", table.columns, table.frame, show="file")
    section = Section("figures", TITLES[lang], "All of it.", (table, only))
    facts: dict[str, Any] = {"key": "Key.", "made_from": "Snapshot.", "actions": {}, "earlier_pack": None}
    review = Review(desk.week, lang, "A & B", "CNY", "The answer.", (), (section,), facts)
    return lang, bundle._parts(desk, review)


def test_a_pack_holds_every_format_and_a_checksum_of_each(parts: tuple[str, dict[str, bytes]]) -> None:
    """W1, W3: PDF, HTML, workbook, a CSV of every table, and the manifest that names them all."""
    lang, files = parts
    stem = f"{STEM}-{lang}"
    named = [f"{stem}.pdf", f"{stem}.html", f"{stem}.xlsx", "csv/figures.csv", "csv/only_filed.csv", "manifest.json"]
    assert list(files) == named
    manifest = json.loads(files["manifest.json"])
    assert sorted(manifest["sha256"]) == sorted(named[:-1])
    assert (manifest["snapshot"], manifest["data_cut_off"], manifest["code_version"]) == (
        "snap",
        META["cut_off"],
        "0.1",
    )


def test_numbers_are_whole_in_files_and_rounded_once_where_they_are_read(parts: tuple[str, dict[str, bytes]]) -> None:
    """W1, X1: CSV and workbook hold the number, PDF and page its text; nothing is taken for a formula or for HTML."""
    lang, files = parts
    rows = list(csv.DictReader(io.StringIO(files["csv/figures.csv"].decode("utf-8-sig"))))
    assert [float(row["value"]) for row in rows] == [1234.0, 1234.567891, 0.25]
    book = openpyxl.load_workbook(io.BytesIO(files[f"{STEM}-{lang}.xlsx"]))
    sheet = book[TITLES[lang]]
    assert [sheet.cell(line, 2).value for line in (2, 3, 4)] == [1234, 1234.567891, 0.25]
    assert [sheet.cell(line, 2).number_format for line in (2, 3, 4)] == ["#,##0", "#,##0.00", "0.0%"]
    assert sheet.cell(2, 4).value == dt.datetime(2026, 6, 22)
    assert (sheet.cell(4, 1).value, sheet.cell(4, 1).data_type) == ("<b>=1+1", "s")
    assert sheet.freeze_panes == "B2"
    page = files[f"{STEM}-{lang}.html"].decode()
    assert "<b>=1+1" not in page
    pdf = pypdf.PdfReader(io.BytesIO(files[f"{STEM}-{lang}.pdf"]))
    printed = "\n".join(one.extract_text() for one in pdf.pages)
    for text in ("1,234", "¥1,234.57", "25.0%"):
        assert text in page
        assert text in printed
    assert "Only filed" not in printed


def test_the_pdf_brings_its_fonts_and_draws_its_charts(parts: tuple[str, dict[str, bytes]]) -> None:
    """W1: Chinese reads on any machine, charts are lines and not pixels, and each section has its page number."""
    lang, files = parts
    reader = pypdf.PdfReader(io.BytesIO(files[f"{STEM}-{lang}.pdf"]))
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].get_object().values()]
    for font in fonts:
        below = font.get_object()["/DescendantFonts"][0].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"].get_object())
        assert "NotoSansCJKsc" in below["/BaseFont"]
    assert sum(len(page.images) for page in reader.pages) == 0
    assert TITLES[lang] in reader.pages[1].extract_text()
    assert TITLES[lang].replace(" ", "") in reader.pages[0].extract_text().replace(" ", "")
    assert reader.pages[1].extract_text().rstrip().endswith("2")
