"""Stations measured on data of their own: landing, validation, scores; each with its floors, goals and peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import customers, exports, figures
from benchmarks.figures import Against, Figures, Work
from benchmarks.fresh import PEERS

CSV, JSON, LATE = "landing of CSV", "landing of JSON lines", "a hundredth more, landed before"
CSV_FLOOR, JSON_FLOOR = "CSV to Parquet, DuckDB", "JSON to Parquet, DuckDB"
VALIDATED, ONE_AGGREGATE = "Great Expectations", "one aggregate"
BG_NBD, LIFETIMES = "BG/NBD", "BG/NBD: lifetimes"
CHURN, LIGHTGBM = "churn", "churn: LightGBM, same rows"
MB_A_SECOND, APART = 60, 0.001
ROWS = (350_000, 2_700_000)
WHOLE = dict.fromkeys(ROWS, 1024.0)


@dataclass(frozen=True, slots=True)
class Station:
    """Works on the same data at some sizes, and what else there is to say of their figures."""

    part: str
    sizes: Sequence[int]
    make: Callable[[Path, int], Path]
    works: Sequence[Work]
    against: Sequence[Against] = ()
    notes: Callable[[Figures], Iterator[str]] = lambda _: iter(())


def measure(part: str, folder: Path, rounds: int, only: str, has_peers: bool, say: Callable[[str], None]) -> list[str]:
    """The lines of a part's stations; works without `only` in their name are left out, floors excepted."""
    lines: list[str] = []
    for station in (one for one in STATIONS if one.part == part):
        works = [work for work in station.works if has_peers or not work.python]
        if not any(only in work.name for work in works):
            continue
        works = [work for work in works if only in work.name or not work.floor]
        say(f"making data: {works[0].name} …")
        data = {size: station.make(folder, size) for size in station.sizes}
        found = figures.measure(works, data, {}, rounds, say)
        lines += [*figures.lines(works, found, station.against), *station.notes(found)]
    return lines


def _speed(found: Figures) -> Iterator[str]:
    """Megabytes of the file for each CPU second, and whether what was set aside is exactly what broke."""
    for (name, rows), figure in found.items():
        if name not in {CSV, JSON} or figure.error:
            continue
        speed = figure.found["mb"] / figure.cpu
        goal = f" (≥ {MB_A_SECOND})  {'ok' if speed >= MB_A_SECOND else 'over'}" if name == CSV else ""
        exact = figure.found.get("exact")
        aside = "" if exact is None else f"; set aside {'exactly' if exact else 'NOT'} the rows that broke"
        yield f"{name:<52} {rows:>11,} {speed:.1f} MB a CPU second{goal}{aside}"


def _scans(found: Figures) -> Iterator[str]:
    """How often the batch was read, and what came of the checks."""
    for (name, rows), figure in found.items():
        if name == VALIDATED and not figure.error:
            scans, checks, failed = (figure.found[each] for each in ("scans", "checks", "failed"))
            told = "says so" if figure.found["sample is said"] else "does not say so"
            kept = "ok" if scans <= 2 else "over"
            said = f"{scans} scans (≤ 2)  {kept}; {checks} checks, {failed} failed; a sample {told}"
            yield f"{name:<52} {rows:>11,} {said}"


def _ranking(found: Figures) -> Iterator[str]:
    """Both AUC, and how far the product's lies below the peer's."""
    for (name, rows), figure in found.items():
        peer = found.get((LIGHTGBM, rows))
        if name == CHURN and peer and not figure.error and not peer.error:
            own, other = figure.found["AUC"], peer.found["AUC"]
            kept = "ok" if own >= other - APART else "over"
            yield f"{name:<52} {rows:>11,} AUC {own:.4f} against {other:.4f} (at most {APART} below)  {kept}"


STATIONS = (
    Station(
        "ingest",
        ROWS,
        exports.orders,
        (
            Work(CSV_FLOOR, "ingest:csv_by_duckdb"),
            Work("CSV to Parquet, Polars", "ingest:csv_by_polars"),
            Work(CSV, "ingest:csv", CSV_FLOOR, growth=1.1, most_mb=WHOLE),
            Work(LATE, "ingest:csv_again", CSV_FLOOR, most_events=ROWS[0]),
        ),
        notes=_speed,
    ),
    Station(
        "ingest",
        ROWS[:1],
        exports.events,
        (Work(JSON_FLOOR, "ingest:json_by_duckdb"), Work(JSON, "ingest:json_lines", JSON_FLOOR, most_mb=WHOLE)),
        notes=_speed,
    ),
    Station(
        "validation",
        (10_000_000,),
        exports.landed,
        (
            Work(ONE_AGGREGATE, "validation:one_aggregate"),
            Work(VALIDATED, "validation:great_expectations", ONE_AGGREGATE),
        ),
        notes=_scans,
    ),
    Station(
        "scores",
        (1_000_000,),
        customers.histories,
        (
            Work(LIFETIMES, "peers.scored:bg_nbd", python=PEERS),
            Work(BG_NBD, "scores:bg_nbd", LIFETIMES, 0.33, agrees_with=LIFETIMES, because="pulled slightly to 0"),
        ),
    ),
    Station(
        "scores",
        (customers.DRAWN,),
        customers.features,
        (Work(LIGHTGBM, "peers.scored:churn_ranking", python=PEERS), Work(CHURN, "scores:churn_ranking", LIGHTGBM)),
        notes=_ranking,
    ),
)
