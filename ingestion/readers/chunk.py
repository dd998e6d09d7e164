"""What every reader yields: rows as the file has them, and those it could not make sense of."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from opsloop.errors import OpsloopError

ROW = "_row"
BLOCK_BYTES = 32 << 20


class FileRefused(OpsloopError):
    """A file that cannot be read or breaks a frozen contract: it stays where it is and nothing of it lands.

    One that is refused in passing may be fine at the next run as it is.
    """

    def __init__(self, message: str, *, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be split into columns: its number, why, and its text."""

    row: int
    reason: str
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, under the vendor's column names plus `_row` (1-based data row).

    A sparse chunk's format leaves out empty columns; `repeated` and `filtered` rows were dropped by a mapping already.
    """

    frame: pl.DataFrame
    broken: list[BrokenRow] = field(default_factory=list)
    is_sparse: bool = False
    repeated: int = 0
    filtered: int = 0

    @property
    def rows(self) -> int:
        """How many rows of the file the chunk stands for, without those that a mapping's filter left out."""
        return self.frame.height + len(self.broken) + self.repeated
