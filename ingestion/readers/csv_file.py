"""CSV of any delimiter, every value as text; rows with too few or too many values are set aside, not guessed at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from ingestion.readers.chunk import BLOCK_BYTES, ROW, BrokenRow, Chunk, FileRefused

DELIMITERS = (",", "\t", ";", "|", "^", "\x01")
REPLACED = "\ufffd"
MAX_DEPTH = 50
LARGE = 128 << 20
SMALL_BLOCK = 8 << 20


@dataclass(slots=True)
class _Rows:
    """Counts records while Arrow parses: which were broken, and how many whole rows a stray quote had swallowed."""

    columns: list[str]
    delimiter: str
    depth: int = 0
    broken: list[BrokenRow] = field(default_factory=list)
    recovered: list[Chunk] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    swallowed: list[int] = field(default_factory=list)

    def invalid(self, record: Any) -> Literal["skip"]:
        """Set the record aside and go on with the next."""
        self._set_aside(
            record.number, record.text, f"expected {record.expected_columns} values, found {record.actual_columns}"
        )
        return "skip"

    def unclosed(self, number: int, values: tuple[str | None, ...]) -> None:
        """Set the last record aside, whose last value opens a quote that never closes."""
        text = self.delimiter.join(value or "" for value in values)
        self._set_aside(number, text, "expected the quote to be closed")

    def _set_aside(self, number: int, text: str, detail: str) -> None:
        """Keep a record's first line aside; the rest is read again, since a stray quote swallows lines."""
        row = number + sum(self.swallowed)
        first, _, rest = text.partition("\n")
        can_recover = bool(rest.strip()) and self.depth < MAX_DEPTH
        self.broken.append(BrokenRow(row, "broken_row", detail, (first if can_recover else text).rstrip("\r\n")))
        self.skipped.append(number)
        self.swallowed.append(self._recover(rest, row) if can_recover else 0)

    def _recover(self, rest: str, after: int) -> int:
        """Read the swallowed lines as rows of their own; the number of rows there were."""
        inner = _Rows(self.columns, self.delimiter, self.depth + 1)
        count = 0
        for chunk in _parse(io.BytesIO(rest.encode()), inner):
            broken = [BrokenRow(b.row + after, b.reason, b.detail, b.raw) for b in chunk.broken]
            self.recovered.append(Chunk(chunk.frame.with_columns(pl.col(ROW) + after), broken))
            count += chunk.frame.height + len(broken)
        return count

    def numbers(self, first: int, height: int) -> tuple[np.ndarray[Any, Any], int]:
        """The row numbers of the next good records, and the record after them."""
        records = np.arange(first, first + height + len(self.skipped), dtype=np.int64)
        records = records[~np.isin(records, self.skipped)][:height]
        shift = np.zeros(height, dtype=np.int64)
        for number, swallowed in zip(self.skipped, self.swallowed, strict=True):
            if swallowed:
                shift += np.where(records > number, swallowed, 0)
        return records + shift, int(records[-1]) + 1 if height else first


def read(path: Path, delimiter: str | None = None, has_replaced: bool = False) -> Iterator[Chunk]:
    """The rows of a UTF-8 file in chunks of bounded size; raises FileRefused where it has no usable header."""
    header, skip, sign = _header(path, delimiter)
    yield Chunk(_no_rows(header))
    if path.stat().st_size <= skip:
        return
    with path.open("rb") as file:
        file.seek(skip)
        for chunk in _parse(file, _Rows(header, sign)):
            yield _set_aside_replaced(chunk, sign) if has_replaced else chunk


def _parse(file: Any, rows: _Rows) -> Iterator[Chunk]:
    """The records from the file's position on, with the broken ones found so far."""
    following = 1
    is_open = not _ends_quoted(file)
    block = _block(file)
    last = _no_rows(rows.columns)
    try:
        for batch in _open(file, rows, block):
            yield Chunk(last, _taken(rows.broken))
            numbers, following = rows.numbers(following, batch.num_rows)
            last = pl.DataFrame(pl.from_arrow(batch)).with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            raise FileRefused(_explain(error, block)) from error
    if is_open and _swallows(last):
        rows.unclosed(following - 1, last.row(-1)[:-1])
        last = last.head(-1)
    yield Chunk(last, _taken(rows.broken))
    yield from _taken(rows.recovered)


def _ends_quoted(file: Any) -> bool:
    """Whether the last character other than a blank is a quote; the file's position stays."""
    position = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(max(position, size - 4096))
    tail = file.read().rstrip()
    file.seek(position)
    return bool(tail.endswith(b'"'))


def _block(file: Any) -> int:
    """How much is read at once: as much as a quote that never closes may swallow, less of a large file.

    Arrow reads up to 32 such blocks ahead.
    """
    position = file.tell()
    size = file.seek(0, io.SEEK_END)
    file.seek(position)
    return SMALL_BLOCK if size > LARGE else BLOCK_BYTES


def _swallows(frame: pl.DataFrame) -> bool:
    """Whether the last record's last value runs over lines, as it does behind a quote that is never closed."""
    return frame.height > 0 and "\n" in (frame.row(-1)[-2] or "")


def _open(file: Any, rows: _Rows, block: int) -> pc.CSVStreamingReader:
    """Arrow's streaming reader: all columns text, one thread so that records are numbered."""
    return pc.open_csv(
        file,
        read_options=pc.ReadOptions(use_threads=False, block_size=block, column_names=rows.columns),
        parse_options=pc.ParseOptions(
            delimiter=rows.delimiter, newlines_in_values=True, invalid_row_handler=rows.invalid
        ),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(rows.columns, pa.large_string()), null_values=[""], strings_can_be_null=True
        ),
    )


def _header(path: Path, delimiter: str | None) -> tuple[list[str], int, str]:
    """Column names, where the first record begins, and the delimiter; blank lines before the header are passed over."""
    skip = 0
    with path.open("rb") as file:
        for line in file:
            skip += len(line)
            if line.strip():
                text = line.decode("utf-8").lstrip("\ufeff").rstrip("\r\n")
                return _names(text, delimiter), skip, delimiter or _delimiter(text)
    raise FileRefused("the file is empty; expected at least a header line")


def _names(text: str, delimiter: str | None) -> list[str]:
    """The header's names without blanks around them; raises FileRefused for a name that is empty or there twice."""
    names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter or _delimiter(text)))]
    for position, name in enumerate(names, start=1):
        if not name:
            raise FileRefused(f"line 1: column {position} has no name; name every column in the header")
        if names.count(name) > 1:
            raise FileRefused(f"line 1: column {name!r} is there twice; name every column once")
    return names


def _delimiter(header: str) -> str:
    """The sign that splits the header into the most columns; a comma where none does."""
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([header], delimiter=sign))))


def _set_aside_replaced(chunk: Chunk, delimiter: str) -> Chunk:
    """Rows with bytes that are no text in the file's encoding, set aside."""
    columns = [column for column in chunk.frame.columns if column != ROW]
    damaged = pl.any_horizontal(pl.col(columns).str.contains(REPLACED, literal=True).fill_null(value=False))
    bad = chunk.frame.filter(damaged)
    detail = "expected valid UTF-8"
    text = bad.select(pl.concat_str(pl.col(columns).fill_null(""), separator=delimiter)).to_series()
    broken = [BrokenRow(row, "wrong_encoding", detail, raw) for row, raw in zip(bad[ROW], text, strict=True)]
    return Chunk(chunk.frame.filter(~damaged), [*chunk.broken, *broken])


def _no_rows(columns: list[str]) -> pl.DataFrame:
    """A frame of text columns and row numbers without rows."""
    return pl.DataFrame(schema={**dict.fromkeys(columns, pl.String()), ROW: pl.Int64()})


def _taken(items: list[Any]) -> list[Any]:
    """The items, which the list then no longer has."""
    taken = items.copy()
    items.clear()
    return taken


def _explain(error: pa.ArrowInvalid, block: int) -> str:
    """Arrow's complaint as what to do."""
    if "straddling" in str(error):
        return f"a value longer than {block >> 20} MB: probably a quote that is never closed; mend it"
    return " ".join(str(error).split())
