"""Polars types as DuckDB and people name them."""

from __future__ import annotations

import polars as pl

SIMPLE = {
    pl.String: ("VARCHAR", "text"),
    pl.Int64: ("BIGINT", "a whole number"),
    pl.Int32: ("INTEGER", "a whole number"),
    pl.Float64: ("DOUBLE", "a number"),
    pl.Boolean: ("BOOLEAN", "true or false"),
    pl.Date: ("DATE", "a date"),
    pl.Datetime: ("TIMESTAMP", "a date and time"),
}


def sql_type(dtype: pl.DataType) -> str:
    """The DuckDB type that holds the Polars type."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        return f"{sql_type(_inner(dtype.inner))}[]"
    if isinstance(dtype, pl.Struct):
        fields = ", ".join(f'"{field.name}" {sql_type(_inner(field.dtype))}' for field in dtype.fields)
        return f"STRUCT({fields})"
    return SIMPLE[type(dtype)][0]


def text_type(dtype: pl.DataType) -> str:
    """The DuckDB type of the same shape with text for every leaf."""
    if isinstance(dtype, pl.List):
        return f"{text_type(_inner(dtype.inner))}[]"
    if isinstance(dtype, pl.Struct):
        fields = ", ".join(f'"{field.name}" {text_type(_inner(field.dtype))}' for field in dtype.fields)
        return f"STRUCT({fields})"
    return "VARCHAR"


def plain_name(dtype: pl.DataType) -> str:
    """What a person would call a value of the type."""
    if isinstance(dtype, pl.Decimal):
        return "a decimal number"
    if isinstance(dtype, pl.List):
        return "a list"
    if isinstance(dtype, pl.Struct):
        return "an object"
    return SIMPLE[type(dtype)][1]


def _inner(dtype: object) -> pl.DataType:
    """An instance, where a class may have been given."""
    found = dtype() if isinstance(dtype, type) else dtype
    if not isinstance(found, pl.DataType):
        raise TypeError(f"expected a Polars type, found {dtype!r}")
    return found
