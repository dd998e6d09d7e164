"""What a command tells the person who waits: on standard error, so that results can be piped."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

TITLES = {
    "ingest": "reading what has arrived",
    "build": "building and checking the marts",
    "score": "training and scoring",
    "publish": "publishing a snapshot",
    "pack": "making the weekly review pack",
}


def say(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr, flush=True)


class Display:
    """A bar for each stage on a terminal; one line as each begins and ends elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """Show a stage while it runs; the callable takes how many of how many steps are done."""
        title = TITLES[name]
        if not self._console.is_terminal:
            say(f"{name}: {title} …")
            started = time.perf_counter()
            yield lambda done, total: None
            say(f"{name}: done in {time.perf_counter() - started:.1f} s")
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(title, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
            progress.update(task, total=1, completed=1)
