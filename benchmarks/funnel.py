"""A funnel by person with a window of seven days, by the product's question."""

from __future__ import annotations

from typing import Any

from benchmarks.events import FUNNEL, NAMES
from benchmarks.fresh import Task


def product(task: Task) -> dict[str, Any]:
    """How many persons reached each of the first `steps` steps (5) in an `order` ("ordered")."""
    from dashboards.questions.rendering import render
    from opsloop.funnels import Funnel, Step

    names = [*FUNNEL, *NAMES[5:]][: task.options.get("steps", 5)]
    steps = tuple(Step(event=name) for name in names)
    asked = {
        **Funnel(steps=steps, order=task.options.get("order", "ordered")).asked(),
        **{"events": "events", "unit": "person_id", "key": "hash(person_id)", "starts": "any"},
        **dict.fromkeys(("entry", "from", "until", "known_until")),
    }
    connection = task.connect()
    with task.measured():
        rows = connection.execute(render("{{ funnel_counts(q) }}", q=asked)).fetchall()
    return {f"step {step}": int(persons) for step, persons in rows}
