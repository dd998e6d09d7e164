"""The pack as a workbook: one typed sheet per table, frozen headings, and a sheet of definitions."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Review, Table

FORMATS = {
    "count": "#,##0", "rate": "0.0%", "money": "#,##0.00", "change": "+0.0%;-0.0%;0.0%", "points": "+0.0%;-0.0%;0.0%",
    "months": "0", "minutes": "0.0", "position": "0.0", "ratio": "0.00", "score": "0.00", "date": "yyyy-mm-dd",
}  # fmt: skip
WIDEST = 60


def render(desk: Desk, review: Review) -> bytes:
    """The workbook's bytes, the same for the same review."""
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True})
    created = dt.datetime.combine(review.week.end, dt.time())
    workbook.set_properties(
        {"title": f"{desk.say('title')} {review.week.label}", "author": review.company, "created": created}
    )
    styles = {unit: workbook.add_format({"num_format": text}) for unit, text in FORMATS.items()}
    heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for table in review.tables:
        _sheet(workbook, table, styles, heading)
    _definitions(workbook, desk, review, heading)
    workbook.close()
    return buffer.getvalue()


def _sheet(workbook: Any, table: Table, styles: dict[str, Any], heading: Any) -> None:
    sheet = workbook.add_worksheet(table.name[:31])
    sheet.freeze_panes(1, 1)
    rows = table.frame.to_dicts()
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, column.heading, heading)
        width = max([len(column.heading), *(len(str(row.get(column.key, ""))) for row in rows)], default=8)
        sheet.set_column(at, at, min(WIDEST, max(11, width + 2)))
        for line, row in enumerate(rows, start=1):
            _cell(sheet, line, at, column, row, styles)
    sheet.autofilter(0, 0, max(1, len(rows)), max(0, len(table.columns) - 1))


def _cell(sheet: Any, line: int, at: int, column: Column, row: dict[str, Any], styles: dict[str, Any]) -> None:
    value = row.get(column.key)
    unit = _unit(column.unit, row)
    if value is None:
        sheet.write_blank(line, at, None)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, at, dt.datetime.combine(value, dt.time()), styles["date"])
    elif unit == "text":
        sheet.write_string(line, at, str(value))
    else:
        sheet.write_number(line, at, float(value), styles.get(unit))


def _unit(unit: str, row: dict[str, Any]) -> str:
    own = str(row.get(BY_ROW, "count"))
    if unit == "by_change":
        return "points" if own == "rate" else "change"
    return own if unit == BY_ROW else unit


def _definitions(workbook: Any, desk: Desk, review: Review, heading: Any) -> None:
    sheet = workbook.add_worksheet(desk.say("definitions")[:31])
    sheet.freeze_panes(1, 1)
    headings = ("metric", "description", "formula", "unit", "owner", "version")
    for at, key in enumerate(headings):
        sheet.write_string(0, at, desk.say(key), heading)
    for line, name in enumerate(review.facts["metrics"], start=1):
        metric = desk.catalogue[name]
        cells = (
            metric.label(desk.lang),
            metric.description(desk.lang),
            metric.formula,
            metric.unit,
            metric.owner,
            metric.version,
        )
        for at, value in enumerate(cells):
            sheet.write_string(line, at, str(value))
    for at, width in enumerate((30, 70, 60, 10, 16, 10)):
        sheet.set_column(at, at, width)
