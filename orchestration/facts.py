"""What Dagster shows of a table beside its name: how many rows, the first of them, and rows by day as a picture."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
import duckdb

from opsloop.workspace import Workspace

SAMPLE_ROWS = 5
SHOWN_DAYS = 180


@contextmanager
def reading(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read-only."""
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        yield connection


def time_columns(manifest: dict[str, Any]) -> dict[str, str]:
    """The column by whose day each mart with metrics is counted, by the mart's name."""
    found: dict[str, str] = {}
    for semantic in manifest["semantic_models"].values():
        name = (semantic["defaults"] or {}).get("agg_time_dimension")
        for dimension in semantic["dimensions"]:
            if dimension["name"] == name:
                found[semantic["node_relation"]["alias"]] = dimension["expr"] or name
    return found


def of_table(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, day: str | None = None
) -> dict[str, dg.MetadataValue[Any] | int]:
    """Row count and first rows of a table, and its rows by day where it has one."""
    relation = f'"{schema}"."{table}"'
    rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    sample = connection.execute(f"select * from {relation} limit {SAMPLE_ROWS}").pl()
    found: dict[str, dg.MetadataValue[Any] | int] = {
        "dagster/row_count": rows,
        "sample": dg.MetadataValue.md(markdown(sample.columns, sample.rows())),
    }
    if day is not None and rows:
        found["rows_by_day"] = by_day(connection, f"from {relation}", day)
    return found


def by_day(connection: duckdb.DuckDBPyConnection, relation: str, day: str) -> dg.MarkdownMetadataValue:
    """A picture of how many rows of `from …` fall on each of the last days that have any."""
    counted = connection.execute(
        f"select cast({day} as date) as day, count(*) as n {relation} where {day} is not null"
        f" group by all order by day desc limit {SHOWN_DAYS}"
    ).fetchall()
    return picture(
        "rows by day",
        [{"x": found.isoformat(), "y": rows} for found, rows in counted],
        {"mark": {"type": "bar", "color": "#2b6cb0"}, "x": {"type": "temporal", "title": None}},
    )


def picture(title: str, values: Sequence[dict[str, Any]], look: dict[str, Any]) -> dg.MarkdownMetadataValue:
    """A chart of x and y as an image inside Markdown, so that Dagster's page needs nothing else to show it."""
    import vl_convert

    spec = {
        "width": 480,
        "height": 140,
        "data": {"values": list(values)},
        "mark": look["mark"],
        "encoding": {
            "x": {"field": "x", **look["x"]},
            "y": {"field": "y", "type": "quantitative", "title": look.get("y_title")},
        },
    }
    image = base64.b64encode(vl_convert.vegalite_to_png(spec)).decode("ascii")
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{image})")


def markdown(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """A table in Markdown, long values cut."""
    lines = [columns, ["---"] * len(columns), *[[str(value)[:60].replace("|", "¦") for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
