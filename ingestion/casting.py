"""Values as read become the contract's types, column by column; what does not fit is told apart from what is empty."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import polars as pl

from ingestion import times
from ingestion.contract import Time
from ingestion.types import sql_type, text_type

TRUE = ("true", "t", "yes", "y", "1")
AS_THEY_ARE = (pl.Int64, pl.Boolean, pl.Date)
FALSE = ("false", "f", "no", "n", "0")


class Cast(NamedTuple):
    """Typed values, which of them did not fit, and flags of local times."""

    values: pl.Series
    wrong: pl.Series
    flags: pl.Series | None


def cast(values: pl.Series, dtype: pl.DataType, time: Time, zone: str | None) -> Cast:
    """The column in the type asked for; blank text is empty, and a value that does not fit is null and marked wrong."""
    if values.dtype == dtype and dtype in AS_THEY_ARE:
        return Cast(values, _nowhere(values), None)
    values = _blank_to_null(values)
    flags = None
    if isinstance(dtype, pl.Datetime):
        typed, flags = times.to_utc(values, time, zone)
    elif dtype == pl.Date:
        typed = times.to_date(values, time)
    elif isinstance(dtype, pl.List | pl.Struct):
        return _nested(values, dtype)
    elif dtype == pl.String and values.dtype == dtype:
        return Cast(values, _nowhere(values), None)
    else:
        typed = _scalar(values, dtype)
    return Cast(typed, values.is_not_null() & typed.is_null(), flags)


def _nowhere(values: pl.Series) -> pl.Series:
    """No value of the column."""
    return pl.Series([False]).new_from_index(0, values.len())


def _blank_to_null(values: pl.Series) -> pl.Series:
    """Text of blanks only, and numbers that are none, as nulls; other text as it is."""
    frame = pl.DataFrame({"v": values})
    if values.dtype == pl.String:
        blank = pl.col("v").str.strip_chars() == ""
        return frame.select(pl.when(~blank).then(pl.col("v"))).to_series()
    return values.fill_nan(None) if values.dtype.is_float() else values


def _scalar(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Numbers, flags and text; a fraction is no whole number, and infinity no number."""
    if values.dtype == dtype:
        return values
    if isinstance(values.dtype, pl.Null):
        return values.cast(dtype)
    frame = pl.DataFrame({"v": values})
    if dtype == pl.String:
        return frame.select(pl.col("v").cast(pl.String, strict=False)).to_series()
    if dtype == pl.Boolean:
        return frame.select(_flag(pl.col("v").cast(pl.String, strict=False))).to_series()
    if values.dtype == pl.String:
        frame = frame.select(pl.col("v").str.strip_chars())
    return frame.select(_number(pl.col("v"), dtype)).to_series()


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


def _nested(values: pl.Series, dtype: pl.DataType) -> Cast:
    """Lists and objects: typed ones by field, JSON text parsed; a leaf that does not fit makes the value wrong."""
    if values.dtype == dtype:
        return Cast(values, _nowhere(values), None)
    if values.dtype != pl.String:
        typed = values.cast(dtype, strict=False)
        return Cast(typed, values.is_not_null() & typed.is_null(), None)
    with duckdb.connect() as con:
        con.register("given", pl.DataFrame({"v": values}).with_row_index("i").to_arrow())
        parsed = "case when json_valid(v) then cast(v as json) end"
        found = con.sql(
            f"""with parsed as (
                select i, v, try_cast({parsed} as {sql_type(dtype)}) as typed,
                    try_cast({parsed} as {text_type(dtype)}) as plain
                from given
            )
            select typed, v is not null
                and (typed is null or {_empties("typed")} != {_empties("plain")}) as wrong
            from parsed order by i"""
        ).pl()
    wrong = found["wrong"]
    typed = found.select(pl.when(~pl.col("wrong")).then(pl.col("typed"))).to_series()
    return Cast(typed.cast(dtype), wrong, None)


def _empties(column: str) -> str:
    """How many empty leaves a nested value has, in SQL."""
    text = f"cast(to_json({column}) as varchar)"
    marks = [f"(length({text}) - length(replace({text}, '{mark}', ''))) / {len(mark)}" for mark in (":null", ':""')]
    return f"({' + '.join(marks)})"
