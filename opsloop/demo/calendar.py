"""When people buy and look: growth, weekdays, months, Chinese new year, 618, 双11, Black Friday and the two shocks."""

from __future__ import annotations

import datetime as dt

import numpy as np

from opsloop.demo.plan import Floats, Plan

NEW_YEAR = (
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
    "2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"
).split()
MONTHS = (0.95, 0.85, 1.0, 1.12, 1.05, 1.1, 0.88, 0.9, 1.08, 1.0, 1.2, 1.1)
WEEKDAYS = (0.96, 0.94, 0.95, 0.97, 1.02, 1.1, 1.06)
# Shopping around the clock, by hour in the company's zone.
HOURS = (2, 1, 0.6, 0.4, 0.4, 0.6, 1.3, 2.4, 3.6, 4.6, 5.2, 5, 5.4, 5, 4.4, 4.4, 4.4, 4.2, 4.6, 5.8, 7.2, 7.8, 6.4, 4)
# Days before the last day on which the shocks begin; all within the default range but the outage.
ALGORITHM_DAYS_BACK = 66
VIRAL_DAYS_BACK = 38
OUTAGE_DAYS_BACK = 96


def black_friday(year: int) -> dt.date:
    """The Friday after the fourth Thursday of November."""
    first = dt.date(year, 11, 1)
    return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 22)


def _promotion(day: dt.date) -> float:
    peaks = (
        (dt.date(day.year, 6, 18), 6, 1.9),
        (dt.date(day.year, 11, 11), 5, 2.3),
        (dt.date(day.year, 12, 12), 2, 1.4),
    )
    factor = 1.0
    for peak, lead, height in peaks:
        before = (peak - day).days
        if 0 <= before <= lead:
            factor = max(factor, 1 + (height - 1) * (1 - before / (lead + 1)) ** 1.5)
        elif -3 <= before < 0:
            factor = min(factor, 0.85)
    if 0 <= (day - black_friday(day.year)).days <= 3:
        factor = max(factor, 1.6)
    return factor


def _new_year(day: dt.date) -> float:
    for text in NEW_YEAR:
        away = (day - dt.date.fromisoformat(text)).days
        if -28 <= away < -8:
            return 1.3
        if -4 <= away <= 8:
            return 0.4
    return 1.0


def season(plan: Plan, extra: int = 0) -> Floats:
    """Demand of each day against an average one, with `extra` days beyond the last."""
    days = [plan.date(index) for index in range(plan.days + extra)]
    return np.array([MONTHS[d.month - 1] * WEEKDAYS[d.weekday()] * _promotion(d) * _new_year(d) for d in days])


def growth(plan: Plan) -> Floats:
    """How the company's reach grows from its first day to its last."""
    return 0.55 + 0.75 * np.linspace(0, 1, plan.days) ** 0.9


def search_visibility(plan: Plan) -> Floats:
    """Share of organic search visits that the algorithm change leaves: a drop, then a slow recovery."""
    away = np.arange(plan.days) - plan.back(ALGORITHM_DAYS_BACK)
    return np.where(away < 0, 1.0, 0.5 + 0.25 * np.clip(away / 120, 0, 1))


def outage(plan: Plan) -> tuple[int, int]:
    """First and last second (from the first midnight) without any web event: 31 hours of broken tracking."""
    first = plan.back(OUTAGE_DAYS_BACK) * 86_400 + 9 * 3600
    return first, first + 31 * 3600


def viral(plan: Plan) -> tuple[int, int]:
    """First and last day of the viral complaint."""
    first = plan.back(VIRAL_DAYS_BACK)
    return first, first + 5


def times_of_day(rng: np.random.Generator, size: int) -> Floats:
    """Seconds after midnight at which people act."""
    cumulative = np.concatenate([[0.0], np.cumsum(HOURS)])
    found: Floats = np.interp(rng.random(size) * cumulative[-1], cumulative, np.arange(25) * 3600.0)
    return found
