"""A cell as a person reads it, the same in the PDF and on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_CHANGE, BY_MOVE, BY_ROW, Column, Table

# What makes a change good, in a hidden column beside a row's unit.
GOOD = "_good"
TONES = {("up", True): "good", ("up", False): "bad", ("down", True): "bad", ("down", False): "good"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, a small remark behind it, and how it is set off."""

    text: str
    note: str = ""
    is_faint: bool = False
    tone: str = ""
    shade: float = 0.0


def unit_of(column: Column, row: dict[str, Any]) -> str:
    """The unit of one cell."""
    own = str(row.get(BY_ROW, "count"))
    if column.unit == BY_CHANGE:
        return change_unit(own)
    if column.unit == BY_MOVE:
        return {"change": own}.get(change_unit(own), change_unit(own))
    return own if column.unit == BY_ROW else column.unit


def change_unit(unit: str) -> str:
    """How a change of a metric is told: in points for a rate, as a difference on a scale, else relative."""
    return {"rate": "points", "score": "difference", "position": "difference"}.get(unit, "change")


def change_between(unit: str, now: float | None, before: float | None) -> float | None:
    """The change: a difference for rates and scores, else in shares of the earlier value; nothing without one."""
    if now is None or before is None:
        return None
    if change_unit(unit) != "change":
        return now - before
    return (now - before) / abs(before) if before else None


def is_few(desk: Desk, column: Column, row: dict[str, Any]) -> bool:
    """Whether too few cases stand behind a rate to lean on it (X9)."""
    base = row.get(column.base) if column.base else None
    return base is not None and row.get(column.key) is not None and float(base) < desk.minimum


def cells(desk: Desk, table: Table, limit: int | None = None) -> list[list[Cell]]:
    """The table's cells row by row, so many rows at most."""
    tops = {column.key: _top(table, column) for column in table.columns if column.is_shaded}
    return [[_cell(desk, column, row, tops) for column in table.columns] for row in table.rows[:limit]]


def tone(good: str, change: float | None) -> str:
    """Whether a change is good or bad; neither where the metric has no good direction or nothing changed."""
    return TONES.get((good, change > 0), "") if change else ""


def _cell(desk: Desk, column: Column, row: dict[str, Any], tops: dict[str, float]) -> Cell:
    value, few = row.get(column.key), is_few(desk, column, row)
    note = mark = ""
    if column.key == "label" and row.get("maturity") in {"maturing", "partial", "late"}:
        mark = desk.say("unsettled_mark")
    elif column.is_base_shown and value is not None and row.get(column.base) is not None:
        note = desk.say("of_n", n=desk.show(row[column.base], "count"))
    marked = tone(str(row.get(GOOD)), value) if column.unit == BY_CHANGE and not few else ""
    top = tops.get(column.key, 0.0)
    shade = float(value) / top if top and value is not None and not few else 0.0
    return Cell(f"{desk.show(value, unit_of(column, row))} {mark}".strip(), note, few, marked, round(shade, 3))


def _top(table: Table, column: Column) -> float:
    """The largest value over all shaded columns, so that one shade means one number."""
    keys = [other.key for other in table.columns if other.is_shaded]
    values = [row[key] for row in table.rows for key in keys if row[key] is not None]
    return max((float(value) for value in values), default=0.0)
