"""Great Expectations on what has landed (I11): a suite per stream on its newest batch, with results and Data Docs.

The library takes seconds to import, so this happens only when there is something to check.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from ingestion import commitlog, data_docs, lake, registry
from ingestion.commitlog import Commit
from ingestion.contract import Source, Stream
from ingestion.suites import Expected, Known, Usual, columns, numeric_columns, suite
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = 1_000_000
SPARE = 1.02
FACTS = ("rows", "quarantined_share", "newest")


@dataclass(frozen=True, slots=True)
class Result:
    """One expectation's outcome on a stream's newest batch."""

    source: str
    stream: str
    expectation: str
    column_name: str | None
    success: bool
    observed: str
    checked_at: dt.datetime
    words: str = ""
    batch: int = 0


def validate(ws: Workspace, streams: Iterable[tuple[str, str]] | None = None) -> list[Result]:
    """Check the newest batch of each stream (of all that have landed without `streams`) and rewrite the Data Docs.

    A stream that has never landed has no results. Batches above a million rows are checked on a sample, which says so.
    """
    committed = [entry for entry in commitlog.commits(ws) if entry.landed]
    landed = list(dict.fromkeys((entry.source, entry.stream) for entry in committed))
    wanted = landed if streams is None else [name for name in dict.fromkeys(streams) if name in landed]
    if not wanted:
        return []
    found: list[Result] = []
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        for name in wanted:
            source = registry.source(name[0])
            found += _validate(ws, con, source, source.stream(name[1]), committed)
    _store(ws, found)
    return found


def _validate(
    ws: Workspace, con: duckdb.DuckDBPyConnection, source: Source, stream: Stream, committed: list[Commit]
) -> list[Result]:
    """The suite's outcome on the stream's newest batch."""
    mine = [entry for entry in committed if (entry.source, entry.stream) == (source.name, stream.name)]
    newest = mine[-1]
    con.execute(f"create or replace temp view rows as {lake.stream_sql(ws, source, stream, mine)}")
    usual, facts = _figures(con, stream, newest)
    known = Known(ws.as_of, usual)
    expected = suite(stream, known)
    frames = {"batch": _batch(con, stream, newest), "facts": facts}
    note = f" (on a sample of {SAMPLE:,} of {newest.landed:,} rows)" if newest.landed > SAMPLE else ""
    _write_suite(ws, source, stream, expected)
    results = []
    for about, frame in frames.items():
        for item, success, observed in _check(f"{source.name}/{stream.name}", frame, expected, about):
            text = f"{observed}{note if about == 'batch' else ''}"
            names = (source.name, stream.name, item.name, item.column)
            results.append(Result(*names, success, text, ws.clock(), item.words, newest.batch))
    return results


def _figures(con: duckdb.DuckDBPyConnection, stream: Stream, newest: Commit) -> tuple[dict[str, Usual], pd.DataFrame]:
    """Each figure's mean and spread before the newest batch, and one row about that batch and the stream, in one scan.

    The row has the rows landed, the share of those read that was set aside, and the stream's newest time.
    """
    time = "null::timestamp"
    if stream.time_column and stream.lake_schema[stream.time_column].is_temporal():
        time = f'cast(max("{stream.time_column}") as timestamp)'
    share = newest.quarantined / newest.read if newest.read else 0.0
    names = numeric_columns(stream)
    before = f"filter (where _batch < {newest.batch})"
    figures = [f'count("{n}") {before}, avg("{n}") {before}, stddev_pop(cast("{n}" as double)) {before}' for n in names]
    facts = f"{newest.landed} as rows, {share}::double as quarantined_share, {time} as newest"
    found = con.sql(f"select {', '.join([facts, *figures])} from rows").df()
    row = found.iloc[0].to_list()[len(FACTS) :]
    parts = zip(names, (row[index : index + 3] for index in range(0, len(row), 3)), strict=True)
    usual = {name: Usual(int(rows), float(mean), float(spread)) for name, (rows, mean, spread) in parts if rows}
    return usual, found[list(FACTS)]


def _batch(con: duckdb.DuckDBPyConnection, stream: Stream, newest: Commit) -> pd.DataFrame:
    """The batch's columns that the suite looks at; figures as doubles, a sample above a million rows."""
    types = stream.lake_schema
    figures = {name for name in columns(stream) if name in types and types[name].is_numeric()}
    wanted = ", ".join(f'cast("{n}" as double) as "{n}"' if n in figures else f'"{n}"' for n in columns(stream))
    return con.sql(f"select {wanted} from rows where _batch = {newest.batch} {_sampled(newest.landed)}").df()


def _sampled(rows: int) -> str:
    """SQL that keeps a sample of so many rows, chance told by where a row came from: a few more, then cut to size."""
    if rows <= SAMPLE:
        return ""
    return f"and hash(_file, _row) % {rows} < {SAMPLE * SPARE:.0f} limit {SAMPLE}"


def _check(name: str, frame: pd.DataFrame, expected: list[Expected], about: str) -> list[tuple[Expected, bool, str]]:
    """Each expectation about the frame, whether it held, and what was observed."""
    wanted = [item for item in expected if item.about == about]
    if not wanted:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The library's own deprecated imports are not ours to mend.
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("landed").add_dataframe_asset(name)
        batch = asset.add_batch_definition_whole_dataframe("newest").get_batch({"dataframe": frame})
        made = gx.ExpectationSuite(name=name)
        for index, item in enumerate(wanted):
            made.add_expectation(getattr(gx.expectations, item.kind)(**item.arguments, meta={"index": index}))
        outcome = batch.validate(made)
    found = {_index(one): one for one in outcome.results}
    return [(item, bool(found[index].success), _observed(found[index])) for index, item in enumerate(wanted)]


def _index(one: Any) -> int:
    """Which of the expectations a result is of: the library returns them in an order of its own."""
    return int(one.expectation_config.meta["index"])


def _observed(one: Any) -> str:
    """What the library saw, as a person would say it."""
    if one.exception_info and one.exception_info.get("raised_exception"):
        return f"could not be checked: {one.exception_info.get('exception_message')}"
    if "observed_value" in one.result:
        return str(one.result["observed_value"])
    count = one.result.get("unexpected_count", 0)
    return f"{count:,} of {one.result.get('element_count', 0):,} rows did not fit"


def _write_suite(ws: Workspace, source: Source, stream: Stream, expected: list[Expected]) -> None:
    """Keep the suite as it was checked, readable, beside the Data Docs."""
    folder = ws.state / "gx" / "suites"
    folder.mkdir(parents=True, exist_ok=True)
    listed = [{"type": item.kind, "kwargs": item.arguments, "notes": item.words} for item in expected]
    path = folder / f"{source.name}__{stream.name}.json"
    path.write_text(json.dumps({"name": path.stem, "expectations": listed}, indent=1, default=str, ensure_ascii=False))


def _store(ws: Workspace, found: list[Result]) -> None:
    """Put the results in place of the same streams' earlier ones, and rewrite the Data Docs from all."""
    path = ws.config / "expectations.parquet"
    checked_at = [result.checked_at.replace(tzinfo=None) for result in found]
    fields = ("source", "stream", "expectation", "column_name", "success", "observed", "words", "batch")
    fresh = pl.DataFrame(
        {name: [getattr(result, name) for result in found] for name in fields},
        schema_overrides={"column_name": pl.String(), "batch": pl.Int64()},
    ).with_columns(pl.Series("checked_at", checked_at, dtype=pl.Datetime("us")))
    if path.exists():
        before = pl.read_parquet(path).join(fresh, on=["source", "stream"], how="anti")
        fresh = pl.concat([before, fresh], how="diagonal")
    temporary = path.with_suffix(".tmp")
    fresh = fresh.sort("source", "stream", maintain_order=True)
    fresh.write_parquet(temporary)
    os.replace(temporary, path)  # noqa: PTH105
    data_docs.write(ws, fresh)
