"""Which days a week's name means, and which week a pack is of when none is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.weeks import Week, last_week, named_week, week_of
from opsloop.errors import UsageError
from opsloop.settings import WEEKDAYS
from opsloop.workspace import Workspace

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> list[Workspace]:
    """A company for each first day of the week."""
    root = tmp_path_factory.mktemp("weeks")
    return [_company(root / day, week_start=day) for day in WEEKDAYS]


def _company(root: Path, **settings: object) -> Workspace:
    plain = {"company": {"name": "Weeks"}, "time_zone": "America/New_York", "currency": "USD"}
    return Workspace.create(root, {**plain, **settings})


@given(day=DAYS)
def test_a_weeks_name_leads_back_to_the_week_whatever_day_it_starts_on(
    companies: list[Workspace], day: dt.date
) -> None:
    """W1, X3: the first day of the week is a setting, and a name means one week."""
    for company in companies:
        week = week_of(day, company)
        assert week.start <= day <= week.end
        assert WEEKDAYS[week.start.weekday()] == company.settings.week_start
        assert named_week(week.label, company) == week


@given(day=DAYS)
def test_a_week_bears_the_iso_name_of_its_thursday(companies: list[Workspace], day: dt.date) -> None:
    """W1, X3: a week that starts on Sunday shares its name with the ISO week that holds most of it."""
    sunday = week_of(day, companies[WEEKDAYS.index("sunday")])
    year, number, _ = (sunday.start + dt.timedelta(days=4)).isocalendar()
    assert sunday.label == f"{year}-W{number:02d}"


@pytest.mark.parametrize("label", ["2026-10", "2026-W1", "2026-W54", "2025-W53", "W10", "2026-W00", "２０２６-W10", ""])
def test_a_name_that_means_no_week_is_refused(companies: list[Workspace], label: str) -> None:
    """W1: a wrong label is one clear line."""
    with pytest.raises(UsageError, match="expected an ISO week"):
        named_week(label, companies[0])


def test_the_last_week_is_over_in_the_companys_zone(companies: list[Workspace]) -> None:
    """W1, X3: at midnight in New York, four hours after midnight in UTC, the week ends, and not a moment before."""
    midnight = dt.datetime(2026, 6, 29, 4, tzinfo=dt.UTC)
    company = companies[WEEKDAYS.index("monday")]
    # The default range of this company ends with the clock's day, so it never cuts.
    assert last_week(company, midnight).label == "2026-W26"
    assert last_week(company, midnight - dt.timedelta(microseconds=1)).label == "2026-W25"


def test_the_last_week_lies_whole_in_the_default_range(tmp_path: Path) -> None:
    """X10: a company whose range ends in the middle of a week gets the week before."""
    cut = _company(tmp_path / "cut", default_range={"from": "2018-01-01", "to": "2018-08-31"}, as_of="2018-11-15")
    assert last_week(cut, cut.as_of) == Week("2018-W34", dt.date(2018, 8, 20))
