"""The bench says what was measured: ratios of one run, goals kept or not, differences between those compared."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks import events, fresh
from benchmarks.figures import Against, Figure, Work, lines

FLOOR = Work("floor", "floors:scan")


def _figure(cpu: float, found: dict[str, float] | None = None) -> Figure:
    return Figure(cpu, 100.0, found or {}, 3)


def test_a_figure_is_a_ratio_to_the_floor_of_its_size_with_the_goal_beside_it() -> None:
    """Growth runs from the smallest size; one missed goal makes a line over."""
    work = Work("work", "x:y", "floor", 2.0, growth=1.1)
    figures = {("floor", 10): _figure(1.0), ("floor", 100): _figure(10.0)}
    figures |= {("work", 10): _figure(2.0), ("work", 100): _figure(30.0)}
    small, large = lines([work], figures)[1:]
    assert "2.00 × floor (≤ 2)" in small
    assert small.endswith("ok")
    assert "3.00 × floor (≤ 2)" in large
    assert "n^1.18 (≤ 1.1)" in large
    assert large.endswith("over")


def test_a_peer_that_found_something_else_is_told_from_one_that_found_the_same() -> None:
    """A known reason is said; without one it is a difference to look into."""
    peers = [Work("same", "", agrees_with="floor"), Work("other", "", agrees_with="floor")]
    peers.append(Work("known", "", agrees_with="floor", because="it simulates"))
    found = {"floor": {"a": 1.0}, "same": {"a": 1.0 + 1e-9}, "other": {"a": 2.0}, "known": {"a": 2.0}}
    figures = {(name, 10): _figure(1.0, figure) for name, figure in found.items()}
    same, other, known = lines(peers, figures)[1:]
    assert same.endswith("same numbers")
    assert other.endswith("DIFFERS: a 2.00 against 1.00")
    assert "differs, it simulates" in known


def test_a_goal_between_two_works_holds_for_the_sizes_it_is_set_for() -> None:
    """The second work is the one that the first is compared with."""
    figures = {(name, size): _figure(cpu) for name, cpu in (("one", 3.0), ("two", 2.0)) for size in (10, 100)}
    between = lines([], figures, [Against("one to two", "one", "two", {10: 1.4})])[1:]
    assert len(between) == 1
    assert "1.50 × (≤ 1.4)" in between[0]
    assert between[0].endswith("over")


def test_events_are_the_same_each_time_and_as_many_as_asked(tmp_path: Path) -> None:
    """A figure of today and one of tomorrow are of the same work."""
    made = [events.make(tmp_path / name, 5_000) / "events.parquet" for name in ("one", "two")]
    query = (
        "select count(*), sum(hash(e)), count(order_id) > 0, count(*) filter (where is_bot) from read_parquet(?) as e"
    )
    one, two = (duckdb.execute(query, [str(path)]).fetchall()[0] for path in made)
    assert one == two
    assert one[0] == 5_000
    assert one[2]
    assert one[3] == 100


def test_a_work_runs_in_a_process_of_its_own_and_tells_what_it_found(tmp_path: Path) -> None:
    """A work that cannot be done is a line of the table, not the end of the bench."""
    data = events.make(tmp_path, 5_000)
    done = fresh.run("floors:hash_by_visitor", data, {})
    assert done.error == ""
    assert done.found["rows"] > 200
    assert 0 < done.peak_mb < 2_000
    assert "nothing" in fresh.run("floors:nothing", data, {}).error
