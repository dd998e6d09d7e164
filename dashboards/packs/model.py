"""What a pack is made of: sections of tables with their words, before any file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dashboards.packs.weeks import Week

# A column of this unit takes each row's own unit from the hidden column of that name.
BY_ROW = "_unit"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its key in the frame, its heading, and the unit by which it is shown."""

    key: str
    heading: str
    unit: str = "text"

    @property
    def is_number(self) -> bool:
        """Whether the column is set to the right."""
        return self.unit not in {"text", "date"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table, with the chart drawn from it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    note: str = ""
    chart: dict[str, Any] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.frame.is_empty()


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the review: its answer in a sentence, its tables, or what is missing."""

    name: str
    title: str
    answer: str
    tables: tuple[Table, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A whole week's review in one language."""

    week: Week
    lang: str
    company: str
    currency: str
    answer: str
    sections: tuple[Section, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables that have rows, in order."""
        return tuple(table for section in self.sections for table in section.tables if not table.is_empty)
