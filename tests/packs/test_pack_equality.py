"""One number everywhere: PDF, HTML, workbook, CSV, the Weekly review page and the command line agree (X1, W1)."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components.figures import measure
from dashboards.metrics import Metrics
from dashboards.packs.cells import change_unit
from dashboards.packs.desk import Desk
from dashboards.weeks import named_week
from opsloop.cli import main
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
WEEK = "2026-W26"
NUMBERS = ("this_week", "last_week", "change", "last_year", "change_year", "target")
Numbers = dict[str, dict[str, float | None]]


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _headlines(folder: Path) -> Numbers:
    """Every headline number of the CSV, which is the measure of all other formats."""
    rows = _csv(folder, "headlines")
    return {row["metric"]: {key: float(row[key]) if row[key] else None for key in NUMBERS} for row in rows}


@pytest.fixture(scope="module")
def desks(demo: Workspace) -> dict[str, Desk]:
    """What writes a number down, by language."""
    metrics = Metrics.open(demo)
    return {lang: Desk(demo, metrics, named_week(WEEK, demo), lang) for lang in ("en", "zh")}


def _texts(desk: Desk, metric: str, numbers: dict[str, float | None]) -> list[str]:
    """The numbers of a row as a reader meets them, in order."""
    unit = desk.catalogue[metric].unit
    return [desk.show(value, change_unit(unit) if "change" in key else unit) for key, value in numbers.items()]


def _pdf_lines(folder: Path) -> list[str]:
    """The lines of the PDF as they are printed, without blanks."""
    path = next(folder.glob("*.pdf"))
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
        text = done.stdout.decode()
    else:
        text = "\n".join(page.extract_text(extraction_mode="layout") for page in pypdf.PdfReader(path).pages)
    return [re.sub(r"\s", "", line) for line in text.split("\n")]


@LANGS
def test_the_pdf_prints_every_headline_number_of_the_csv(
    packs: dict[str, Path], desks: dict[str, Desk], lang: str
) -> None:
    """X1, W1: value, last week, last year, target and both changes stand in one line, in their order."""
    lines, desk = _pdf_lines(packs[lang]), desks[lang]
    for metric, numbers in _headlines(packs[lang]).items():
        texts = [re.escape(re.sub(r"\s", "", text)) for text in _texts(desk, metric, numbers)]
        of = "(?:of[\\d,]+|共[\\d,]+)?"
        pattern = re.escape(re.sub(r"\s", "", desk.label(metric))) + "°?" + texts[0] + of + "".join(texts[1:])
        assert any(re.match(pattern, line) for line in lines), (metric, pattern)


def _page_rows(folder: Path, table: str) -> Iterator[list[tuple[str, str]]]:
    """The rows of a table of the HTML page: each cell's text and the number it sorts by."""
    page = next(folder.glob("*.html")).read_text(encoding="utf-8")
    body = page[page.index(f'<table id="{table}"') :].split("</table>")[0].split("<tbody>")[1]
    for row in body.split("<tr>")[1:]:
        cells = re.findall(r"<td([^>]*)>(.*?)(?: <small>.*?)?</td>", row)
        yield [(html.unescape(text), "".join(re.findall(r'data-v="([^"]*)"', look))) for look, text in cells]


@LANGS
def test_the_html_page_shows_and_sorts_by_every_headline_number_of_the_csv(
    packs: dict[str, Path], desks: dict[str, Desk], lang: str
) -> None:
    """X1, W1: what is shown is the number rounded once, what is sorted by is the number itself."""
    said, desk = _headlines(packs[lang]), desks[lang]
    rows = list(_page_rows(packs[lang], "headlines"))
    assert len(rows) == len(said)
    for row, (metric, numbers) in zip(rows, said.items(), strict=True):
        assert row[0][0].removesuffix(" °") == desk.label(metric)
        assert [text for text, _ in row[1:7]] == _texts(desk, metric, numbers)
        assert [float(value) if value else None for _, value in row[1:7]] == list(numbers.values())


@LANGS
def test_the_workbook_holds_every_headline_number_of_the_csv(
    packs: dict[str, Path], desks: dict[str, Desk], lang: str
) -> None:
    """X1, W1: as numbers, under headings that are frozen, with a format of its unit."""
    sheet = openpyxl.load_workbook(next(packs[lang].glob("*.xlsx"))).worksheets[1]
    keys = ["this_week", "last_week", "change", "last_year", "change_year", "target"]
    headings = [cell.value for cell in sheet[1]]
    places = [headings.index(desks[lang].say(key)) for key in keys]
    found = {row[0].value: [row[at] for at in places] for row in sheet.iter_rows(min_row=2)}
    for metric, numbers in _headlines(packs[lang]).items():
        cells = found[desks[lang].label(metric)]
        for cell, key in zip(cells, keys, strict=True):
            assert cell.value == (None if numbers[key] is None else pytest.approx(numbers[key], rel=1e-12))
        is_rate = desks[lang].catalogue[metric].unit == "rate"
        assert ("%" in cells[0].number_format) == is_rate


@LANGS
def test_six_weeks_and_twelve_months_are_the_same_in_every_format(
    packs: dict[str, Path], desks: dict[str, Desk], lang: str
) -> None:
    """X1, W1, W6: the page's and the PDF's short numbers are the CSV's; this week's is the headline's."""
    lines, desk, said = _pdf_lines(packs[lang]), desks[lang], _headlines(packs[lang])
    rows = _csv(packs[lang], "business")
    for metric in dict.fromkeys(row["metric"] for row in rows):
        own = [row for row in rows if row["metric"] == metric]
        values = [float(row["value"]) if row["value"] else None for row in own]
        assert values[5] == said[metric]["this_week"]
        assert [float(own[5][key]) if own[5][key] else None for key in ("last_year", "target")] == [
            said[metric]["last_year"],
            said[metric]["target"],
        ]
        # What has six digits is told in thousands.
        top = max(float(row[key]) for row in own for key in ("value", "last_year", "target") if row[key])
        texts = [
            desk.brief(None if value is None else value / (1e3 if top >= 1e5 else 1.0), desk.catalogue[metric].unit)
            for value in values
        ]
        assert [text for text, _ in next(_page_rows(packs[lang], f"business_{metric}"))][1:] == texts
        assert desk.say("this_year").replace(" ", "") + "".join(texts) in lines


def test_both_languages_say_the_same_numbers(packs: dict[str, Path]) -> None:
    """X1, W1."""
    assert _headlines(packs["en"]) == _headlines(packs["zh"])
    for name in ("business", "to_date"):
        numbers = [[(row["metric"], row["value"]) for row in _csv(packs[lang], name)] for lang in ("en", "zh")]
        assert numbers[0] == numbers[1]


def test_the_command_line_says_every_headline_number_of_the_csv(
    demo: Workspace, packs: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """X1, Y5: this week, last week and the same week of last year."""
    said = _headlines(packs["en"])
    weeks = {"this_week": "2026-06-22", "last_week": "2026-06-15", "last_year": "2025-06-23"}
    ends = {"this_week": "2026-06-28", "last_week": "2026-06-21", "last_year": "2025-06-29"}
    for key, start in weeks.items():
        place = ["--workspace", str(demo.root), "--format", "json"]
        assert main(["metrics", "query", *said, "--from", start, "--to", ends[key], *place]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        for metric, numbers in said.items():
            assert (None if row[metric] is None else float(row[metric])) == numbers[key]


def test_the_pages_comparison_with_the_target_is_the_packs_target(
    demo: Workspace, packs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """X1, U2: the same days ask for the same; what is compared over fewer, settled days is another question."""
    monkeypatch.setenv("OPSLOOP_WORKSPACE", str(demo.root))
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(Path(dashboards.__file__).parent / "streamlit_app.py", default_timeout=120)
    for name, value in {"lang": "en", "from": "2026-06-22", "to": "2026-06-28", "compare": "target"}.items():
        app.query_params[name] = value
    assert not app.run().exception
    desk, said = app.session_state["desk"], _headlines(packs["en"])
    shown = {name: one for name, one in measure(desk, list(said)).items() if one.compared == desk.view.span}
    assert sum(one.before is not None for one in shown.values()) >= 3
    for metric, one in shown.items():
        assert one.before == said[metric]["target"]


@LANGS
def test_the_weekly_review_page_shows_the_numbers_of_the_pack(
    demo: Workspace, packs: dict[str, Path], desks: dict[str, Desk], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X1: each headline number that the page has as a figure is written as in the pack."""
    monkeypatch.setenv("OPSLOOP_WORKSPACE", str(demo.root))
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(Path(dashboards.__file__).parent / "streamlit_app.py", default_timeout=120)
    app.query_params["lang"] = lang
    app.query_params["week"] = WEEK
    app.run().switch_page("app_pages/weekly_review.py").run()
    assert not app.exception
    shown, desk = {figure.label: figure.value for figure in app.metric}, desks[lang]
    said = _headlines(packs[lang])
    common = [metric for metric in said if desk.label(metric) in shown]
    assert len(common) >= 8
    for metric in common:
        assert shown[desk.label(metric)] == desk.show(said[metric]["this_week"], desk.catalogue[metric].unit)
