"""Which staged rows are new versions of their key: hashes of content and key, and comparison with the lake (I5)."""

from __future__ import annotations

import duckdb
import polars as pl

from ingestion.contract import SOURCE_NAME, Stream

SEPARATOR = "\x1f"


def hashed(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, content: list[str], key: list[str]) -> pl.DataFrame:
    """The rows with `_hash` of their content and `_key` of their key columns, the same in every process.

    Each is over the columns that have a value, by name and length: neither order nor a new empty column counts.
    """
    texts = rows.select(_text(name, rows.schema[name]) for name in sorted({*content, *key}))
    con.register("texts", texts.select(_joined(content).alias("content"), _joined(key).alias("key")).to_arrow())
    hashes = con.sql("select md5(content) as _hash, md5(key) as _key from texts").pl()
    con.unregister("texts")
    return rows.with_columns(hashes)


def key_hash(stream: Stream) -> str:
    """SQL of the hash that `hashed` gives as `_key`."""
    dtypes = {SOURCE_NAME: pl.String(), **stream.lake_schema}
    return f"md5(concat_ws(chr(31), {', '.join(_tagged(name, dtypes[name]) for name in sorted(stream.grain))}))"


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as text that no version of a library writes otherwise: times as numbers."""
    column = pl.col(name)
    if isinstance(dtype, pl.Date | pl.Datetime):
        column = column.to_physical()
    if dtype.is_nested():
        return pl.when(column.is_not_null()).then(pl.struct(column).struct.json_encode()).alias(name)
    return column.cast(pl.String)


def _joined(names: list[str]) -> pl.Expr:
    """Text columns as one, `name:length:value` of each that has a value."""
    tagged = [pl.format("{}:{}:{}", pl.lit(name), pl.col(name).str.len_bytes(), name) for name in sorted(names)]
    return pl.concat_str(tagged, separator=SEPARATOR, ignore_nulls=True)


def _tagged(name: str, dtype: pl.DataType | None = None) -> str:
    """SQL of `name:length:value`, null where the value is."""
    column = f'"{name}"'
    if isinstance(dtype, pl.Datetime):
        column = f"epoch_us({column})"
    if isinstance(dtype, pl.Date):
        column = f"({column} - date '1970-01-01')"
    text = f"cast({column} as varchar)"
    return f"'{name.replace(chr(39), chr(39) * 2)}:' || strlen({text}) || ':' || {text}"


def stage(con: duckdb.DuckDBPyConnection, parts: list[str], stream: Stream) -> None:
    """Make a view `staged` over the parts' keys and hashes."""
    order = f'"{stream.order_by}"' if stream.order_by else "cast(null as boolean)"
    if not parts:
        con.execute(
            "create view staged as select null::varchar as _key, null::varchar as _hash, null::boolean as is_ordered,"
            " null::varchar as _file, null::bigint as _row where false"
        )
        return
    con.execute(
        f"create view staged as select _key, _hash, {order} is not null as is_ordered, _file, _row"
        f" from read_parquet({parts}, union_by_name = true)"
    )


def mark(con: duckdb.DuckDBPyConnection, stream: Stream, lake: list[str]) -> int:
    """Make a table `marks` of file and row of the staged rows that are new versions of their key; how many there are.

    Where the source orders versions, a row is new if its key never had that content. Where arrival orders them (or the
    row's order is empty), it is new if it differs from the version just before it: a value that goes back is new again.
    """
    order = f'"{stream.order_by}"' if stream.order_by else "cast(null as boolean)"
    _known(con, stream, lake, order)
    con.execute(
        """create temp table marks as
        with arrivals as (
            select *, 1 as origin from staged
            union all
            select *, 0 as origin from known
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
    return int(con.sql("select count(*) from marks").fetchall()[0][0])


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


def month(stream: Stream) -> pl.Expr:
    """The month of the row's own time as text, `undated` where it has none."""
    name = stream.time_column
    if name is None:
        return pl.lit("undated")
    dtype = stream.lake_schema[name]
    moment = pl.col(name)
    if isinstance(dtype, pl.String):
        text = moment.str.extract(r"^(\d{4})-?\d{2}") + "-" + moment.str.extract(r"^\d{4}-?(\d{2})")
        return text.fill_null("undated")
    if dtype.is_integer():
        units = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
        forms = stream.times[name].formats if name in stream.times else ()
        factor = next((units[form] for form in forms if form in units), 1)
        moment = (moment * factor).cast(pl.Datetime("us"))
    return moment.dt.strftime("%Y-%m").fill_null("undated")
