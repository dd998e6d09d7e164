"""Which staged rows are new versions of their key, in SQL: content hashes, keys, comparison with the lake (I5)."""

from __future__ import annotations

import duckdb
import polars as pl

from ingestion.contract import Stream
from ingestion.types import sql_type

NOT_CONTENT = {"_source_name", "_file", "_row", "_hash", "_key", "_time_flags"}


def content_hash(columns: list[str]) -> str:
    """SQL of a hash of the columns that are not empty, by name and length, the same in every process."""
    parts = [_tagged(column) for column in sorted(columns)]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))"


def key_hash(stream: Stream) -> str:
    """SQL of a hash of the stream's key columns."""
    return f"md5(concat_ws(chr(31), {', '.join(_tagged(column) for column in stream.grain)}))"


def _tagged(column: str) -> str:
    """SQL of `name:length:value`, null where the value is."""
    text = f'cast("{column}" as varchar)'
    return f"'{column.replace(chr(39), chr(39) * 2)}:' || length({text}) || ':' || {text}"


def stage(con: duckdb.DuckDBPyConnection, parts: list[str], stream: Stream) -> dict[str, str]:
    """Make a view `staged` over the parts; the content columns it has, with types, declared ones always among them."""
    declared = {name: sql_type(dtype) for name, dtype in stream.lake_schema.items()}
    if not parts:
        columns = {
            **declared,
            "_source_name": "VARCHAR",
            "_file": "VARCHAR",
            "_row": "BIGINT",
            "_time_flags": "VARCHAR",
        }
        typed = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in columns.items())
        con.execute(f"create view staged as select {typed}, null::varchar as _hash, null::varchar as _key where false")
        return declared
    con.execute(f"create view staged as select * from read_parquet({parts}, union_by_name = true)")
    found = con.sql("select column_name, column_type from (describe staged)").fetchall()
    return declared | {name: kind for name, kind in found if name not in NOT_CONTENT and name not in declared}


def mark(con: duckdb.DuckDBPyConnection, stream: Stream, lake: list[str]) -> int:
    """Make a view `fresh` of the staged rows that are new versions of their key; how many there are.

    Where the source orders versions, a row is new if its key never had that content. Where arrival orders them (or the
    row's order is empty), it is new if it differs from the version just before it: a value that goes back is new again.
    """
    order = f'"{stream.order_by}"' if stream.order_by else "cast(null as boolean)"
    _known(con, stream, lake, order)
    con.execute(
        f"""create temp table marks as
        with arrivals as (
            select _key, _hash, {order} is not null as is_ordered, 1 as origin, _file, _row from staged
            union all
            select _key, _hash, is_ordered, 0, _file, _row from known
        ),
        compared as (
            select *,
                row_number() over contents > 1 as is_repeated,
                lag(_hash) over keys as previous
            from arrivals
            window
                contents as (partition by _key, _hash, is_ordered order by origin, _file, _row),
                keys as (partition by _key, is_ordered order by origin, _file, _row)
        )
        select _file, _row from compared
        where origin = 1 and if(is_ordered, not is_repeated, previous is distinct from _hash)"""
    )
    landed, staged = (con.sql(f"select count(*) from {name}").fetchall()[0][0] for name in ("marks", "staged"))
    condition = "" if landed == staged else "semi join marks using (_file, _row)"
    con.execute(f"create view fresh as select * from staged {condition}")
    return int(landed)


def _known(con: duckdb.DuckDBPyConnection, stream: Stream, lake: list[str], order: str) -> None:
    """Make a table `known` of what the lake has for staged keys: every ordered version, the newest unordered one."""
    if not lake:
        con.execute(
            "create temp table known (_key varchar, _hash varchar, is_ordered boolean, _file varchar, _row bigint)"
        )
        return
    con.execute(
        f"""create temp table known as
        with versions as (
            select {key_hash(stream)} as _key, _hash, {order} is not null as is_ordered, _batch, _file, _row
            from read_parquet({lake}, union_by_name = true, hive_partitioning = false)
        )
        select _key, _hash, is_ordered, _file, _row from versions
        where _key in (select _key from staged)
        qualify is_ordered
            or row_number() over (partition by _key, is_ordered order by _batch desc, _file desc, _row desc) = 1"""
    )


def month(stream: Stream) -> str:
    """SQL of the month of the row's own time as text, `undated` where it has none."""
    column = stream.time_column
    dtype = stream.lake_schema[column] if column else None
    if isinstance(dtype, pl.Date | pl.Datetime):
        return f"""coalesce(strftime("{column}", '%Y-%m'), 'undated')"""
    if isinstance(dtype, pl.String):
        digits = f"""regexp_extract("{column}", '^(\\d{{4}})-?(\\d{{2}})', [1, 2])"""
        return f"""coalesce(nullif(concat_ws('-', {digits}[1], {digits}[2]), '-'), 'undated')"""
    if column is not None and dtype is not None and dtype.is_integer():
        units = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
        forms = stream.times[column].formats if column in stream.times else ()
        factor = next((units[form] for form in forms if form in units), 1)
        return f"""coalesce(strftime(make_timestamp("{column}" * {factor}), '%Y-%m'), 'undated')"""
    return "'undated'"
