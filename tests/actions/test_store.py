"""What users write outlives releases and loses nothing to two who write at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from dashboards import store
from dashboards.actions.action import Expected
from dashboards.actions.ledger import Ledger
from dashboards.store import Store
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
EACH = 40
WRITER = """
import sys
from dashboards.actions.action import Expected
from dashboards.actions.ledger import Ledger
from opsloop.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    Ledger(workspace).add(f"{sys.argv[2]} {number}", "orders", None, Expected.read("+5%"), sys.argv[2], "2026-W30")
"""
CLOSER = WRITER.split("for number", maxsplit=1)[0] + 'Ledger(workspace).close(1, sys.argv[2], "worked")'


def together(workspace: Workspace, script: str, names: tuple[str, ...]) -> list[int]:
    """The statuses of processes of those names that ran a script at the same time."""
    command = [sys.executable, "-c", script, str(workspace.root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    running = [subprocess.Popen([*command, name, str(EACH)], env=environment, **pipes) for name in names]  # type: ignore[call-overload]
    for one in running:
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        one.communicate(timeout=120)
    return [one.returncode for one in running]


def test_two_who_write_at_once_lose_nothing(company: Workspace) -> None:
    """W4: also where both find no store yet and make it; each action has a number of its own."""
    assert not (company.state / "store.sqlite").exists()
    assert together(company, WRITER, ("Mei", "Ann")) == [0, 0]
    written = Ledger(company).all()
    assert [one.id for one in written] == list(range(1, 2 * EACH + 1))
    assert {one.finding for one in written} == {f"{name} {n}" for name in ("Mei", "Ann") for n in range(EACH)}


def test_a_step_that_another_took_in_between_is_not_taken_twice(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W4: who finds no store while another makes it goes on with the other's."""
    Ledger(company).add("Late", "orders", None, Expected.read("+5%"), "Mei", "2026-W30")
    read, stale = Store._version, [0]
    monkeypatch.setattr(Store, "_version", lambda self: stale.pop() if stale else read(self))
    assert [one.finding for one in Ledger(company).all()] == ["Late"]


def test_of_two_who_close_an_action_at_once_one_is_told_that_it_is_closed(company: Workspace) -> None:
    """W4: the learning of the first is kept, the second is not written over it."""
    Ledger(company).add("Late", "orders", None, Expected.read("+5%"), "Mei", "2026-W30")
    statuses = together(company, CLOSER, ("Mei", "Ann"))
    assert sorted(statuses) == [0, 1]
    assert Ledger(company).get(1).learning == ("Mei", "Ann")[statuses.index(0)]


def test_an_action_is_closed_once_with_a_learning(company: Workspace) -> None:
    """W4."""
    ledger = Ledger(company)
    ledger.add("Late", "orders", "channel = 'email'", Expected.read("-5%"), "李雷", "2026-W30")
    for learning, outcome, why in ((" ", "worked", "--learning is empty"), ("So", "great", "--outcome 'great'")):
        with pytest.raises(UsageError, match=why):
            ledger.close(1, learning, outcome)
    closed = ledger.close(1, " 早一小时就够了 ", "worked")
    assert (closed.learning, closed.outcome, closed.closed_at) == ("早一小时就够了", "worked", company.as_of)
    assert ledger.all() == [closed]
    with pytest.raises(UsageError, match="closed already"):
        ledger.close(1, "Again", "failed")
    with pytest.raises(UsageError, match="there is no action 2"):
        ledger.close(2, "Nothing")


def test_an_older_store_is_brought_up_to_date_and_keeps_what_it_holds(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O6: a later release adds its step after those that were taken, and leaves the old file beside the new one."""
    Ledger(company).add("Late", "orders", None, Expected.read("+5%"), "Mei", "2026-W30")

    def second(connection: sa.Connection) -> None:
        connection.execute(sa.text("alter table actions add column priority integer default 3"))

    monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, second))
    for _ in range(2):
        with Store.open(company).begin() as connection:
            assert connection.execute(sa.text("select finding, priority from actions")).all() == [("Late", 3)]
    with sqlite3.connect(company.state / "store.version1.sqlite") as kept:
        columns = [name for _, name, *_ in kept.execute("pragma table_info(actions)")]
        assert "priority" not in columns
        assert kept.execute("select finding from actions").fetchall() == [("Late",)]


def test_a_step_that_fails_leaves_the_store_as_it_was(company: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """O6: the version is written with the step or not at all."""
    Ledger(company)

    def broken(connection: sa.Connection) -> None:
        connection.execute(sa.text("create table half (n integer)"))
        connection.execute(sa.text("create nonsense"))

    steps = store.MIGRATIONS
    monkeypatch.setattr(store, "MIGRATIONS", (*steps, broken))
    with pytest.raises(OpsloopError, match="cannot be used as the store"):
        Store.open(company)
    monkeypatch.setattr(store, "MIGRATIONS", steps)
    with Store.open(company).begin() as connection:
        assert not sa.inspect(connection).has_table("half")


def test_a_store_of_a_newer_release_is_refused(company: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """O6: one line, and nothing is written."""
    Ledger(company)
    monkeypatch.setattr(store, "MIGRATIONS", ())
    with pytest.raises(OpsloopError, match="written by a newer version"):
        Store.open(company)


Configure = Callable[[str], Workspace]


@pytest.fixture
def configured(company: Workspace) -> Configure:
    """The company with a URL of its own for the store."""

    def make(url: str) -> Workspace:
        settings = yaml.safe_load(company.settings_file.read_text(encoding="utf-8"))
        company.settings_file.write_text(yaml.safe_dump({**settings, "store": url}), encoding="utf-8")
        return Workspace.open(company.root)

    return make


def test_the_store_lies_where_the_setting_says(
    configured: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W4: any URL, with variables of the environment; a path that is not whole begins in the workspace."""
    monkeypatch.setenv("STORE_FOLDER", str(tmp_path))
    for url, file in (("sqlite:///${STORE_FOLDER}/own.db", tmp_path / "own.db"), ("sqlite:///in.db", None)):
        workspace = configured(url)
        Ledger(workspace)
        assert (file or workspace.root / "in.db").is_file()
    assert not (workspace.state / "store.sqlite").exists()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "the URL of the store: cannot be used"),
        ("sqlite:///no/such/folder/x.db", "unable to open database file"),
        ("nodatabase://u:hunter2@host/db", "nodatabase://u:.*@host/db: cannot be used"),
        ("sqlite:///${NOT_SET_AT_ALL}/x.db", "export NOT_SET_AT_ALL=URL"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_line_without_a_password(
    configured: Configure, url: str, why: str
) -> None:
    """W4, G1: what cannot be used, and where to mend it."""
    with pytest.raises(OpsloopError, match=why) as raised:
        Ledger(configured(url))
    assert "\n" not in str(raised.value)
    assert "hunter2" not in str(raised.value)
