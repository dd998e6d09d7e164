"""The pack as a workbook: one typed sheet per table, frozen headings, and 6-12 charts a reader can change."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from dashboards.packs import xlsx_charts
from dashboards.packs.cells import is_few, unit_of
from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Review, Table

FORMATS = {
    "count": "#,##0.##", "rate": "0.0%", "money": "#,##0.00", "change": "+0.0%;-0.0%;0.0%",
    "points": "+0.0%;-0.0%;0.0%", "difference": "+0.00;-0.00;0.00",
    "months": "0", "minutes": "0.0", "position": "0.0", "ratio": "#,##0.00", "score": "0.00",
    "date": "yyyy-mm-dd", "text": "@",
}  # fmt: skip
WHOLE = "#,##0"
WIDEST, NAME_LENGTH = 70, 31
GREY = "#98A3AD"


class Book:
    """A workbook in the making, with its formats and the names its sheets have so far."""

    def __init__(self, desk: Desk, target: io.BytesIO) -> None:
        import xlsxwriter

        self.desk = desk
        self.file: Any = xlsxwriter.Workbook(target, {"in_memory": True, "remove_timezone": True})
        self.names: set[str] = set()
        formats = {**FORMATS, "whole": WHOLE}
        self.styles = {unit: self.file.add_format({"num_format": text}) for unit, text in formats.items()}
        grey = {"font_color": GREY}
        self.faint = {unit: self.file.add_format({"num_format": text, **grey}) for unit, text in formats.items()}
        self.heading = self.file.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = self.file.add_format({"bold": True, "font_size": 16})
        self.wrap = self.file.add_format({"text_wrap": True, "valign": "top"})

    def sheet(self, title: str) -> Any:
        """A new sheet of that title, with a number behind where the name is taken."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", title)[:NAME_LENGTH].strip()
        name, number = plain, 1
        while name.casefold() in self.names:
            number += 1
            name = f"{plain[: NAME_LENGTH - 4]} ({number})"
        self.names.add(name.casefold())
        return self.file.add_worksheet(name)


def render(desk: Desk, review: Review) -> bytes:
    """The workbook's bytes, the same for the same review."""
    buffer = io.BytesIO()
    book = Book(desk, buffer)
    created = dt.datetime.combine(review.week.end, dt.time())
    title = f"{desk.say('title')} {review.week.label}"
    book.file.set_properties({"title": title, "author": review.company, "created": created})
    _about(book, review, title)
    for table in review.tables:
        sheet = _sheet(book, table)
        if table.name == "business":
            xlsx_charts.draw(book.file, book.sheet(desk.say("business_charts")), sheet.name, table)
    book.file.close()
    return buffer.getvalue()


def _about(book: Book, review: Review, title: str) -> None:
    """The first sheet: the week, its answers, and what the numbers were made from."""
    desk, week = book.desk, review.week
    sheet = book.sheet(desk.say("about"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, f"{review.company} · {title}", book.title)
    lines = [
        (desk.say("week"), desk.say("week_of", label=week.label, start=desk.day(week.start), end=desk.day(week.end)))
    ]
    lines += [("", review.answer), ("", review.facts["key"]), ("", review.facts["made_from"])]
    lines += [(section.title, " ".join(filter(None, (section.answer, section.missing)))) for section in review.sections]
    for line, (name, text) in enumerate([pair for pair in lines if pair[1]], start=2):
        sheet.write_string(line, 0, name, book.heading if name else None)
        sheet.write_string(line, 1, text, book.wrap)


def _sheet(book: Book, table: Table) -> Any:
    sheet = book.sheet(book.desk.maybe(f"sheet_{table.name}") or table.title)
    sheet.freeze_panes(1, 1)
    columns = _with_bases(book.desk, table)
    for at, column in enumerate(columns):
        heading = f"{column.group}: {column.heading}" if column.group else column.heading
        sheet.write_string(0, at, heading, book.heading)
        longest = max((len(str(row.get(column.key, ""))) for row in table.rows if not column.is_number), default=0)
        sheet.set_column(at, at, min(WIDEST, max(13, longest + 2)))
        for line, row in enumerate(table.rows, start=1):
            _cell(book, sheet, (line, at), column, row)
        if column.is_shaded:
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#5FA8D3"}
            sheet.conditional_format(1, at, len(table.rows), at, scale)
    sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)
    return sheet


def _with_bases(desk: Desk, table: Table) -> list[Column]:
    """The columns, each rate followed by the count behind it (X9), maturity last (X5)."""
    own = {column.key for column in table.columns}
    found: list[Column] = []
    for column in table.columns:
        found.append(column)
        if column.base and column.base not in own and not column.base.startswith("_"):
            found.append(Column(column.base, desk.say("behind", label=column.heading), "count"))
            own.add(column.base)
    if "maturity" in table.frame.columns:
        found.append(Column("maturity", desk.say("maturity")))
    return found


def _cell(book: Book, sheet: Any, place: tuple[int, int], column: Column, row: dict[str, Any]) -> None:
    value, unit = row.get(column.key), unit_of(column, row)
    value = book.desk.value("maturity", value) if column.key == "maturity" else value
    styles = book.faint if is_few(book.desk, column, row) else book.styles
    if value is None:
        sheet.write_blank(*place, None)
    elif isinstance(value, dt.date):
        sheet.write_datetime(*place, dt.datetime.combine(value, dt.time()), styles["date"])
    elif isinstance(value, str) or unit == "text":
        sheet.write(*place, value) if isinstance(value, int | float) else sheet.write_string(*place, str(value))
    else:
        whole = unit == "count" and float(value).is_integer()
        sheet.write_number(*place, float(value), styles["whole" if whole else unit])
