"""Readers: one file per format; which one reads a file is found out from its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.readers import access_log, csv_file, json_file, parquet_file, text
from ingestion.readers.chunk import BrokenRow, Chunk, FileRefused

__all__ = ["BrokenRow", "Chunk", "FileRefused", "Hints", "read"]


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a file beforehand: the columns wanted, and format details where content cannot tell."""

    columns: tuple[str, ...] = ()
    records: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


def read(path: Path, hints: Hints, scratch: Path) -> Iterator[Chunk]:
    """The file's rows in chunks, one without rows if it has none; `scratch` is an existing folder for copies.

    Raises FileRefused with one clear line.
    """
    has_rows = False
    empty = None
    for chunk in _read(path, hints, scratch):
        if chunk.rows:
            has_rows = True
            yield chunk
        else:
            empty = chunk
    if empty is not None and not has_rows:
        yield empty


def _read(path: Path, hints: Hints, scratch: Path) -> Iterator[Chunk]:
    """The file's rows by the reader that its content asks for."""
    if path.stat().st_size == 0:
        raise FileRefused("the file is empty; expected at least a header line or one row")
    plain = text.unpacked(path, scratch)
    if parquet_file.is_parquet(plain):
        yield from parquet_file.read(plain)
        return
    utf8, has_replaced = text.as_utf8(plain, scratch, hints.encoding)
    if not json_file.is_json(utf8):
        is_log = access_log.is_access_log(utf8)
        yield from access_log.read(utf8) if is_log else csv_file.read(utf8, hints.delimiter, has_replaced)
    elif json_file.is_lines(utf8, hints.records):
        yield from json_file.read_lines(utf8, hints.columns)
    else:
        yield from json_file.read_document(utf8, hints.columns, hints.records)
