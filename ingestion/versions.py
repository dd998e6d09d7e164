"""Which staged rows are new versions of their key, found by comparing them with each other and with the lake (I5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb
import polars as pl

from ingestion.contract import SOURCE_NAME, Stream
from ingestion.types import sql_type

# Only keys that may be there more than once are compared: most are there once, and a hash tells.
REPEATED = """
with doubtful as (
    select key from (select hash(_key) as key from staged union all select distinct hash(_key) from known)
    group by key having count(*) > 1
),
arrivals as (
    select _key, _same, is_ordered, _file, _row, 1 as origin, 0 as _batch from staged
    where hash(_key) in (from doubtful)
    union all
    select _key, _same, is_ordered, _file, _row, 0 as origin, _batch from known
),
compared as (
    select *,
        row_number() over contents > 1 as is_repeated,
        lag(_same) over keys as previous
    from arrivals
    window
        contents as (partition by _key, _same, is_ordered order by origin, _batch, _file, _row),
        keys as (partition by _key, is_ordered order by origin, _batch, _file, _row)
)
select _file, _row from compared
where origin = 1 and not if(is_ordered, not is_repeated, previous is distinct from _same)
"""


def content_hash(columns: Mapping[str, str]) -> str:
    """SQL of the hash of a row's content, the same for ever, given the content columns with their DuckDB types.

    It is over the columns that have a value, by name and length: neither order nor a new empty column counts.
    """
    return f"md5({_text(columns)})"


def repeated(
    con: duckdb.DuckDBPyConnection, stream: Stream, columns: Mapping[str, str], parts: list[str], lake: list[str]
) -> pl.DataFrame:
    """File and row of the parts' rows that are no new version of their key, of the stream's files in the lake too.

    Where the source orders versions, a row is new if its key never had that content. Where arrival orders them (or the
    row's order is empty), it is new if it differs from the version just before it: a value that goes back is new again.
    """
    if not parts:
        return pl.DataFrame(schema={"_file": pl.String(), "_row": pl.Int64()})
    con.execute(f"create view given as from read_parquet({parts}, union_by_name = true)")
    con.execute(f"create view staged as {_compared(con, 'given', stream, columns)} from given")
    con.execute(
        f"create temp table known as {_compared(con, 'given', stream, columns)}, 0 as _batch from given limit 0"
    )
    if lake:
        options = "union_by_name = true, hive_partitioning = false"
        con.execute(f"create view landed as from read_parquet({lake}, {options})")
        compared = f"{_compared(con, 'landed', stream, columns)}, _batch from landed"
        con.execute(f"insert into known from ({compared}) where hash(_key) in (select hash(_key) from staged)")
    return con.sql(REPEATED).pl()


def _compared(con: duckdb.DuckDBPyConnection, view: str, stream: Stream, columns: Mapping[str, str]) -> str:
    """SQL of what versions are compared by: key, content as two hashes of 64 bits, whether the source orders it."""
    there = {name for name, *_ in con.sql(f"describe {view}").fetchall()}
    values = [f'cast("{_escaped(name)}" as {kind})' if name in there else "null" for name, kind in columns.items()]
    key = _text({name: kind for name, kind in columns.items() if name in stream.grain})
    order = f'"{stream.order_by}"' if stream.order_by else "cast(null as boolean)"
    same = f"{{one: hash({', '.join(values)}), two: hash({', '.join(reversed(values))}, 1)}}"
    return f"select {key} as _key, {same} as _same, {order} is not null as is_ordered, _file, _row"


def _text(columns: Mapping[str, str]) -> str:
    """SQL of columns as one text, `name:length:value` of each that has a value, by name."""
    return f"concat_ws(chr(31), {', '.join(_tagged(name, columns[name]) for name in sorted(columns))})"


def _tagged(name: str, kind: str) -> str:
    """SQL of `name:length:value`, null where the value is; times as numbers, nested values as JSON."""
    column = f'cast("{_escaped(name)}" as {kind})'
    if kind == "TIMESTAMP":
        column = f"epoch_us({column})"
    if kind == "DATE":
        column = f"({column} - date '1970-01-01')"
    if kind.startswith("STRUCT") or kind.endswith("[]"):
        column = f"to_json({column})"
    text = f"cast({column} as varchar)"
    return f"'{name.replace(chr(39), chr(39) * 2)}:' || strlen({text}) || ':' || {text}"


def _escaped(name: str) -> str:
    """A column's name within quotes in SQL."""
    return name.replace('"', '""')


def content_columns(stream: Stream, extra: Collection[str]) -> dict[str, str]:
    """The columns that make up a row's content, with their DuckDB types; undeclared ones are text."""
    declared = {name: sql_type(dtype) for name, dtype in stream.lake_schema.items()}
    return {SOURCE_NAME: "VARCHAR", **declared, **dict.fromkeys(sorted(extra), "VARCHAR")}


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
