"""Answers as text or bytes: table, CSV, JSON, Parquet."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from opsloop.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("table", "csv", "json", "parquet")


def render(frame: pl.DataFrame, format: str) -> str | bytes:
    """The frame in one of the formats; Parquet comes as bytes, the others as text that ends in a newline."""
    if format == "json":
        return to_json(frame)
    if format == "csv":
        return frame.write_csv(date_format="%Y-%m-%d")
    if format == "parquet":
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        return buffer.getvalue()
    if format == "table":
        return to_table(frame)
    raise UsageError(f"unknown format {format!r}: use one of {', '.join((*FORMATS, 'sql'))}")


def to_json(frame: pl.DataFrame) -> str:
    """One array of objects; numbers at full precision, nothing as null, days as ISO."""
    names = [json.dumps(name, ensure_ascii=False) for name in frame.columns]
    rows = [
        "{" + ", ".join(f"{name}: {_json(value)}" for name, value in zip(names, row, strict=True)) + "}"
        for row in frame.iter_rows()
    ]
    return "[" + ",\n ".join(rows) + "]\n"


def to_table(frame: pl.DataFrame) -> str:
    """Columns of text, numbers to the right."""
    cells = [frame.columns, *[[_text(value) for value in row] for row in frame.iter_rows()]]
    widths = [max(_width(row[at]) for row in cells) for at in range(frame.width)]
    numeric = [kind.is_numeric() for kind in frame.dtypes]
    lines = []
    for row in cells:
        padded = []
        for text, width, right in zip(row, widths, numeric, strict=True):
            blank = " " * (width - _width(text))
            padded.append(blank + text if right else text + blank)
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else "null"
    if isinstance(value, dt.date):
        return json.dumps(value.isoformat())
    return json.dumps(value, ensure_ascii=False)


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, float):
        return f"{value:,.4f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
