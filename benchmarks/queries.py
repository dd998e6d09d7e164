"""What a page waits for: a metric's SQL compiled, and that SQL run over the published marts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
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
    """Every metric over 12 weeks: in all, by week, and by one dimension; milliseconds of the median and the 95th."""
    metrics = Metrics.open(Workspace.open(task.data))
    with task.measured():
        compiled = [_best(ask) for ask in _questions(metrics)]
        answered = [_best(lambda sql=sql: metrics.rows(sql))[0] for _, sql in compiled]
    metrics.close()
    times = [milliseconds for milliseconds, _ in compiled]
    return {"questions": len(compiled), "compile": _middle(times), "query": _middle(answered)}


def lines(found: dict[str, Any]) -> list[str]:
    """Both figures beside their goals."""
    goals = (("metric compile", "compile", 50), ("mart query", "query", 20))
    return [
        f"{name + ', p50 of ' + str(found['questions']):<55} {found[key][0]:8.1f} ms  goal {goal} ms"
        f" (p95 {found[key][1]:.1f} ms)"
        for name, key, goal in goals
    ]


def _questions(metrics: Metrics) -> Iterator[Callable[[], str]]:
    """Each question that can be asked of each metric, as what compiles it."""
    end = metrics.snapshot.as_of_date
    days: dict[str, Any] = {"start": end - dt.timedelta(weeks=WEEKS), "end": end}
    for name, definition in metrics.catalogue().items():
        split = next((each for each in BY if each in definition.dimensions), None)
        shapes: list[dict[str, Any]] = [{}, {"grain": "week"}, *([{"by": (split,)}] if split else [])]
        for shape in shapes:
            asked = {**days, **shape}
            try:
                metrics.sql([name], **asked)
            except UsageError:
                continue
            yield lambda name=name, asked=asked: metrics.sql([name], **asked)


def _best(what: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of the fastest of a few runs, and what it gave."""
    taken = []
    for _ in range(BEST_OF):
        started = time.perf_counter()
        given = what()
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken), given


def _middle(milliseconds: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return median(milliseconds), sorted(milliseconds)[int(0.95 * (len(milliseconds) - 1))]
