"""The actions that were written down: added once, closed once, never changed otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from dashboards.actions.action import OUTCOMES, Action, Expected
from dashboards.store import Store
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

_WRITTEN = ("finding", "metric", "condition", "expected", "owner", "due", "outcome", "learning")
_TABLE = sa.table(
    "actions",
    sa.column("id", sa.Integer),
    sa.column("added_at", sa.DateTime),
    sa.column("closed_at", sa.DateTime),
    *[sa.column(name, sa.Text) for name in _WRITTEN],
)


class Ledger:
    """The actions of one workspace; its time is the workspace's own (X10)."""

    def __init__(self, workspace: Workspace) -> None:
        self._now = workspace.now
        self._store = Store.open(workspace)

    def add(self, finding: str, metric: str, condition: str | None, expected: Expected, owner: str, due: str) -> Action:
        """Write an action down as of now and return it with its number."""
        values = {"finding": finding, "metric": metric, "condition": condition, "owner": owner, "due": due}
        row = {**values, "expected": expected.text, "added_at": _plain(self._now())}
        with self._store.begin() as connection:
            added = int(connection.execute(sa.insert(_TABLE).values(**row).returning(_TABLE.c.id)).scalar_one())
        return self.get(added)

    def close(self, number: int, learning: str, outcome: str = "unclear") -> Action:
        """Close an open action with what was learnt; a `UsageError` for one that is not there, or closed already."""
        if not learning.strip():
            raise UsageError("--learning is empty: say in a sentence what was learnt")
        if outcome not in OUTCOMES:
            raise UsageError(f"--outcome {outcome!r}: use one of {', '.join(OUTCOMES)}")
        closing = (
            sa.update(_TABLE)
            .where(_TABLE.c.id == number, _TABLE.c.closed_at.is_(None))
            .values(closed_at=_plain(self._now()), outcome=outcome, learning=learning.strip())
        )
        with self._store.begin() as connection:
            is_closed = connection.execute(closing).rowcount == 1
        action = self.get(number)
        if not is_closed:
            raise UsageError(f"action {number} is closed already: see `opsloop actions list --status closed`")
        return action

    def get(self, number: int) -> Action:
        """The action of a number; a `UsageError` where there is none."""
        found = self._read(sa.select(_TABLE).where(_TABLE.c.id == number))
        if not found:
            raise UsageError(f"there is no action {number}: see `opsloop actions list`")
        return found[0]

    def all(self) -> list[Action]:
        """Every action, in the order in which they were added."""
        return self._read(sa.select(_TABLE).order_by(_TABLE.c.id))

    def _read(self, statement: sa.Select[Any]) -> list[Action]:
        with self._store.begin() as connection:
            return [_action(row) for row in connection.execute(statement).mappings()]


def _action(row: sa.RowMapping) -> Action:
    texts = {name: row[name] for name in _WRITTEN if name != "expected"}
    closed = _aware(row["closed_at"]) if row["closed_at"] else None
    expected = Expected.read(row["expected"])
    return Action(id=row["id"], added_at=_aware(row["added_at"]), closed_at=closed, expected=expected, **texts)


def _plain(moment: dt.datetime) -> dt.datetime:
    """An instant as every database keeps it: in UTC, without a zone."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC)
