"""The whole build on a demo company of so many web events, against a bare sort and write of as many; then a new day."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import events as synthetic
from benchmarks import fresh

GOAL = 8
NEW_DAY_GOAL = 30
LAST_DAY = dt.date(2026, 6, 30)
MOST_MB = {10_000_000: 4096, 50_000_000: 8192}
FLOOR = ("floors:sort_by_visitor_and_time", "floors:write_parquet")


def measure(events: int, say: Callable[[str], None]) -> str:
    """Two lines of the table: CPU seconds of the build stage, its checks included, and of a new day's."""
    with tempfile.TemporaryDirectory(prefix="opsloop-whole-") as folder:
        workspace = Path(folder) / "demo"
        say(f"{events:,} events: the demo company's exports, landed but for the last day")
        _opsloop("demo", "--events", str(events), "--until", LAST_DAY.isoformat(), at=workspace)
        _hold_back_the_last_day(workspace)
        _opsloop("run", "--until", "ingest", at=workspace)
        say(f"{events:,} events: the floor")
        data = synthetic.make(Path(folder), events)
        floor = sum(fresh.run(work, data, {}).cpu for work in FLOOR)
        say(f"{events:,} events: opsloop run --until build")
        cpu, peak = _opsloop("run", "--until", "build", at=workspace)
        say(f"{events:,} events: the last day")
        _give_the_last_day(workspace)
        _opsloop("run", "--until", "ingest", at=workspace)
        day, _ = _opsloop("run", "--until", "build", at=workspace)
    ratio, most = cpu / floor, MOST_MB.get(events)
    kept = ratio <= GOAL and (most is None or peak <= most)
    memory = f"{peak:.0f} MB" + (f" (≤ {most})" if most else "")
    text = f"{cpu:.1f} CPU s, {ratio:.1f} × sort and write of {floor:.1f} s (≤ {GOAL}), {memory}"
    new_day = f"{day:.1f} CPU s, 1/{cpu / day:.1f} of the whole build (≤ 1/{NEW_DAY_GOAL})"
    verdict = "ok" if cpu >= NEW_DAY_GOAL * day else "over"
    return (
        f"{'the whole build':<52} {events:>11,} {text}  {'ok' if kept else 'over'}\n"
        f"{'one new day':<52} {events:>11,} {new_day}  {verdict}"
    )


def _hold_back_the_last_day(workspace: Path) -> None:
    """Put the exports of the last day aside, and let the company be as of the day before."""
    for path in (workspace / "landing").rglob(f"*{LAST_DAY:%Y%m%d}*"):
        kept = workspace / "held" / path.relative_to(workspace / "landing")
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept)
    _as_of(workspace, LAST_DAY - dt.timedelta(days=1))


def _give_the_last_day(workspace: Path) -> None:
    """Let the held exports arrive, on their day."""
    shutil.copytree(workspace / "held", workspace / "landing", dirs_exist_ok=True)
    _as_of(workspace, LAST_DAY)


def _as_of(workspace: Path, day: dt.date) -> None:
    path = workspace / "opsloop.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    told = [f"as_of: {day.isoformat()}\n" if line.startswith("as_of:") else line for line in lines]
    path.write_text("".join(told), encoding="utf-8")


def _opsloop(*arguments: str, at: Path) -> tuple[float, float]:
    """CPU seconds of a command and of what it starts, and the most megabytes that one of its processes held."""
    command = [sys.executable, "-m", "opsloop", *arguments, "--workspace", str(at)]
    with subprocess.Popen(command, cwd=fresh.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in {0, 3}:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
