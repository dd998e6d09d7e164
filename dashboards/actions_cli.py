"""What `opsloop actions add`, `list` and `close` print (W4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from dashboards.actions import records
from dashboards.actions.action import found
from dashboards.actions.ledger import Ledger
from dashboards.actions.weekly import Measured, Weekly, add
from dashboards.actions.words import Words
from dashboards.components.facts import Facts
from dashboards.components.i18n import Translator
from dashboards.metrics import Metrics, render
from opsloop.workspace import Workspace


def add_action(workspace: Workspace, lang: str, tell: Callable[[str], None], **written: Any) -> str:
    """Write an action down; what it says, with a remark where its due week is over."""
    t = Translator(lang)
    action = add(Ledger(workspace), _weekly(workspace), **written)
    if action.due_week(workspace).end <= workspace.as_of_date:
        tell(t("actions.due_over"))
    return t("actions.added", id=action.id, due=action.due) + "\n"


def close_action(workspace: Workspace, lang: str, number: int, learning: str, outcome: str) -> str:
    """Close an action with what was learnt."""
    Ledger(workspace).close(number, learning, outcome)
    return Translator(lang)("actions.closed", id=number) + "\n"


def list_actions(workspace: Workspace, lang: str, status: str | None, search: str, format: str) -> str:
    """The actions of a status that hold all words of a text: a table to read, or every field as CSV or JSON."""
    weekly = _weekly(workspace)
    today = workspace.as_of_date
    kept = [
        one
        for one in found(Ledger(workspace).all(), search, weekly.catalogue)
        if status in (None, one.status(workspace, today)) or (status == "open" and one.closed_at is None)
    ]
    shown = [weekly.measured(one, today) for one in kept]
    if format == "table":
        return str(render(_table(Words(workspace, weekly.catalogue, Translator(lang)), shown), "table"))
    return str(render(records.frame(workspace, shown), format))


def _weekly(workspace: Workspace) -> Weekly:
    metrics = Metrics.open(workspace)
    return Weekly(workspace, metrics, Facts(metrics))


def _table(words: Words, shown: list[Measured]) -> pl.DataFrame:
    """The actions in the reader's words."""
    columns: dict[str, Callable[[Measured], str]] = {
        "action": lambda one: words.name(one.action),
        "status": lambda one: words.t(f"actions.statuses.{one.status}"),
        "owner": lambda one: one.action.owner,
        "due_week": lambda one: one.action.due,
        "narrowed_metric": lambda one: words.metric(one.action),
        "expected_effect": lambda one: words.expected(one.action),
        "effect_shown": words.effect,
        "result": lambda one: words.result(one.effect),
        "outcome_shown": lambda one: words.outcome(one.action),
        "learning": lambda one: one.action.learning or "–",
    }
    headings = {key: words.t(f"columns.{key}") for key in columns}
    return pl.DataFrame(
        {headings[key]: [" ".join(write(one).split()) for one in shown] for key, write in columns.items()},
        schema=dict.fromkeys(headings.values(), pl.String),
    )
