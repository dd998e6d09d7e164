"""What changed and why (N3): the headline numbers that moved most for what they usually do, and what moved them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_CHANGE, BY_MOVE, BY_ROW, Column, Section, Table
from dashboards.why import Change, Comparison, Part, explain
from dashboards.why.explain import whole_weeks
from dashboards.why.usual import history, signal
from dashboards.why.words import sentence

# So many numbers are told, each by so many segments.
TOLD, SEGMENTS = 5, 3
# A week that is not over, or lacks days to come, says nothing yet (X5).
KNOWN = ("mature", "maturing")


def changes(desk: Desk, frame: pl.DataFrame) -> Section:
    """The headline numbers that moved most since last week, in a sentence each, and the segments that moved them."""
    title = desk.say("changes")
    moved = _moved(desk, frame)
    found = [(name, explain(desk.metrics, name, _compared(desk), rows=SEGMENTS)) for name in list(moved)[:TOLD]]
    told = [change for _, change in found if change is not None]
    if not told:
        return Section("changes", title, desk.say("changes_none"))
    beyond = [desk.label(name) for name, strength in moved.items() if strength is not None and strength > 1]
    names = desk.translator.listing(beyond)
    answer = desk.say("changes_answer", count=len(beyond), names=names) if beyond else desk.say("changes_usual")
    signals = [change for change in told if not change.is_noise]
    read = replace(_parts(desk, signals), name="changes_parts_read", show="read")
    return Section("changes", title, answer, (_sentences(desk, told, frame), read, _parts(desk, told)))


def _compared(desk: Desk) -> Comparison:
    before = desk.week.earlier(1, desk.workspace)
    return Comparison((before.start, before.end), (desk.week.start, desk.week.end), None, desk.minimum)


def _moved(desk: Desk, frame: pl.DataFrame) -> dict[str, float | None]:
    """Metrics that changed and can be split, with how far beyond their usual change, the furthest first."""
    rows = [
        row
        for row in frame.to_dicts()
        if row["change"] and row["maturity"] in KNOWN and desk.catalogue[row["metric"]].splits
    ]
    if not rows:
        return {}
    compared = _compared(desk)
    first, last = history(compared.before, compared.after)
    weeks = desk.metrics.query([row["metric"] for row in rows], grain="week", start=first, end=last)
    found = {
        row["metric"]: signal(
            whole_weeks(weeks, row["metric"], first, last), (row["last_week"], 7), (row["this_week"], 7)
        )
        for row in rows
    }
    return dict(sorted(found.items(), key=lambda item: -(item[1] or 0.0)))


def _sentences(desk: Desk, told: list[Change], frame: pl.DataFrame) -> Table:
    """One row per number: how it changed and why."""
    headlines = {row["metric"]: row for row in frame.to_dicts()}
    rows = [
        {
            "label": desk.label(change.metric),
            "change": headlines[change.metric]["change"],
            "said": _said(desk, change, headlines[change.metric]["maturity"]),
            "maturity": headlines[change.metric]["maturity"],
            "_of_change": headlines[change.metric]["_of_change"],
            BY_ROW: desk.catalogue[change.metric].unit,
        }
        for change in told
    ]
    columns = (
        Column("label", desk.say("metric")),
        Column("change", desk.say("change"), BY_CHANGE, "_of_change"),
        Column("said", desk.say("changes_said")),
    )
    kinds = {"change": pl.Float64, "_of_change": pl.Float64}
    made = pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in rows[0]})
    return Table("changes", desk.say("changes_table"), columns, made, desk.say("changes_note"))


def _said(desk: Desk, change: Change, maturity: str) -> str:
    definition = desk.catalogue[change.metric]
    said = sentence(desk.translator, definition, desk.currency, change, lambda part: _name(desk, change, part))
    return said + (desk.translator("why.preliminary") if maturity != "mature" and not change.is_noise else "")


def _name(desk: Desk, change: Change, part: Part) -> str:
    return desk.value(change.dimension, part.name) if part.kind == "segment" else desk.translator(f"why.{part.kind}")


def _parts(desk: Desk, told: list[Change]) -> Table:
    """One row per number and part, which add up to the number's change exactly."""
    rows = [
        {
            "label": desk.label(change.metric),
            "dimension": desk.translator(f"columns.{change.dimension}"),
            "part": _name(desk, change, part),
            "before": _number(part.before),
            "after": _number(part.after),
            "contribution": _number(part.contribution),
            "rate": _number(part.rate),
            "mix": _number(part.mix),
            "metric": change.metric,
            BY_ROW: desk.catalogue[change.metric].unit,
        }
        for change in told
        if any(part.kind == "segment" for part in change.split.parts)
        for part in change.split.parts
    ]
    numbers = dict.fromkeys(("before", "after", "contribution", "rate", "mix"), pl.Float64)
    columns = (
        Column("label", desk.say("metric")),
        Column("dimension", desk.say("changes_dimension")),
        Column("part", desk.say("changes_part")),
        Column("before", desk.say("last_week"), BY_ROW),
        Column("after", desk.say("this_week"), BY_ROW),
        Column("contribution", desk.say("changes_contribution"), BY_MOVE),
        Column("rate", desk.say("changes_rate"), BY_MOVE),
        Column("mix", desk.say("changes_mix"), BY_MOVE),
    )
    made = pl.DataFrame(rows, schema={name: numbers.get(name, pl.String) for name in (rows or [{}])[0]})
    return Table("changes_parts", desk.say("changes_parts"), columns, made, desk.say("changes_parts_note"), show="file")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
