"""Whatever the files look like, the sums are right and the same versions are current (X2, X7, I5)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_source import SMALL

from ingestion import commitlog, lake, registry
from ingestion.landing import land
from opsloop.workspace import Workspace

ORDER = st.tuples(st.sampled_from("123"), st.integers(1, 4))
BROKEN = st.sampled_from(["1,2024-01-01T00:00:00Z,x", ",2024-01-01T00:00:00Z,1", "1,2024-01-01T00:00:00Z", "1,,5000"])
QUICK = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(autouse=True)
def _small_source_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "discover", lambda: (SMALL,))


def line(order: tuple[str, int]) -> str:
    """A version of an order as a row; amounts come back, and the source never gives one moment two contents."""
    key, day = order
    return f"{key},2024-01-0{day}T00:00:00Z,{(day + int(key)) % 2}"


def landed(files: list[list[str]], stream: str, header: str, *, at_once: bool) -> Workspace:
    """A workspace in which the files have landed, in one run or one run each."""
    ws = Workspace.create(Path(tempfile.mkdtemp()) / "ws", {"sources": ["small"]})
    folder = ws.landing / "small" / stream
    folder.mkdir(parents=True)
    for index, lines in enumerate(files):
        (folder / f"{index:03d}.csv").write_text("\n".join([header, *lines, ""]))
        if not at_once:
            land(ws)
    land(ws)
    return ws


def current(ws: Workspace, stream: str, keys: str, order: str) -> set[tuple[object, ...]]:
    """The current version of each key, as staging picks it."""
    declared = ", ".join(SMALL.stream(stream).lake_schema)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        return set(
            con.sql(
                f"""select {declared} from landing_small.{stream} qualify row_number() over (
                    partition by {keys} order by {order} _batch desc, _file desc, _row desc
                ) = 1"""
            ).fetchall()
        )


@QUICK
@given(st.lists(ORDER, min_size=1, max_size=12), st.data())
def test_any_split_duplication_and_order_gives_the_same_current_versions(
    orders: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Where the source orders versions, neither files nor runs nor arrival decide (X7)."""
    shuffled = data.draw(st.permutations(orders + data.draw(st.lists(st.sampled_from(orders), max_size=6))))
    cut = data.draw(st.integers(0, len(shuffled)))
    parts = [[line(order) for order in part] for part in (shuffled[:cut], shuffled[cut:]) if part]
    header, order = "id,updated_at,amount", "updated_at desc nulls last,"
    straight = landed([[line(order) for order in orders]], "orders", header, at_once=True)
    other = landed(parts, "orders", header, at_once=data.draw(st.booleans()))
    assert current(straight, "orders", "order_id", order) == current(other, "orders", "order_id", order)
    with duckdb.connect() as con:
        lake.attach(con, other)
        (twice,) = con.sql("select count(*) - count(distinct _hash) from landing_small.orders").fetchall()
    assert twice == (0,)


@QUICK
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), min_size=1, max_size=12), st.data())
def test_any_split_gives_the_same_versions_where_arrival_orders(
    visits: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Files in order of their names are the same as one file, version by version (X7, I5)."""
    lines = [f"{visitor},2024-01-01,{pages}" for visitor, pages in visits]
    cut = data.draw(st.integers(0, len(lines)))
    header = "visitor,day,pages"
    one = landed([lines], "visits", header, at_once=True)
    two = landed(
        [part for part in (lines[:cut], lines[cut:]) if part], "visits", header, at_once=data.draw(st.booleans())
    )
    assert current(one, "visits", "visitor, day", "") == current(two, "visits", "visitor, day", "")
    assert current(one, "visits", "visitor, day", "") == expected(visits)


def expected(visits: list[tuple[str, int]]) -> set[tuple[object, ...]]:
    """The last of each key, by plain Python."""
    import datetime as dt

    return {(visitor, dt.date(2024, 1, 1), pages) for visitor, pages in dict(visits).items()}


@QUICK
@given(st.lists(st.lists(st.one_of(ORDER.map(line), BROKEN), max_size=8), min_size=1, max_size=3))
def test_read_is_duplicates_refused_quarantined_and_landed(files: list[list[str]]) -> None:
    """Every row is in exactly one place, and the lake and the quarantine hold just those (X2)."""
    ws = landed(files, "orders", "id,updated_at,amount", at_once=False)
    entries = commitlog.commits(ws)
    for entry in entries:
        assert entry.read == entry.duplicates + entry.refused + entry.quarantined + entry.landed
        assert min(entry.duplicates, entry.refused, entry.quarantined, entry.landed) >= 0
    distinct = {tuple(lines) for lines in files}
    assert sum(entry.read for entry in entries) == sum(len(lines) for lines in distinct)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        (kept,) = con.sql("select count(*) from landing_small.orders").fetchall()
        (aside,) = con.sql("select count(*) from workspace.quarantine").fetchall()
    assert kept == (sum(entry.landed for entry in entries),)
    assert aside == (sum(entry.quarantined for entry in entries),)
