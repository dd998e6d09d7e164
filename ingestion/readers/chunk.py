"""What every reader yields: rows as the file has them, and those it could not make sense of."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from opsloop.errors import OpsloopError

ROW = "_row"
BLOCK_BYTES = 32 << 20


class FileRefused(OpsloopError):
    """A file that cannot be read or breaks a frozen contract: it stays where it is and nothing of it lands."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be split into columns: its number, why, and its text."""

    row: int
    reason: str
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, under the vendor's column names plus `_row` (1-based data row)."""

    frame: pl.DataFrame
    broken: list[BrokenRow] = field(default_factory=list)
    is_sparse: bool = False
