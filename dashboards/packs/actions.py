"""The section on actions: what those that were due did, which are carried over, what closed ones taught (W2, W4)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from dashboards.actions import records
from dashboards.actions.action import Action, known_to
from dashboards.actions.ledger import Ledger
from dashboards.actions.weekly import Measured, Weekly
from dashboards.actions.words import Words
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Section, Table

Write = Callable[[Measured], object]
# Columns whose texts are short and read badly when they are broken over lines.
_WHOLE = {"owner", "due_week", "expected_effect", "effect", "outcome"}
_LONGEST_WHOLE = 24


def known(desk: Desk) -> list[Action]:
    """The actions that the week's review knows, whenever its pack is made (W3)."""
    return known_to(desk.week, Ledger(desk.workspace).all(), desk.workspace, desk.as_of)


def fingerprint(actions: Sequence[Action]) -> dict[str, Any]:
    """How many actions a pack was made from, and a checksum of all that they say."""
    said = "\n".join(map(repr, actions))
    return {"known": len(actions), "sha256": hashlib.sha256(said.encode()).hexdigest()}


def section(desk: Desk, actions: Sequence[Action]) -> Section:
    """What became of the week's actions: those due, those still open, those closed."""
    weekly = Weekly(desk.workspace, desk.metrics, desk.facts)
    found = [weekly.measured(one, desk.week.end) for one in actions]
    due = [one for one in found if one.effect is not None and (one.status == "due" or _is_news(desk, one))]
    carried = [one for one in found if one.status == "open"]
    closed = [one for one in found if one.status == "closed" and _is_closed_since(desk, one)]
    title = desk.say("actions")
    if not (due or carried or closed):
        return Section("actions", title, "", (), desk.say("actions_none"))
    told = [one for one in found if one in due or one in carried or one in closed]
    tables = (_due(desk, due), _carried(desk, carried), _closed(desk, closed), _all(desk, told))
    return Section("actions", title, _answer(desk, due, carried, closed), tables)


def _is_news(desk: Desk, one: Measured) -> bool:
    """Whether an action was due this week or last week, or was closed since; older ones are in the playbook."""
    is_recent = one.action.due_week(desk.workspace).start >= desk.week.earlier(1, desk.workspace).start
    return is_recent or _is_closed_since(desk, one)


def _is_closed_since(desk: Desk, one: Measured) -> bool:
    """Whether an action was closed after the week began, which the pack before could not tell."""
    begins = dt.datetime.combine(desk.week.start, dt.time(), tzinfo=desk.workspace.zone)
    return one.action.closed_at is not None and one.action.closed_at > begins


def _answer(desk: Desk, due: list[Measured], carried: list[Measured], closed: list[Measured]) -> str:
    reached = [one.effect.is_reached for one in due if one.effect is not None]
    return desk.say(
        "actions_answer",
        due=len(due),
        reached=reached.count(True),
        missed=reached.count(False),
        unknown=reached.count(None),
        open=len(carried),
        closed=len(closed),
    )


def _due(desk: Desk, found: list[Measured]) -> Table:
    """What the due week says of each, beside its baseline."""
    words = _words(desk)
    written: dict[str, Write] = {
        "action": lambda one: words.name(one.action),
        "metric": lambda one: words.metric(one.action),
        "owner": lambda one: one.action.owner,
        "due_week": lambda one: one.action.due,
        "expected_effect": lambda one: words.expected(one.action),
        "effect": words.effect,
        "result": lambda one: words.result(one.effect),
        BY_ROW: lambda one: _unit(desk, one.action),
    }
    texts = _texts(found, written)
    columns = _columns(desk, texts)
    numbers = [Column("baseline", desk.say("baseline"), BY_ROW), Column("value", desk.say("value_due"), BY_ROW, "of")]
    frame = pl.concat([texts, records.frame(desk.workspace, found).select("baseline", "value", "of")], how="horizontal")
    order = (*columns[:4], *numbers, *columns[4:])
    return Table("actions_due", desk.say("actions_due"), order, frame, desk.say("actions_due_note"), show="read")


def _carried(desk: Desk, found: list[Measured]) -> Table:
    words = _words(desk)
    written: dict[str, Write] = {
        "action": lambda one: words.name(one.action),
        "metric": lambda one: words.metric(one.action),
        "owner": lambda one: one.action.owner,
        "due_week": lambda one: one.action.due,
        "expected_effect": lambda one: words.expected(one.action),
    }
    texts = _texts(found, written)
    return Table("actions_open", desk.say("actions_open"), _columns(desk, texts), texts, show="read")


def _closed(desk: Desk, found: list[Measured]) -> Table:
    words = _words(desk)
    written: dict[str, Write] = {
        "action": lambda one: words.name(one.action),
        "owner": lambda one: one.action.owner,
        "outcome": lambda one: words.outcome(one.action),
        "learning": lambda one: one.action.learning,
    }
    texts = _texts(found, written)
    return Table("actions_closed", desk.say("actions_closed"), _columns(desk, texts), texts, show="read")


_UNITS = {
    **dict.fromkeys(("baseline", "value", "effect", "effect_low", "effect_high", "effect_expected"), BY_ROW),
    **dict.fromkeys(("added_on", "baseline_from", "baseline_to", "closed_on"), "date"),
    "baseline_weeks": "count",
}
_EVERY = (
    "action", "status", "metric", "owner", "due_week", "expected_effect", "added_on", "baseline_from", "baseline_to",
    "baseline_weeks", "baseline", "value", "effect", "effect_low", "effect_high", "effect_expected", "result",
    "outcome", "learning", "closed_on",
)  # fmt: skip


def _all(desk: Desk, found: list[Measured]) -> Table:
    """Every field of each, for the files."""
    words = _words(desk)
    written: dict[str, Write] = {
        "action": lambda one: words.name(one.action),
        "status": lambda one: words.t(f"actions.statuses.{one.status}"),
        "metric": lambda one: words.metric(one.action),
        "due_week": lambda one: one.action.due,
        "expected_effect": lambda one: words.expected(one.action),
        "result": lambda one: words.result(one.effect),
        "outcome": lambda one: words.outcome(one.action) if one.action.outcome else None,
        BY_ROW: lambda one: _unit(desk, one.action),
    }
    plain = records.frame(desk.workspace, found).rename({"metric": "metric_name", "status": "status_name"})
    frame = pl.concat([plain.drop("outcome", "due", "expected"), _texts(found, written)], how="horizontal")
    columns = tuple(
        Column(key, desk.say("value_due" if key == "value" else key), _UNITS.get(key, "text")) for key in _EVERY
    )
    return Table("actions", desk.say("actions_all"), columns, frame, show="file")


def _columns(desk: Desk, texts: pl.DataFrame) -> tuple[Column, ...]:
    """A column for each text to read, short ones kept whole."""
    longest = {key: max((len(text or "") for text in texts[key]), default=0) for key in texts.columns}
    whole = {key for key in _WHOLE & set(longest) if longest[key] <= _LONGEST_WHOLE}
    return tuple(Column(key, desk.say(key), is_whole=key in whole) for key in texts.columns if key != BY_ROW)


def _texts(found: list[Measured], written: dict[str, Write]) -> pl.DataFrame:
    """One column per key, each cell written for its action."""
    columns = {key: [write(one) for one in found] for key, write in written.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(written, pl.String))


def _words(desk: Desk) -> Words:
    return Words(desk.workspace, desk.catalogue, desk.translator)


def _unit(desk: Desk, action: Action) -> str:
    metric = desk.catalogue.get(action.metric)
    return metric.unit if metric else "ratio"
