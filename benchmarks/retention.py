"""Weekly retention from a person's first event over twelve weeks, by the product's question."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task

WEEKS = 12
ASKED = {
    **{"start": "first", "same": True, "grain": "week", "clock": "calendar", "kind": "on", "denominator": "cohort"},
    **{"week_offset": 0, "brackets": (), "horizon": WEEKS, "cohorts_from": None, "cohorts_until": None},
    **{"as_of": "timestamp '2026-12-31'", "as_of_date": "date '2026-12-31'", "arrived_until": "date '2026-12-31'"},
    "settle_days": 3,
}


def product(task: Task) -> dict[str, Any]:
    """How many persons of all cohorts were back in each week."""
    from dashboards.questions.rendering import render

    relation = "(select person_id, event_at as active_at, event_date as active_date from events)"
    cells = render("{{ retention_cells(r, r, q) }}", r=relation, q=ASKED)
    connection = task.connect()
    with task.measured():
        rows = connection.execute(
            f"select period_index, sum(retained_persons) from ({cells}) group by 1 order by 1"
        ).fetchall()
    return {f"week {week}": int(persons) for week, persons in rows}
