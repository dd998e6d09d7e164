"""One piece of work in a process of its own: CPU seconds inside it, the most memory it held, and what it found.

A work is a function `work(task)` that prepares, computes within `with task.measured():`, and returns a dictionary of
figures to compare. It is named `module:function`, below this package.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-bench" / "bin" / "python"
LONGEST = 1800


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of a work cost and found; seconds of CPU and of the clock, megabytes at the most."""

    cpu: float
    wall: float
    peak_mb: float
    found: dict[str, Any]
    error: str = ""


@dataclass(slots=True)
class Task:
    """What a work is handed: a folder of events, a folder to write into, and its options."""

    data: Path
    scratch: Path
    options: dict[str, Any] = field(default_factory=dict)
    cpu: float = 0.0
    wall: float = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Count the CPU seconds of all threads, and the clock's, until the block ends."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu += time.process_time() - cpu
        self.wall += time.perf_counter() - wall

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An empty warehouse set as the product's, the data's files as views; in a file where memory is short."""
        limit = self.options.get("memory_limit")
        connection = duckdb.connect(str(self.scratch / "bench.duckdb") if limit else ":memory:")
        connection.execute("set threads = 2; set TimeZone = 'UTC'; set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = '{self.scratch}/spill'")
        if limit:
            connection.execute(f"set memory_limit = '{limit}'")
        where = "" if self.options.get("bots", True) else "where not is_bot"
        connection.execute(f"create view events as select * from '{self.data}/events.parquet' {where}")
        for name in ("sessions", "orders"):
            connection.execute(f"create view {name}_mart as select * from '{self.data}/{name}.parquet'")
        return connection


def run(work: str, data: Path, options: Mapping[str, Any], python: Path | None = None) -> Measured:
    """Do the work once in a fresh process; a work that fails or takes too long says so in `error`."""
    command = [str(python or sys.executable), "-m", "benchmarks.fresh", work, str(data), json.dumps(dict(options))]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return Measured(0, 0, 0, {}, f"more than {LONGEST} s")
    if done.returncode:
        return Measured(0, 0, 0, {}, _last_error(done.stderr) or f"status {done.returncode}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _last_error(text: str) -> str:
    """The line of a traceback that names the error, or the last one."""
    lines = text.strip().splitlines()
    return next(
        (line for line in reversed(lines) if re.match(r"[\w.]+(Error|Exception|Exit): ", line)),
        lines[-1] if lines else "",
    )


def main(work: str, data: str, options: str) -> None:
    """Do the work and print its figures as the last line."""
    module, _, function = work.partition(":")
    with TemporaryDirectory(prefix="opsloop-work-") as scratch:
        task = Task(Path(data), Path(scratch), json.loads(options))
        found = getattr(import_module(f"benchmarks.{module}"), function)(task)
        print(json.dumps(asdict(Measured(task.cpu, task.wall, _peak_mb(), found)), default=str))


def _peak_mb() -> float:
    """The most memory this process has held; the kernel's own figure, which a parent's size does not raise."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
