"""The holiday and promotion calendar: the seed is what its maker makes, and what was officially published (X3)."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that makes the seed."""
    spec = importlib.util.spec_from_file_location("make_calendar_days", SEEDS / "make_calendar_days.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def days() -> dict[str, dict[str, str]]:
    """The seed's rows by day."""
    with (SEEDS / "calendar_days.csv").open(encoding="utf-8", newline="") as file:
        return {row["date_day"]: row for row in csv.DictReader(file)}


def test_the_seed_is_what_its_maker_makes(maker: ModuleType) -> None:
    """X3: the file in the repository is not edited by hand."""
    assert (SEEDS / "calendar_days.csv").read_text(encoding="utf-8") == maker.text()


@pytest.mark.parametrize(
    ("first", "last", "workdays"),
    [
        ("2024-02-10", "2024-02-17", ["2024-02-04", "2024-02-18"]),
        ("2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
        ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    ],
)
def test_published_holidays_are_days_off_and_their_make_up_days_are_worked(
    days: dict[str, dict[str, str]], first: str, last: str, workdays: list[str]
) -> None:
    """X3: spans as the State Council published them, not a day more."""
    off = {day for day, row in days.items() if row["is_holiday_cn"] == "true"}
    month = {day for day in off if first[:7] == day[:7]}
    assert min(month) == first
    assert max(month) == last
    assert len(month) == int(last[-2:]) - int(first[-2:]) + 1
    for day in workdays:
        assert days[day]["is_makeup_workday"] == "true"
        assert days[day]["is_holiday_cn"] == "false"


@pytest.mark.parametrize(
    ("day", "promotion"),
    [
        ("2026-06-01", "618"),
        ("2026-06-18", "618"),
        ("2026-11-11", "双11"),
        ("2026-12-12", "双12"),
        ("2026-11-27", "Black Friday"),
        ("2024-12-02", "Black Friday"),
    ],
)
def test_festivals_lie_on_their_days(days: dict[str, dict[str, str]], day: str, promotion: str) -> None:
    """X3: Black Friday follows the fourth Thursday, also into December."""
    assert days[day]["promotion"] == promotion


def test_no_festival_lies_a_day_later(days: dict[str, dict[str, str]]) -> None:
    """X3: spans end when they end."""
    for day in ("2026-06-19", "2026-11-12", "2026-12-13", "2026-12-01", "2024-12-03"):
        assert days.get(day, {"promotion": ""})["promotion"] == ""
