"""Which version of a row was the present one at any time (X6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from acquisition_sql import Tables, macro
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = dt.date(2026, 3, 31)
START = dt.datetime(2026, 3, 1)


@dataclass(frozen=True)
class Version:
    """A row as some batch brought it."""

    key: str
    updated: int | None
    batch: int
    row: int
    amount: int

    @property
    def landed(self) -> dt.datetime:
        """When its batch arrived."""
        return START + dt.timedelta(hours=self.batch)


def _versions() -> st.SearchStrategy[list[Version]]:
    drawn = st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 3), st.integers(1, 5), st.integers(0, 9))
    return st.lists(drawn, max_size=12).map(
        lambda rows: [Version(key, updated, batch, n, amount) for n, (key, updated, batch, amount) in enumerate(rows)]
    )


def _tables(versions: list[Version]) -> Tables:
    tables = Tables(DAY)
    columns = {
        "key": "varchar",
        "updated": "integer",
        "_batch": "bigint",
        "_file": "varchar",
        "_row": "bigint",
        "_landed_at": "timestamp",
        "amount": "integer",
    }
    tables.give("lake", columns, [(v.key, v.updated, v.batch, "f", v.row, v.landed, v.amount) for v in versions])
    return tables


def _known(tables: Tables, order_by: str | None, at: dt.datetime) -> dict[str, int]:
    twin = macro("versions_over_time")("lake", ["key"], order_by)
    present = macro("was_present")(f"timestamp '{at}'")
    return dict(tables.rows(f"select key, amount from ({twin}) where {present}"))


def _by_hand(versions: list[Version], by_source: bool, at: dt.datetime) -> dict[str, int]:
    """What a build at that time would take: of what had landed, the newest by the source's word, else by arrival."""
    known: dict[str, Version] = {}
    for version in (v for v in versions if v.landed < at):
        rank = _rank(version, by_source)
        if version.key not in known or rank > _rank(known[version.key], by_source):
            known[version.key] = version
    return {key: version.amount for key, version in known.items()}


def _rank(version: Version, by_source: bool) -> tuple[int, int, int]:
    updated = -1 if version.updated is None else version.updated
    return (updated if by_source else 0, version.batch, version.row)


@settings(max_examples=60, deadline=None)
@given(_versions(), st.booleans(), st.integers(0, 7))
def test_at_any_time_the_twin_gives_what_a_build_of_that_time_would_take(
    versions: list[Version], by_source: bool, hours: int
) -> None:
    """X6, X7: the source's own order decides where it has one, else arrival; what came later is not known yet."""
    at = START + dt.timedelta(hours=hours, minutes=1)
    assert _known(_tables(versions), "updated" if by_source else None, at) == _by_hand(versions, by_source, at)


def test_a_version_that_its_source_calls_older_never_was_the_present_one() -> None:
    """X7: an old file that comes late changes nothing, at no time."""
    versions = [Version("a", 2, 1, 0, 20), Version("a", 1, 2, 1, 10)]
    for hours in (2, 3, 9):
        assert _known(_tables(versions), "updated", START + dt.timedelta(hours=hours)) == {"a": 20}


def test_a_version_counts_from_its_arrival_and_up_to_the_next_ones() -> None:
    """X6: what arrives at the very instant asked for is not known before it."""
    tables = _tables([Version("a", None, 1, 0, 10), Version("a", None, 3, 1, 30)])
    moments = [1, 1 + 1 / 3600, 3, 3 + 1 / 3600]
    known = [_known(tables, None, START + dt.timedelta(hours=hours)).get("a") for hours in moments]
    assert known == [None, 10, 10, 30]


def test_a_day_that_is_dated_later_is_not_known_yet() -> None:
    """X6, X10: a row that arrived in time but is of a later day does not count."""
    tables = Tables(DAY)
    columns = {"date_day": "date", "spend": "integer", "valid_from": "timestamp", "valid_to": "timestamp"}
    days = (dt.date(2026, 3, 10), dt.date(2026, 3, 11))
    tables.give("twin", columns, [(day, 5, START, None) for day in days])
    known = macro("fct_ad_performance_daily_as_known")(
        "twin", at=f"timestamp '{START + dt.timedelta(days=10)}'", today="date '2026-03-10'", maturity="'mature'"
    )
    assert tables.rows(f"select date_day from ({known})") == [(days[0],)]
