"""A metrics layer whose weeks are written down in the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import polars as pl

from dashboards.actions.weekly import Weekly
from opsloop.workspace import Workspace

MONDAY = dt.date(2026, 6, 22)
Row = Mapping[str, float | None]


def weeks_before(count: int, last: dt.date = MONDAY) -> list[dt.date]:
    """So many Mondays before a week, the earliest first."""
    return [last - dt.timedelta(weeks=number) for number in range(count, 0, -1)]


@dataclass
class Definition:
    """What the catalogue says of a metric."""

    name: str
    unit: str = "count"
    kind: str = "simple"
    formula: str = ""
    tables: tuple[str, ...] = ("fct_orders",)
    dimensions: tuple[str, ...] = ("channel",)

    def label(self, lang: str) -> str:
        """The metric's label."""
        return {"orders": {"en": "Orders", "zh": "订单数"}}.get(self.name, {}).get(lang, self.name)


class Series:
    """Answers from rows by week; a week without one is `nothing` when it is asked for by itself."""

    def __init__(self, rows: Mapping[dt.date, Row], nothing: float | None = None) -> None:
        self.given = rows
        self.nothing = nothing
        self.asked: list[dict[str, Any]] = []
        self.snapshot = SimpleNamespace(as_of_date=dt.date(2026, 6, 28))

    def catalogue(self) -> dict[str, Definition]:
        """A count and a rate of it."""
        return {
            "orders": Definition("orders"),
            "sessions": Definition("sessions"),
            "conversion_rate": Definition("conversion_rate", "rate", "ratio", "converted / sessions"),
        }

    def query(self, metrics: Sequence[str], **asked: Any) -> pl.DataFrame:
        """The rows of the weeks asked for."""
        self.asked.append({"metrics": list(metrics), **asked})
        schema = dict.fromkeys(metrics, pl.Float64)
        if "grain" not in asked:
            found = self.given.get(asked["start"], {})
            return pl.DataFrame([{name: found.get(name, self.nothing) for name in metrics}], schema=schema)
        rows = [
            {"period": start, **{name: row.get(name) for name in metrics}}
            for start, row in sorted(self.given.items())
            if asked["start"] <= start <= asked["end"]
        ]
        return pl.DataFrame(rows, schema={"period": pl.Date, **schema})


def weekly(
    workspace: Workspace,
    rows: Mapping[dt.date, Row],
    *,
    nothing: float | None = None,
    begins: dt.date = dt.date(2020, 1, 1),
    settled: dt.date = dt.date.max,
) -> Weekly:
    """What measures actions against the rows, whose data begins on a day and is settled up to another."""
    facts = SimpleNamespace(
        extent={"orders": (1, begins, MONDAY)}, settled=lambda tables: settled, arrived=lambda tables: dt.date.max
    )
    return Weekly(workspace, Series(rows, nothing), facts)  # type: ignore[arg-type]
