"""Values as read become the contract's types, column by column; what does not fit is told apart from what is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl
import pyarrow as pa

from ingestion import engine, times
from ingestion.contract import Time
from ingestion.types import sql_type, text_type

TRUE = ("true", "t", "yes", "y", "1")
FALSE = ("false", "f", "no", "n", "0")


class Cast(NamedTuple):
    """Typed columns, and by column which values did not fit and how local times were settled, where any."""

    typed: pl.DataFrame
    wrong: dict[str, pl.Series]
    flags: dict[str, pl.Series]


def cast(
    frame: pl.DataFrame, schema: Mapping[str, pl.DataType], times_of: Mapping[str, Time], zone: str | None = None
) -> Cast:
    """The schema's columns in its types; blank text is empty, a value that does not fit is null and marked wrong."""
    given = frame.select(_given(name, frame.schema[name]) for name in schema)
    typed = given.select(
        _scalar(name, given.schema[name], dtype) for name, dtype in schema.items() if _is_scalar(dtype)
    )
    wrong: dict[str, pl.Series] = {}
    flags: dict[str, pl.Series] = {}
    others: list[pl.Series] = []
    for name, dtype in schema.items():
        if _is_scalar(dtype):
            continue
        values, time = given[name], times_of.get(name, Time())
        if isinstance(dtype, pl.Datetime):
            instants = times.to_utc(values, time, zone)
            others.append(instants.values.alias(name))
            flags |= {name: instants.flags} if instants.flags.null_count() < instants.flags.len() else {}
        elif dtype == pl.Date:
            others.append(times.to_date(values, time).alias(name))
        else:
            nested, misfits = _nested(values, dtype)
            others.append(nested.alias(name))
            wrong |= {name: misfits} if misfits is not None and misfits.any() else {}
    typed = pl.DataFrame([*typed.get_columns(), *others])
    return Cast(typed.select(*schema), _misfits(given, typed) | wrong, flags)


def _misfits(given: pl.DataFrame, typed: pl.DataFrame) -> dict[str, pl.Series]:
    """By column, which values were there and are no more, where any."""
    lost = [name for name in typed.columns if typed[name].null_count() > given[name].null_count()]
    return {name: given[name].is_not_null() & typed[name].is_null() for name in lost}


def _is_scalar(dtype: pl.DataType) -> bool:
    """Whether columns of the type are cast all at once: text, numbers and flags."""
    return not (dtype.is_nested() or dtype.is_temporal())


def _given(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column with text of blanks only, and numbers that are none, as nulls."""
    column = pl.col(name)
    if dtype == pl.String:
        return pl.when(column.str.strip_chars() != "").then(column).alias(name)
    return column.fill_nan(None) if dtype.is_float() else column


def _scalar(name: str, given: pl.DataType, dtype: pl.DataType) -> pl.Expr:
    """Numbers, flags and text; a fraction is no whole number, and infinity no number."""
    column = pl.col(name)
    if given == dtype and not dtype.is_float():
        return column
    if isinstance(given, pl.Null):
        return column.cast(dtype)
    if dtype == pl.String:
        return column.cast(pl.String, strict=False) if not given.is_nested() else pl.lit(None, pl.String).alias(name)
    if dtype == pl.Boolean:
        return _flag(column.cast(pl.String, strict=False)).alias(name)
    return _number(column.str.strip_chars() if given == pl.String else column, dtype).alias(name)


def _flag(text: pl.Expr) -> pl.Expr:
    """True and false in the usual spellings."""
    lowered = text.str.strip_chars().str.to_lowercase()
    return pl.when(lowered.is_in(TRUE)).then(statement=True).when(lowered.is_in(FALSE)).then(statement=False)


def _number(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Whole, decimal or floating numbers."""
    number = value.cast(pl.Float64, strict=False)
    if dtype.is_integer():
        whole = pl.when(number == number.round()).then(number.cast(dtype, strict=False))
        exact = value.cast(dtype, strict=False)
        return pl.when((exact == number) | number.is_null()).then(exact).otherwise(whole)
    if isinstance(dtype, pl.Decimal):
        return value.cast(dtype, strict=False)
    return pl.when(number.is_finite()).then(number)


def _nested(values: pl.Series, dtype: pl.DataType) -> tuple[pl.Series, pl.Series | None]:
    """Lists and objects: typed ones by field, JSON text parsed; a leaf that does not fit makes the value wrong."""
    if values.dtype != pl.String:
        return values if values.dtype == dtype else values.cast(dtype, strict=False), None
    con = engine.cursor()
    con.register("given", pl.DataFrame({"v": values}).to_arrow())
    parsed = "case when json_valid(v) then cast(v as json) end"
    kinds = f"try_cast({parsed} as {sql_type(dtype)}) as typed, try_cast({parsed} as {text_type(dtype)}) as plain"
    both = con.sql(f"select {kinds} from given").to_arrow_table()
    typed, plain = (both[name].combine_chunks() for name in ("typed", "plain"))
    wrong = None
    if typed.null_count > values.null_count() or _gaps(typed) != _gaps(plain):
        con.register("compared", both.append_column("v", values.to_arrow()))
        lost = f"typed is null or {_empties('typed')} != {_empties('plain')}"
        wrong = con.sql(f"select v is not null and ({lost}) as wrong from compared").pl()["wrong"]
    con.close()
    found = pl.Series(values.name, pl.from_arrow(typed))
    return (found if wrong is None else found.set(wrong, None)).cast(dtype), wrong


def _gaps(values: pa.Array) -> int:
    """How many leaves and lists within a nested value are empty."""
    if pa.types.is_struct(values.type):
        return sum(_gaps(field) for field in values.flatten())
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return int(values.null_count) + _gaps(values.flatten())
    return int(values.null_count)


def _empties(column: str) -> str:
    """How many empty leaves a nested value has, in SQL."""
    text = f"cast(to_json({column}) as varchar)"
    marks = [f"(length({text}) - length(replace({text}, '{mark}', ''))) / {len(mark)}" for mark in (":null", ':""')]
    return f"({' + '.join(marks)})"
