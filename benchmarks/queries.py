"""What a page waits for: a metric's SQL compiled, and that SQL run over the published marts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from benchmarks.fresh import Task
from dashboards.metrics import Metrics
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

BEST_OF = 3
WEEKS = 12
BY = ("channel", "country", "campaign")


def pages(task: Task) -> dict[str, Any]:
    """Every metric over 12 weeks: in all, by week, and by one dimension; milliseconds of the median and the 95th.

    Compiled: the first time, and again for the week before, which is what another filter of a page costs.
    """
    metrics = Metrics.open(Workspace.open(task.data))
    first, again, answered = [], [], []
    with task.measured():
        for name, asked in _questions(metrics):
            try:
                taken, sql = _timed(partial(metrics.sql, [name], **asked))
            except UsageError:
                continue
            first.append(taken)
            earlier = asked | {day: asked[day] - dt.timedelta(weeks=1) for day in ("start", "end")}
            again.append(_timed(partial(metrics.sql, [name], **earlier))[0])
            answered.append(min(_timed(partial(metrics.rows, sql))[0] for _ in range(BEST_OF)))
    metrics.close()
    kinds = {"compile": first, "again": again, "query": answered}
    return {"questions": len(first)} | {kind: _middle(times) for kind, times in kinds.items()}


def lines(found: dict[str, Any]) -> list[str]:
    """The figures beside their goals."""
    goals = (
        ("metric compile", "compile", 50),
        ("metric compile, other days", "again", 50),
        ("mart query", "query", 20),
    )
    return [
        f"{name + ', p50 of ' + str(found['questions']):<55} {found[key][0]:8.1f} ms  goal {goal} ms"
        f" (p95 {found[key][1]:.1f} ms)"
        for name, key, goal in goals
    ]


def _questions(metrics: Metrics) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each metric, and what is asked of it; not all of it can be asked of all."""
    end = metrics.snapshot.as_of_date
    days: dict[str, Any] = {"start": end - dt.timedelta(weeks=WEEKS), "end": end}
    for name, definition in metrics.catalogue().items():
        split = next((each for each in BY if each in definition.dimensions), None)
        shapes: list[dict[str, Any]] = [{}, {"grain": "week"}, *([{"by": (split,)}] if split else [])]
        yield from ((name, {**days, **shape}) for shape in shapes)


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """The milliseconds of a call, and what it gave."""
    started = time.perf_counter()
    given = what()
    return (time.perf_counter() - started) * 1000, given


def _middle(milliseconds: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return median(milliseconds), sorted(milliseconds)[int(0.95 * (len(milliseconds) - 1))]
