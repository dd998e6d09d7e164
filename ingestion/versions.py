"""Which staged rows are new versions of their key: hashes of content and key, and comparison with the lake (I5)."""

from __future__ import annotations

import duckdb
import polars as pl

from ingestion.contract import SOURCE_NAME, Stream

SEPARATOR = "\x1f"
# Only keys that may be there more than once are compared: most are there once, and a hash tells.
REPEATED = """
with doubtful as (
    select key from (select hash(_key) as key from staged union all select distinct hash(_key) from known)
    group by key having count(*) > 1
),
arrivals as (
    select _key, _hash, is_ordered, _file, _row, 1 as origin, 0 as _batch from staged
    where hash(_key) in (from doubtful)
    union all
    select _key, _hash, is_ordered, _file, _row, 0 as origin, _batch from known
),
compared as (
    select *,
        row_number() over contents > 1 as is_repeated,
        lag(_hash) over keys as previous
    from arrivals
    window
        contents as (partition by _key, _hash, is_ordered order by origin, _batch, _file, _row),
        keys as (partition by _key, is_ordered order by origin, _batch, _file, _row)
)
select _file, _row from compared
where origin = 1 and not if(is_ordered, not is_repeated, previous is distinct from _hash)
"""


def hashed(con: duckdb.DuckDBPyConnection, rows: pl.DataFrame, content: list[str]) -> pl.DataFrame:
    """The rows with `_hash` of their content, the same in every process.

    It is over the columns that have a value, by name and length: neither order nor a new empty column counts.
    """
    texts = rows.select(_text(name, rows.schema[name]) for name in content)
    con.register("texts", texts.select(_joined(content).alias("content")).to_arrow())
    hashes = con.sql("select md5(content) as _hash from texts").pl()
    con.unregister("texts")
    return rows.with_columns(hashes)


def key_text(stream: Stream) -> str:
    """SQL of a row's key as text: the key columns that have a value, by name and length."""
    dtypes = {SOURCE_NAME: pl.String(), **stream.lake_schema}
    return f"concat_ws(chr(31), {', '.join(_tagged(name, dtypes[name]) for name in sorted(stream.grain))})"


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


def repeated(con: duckdb.DuckDBPyConnection, stream: Stream, parts: list[str], lake: list[str]) -> pl.DataFrame:
    """File and row of the parts' rows that are no new version of their key, of the stream's files in the lake too.

    Where the source orders versions, a row is new if its key never had that content. Where arrival orders them (or the
    row's order is empty), it is new if it differs from the version just before it: a value that goes back is new again.
    """
    order = f'"{stream.order_by}"' if stream.order_by else "cast(null as boolean)"
    columns = f"{key_text(stream)} as _key, _hash, {order} is not null as is_ordered, _file, _row"
    if not parts:
        return pl.DataFrame(schema={"_file": pl.String(), "_row": pl.Int64()})
    con.execute(f"create view staged as select {columns} from read_parquet({parts}, union_by_name = true)")
    if lake:
        options = "union_by_name = true, hive_partitioning = false"
        con.execute(f"create view landed as select {columns}, _batch from read_parquet({lake}, {options})")
        con.execute("create temp table known as from landed where hash(_key) in (select hash(_key) from staged)")
    else:
        con.execute("create temp table known as select *, null::bigint as _batch from staged where false")
    return con.sql(REPEATED).pl()


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
