"""How long the whole line takes on this machine, each figure beside its goal."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.pages import report

ROOT = Path(__file__).resolve().parent.parent
UNTIL = "2026-06-30"
OPSLOOP = [sys.executable, "-m", "opsloop"]


def main(pages: bool = True) -> None:
    """Print one line per figure, those of the pages too where asked."""
    with tempfile.TemporaryDirectory(prefix="opsloop-bench-") as folder:
        workspace = Path(folder) / "demo"
        _print("make the small demo company", _timed("demo", "--until", UNTIL, at=workspace), 20)
        _print("opsloop run, first", _timed("run", at=workspace), 90)
        _print("opsloop run, nothing new", _timed("run", at=workspace), 10)
        before = _fingerprints(workspace)
        _one_more_row(workspace)
        _print("opsloop run, one row dated 60 days back", _timed("run", at=workspace), 90)
        _compare(workspace, before, Path(folder))
        if pages:
            report(workspace)
    if shutil.which("git"):
        _print("make demo, from clone to every page answered", _from_clone(), 360)


def only_pages() -> None:
    """Print how long a reader waits for the pages of a small demo company."""
    with tempfile.TemporaryDirectory(prefix="opsloop-bench-") as folder:
        report(demo(Path(folder)))


def demo(folder: Path) -> Path:
    """A small demo company, built and published."""
    workspace = folder / "demo"
    _timed("demo", "--until", UNTIL, at=workspace)
    _timed("run", at=workspace)
    return workspace


def _print(what: str, seconds: float, goal: float) -> None:
    print(f"{what:<55} {seconds:8.1f} s   goal {goal:g} s", flush=True)


def _timed(*arguments: str, at: Path) -> float:
    started = time.perf_counter()
    command = [*OPSLOOP, *arguments, "--workspace", str(at)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 3}:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return time.perf_counter() - started


def _one_more_row(workspace: Path) -> None:
    """Drop a Search Console file with one row, 60 days before the last day."""
    folder = workspace / "landing" / "search_console" / "search_performance"
    row = "2026-05-01,one more query,/,CHN,MOBILE,1,10,10.00%,3.0"
    (folder / "one_more_row.csv").write_text(
        f"date,query,page,country,device,clicks,impressions,ctr,position\n{row}\n", encoding="utf-8"
    )


def _fingerprints(workspace: Path) -> dict[str, str]:
    """A checksum of the sorted rows of every mart."""
    work = str(workspace / "warehouse" / "work.duckdb")
    with duckdb.connect(work, read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
        ).fetchall()
        query = "select md5(string_agg(h, '' order by h)) from (select md5(cast(t as varchar)) as h from marts.{} as t)"
        return {name: str(connection.execute(query.format(name)).fetchall()[0][0]) for (name,) in names}


def _compare(workspace: Path, before: dict[str, str], folder: Path) -> None:
    """Say which marts the row changed, and whether a rebuild of the same lake gives the same marts."""
    after = _fingerprints(workspace)
    print(f"  marts that changed: {', '.join(name for name in after if after[name] != before[name])}")
    rebuilt = folder / "rebuilt"
    shutil.copytree(
        workspace, rebuilt, ignore=shutil.ignore_patterns("warehouse", "published", "packs", "last_run.json")
    )
    _print("opsloop run, rebuild from the lake", _timed("run", "--until", "score", at=rebuilt), 90)
    differ = [name for name, value in _fingerprints(rebuilt).items() if after[name] != value]
    print(f"  marts that differ from the rebuild: {', '.join(differ) or 'none'}")


def _from_clone() -> float:
    """Clone, then `make demo`, with the package cache as it is."""
    with tempfile.TemporaryDirectory(prefix="opsloop-clone-") as folder:
        clone = Path(folder) / "opsloop"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("OPSLOOP", "VIRTUAL_ENV"))
        }
        started = time.perf_counter()
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(["make", "demo"], cwd=clone, env=environment, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - started
    raise SystemExit("make demo failed on a clean clone")
