"""What a pack is made of: sections of tables with their words, before any file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from dashboards.weeks import Week

# A column of this unit takes each row's own unit from the hidden column of that name.
BY_ROW = "_unit"
# A column of this unit is a change: in points where the row's unit is a rate, else relative.
BY_CHANGE = "by_change"
# A column of this unit is a part of a change: in points where the row's unit is a rate, else in that unit.
BY_MOVE = "by_move"
# A column of this unit holds numbers that are written out already.
SHOWN = "shown"
HIDDEN = "_"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its key in the frame, its heading, and the unit by which it is shown.

    `base` is the key of the count behind a rate: under the minimum sample the cell is greyed (X9). A column that
    is kept whole is as wide in the PDF as its longest text.
    """

    key: str
    heading: str
    unit: str = "text"
    base: str = ""
    is_base_shown: bool = False
    group: str = ""
    is_shaded: bool = False
    is_whole: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the column is set to the right."""
        return self.unit not in {"text", "date"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table, with the charts drawn from it as Vega-Lite or SVG; `show` says where a reader meets it.

    A dense one has small letters under a chart as wide as itself. `aside` stands at the title's other end; `said` and
    `alert`, whose tone is `good`, `bad` or neither, stand between title and chart. `most` is how many rows the PDF
    shows, where it has a number of its own.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    note: str = ""
    charts: tuple[dict[str, Any] | str, ...] = ()
    show: Literal["all", "file", "read"] = "all"
    is_dense: bool = False
    most: int = 0
    aside: str = ""
    said: str = ""
    alert: str = ""
    tone: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.frame.is_empty()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values."""
        return self.frame.to_dicts()


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the review: its answer in a sentence, its tables, or what is missing."""

    name: str
    title: str
    answer: str
    tables: tuple[Table, ...] = ()
    missing: str = ""
    note: str = ""

    @property
    def to_read(self) -> tuple[Table, ...]:
        """The tables that stand in the PDF and on the page."""
        return tuple(table for table in self.tables if not table.is_empty and table.show != "file")


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the cover: its change in words, whether that is good, and its last weeks as a small line."""

    label: str
    value: str
    change: str
    tone: str
    more: str
    line: str


@dataclass(frozen=True, slots=True)
class Review:
    """A whole week's review in one language."""

    week: Week
    lang: str
    company: str
    currency: str
    answer: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables that have rows and go into files, in order."""
        found = [table for section in self.sections for table in section.tables]
        return tuple(table for table in found if not table.is_empty and table.show != "read")
