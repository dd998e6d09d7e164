"""What every panel of every page saves: all its rows as CSV and XLSX, its chart as PNG, fresh and settled said (U3)."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components import panels, standing
from dashboards.components.desk import Desk
from dashboards.components.exports import Export
from dashboards.components.facts import Facts
from dashboards.components.i18n import Translator
from dashboards.components.standing import Standing, say
from dashboards.components.view import Span, View
from opsloop.workspace import Workspace

PAGES = sorted(path.stem for path in (Path(dashboards.__file__).parent / "app_pages").glob("*.py"))
OPEN = Callable[..., AppTest]


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[Export]:
    """The files that a page's panels offer, as the page is drawn."""
    found: list[Export] = []
    monkeypatch.setattr(panels, "_menu", lambda _desk, _key, export: found.append(export))
    return found


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    """A desk over the made-up company."""
    fake = FakeMetrics()
    view = View(Span(dt.date(2026, 1, 1), dt.date(2026, 2, 28)))
    return Desk(workspace, fake, Facts(fake), Translator("en"), view)  # type: ignore[arg-type]


def sheets(content: bytes) -> tuple[Any, Any]:
    """The two sheets of a workbook."""
    first, second = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return first, second


def same(cell: object, value: object) -> bool:
    """Whether a cell of a workbook holds a value of a table: numbers as numbers, days as days."""
    if value is None or isinstance(value, str | list):
        return cell is None or isinstance(cell, str)
    if isinstance(value, bool) or isinstance(cell, bool):
        return cell is value
    if isinstance(value, dt.datetime):
        return isinstance(cell, dt.datetime) and abs(cell - value.replace(tzinfo=None)) < dt.timedelta(seconds=1)
    if isinstance(value, dt.date):
        return isinstance(cell, dt.datetime) and cell.date() == value
    return isinstance(cell, int | float) and cell == pytest.approx(float(value))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_every_panel_says_how_fresh_it_is_and_saves_all_its_rows_and_its_chart(
    page: str, lang: str, open_page: OPEN, exports: list[Export]
) -> None:
    """U3, X1, X5: CSV and XLSX hold every value, typed; the PNG is a picture; names say page, chart and period."""
    app = open_page(page, lang)
    assert not app.exception
    exports = [export for export in exports if export.desk.page == page]
    assert exports
    said = [element.proto.body for element in app.get("html") if 'data-testid="standing"' in element.proto.body]
    assert len(said) == len(exports)
    for export in exports:
        assert any(export.standing in line for line in said)
        rows = export.rows()
        lines = pl.read_csv(export.content("csv")[3:], infer_schema=False)
        assert (lines.columns, lines.height) == (rows.columns, rows.height)
        sheet, _ = sheets(export.content("xlsx"))
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in sheet[1]] == [export.desk.label(column) for column in rows.columns]
        cells = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(cells) == rows.height
        for written, row in zip(cells, rows.iter_rows(), strict=True):
            assert all(map(same, written, row)), (export.key, written, row)
        assert re.fullmatch(rf"{page}_{export.key}_\d{{4}}-\d\d-\d\d(_\d{{4}}-\d\d-\d\d)?\.png", export.name("png"))
        if "png" in export.kinds:
            picture = export.content("png")
            width, height = struct.unpack(">II", picture[16:24])
            assert picture.startswith(b"\x89PNG")
            assert width > 1400
            assert height > 200


def test_a_page_that_shows_a_part_of_a_list_saves_the_whole_of_it(desk: Desk, exports: list[Export]) -> None:
    """U3: 3 rows are shown, 500 are there, the files have 500."""
    whole = pl.DataFrame({"channel": ["email"] * 500, "orders": list(range(500))})
    panels.heading(desk, "part", "Part", whole.head(3), None, whole=lambda: whole)
    assert len(exports[0].content("csv").decode("utf-8-sig").splitlines()) == 501
    assert sheets(exports[0].content("xlsx"))[0].max_row == 501


def test_a_csv_has_full_precision_and_a_mark_for_excel(desk: Desk) -> None:
    """U3: what is saved is the data, not what fits the screen."""
    frame = pl.DataFrame({"channel": ["电子邮件"] * 40, "rate": [1 / 3] * 40})
    content = Export(desk, "k", "T", lambda: frame, None, "").content("csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 41
    assert lines[1] == f"电子邮件,{1 / 3}"


def test_a_workbook_formats_by_unit_greys_small_samples_and_defines_its_columns(desk: Desk) -> None:
    """U3, X9, Y2: a rate in per cent, on too few cases grey; meaning, formula and owner as the catalogue has them."""
    frame = pl.DataFrame(
        {
            "channel": ["email", "direct"],
            "sessions": [1000, 3],
            "conversion_rate": [0.25, 1 / 3],
            "=danger": ["=1+1"] * 2,
        }
    )
    rows, defined = sheets(Export(desk, "k", "Title", lambda: frame, None, "Data until today.").content("xlsx"))
    assert rows["C2"].number_format == "0.0%"
    assert rows["C2"].value == 0.25
    assert rows["C2"].font.color is None or rows["C2"].font.color.rgb != "FF98A3AD"
    assert rows["C3"].font.color.rgb == "FF98A3AD"
    assert rows["B2"].number_format == "#,##0"
    assert (rows["D2"].value, rows["D2"].data_type) == ("=1+1", "s")
    written = [[cell.value for cell in line] for line in defined.iter_rows()]
    assert written[0][0] == "Title"
    assert any("Data until today." in str(line[0]) for line in written)
    rate = desk.catalogue["conversion_rate"]
    line = next(one for one in written if one[1] == "conversion_rate")
    assert line[3:6] == [rate.description("en"), rate.formula, rate.owner]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("found", "key"),
    [
        (Standing(dt.date(2026, 3, 14), dt.date(2026, 3, 1), dt.date(2026, 3, 14)), "settled"),
        (Standing(dt.date(2026, 3, 14), dt.date(2026, 3, 14), dt.date(2026, 3, 14)), "all_settled"),
        (Standing(dt.date(2026, 3, 14), dt.date.min, dt.date(2026, 3, 14)), "none_settled"),
        (Standing(dt.date(2026, 3, 9), dt.date(2026, 3, 1), dt.date(2026, 3, 14)), "behind"),
    ],
)
def test_the_line_says_until_when_there_is_data_and_until_when_it_is_settled(
    found: Standing, key: str, lang: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X5: late days are said to be awaited, and days that can still change are not called settled."""
    desk.t = Translator(lang)
    monkeypatch.setattr(standing, "standing", lambda *_: found)
    line = say(desk, ["orders"])
    first = desk.t("standing.behind" if key == "behind" else "standing.until", day=desk.t.date(found.until))
    second = desk.t(f"standing.{'settled' if key == 'behind' else key}", day=desk.t.date(found.settled))
    assert line == first + second


def test_of_several_topics_the_slowest_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """X5: a figure of spend and orders is as fresh as the one that is further behind."""
    arrived = {"orders": dt.date(2026, 3, 10), "ads": dt.date(2026, 3, 12)}
    settled = {"orders": dt.date(2026, 3, 2), "ads": dt.date(2026, 2, 1)}
    monkeypatch.setattr(Facts, "arrived_topic", lambda _, name: arrived[name])
    monkeypatch.setattr(Facts, "settled_topic", lambda _, name: settled[name])
    assert standing.standing(desk, ["orders", "ads"]) == Standing(arrived["orders"], settled["ads"], desk.today)
    assert standing.topics_of(desk, ["channel", "orders", "ad_spend"]) == ["orders", "ads"]
