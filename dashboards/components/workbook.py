"""A panel's rows as a workbook: typed cells in their units under frozen headings, and a sheet of definitions (U3)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards.components.desk import Desk
from dashboards.components.palette import NOW
from dashboards.components.tables import unit_of_column
from dashboards.packs.xlsx import FORMATS, GREY, WHOLE

WIDEST, NARROWEST = 60, 12
_MOMENT = "yyyy-mm-dd hh:mm:ss"
_DEFINED = ("heading", "column", "unit", "meaning", "formula", "owner")


class _Book:
    def __init__(self, target: io.BytesIO) -> None:
        import xlsxwriter

        self.file: Any = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
        formats = {**FORMATS, "whole": WHOLE, "moment": _MOMENT}
        self.styles = {unit: self.file.add_format({"num_format": text}) for unit, text in formats.items()}
        self.faint = {
            unit: self.file.add_format({"num_format": text, "font_color": GREY}) for unit, text in formats.items()
        }
        self.head = self.file.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = self.file.add_format({"bold": True, "font_size": 14, "font_color": NOW})
        self.wrap = self.file.add_format({"text_wrap": True, "valign": "top"})


def workbook(desk: Desk, title: str, lines: Sequence[str], rows: pl.DataFrame) -> bytes:
    """Return the bytes of a workbook with two sheets: all rows, and what they are and what each column means."""
    target = io.BytesIO()
    book = _Book(target)
    book.file.set_properties({"title": title, "created": dt.datetime.combine(desk.today, dt.time())})
    _rows(book, desk, rows)
    _definitions(book, desk, title, lines, rows)
    book.file.close()
    return target.getvalue()


def _rows(book: _Book, desk: Desk, rows: pl.DataFrame) -> None:
    sheet = book.file.add_worksheet(desk.t("export.rows"))
    sheet.freeze_panes(1, 0)
    if rows.width:
        sheet.autofilter(0, 0, rows.height, rows.width - 1)
    for at, column in enumerate(rows.columns):
        sheet.write_string(0, at, desk.label(column), book.head)
        values = rows[column].to_list()
        longest = max((len(str(value)) for value in values[:500]), default=0)
        sheet.set_column(at, at, min(WIDEST, max(NARROWEST, longest + 2, len(desk.label(column)) + 3)))
        few = _few(desk, rows, column)
        for line, value in enumerate(values, start=1):
            styles = book.faint if few[line - 1] else book.styles
            _cell(sheet, (line, at), desk, column, value, styles)


def _few(desk: Desk, rows: pl.DataFrame, column: str) -> list[bool]:
    """Which cells are rates on too few cases (X9)."""
    base = desk.base_of(column)
    if base is None or base not in rows.columns:
        return [False] * rows.height
    return [value is None or value < desk.minimum for value in rows[base].to_list()]


def _cell(sheet: Any, place: tuple[int, int], desk: Desk, column: str, value: Any, styles: dict[str, Any]) -> None:
    """Write a value as what it is: a number in its unit, a day, a moment, a truth, a text in the reader's words."""
    if value is None:
        sheet.write_blank(*place, None)
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(*place, value.replace(tzinfo=None), styles["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(*place, dt.datetime.combine(value, dt.time()), styles["date"])
    elif isinstance(value, str | list):
        is_word = isinstance(value, str) and column != "person_id"
        sheet.write_string(*place, desk.value_label(column, value) if is_word else str(value))
    else:
        unit = unit_of_column(desk, column)
        whole = unit == "count" and float(value).is_integer()
        sheet.write_number(*place, float(value), styles["whole" if whole else unit])


def _definitions(book: _Book, desk: Desk, title: str, lines: Sequence[str], rows: pl.DataFrame) -> None:
    sheet = book.file.add_worksheet(desk.t("export.definitions"))
    sheet.write_string(0, 0, title, book.title)
    for at, line in enumerate(lines, start=1):
        sheet.write_string(at, 0, line)
    head = len(lines) + 2
    for at, (name, width) in enumerate(zip(_DEFINED, (26, 26, 12, 80, 44, 16), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(head, at, desk.t(f"export.{name}"), book.head)
    for below, column in enumerate(rows.columns, start=head + 1):
        for at, text in enumerate(_defined(desk, column)):
            sheet.write_string(below, at, text, book.wrap)


def _defined(desk: Desk, column: str) -> tuple[str, ...]:
    """What the catalogue says of a metric; of any other column its heading and its name."""
    definition = desk.catalogue.get(column)
    if definition is None:
        return (desk.label(column), column)
    unit = desk.currency if definition.unit == "money" else definition.unit
    meaning = definition.description(desk.t.lang)
    return (desk.label(column), column, unit, meaning, definition.formula, definition.owner)
