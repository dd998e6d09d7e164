"""What a source must declare: its streams, their columns, keys, times, rules and what happens when data breaks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from opsloop.errors import OpsloopError

Action = Literal["evolve", "freeze", "quarantine_row", "null_value"]
PiiKind = Literal["email", "phone", "id", "text"]

TIMESTAMP = pl.Datetime("us")
MONEY = pl.Decimal(38, 6)

SOURCE_NAME = "_source_name"
HASH = "_hash"
OWN = "is_internal"
MANY = 8
TECHNICAL: Mapping[str, pl.DataType] = {
    SOURCE_NAME: pl.String(),
    "_batch": pl.Int64(),
    "_landed_at": TIMESTAMP,
    "_file": pl.String(),
    "_row": pl.Int64(),
    "_time_flags": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done with an undeclared column, a missing one, a value that does not fit and a rule that fails.

    `evolve` keeps an unknown column as text and fills a missing one with nulls; `freeze` refuses the file;
    `quarantine_row` puts rows aside; `null_value` drops the value and keeps the row.
    """

    unknown_column: Action = "evolve"
    missing_column: Action = "freeze"
    wrong_type: Action = "quarantine_row"
    broken_rule: Action = "quarantine_row"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that every row's value in one column meets; an empty value meets all but `required`."""

    column: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None

    @classmethod
    def not_null(cls, column: str) -> Rule:
        """The column is never empty."""
        return cls(column, required=True)

    @classmethod
    def between(cls, column: str, minimum: float | None = None, maximum: float | None = None) -> Rule:
        """The column's number lies within both bounds, which are allowed themselves."""
        return cls(column, minimum=minimum, maximum=maximum)

    @classmethod
    def accepted(cls, column: str, *values: str) -> Rule:
        """The column's text is one of the given values."""
        return cls(column, values=values)

    @property
    def values_named(self) -> str:
        """The accepted values as a message names them: all of a few, some of many."""
        some = ", ".join(self.values[:MANY])
        return some if len(self.values) <= MANY else f"{some} … ({len(self.values)} in all)"

    @classmethod
    def matches(cls, column: str, pattern: str) -> Rule:
        """The column's text matches the regular expression (anchor it yourself)."""
        return cls(column, pattern=pattern)


@dataclass(frozen=True, slots=True)
class Time:
    """How a column writes its times: formats tried in order, and the zone of those without an offset.

    A format is `iso` (ISO 8601, with or without offset), `epoch_s`, `epoch_ms`, `epoch_us` or a strptime pattern.
    A zone of None stands for the stream's zone, else UTC.
    """

    formats: tuple[str, ...] = ("iso",)
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One table a source yields, at one grain; all column names but the keys of `rename` are the lake's.

    `rename` maps a vendor's column (dots reach into JSON objects) to the lake's. `order_by` is the column by which the
    source itself orders versions of a key, None where arrival does. `optional` columns may be missing from a file and,
    if part of the grain, empty. `pii` columns of kind text do not land, those of another kind land as `<column>_hash`.
    `address` is the column with the network address that a row came from: `is_internal` if it is one of the company's.
    `daily_file` is the strftime pattern of file names where each holds one day; `fresh_days` is how old, at most, the
    newest row is; `records` is the path to a JSON document's rows.
    """

    name: str
    grain: tuple[str, ...]
    schema: Mapping[str, pl.DataType]
    time_column: str | None = None
    time_zone: str | None = None
    times: Mapping[str, Time] = field(default_factory=dict)
    restates_days: int = 0
    order_by: str | None = None
    owner: str | None = None
    pii: Mapping[str, PiiKind] = field(default_factory=dict)
    address: str | None = None
    policy: Policy = field(default_factory=Policy)
    rules: tuple[Rule, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    glob: str = "*"
    daily_file: str | None = None
    fresh_days: int | None = None
    records: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    description: str = ""

    def __post_init__(self) -> None:
        _check_columns(self)
        _check_zones(self)

    def daily_name(self, day: str) -> str | None:
        """The name of the file of one ISO day, nothing where files hold many days."""
        return None if self.daily_file is None else dt.date.fromisoformat(day).strftime(self.daily_file)

    @property
    def lake_schema(self) -> dict[str, pl.DataType]:
        """The columns as they land: personal ones hashed or left out."""
        landed: dict[str, pl.DataType] = {}
        for column, dtype in self.schema.items():
            kind = self.pii.get(column)
            if kind is None:
                landed[column] = dtype
            elif kind != "text":
                landed[f"{column}_hash"] = pl.String()
        return landed

    @property
    def vendor_names(self) -> dict[str, str]:
        """The vendor's name of each declared column."""
        named = {lake: vendor for vendor, lake in self.rename.items()}
        return {column: named.get(column, column) for column in self.schema}


@dataclass(frozen=True, slots=True)
class Source:
    """A vendor, tool or company table set: a folder whose module has one of these as `SOURCE`."""

    name: str
    title: str
    owner: str
    licence: str
    streams: tuple[Stream, ...]
    readme: str = "README.md"

    def __post_init__(self) -> None:
        names = [stream.name for stream in self.streams]
        if len(set(names)) != len(names):
            raise OpsloopError(f"source {self.name}: two streams have the same name; rename one of {sorted(names)}")

    def stream(self, name: str) -> Stream:
        """The stream of that name; raises OpsloopError naming those there are."""
        for stream in self.streams:
            if stream.name == name:
                return stream
        known = ", ".join(stream.name for stream in self.streams)
        raise OpsloopError(f"source {self.name} has no stream {name!r}; it has {known}")


def _check_columns(stream: Stream) -> None:
    """Raise OpsloopError where the stream names a column that its schema lacks."""
    landed = set(stream.lake_schema) | {SOURCE_NAME}
    used: dict[str, tuple[set[str | None] | set[str], set[str]]] = {
        "grain": (set(stream.grain), landed),
        "order_by": ({stream.order_by} - {None}, landed),
        "time_column": ({stream.time_column} - {None}, landed),
        "times": (set(stream.times), set(stream.schema)),
        "pii": (set(stream.pii), set(stream.schema)),
        "address": ({stream.address, OWN} if stream.address else set(), set(stream.schema)),
        "rename": (set(stream.rename.values()), set(stream.schema)),
        "optional": (set(stream.optional), set(stream.schema)),
        "rules": ({rule.column for rule in stream.rules}, set(stream.schema)),
    }
    for part, (names, known) in used.items():
        if unknown := ", ".join(sorted(str(name) for name in names - known)):
            raise OpsloopError(f"stream {stream.name}: {part} names {unknown}, not among its columns; add to schema")
    if not stream.grain:
        raise OpsloopError(f"stream {stream.name}: no grain; name the columns that identify a row")


def _check_zones(stream: Stream) -> None:
    """Raise OpsloopError where the stream names a time zone that does not exist."""
    for zone in (stream.time_zone, *(time.zone for time in stream.times.values())):
        if zone is not None:
            check_zone(zone, f"stream {stream.name}")


def check_zone(zone: str, where: str) -> None:
    """Return if the IANA time zone exists; raise OpsloopError otherwise."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise OpsloopError(f"{where}: unknown time zone {zone!r}; use an IANA name such as Asia/Shanghai") from error
