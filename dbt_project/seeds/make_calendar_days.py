"""Makes `calendar_days.csv`: Chinese legal holidays, make-up working days and shopping festivals, 2016 to 2028.

Run it with `python dbt_project/seeds/make_calendar_days.py` after the State Council has published a year's schedule
and the `holidays` package knows it; years without a schedule yet hold the statutory days alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import holidays

FIRST_YEAR, LAST_YEAR = 2016, 2028
COLUMNS = ("date_day", "holiday_en", "holiday_zh", "is_holiday_cn", "is_makeup_workday", "promotion")
FESTIVALS = {"618": ((6, 1), (6, 18)), "双11": ((11, 1), (11, 11)), "双12": ((12, 10), (12, 12))}
DAY = dt.timedelta(days=1)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Each day from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY


def _black_friday(year: int) -> dt.date:
    """The day after the fourth Thursday of November."""
    first = dt.date(year, 11, 1)
    return first + DAY * ((3 - first.weekday()) % 7 + 22)


def promotions(year: int) -> dict[dt.date, str]:
    """Days of the shopping festivals; Black Friday lasts until Cyber Monday."""
    spans = {name: (dt.date(year, *start), dt.date(year, *end)) for name, (start, end) in FESTIVALS.items()}
    friday = _black_friday(year)
    spans["Black Friday"] = (friday, friday + 3 * DAY)
    return {day: name for name, (start, end) in spans.items() for day in _days(start, end)}


def days_off(listed: set[dt.date], workdays: set[dt.date]) -> set[dt.date]:
    """The listed holidays and the free weekend days that touch them, which the published schedules count in."""
    off = set(listed)
    for step in (DAY, -DAY):
        for day in listed:
            near = day + step
            while near.weekday() >= 5 and near not in workdays:
                off.add(near)
                near += step
    return off


def rows() -> list[tuple[str, ...]]:
    """One row per day that is a holiday, a make-up working day or part of a festival, in order."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    english = holidays.country_holidays("CN", years=years, language="en_US")
    chinese = holidays.country_holidays("CN", years=years, language="zh_CN")
    workdays = set(english.weekend_workdays)
    off = days_off(set(english), workdays)
    festivals = {day: name for year in years for day, name in promotions(year).items()}
    found = sorted(day for day in off | workdays | set(festivals) if FIRST_YEAR <= day.year <= LAST_YEAR)
    return [
        (
            day.isoformat(),
            english.get(day, ""),
            chinese.get(day, ""),
            str(day in off).lower(),
            str(day in workdays).lower(),
            festivals.get(day, ""),
        )
        for day in found
    ]


def text() -> str:
    """The seed file's content."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("calendar_days.csv").write_text(text(), encoding="utf-8")
