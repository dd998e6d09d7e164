"""Who moved between two stages within a week, or stayed (R6, S10): the persons behind a cell of the matrix."""

from __future__ import annotations

import datetime as dt

UNSEEN = "unseen"
_SPANS = "select person_id, stage, valid_from, valid_to from marts.fct_person_stages"


def persons_sql(week_start: dt.date, stage_before: str, stage: str, last_known: dt.date) -> str:
    """Return the statement of person_id of who stood at `stage_before` before the week and at `stage` at its end.

    As in `fct_stage_moves_weekly`: in the running week its end is the last day known, and unseen is who came within it.
    """
    end = min(week_start + dt.timedelta(days=6), last_known)
    here = f"select person_id from ({_standing(end)}) as here where stage = {_text(stage)}"
    before = _standing(week_start - dt.timedelta(days=1))
    if stage_before == UNSEEN:
        return f"{here} and person_id not in (select person_id from ({before}))"
    return f"{here} and person_id in (select person_id from ({before}) where stage = {_text(stage_before)})"


def _standing(day: dt.date) -> str:
    return f"{_SPANS} where valid_from <= date '{day}' and (valid_to is null or valid_to > date '{day}')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
