"""A chunk of a vendor's rows as canonical rows of text, by a mapping: pure functions of frames."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from ingestion import readers
from ingestion.mapping_spec import Conversion, FirstOf, Given, Joined, Lookup, MappingSpec, Scalar, vendor_names
from ingestion.readers import Chunk, FileRefused, Hints
from ingestion.readers.chunk import ROW

ANY_OTHER = "*"
HOST = r"^(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?([^/?#:]+)"
PATH = r"^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^?#]*)"


def looked_up(folder: Path, lookup: Lookup, scratch: Path) -> pl.DataFrame:
    """The lookup's file, one row per key, its key under our names and what is taken under the new ones, all text."""
    path = folder / lookup.file
    if not path.is_file():
        raise FileRefused(f"the lookup {lookup.file} is not in {folder}; put it there or correct the mapping")
    wanted = {**{theirs: ours for ours, theirs in lookup.match.items()}}
    names = (*wanted, *lookup.take.values())
    hints = Hints(names, lookup.format.records, lookup.format.delimiter, lookup.format.encoding)
    try:
        with TemporaryDirectory(dir=scratch) as own:
            frames = [_textual(chunk.frame) for chunk in readers.read(path, hints, Path(own))]
    except FileRefused as error:
        raise FileRefused(f"the lookup {lookup.file}: {error}") from error
    table = pl.concat(frames, how="diagonal")
    _need(table, names, f"the lookup {lookup.file}")
    keys = [pl.col(theirs).alias(ours) for ours, theirs in lookup.match.items()]
    table = table.select(
        *keys, *(pl.col(theirs).alias(new) for new, theirs in lookup.take.items() if new not in lookup.match)
    )
    if lookup.combine == "first":
        return table.unique(subset=list(lookup.match), keep="first", maintain_order=True)
    total = pl.col(list(lookup.take)).cast(pl.Decimal(38, 6), strict=False).sum().cast(pl.String)
    return table.group_by(list(lookup.match), maintain_order=True).agg(total)


def apply(spec: MappingSpec, chunk: Chunk, tables: list[pl.DataFrame]) -> Chunk:
    """The chunk under canonical names, with the counts of rows that filter and distinct dropped."""
    frame = _textual(chunk.frame)
    kept = _filtered(frame, spec)
    frame = kept
    if spec.line_number:
        _need(frame, spec.line_number.within, "line_number")
        number = pl.int_range(1, pl.len() + 1).over(spec.line_number.within).cast(pl.String)
        frame = frame.with_columns(number.alias(spec.line_number.name))
    if spec.distinct:
        _need(frame, spec.distinct, "distinct")
        frame = frame.unique(subset=spec.distinct, keep="first", maintain_order=True)
    for lookup, table in zip(spec.lookups, tables, strict=True):
        _need(frame, lookup.match, f"the lookup {lookup.file}")
        frame = frame.join(table, on=list(lookup.match), how="left", maintain_order="left")
    return Chunk(
        _named(frame, spec, is_sparse=chunk.is_sparse),
        chunk.broken,
        is_sparse=chunk.is_sparse,
        repeated=kept.height - frame.height,
        filtered=chunk.frame.height - kept.height,
    )


def _textual(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers and texts as text, so that a mapping treats every format alike; times and nested values as they are."""
    plain = [name for name, dtype in frame.schema.items() if dtype.is_numeric() or dtype == pl.Boolean]
    return frame.with_columns(pl.col([name for name in plain if name != ROW]).cast(pl.String))


def _filtered(frame: pl.DataFrame, spec: MappingSpec) -> pl.DataFrame:
    """The rows that every filter keeps; an empty value is the text of nothing."""
    for condition in spec.filter:
        _need(frame, [condition.column], "filter")
        text = pl.col(condition.column).cast(pl.String).fill_null("")
        if condition.among is not None:
            frame = frame.filter(text.is_in([_text(value) for value in condition.among]))
        if condition.not_among is not None:
            frame = frame.filter(~text.is_in([_text(value) for value in condition.not_among]))
    return frame


def _named(frame: pl.DataFrame, spec: MappingSpec, *, is_sparse: bool) -> pl.DataFrame:
    """The canonical columns that the mapping fills, and the row number."""
    taken = [_taken(frame, canonical, given, is_sparse=is_sparse) for canonical, given in spec.columns.items()]
    constants = {**spec.constants, **({"currency": spec.currency} if spec.currency else {})}
    fixed = [pl.lit(_text(value)).alias(name) for name, value in constants.items()]
    named = frame.select(*taken, *fixed, ROW)
    changed = [_converted(pl.col(name), conversion).alias(name) for name, conversion in spec.cast.items()]
    named = named.with_columns(changed)
    return named.with_columns(_valued(name, values).alias(name) for name, values in spec.values.items())


def _taken(frame: pl.DataFrame, canonical: str, given: Given, *, is_sparse: bool) -> pl.Expr:
    """A canonical column from one vendor column, or made from several; raises FileRefused for one that is missing."""
    if not isinstance(given, str):
        _need(frame, vendor_names(given), f"columns: {canonical}")
    if isinstance(given, FirstOf):
        return pl.coalesce(given.first_of).alias(canonical)
    if isinstance(given, Joined):
        return pl.concat_str([pl.col(name).cast(pl.String) for name in given.join], separator=given.sign).alias(
            canonical
        )
    if is_sparse and given not in frame.columns:
        return pl.lit(None, dtype=pl.String).alias(canonical)
    _need(frame, [given], f"columns: {canonical}")
    return pl.col(given).alias(canonical)


def _need(frame: pl.DataFrame, names: object, where: str) -> None:
    """Raise FileRefused where the frame lacks one of the columns."""
    for name in names if isinstance(names, list | tuple | dict) else ():
        if name not in frame.columns:
            known = ", ".join(column for column in frame.columns if column != ROW)
            raise FileRefused(f"line 1: column {name!r} is missing, which {where} takes; the file has {known}")


def _converted(value: pl.Expr, conversion: Conversion) -> pl.Expr:
    """Text in another spelling."""
    if conversion == "decimal_comma":
        return value.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    if conversion == "percent":
        number = value.str.strip_suffix("%").str.strip_chars().cast(pl.Decimal(38, 8), strict=False) / 100
        return pl.coalesce(number.cast(pl.String), value)
    if conversion == "host":
        return value.str.to_lowercase().str.extract(HOST)
    if conversion == "path":
        return "/" + value.str.extract(PATH).str.strip_chars("/")
    return value.str.to_lowercase() if conversion == "lower" else value.str.to_uppercase()


def _valued(name: str, values: dict[str, Scalar | None]) -> pl.Expr:
    """Values replaced by the map; `*` stands for every other value, an empty key for no value."""
    column = pl.col(name).cast(pl.String)
    given = {key: None if new is None else _text(new) for key, new in values.items() if key not in {ANY_OTHER, ""}}
    other = column if ANY_OTHER not in values else pl.lit(_optional(values[ANY_OTHER]))
    mapped = pl.when(column.is_in(list(given))).then(column.replace(given)).otherwise(other)
    empty = pl.lit(_optional(values[""])) if "" in values else pl.lit(None, dtype=pl.String)
    return pl.when(column.is_null() | (column == "")).then(empty).otherwise(mapped)


def _optional(value: Scalar | None) -> str | None:
    """A value of a map as text, or nothing."""
    return None if value is None else _text(value)


def _text(value: Scalar) -> str:
    """A YAML value as a file would write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
