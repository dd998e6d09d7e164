"""The lake's commit log: one file per batch, made exclusively; what it does not name does not exist (I5)."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file that a batch took in: where it lay, what it was, and how many rows it had."""

    path: str
    size: int
    mtime_ns: int
    sha256: str
    fingerprint: str
    read: int
    filtered: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """One batch of one stream: read = duplicates + refused + quarantined + landed, exactly."""

    batch: int
    source: str
    stream: str
    source_name: str
    landed_at: str
    files: list[LandedFile]
    read: int
    duplicates: int
    refused: int
    quarantined: int
    landed: int
    data: list[str] = field(default_factory=list)
    quarantine: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)

    @property
    def at(self) -> dt.datetime:
        """When the batch landed, in UTC."""
        return dt.datetime.fromisoformat(self.landed_at)


def log_folder(ws: Workspace) -> Path:
    """Where commits lie."""
    return ws.lake / "_log"


def commits(ws: Workspace) -> list[Commit]:
    """Every committed batch, oldest first."""
    return [_load(path) for path in sorted(log_folder(ws).glob("[0-9]*.json"))]


def _load(path: Path) -> Commit:
    """One commit; raises OpsloopError where the file is damaged."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        files = [LandedFile(**file) for file in entry.pop("files")]
        return Commit(files=files, **entry)
    except (json.JSONDecodeError, TypeError, KeyError) as error:
        raise OpsloopError(f"{path}: not a commit of this lake ({error}); restore it from a backup") from error


def commit(ws: Workspace, entry: Commit) -> None:
    """Make the batch visible, all at once; raises OpsloopError where another process took its number."""
    folder = log_folder(ws)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{entry.batch:012d}.json"
    temporary = folder / f".{entry.batch:012d}.{os.getpid()}"
    _write(temporary, json.dumps(asdict(entry), ensure_ascii=False, indent=1))
    try:
        os.link(temporary, target)
    except FileExistsError as error:
        problem = f"{target}: another process landed a batch at the same time"
        raise OpsloopError(f"{problem}; nothing of this one was kept, run again") from error
    finally:
        temporary.unlink()
    sync_folder(folder)


@contextmanager
def intent(ws: Workspace, batch: int, folders: list[Path]) -> Iterator[None]:
    """Say which folders a batch is about to write to, until it is done, so that the next run can sweep after a kill."""
    path = ws.lake / "_open" / f"{batch:012d}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, json.dumps([str(folder.relative_to(ws.lake)) for folder in folders]))
    try:
        yield
    except BaseException:
        _sweep_one(ws, path, is_committed=(log_folder(ws) / path.name).exists())
        raise
    path.unlink()


def sweep(ws: Workspace) -> int:
    """Remove what killed runs left; the number of batches that were cut short."""
    swept = 0
    for path in sorted((ws.lake / "_open").glob("*.json")):
        is_committed = (log_folder(ws) / path.name).exists()
        swept += not is_committed
        _sweep_one(ws, path, is_committed=is_committed)
    for leftover in log_folder(ws).glob(".*"):
        leftover.unlink(missing_ok=True)
    return swept


def _sweep_one(ws: Workspace, path: Path, *, is_committed: bool) -> None:
    """Remove one batch's files unless it was committed, and its intent."""
    try:
        folders = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        folders = []  # Killed while it wrote the intent, so before anything else.
    if not is_committed:
        for folder in folders:
            for file in (ws.lake / folder).rglob(f"b{path.stem}-*"):
                file.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def next_batch(known: list[Commit]) -> int:
    """The number after the last committed one."""
    return known[-1].batch + 1 if known else 1


def _write(path: Path, text: str) -> None:
    """Write a small file and flush it to the disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Flush a file that another library wrote."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


sync_folder = sync_file
