"""The command line: its answers, its errors and its statuses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from opsloop.cli import main
from opsloop.workspace import Workspace
from orchestration.lock import NICENESS

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How far commands asked to stand back; this process, which they run in, does not."""
    asked: list[int] = []
    monkeypatch.setattr(os, "setpriority", lambda which, who, niceness: asked.append(niceness))
    return asked


@pytest.fixture
def opsloop(standing: list[int], capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its status, what it printed, what it said on standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["metrics", "query"],
        ["metrics", "query", "orders", "--grain", "fortnight"],
        ["metrics", "query", "orders", "--from", "yesterday"],
        ["run", "--until", "lunch"],
        ["pack", "--lang", "fr"],
        ["init"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_status_2(opsloop: Run, arguments: list[str]) -> None:
    """Exit status 2 is wrong use; the line says where to look."""
    status, out, err = opsloop(*arguments)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "--help" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["metrics", "query", "orders"],
        ["metrics", "list"],
        ["run"],
        ["pack"],
        ["quarantine", "list"],
        ["sources", "list"],
        ["serve"],
    ],
    ids=" ".join,
)
def test_a_folder_that_is_no_workspace_is_one_line_that_says_what_to_do(
    opsloop: Run, tmp_path: Path, arguments: list[str]
) -> None:
    """Every error is one clear line and a non-zero status."""
    status, _, err = opsloop(*arguments, "--workspace", tmp_path)
    assert status == 1
    assert err.count("\n") == 1
    assert "opsloop init" in err


def test_the_workspace_may_be_named_before_or_after_the_command_or_by_the_environment(
    opsloop: Run, empty: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All commands take `--workspace DIR` or OPSLOOP_WORKSPACE."""
    before = opsloop("--workspace", empty.root, "sources", "list")
    after = opsloop("sources", "list", "--workspace", empty.root)
    monkeypatch.setenv("OPSLOOP_WORKSPACE", str(empty.root))
    by_environment = opsloop("sources", "list")
    assert before == after == by_environment
    assert "on   ga4/events" in before[1]


def test_init_makes_a_workspace_whose_settings_say_what_they_mean(opsloop: Run, tmp_path: Path) -> None:
    """`init` leaves settings with comments and every folder; a second one is refused."""
    root = tmp_path / "acme"
    assert opsloop("init", root)[0] == 0
    assert "# " in (root / "opsloop.yaml").read_text(encoding="utf-8")
    assert {"landing", "lake", "warehouse", "published", "scores", "packs"} <= {path.name for path in root.iterdir()}
    status, _, err = opsloop("init", root)
    assert status == 1
    assert "already a workspace" in err


@pytest.mark.parametrize("example", ["olist", "completejourney"])
def test_an_examples_workspace_says_which_variable_names_its_data(
    opsloop: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    """Each example takes its folder as a setting; unset, one line says what to export (I3)."""
    variable = f"{example.upper()}_DIR"
    monkeypatch.delenv(variable, raising=False)
    root = tmp_path / example
    assert opsloop("init", root, "--example", example)[0] == 0
    status, _, err = opsloop("run", "--until", "ingest", "--workspace", root)
    assert status == 1
    assert f"export {variable}=FOLDER" in err


def test_a_run_stands_back_for_readers_and_a_question_does_not(
    opsloop: Run, standing: list[int], demo: Workspace
) -> None:
    """U5: a run that takes all of a machine leaves pages their part of it."""
    assert opsloop("metrics", "list", "--workspace", demo.root)[0] == 0
    assert standing == []
    assert opsloop("run", "--workspace", demo.root)[0] == 0
    assert standing == [max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))]


def test_nothing_published_says_run(opsloop: Run, empty: Workspace) -> None:
    """Numbers come from a snapshot; without one the command to run is named."""
    status, _, err = opsloop("metrics", "query", "orders", "--workspace", empty.root)
    assert status == 1
    assert "opsloop run" in err


def test_an_unexpected_error_is_one_line_and_debug_shows_the_trace(
    opsloop: Run, empty: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--debug` shows the trace, and only it."""

    def explode(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("ingestion.quarantine.rows", explode)
    status, _, err = opsloop("quarantine", "list", "--workspace", empty.root)
    assert (status, err.count("\n")) == (1, 1)
    assert "--debug" in err
    assert "Traceback" in opsloop("quarantine", "list", "--workspace", empty.root, "--debug")[2]


def test_a_file_is_checked_without_being_landed(opsloop: Run, empty: Workspace) -> None:
    """`sources check` shows what would be set aside (status 3) and leaves the lake as it was."""
    folder = empty.landing / "company" / "fx_rates"
    folder.mkdir(parents=True)
    file = folder / "rates.csv"
    rows = "date_day,from_currency,to_currency,rate\n2026-01-01,USD,CNY,7.1\n2026-01-02,USD,CNY,seven\n"
    file.write_text(rows, encoding="utf-8")
    status, out, _ = opsloop("sources", "check", file, "--workspace", empty.root)
    assert status == 3
    assert "2 rows read, 1 would be set aside" in out
    assert opsloop("quarantine", "list", "--workspace", empty.root)[1] == "nothing is set aside\n"


def test_a_query_as_json_is_one_array_with_numbers_as_numbers(opsloop: Run, demo: Workspace) -> None:
    """Keys are named as metrics and dimensions, the period is the ISO first day, messages go to standard error."""
    query = ["metrics", "query", "orders", "revenue_net", "--by", "channel", "--grain", "month"]
    dates = ["--from", "2026-04-10", "--to", "2026-06-30", "--format", "json"]
    status, out, err = opsloop(*query, *dates, "--workspace", demo.root)
    rows = json.loads(out)
    assert (status, err) == (0, "")
    assert {tuple(row) for row in rows} == {("period", "channel", "orders", "revenue_net")}
    assert {row["period"] for row in rows} == {"2026-04-01", "2026-05-01", "2026-06-01"}
    assert all(isinstance(row["orders"], int) for row in rows)
    with duckdb.connect(str(demo.work_db), read_only=True) as connection:
        where = "order_date between date '2026-04-10' and date '2026-06-30'"
        (expected,) = connection.execute(f"select count(*) from marts.fct_orders where {where}").fetchall()[0]
    assert sum(row["orders"] for row in rows) == expected > 0


def test_dimensions_may_follow_one_by_or_several(opsloop: Run, demo: Workspace) -> None:
    """`--by D…` takes several names in any of the usual ways."""
    base = ["metrics", "query", "sessions", "--format", "csv", "--workspace", demo.root]
    together = opsloop(*base, "--by", "channel", "device")[1]
    assert together.startswith("channel,device,sessions")
    assert (
        together
        == opsloop(*base, "--by", "channel", "--by", "device")[1]
        == opsloop(*base, "--by", "channel,device")[1]
    )


@pytest.mark.parametrize("where", ["channel ~ 'x'", "1 = 1; drop table x", "channel = (select 1)", "nothing = 'x'"])
def test_a_filter_outside_the_language_is_wrong_use(opsloop: Run, demo: Workspace, where: str) -> None:
    """`--where` is a small language; anything else is status 2."""
    status, out, err = opsloop("metrics", "query", "sessions", "--where", where, "--workspace", demo.root)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_a_second_run_with_nothing_new_says_so_and_keeps_the_snapshot(opsloop: Run, demo: Workspace) -> None:
    """O2: a run with nothing new does almost nothing."""
    before = (demo.published / "current.json").read_text(encoding="utf-8")
    status, out, _ = opsloop("run", "--workspace", demo.root)
    assert status == 0
    assert "nothing new" in out
    assert (demo.published / "current.json").read_text(encoding="utf-8") == before


def test_a_row_set_aside_can_be_looked_at(opsloop: Run, demo: Workspace) -> None:
    """X8: with its file, its row and the reason; an unknown id is one line."""
    listed = opsloop("quarantine", "list", "--workspace", demo.root)[1].splitlines()
    assert len(listed) > 1
    status, out, _ = opsloop("quarantine", "show", listed[0].split()[0], "--workspace", demo.root)
    assert status == 0
    assert "reason" in out
    assert opsloop("quarantine", "show", "nope", "--workspace", demo.root)[0] == 1


def test_doctor_finds_a_finished_workspace_well(opsloop: Run, demo: Workspace) -> None:
    """`doctor` is silent about nothing: one line per finding, none of them a failure."""
    status, out, _ = opsloop("doctor", "--workspace", demo.root)
    assert status == 0
    assert "FAIL" not in out
    assert "a published snapshot" in out


def test_doctor_names_what_is_missing(opsloop: Run, tmp_path: Path) -> None:
    """A folder that is no workspace fails with what to do."""
    status, out, _ = opsloop("doctor", "--workspace", tmp_path)
    assert status == 1
    assert "opsloop init" in out


def test_nothing_is_written_outside_the_workspace(demo: Workspace) -> None:
    """O6: the project's own folders hold no file that a run made."""
    root = Path(__file__).resolve().parents[2]
    made = [path for name in ("target", "logs", ".user.yml") for path in (root / "dbt_project").glob(name)]
    assert made == []
    assert not (root / "logs").exists()
    assert demo.work_db.is_file()
