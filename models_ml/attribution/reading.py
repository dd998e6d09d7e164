"""Reads a path table from CSV: `path` (a > b > c), `conversions`, `value` and, where there is one, `nulls`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from models_ml.attribution.table import PathTable
from opsloop.errors import OpsloopError

COLUMNS = ("path", "conversions", "value")
# A number with more digits than this on either side of the point is no count and no money.
MOST_DIGITS = 30


def read_paths(file: Path) -> PathTable:
    """The file's path table; an `OpsloopError` names the file, the row and the column of what cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            table = PathTable.of(_rows(csv.reader(stream, strict=True), file))
    except UnicodeDecodeError:
        raise OpsloopError(f"{file}: not UTF-8 text: save the table as CSV in UTF-8") from None
    except csv.Error as error:
        raise OpsloopError(f"{file}: not a CSV table: {error}") from None
    if not table.paths:
        raise OpsloopError(f"{file}: no rows under the header: give at least one path")
    return table


_Row = tuple[tuple[str, ...], Decimal, Decimal, Decimal]


def _rows(lines: Iterator[list[str]], file: Path) -> Iterator[_Row]:
    header = [name.strip().lower() for name in next(lines, [])]
    for name in COLUMNS:
        if header.count(name) != 1:
            found = ", ".join(header) or "nothing"
            raise OpsloopError(f"{file}: expected one column {name!r} in the header, found: {found}")
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        where = f"{file}: row {number}"
        if len(line) != len(header):
            raise OpsloopError(f"{where}: expected {len(header)} fields, found {len(line)}")
        cells = dict(zip(header, line, strict=True))
        yield (
            _path(cells["path"], where),
            _number(cells["conversions"], f"{where}: conversions", 0),
            _number(cells["value"], f"{where}: value", None),
            _number(cells.get("nulls", "0"), f"{where}: nulls", 0),
        )


def _path(text: str, where: str) -> tuple[str, ...]:
    path = tuple(channel.strip() for channel in text.split(">"))
    if not all(path):
        raise OpsloopError(f"{where}: path: expected channels such as 'search > email', found {text!r}")
    return path


def _number(text: str, where: str, least: int | None) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise OpsloopError(f"{where}: expected a number, found {text!r}")
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() >= MOST_DIGITS or int(exponent) < -MOST_DIGITS):
        raise OpsloopError(f"{where}: expected at most {MOST_DIGITS} digits on each side of the point, found {text!r}")
    if least is not None and number < least:
        raise OpsloopError(f"{where}: expected a number of {least} or more, found {text!r}")
    return number
