"""The marts' named funnels and an analyst's questions are one number (X1, S5, S6)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from dashboards.metrics import Metrics
from dashboards.questions.funnel import FunnelQuestion, Funnels
from opsloop.workspace import Workspace

_MART = """
    select entry_date as period,
        max(persons) filter (where step_index = 1) as entered,
        arg_max(persons, step_index) as finished
    from marts.fct_funnel_daily
    where funnel_name = ? and maturity = 'mature' and entry_date between ? and ?
    group by entry_date order by entry_date
"""


def compared(workspace: Workspace, start: dt.date, end: dt.date) -> dict[str, tuple[pl.DataFrame, pl.DataFrame]]:
    """Return, for each named funnel, the mart's settled days and what the same question gives for them."""
    metrics, settings = Metrics.open(workspace), workspace.settings
    funnels = Funnels(metrics, settings.time_zone, settings.week_start, settings.session.max_hours)
    both = {}
    for named in settings.funnels:
        mart = metrics.rows(_MART, [named.name, start, end])
        trend = funnels.trend(FunnelQuestion(named.definition, start, end), "day")
        both[named.name] = mart, trend.join(mart.select("period"), on="period", how="semi").select(mart.columns)
    metrics.close()
    return both


@pytest.mark.timeout(900)
def test_a_named_funnel_by_day_is_the_same_question_asked_by_day(demo: Workspace) -> None:
    """X1, S6: entered and finished of every settled day of a quarter."""
    found = compared(demo, dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert len(found) == 2
    for mart, trend in found.values():
        assert mart.height > 50
        assert mart["finished"].sum() > 0
        assert trend.rows() == mart.rows()
