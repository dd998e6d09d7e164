"""What users write: a database apart from the warehouse, brought up to date when it is opened.

A migration is a function that takes the database one version further; it is never changed once released. Numbers of
versions are rows of a table whose key lets one process alone make a step, so two that open a new store at once both
find it whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

WAIT_SECONDS = 30
VERSIONS = sa.Table(
    "store_versions", sa.MetaData(), sa.Column("version", sa.Integer, primary_key=True, autoincrement=False)
)


def _actions(connection: sa.Connection) -> None:
    """Version 1: what was agreed in weekly reviews; instants in UTC."""
    columns = (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("metric", sa.String(200), nullable=False),
        sa.Column("condition", sa.Text),
        sa.Column("expected", sa.String(100), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.String(8), nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("outcome", sa.String(20)),
        sa.Column("learning", sa.Text),
    )
    sa.Table("actions", sa.MetaData(), *columns, sqlite_autoincrement=True).create(connection)


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_actions,)


class Store:
    """The database of one workspace."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, workspace: Workspace) -> Store:
        """Open the workspace's store, new or old, at today's version; an `OpsloopError` says why it cannot be."""
        with _told(workspace.store_url()):
            url = sa.make_url(workspace.store_url())
            wait = {}
            if url.get_backend_name() == "sqlite":
                url = url.set(database=str(workspace.root / (url.database or "")))
                wait = {"timeout": WAIT_SECONDS}
            store = cls(sa.create_engine(url, poolclass=sa.NullPool, connect_args=wait))
            store._migrate()
        return store

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction: all that was written in it is kept when it ends, or nothing where it fails."""
        with _told(str(self._engine.url)), self._engine.begin() as connection:
            yield connection

    def _migrate(self) -> None:
        """Take each step that nobody took yet; a store of a newer release is refused."""
        while (done := self._version()) != len(MIGRATIONS):
            if done > len(MIGRATIONS):
                raise OpsloopError(f"{self._engine.url!r} was written by a newer version of Opsloop: update this one")
            if done:
                self._keep_a_copy(done)
            try:
                with self._engine.begin() as connection:
                    connection.execute(VERSIONS.insert().values(version=done + 1))
                    MIGRATIONS[done](connection)
            except IntegrityError:
                continue

    def _keep_a_copy(self, version: int) -> None:
        """Leave a file of this version beside the newer one; a database server has backups of its own (O6)."""
        if self._engine.url.get_backend_name() != "sqlite":
            return
        file = Path(str(self._engine.url.database))
        copying = file.with_name(f"{file.name}.{os.getpid()}")
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("vacuum into :copying"), {"copying": str(copying)})
        copying.replace(file.with_name(f"{file.stem}.version{version}{file.suffix}"))

    def _version(self) -> int:
        with self._engine.begin() as connection:
            if not sa.inspect(connection).has_table(VERSIONS.name):
                connection.execute(sa.schema.CreateTable(VERSIONS, if_not_exists=True))
            return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(VERSIONS.c.version), 0))) or 0)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what a database says into one line, without a password."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:200]
        raise OpsloopError(
            f"{_shown(url)}: cannot be used as the store: {reason}: check `store` in the settings"
        ) from None


def _shown(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "the URL of the store"
