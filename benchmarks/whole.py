"""The whole build of the middle on a demo company of so many web events, against a bare sort and write of as many."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import events as synthetic
from benchmarks import fresh

GOAL = 8
MOST_MB = {10_000_000: 4096, 50_000_000: 8192}
FLOOR = ("floors:sort_by_visitor_and_time", "floors:write_parquet")


def measure(events: int, say: Callable[[str], None]) -> str:
    """The line of the table: CPU seconds of the build stage, checks included, its ratio, its peak memory."""
    with tempfile.TemporaryDirectory(prefix="opsloop-whole-") as folder:
        workspace = Path(folder) / "demo"
        for what in (["demo", "--events", str(events)], ["run", "--until", "ingest"]):
            say(f"{events:,} events: opsloop {' '.join(what)}")
            _opsloop(*what, at=workspace)
        say(f"{events:,} events: the floor")
        data = synthetic.make(Path(folder), events)
        floor = sum(fresh.run(work, data, {}).cpu for work in FLOOR)
        say(f"{events:,} events: opsloop run --until build")
        cpu, peak = _opsloop("run", "--until", "build", at=workspace)
    ratio, most = cpu / floor, MOST_MB.get(events)
    kept = ratio <= GOAL and (most is None or peak <= most)
    memory = f"{peak:.0f} MB" + (f" (≤ {most})" if most else "")
    text = f"{cpu:.1f} CPU s, {ratio:.1f} × sort and write of {floor:.1f} s (≤ {GOAL}), {memory}"
    return f"{'the whole build':<52} {events:>11,} {text}  {'ok' if kept else 'over'}"


def _opsloop(*arguments: str, at: Path) -> tuple[float, float]:
    """CPU seconds of a command and of what it starts, and the most megabytes that one of its processes held."""
    command = [sys.executable, "-m", "opsloop", *arguments, "--workspace", str(at)]
    with subprocess.Popen(command, cwd=fresh.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in {0, 3}:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
