"""The files of segments, in the workspace's folder `segments/`: written whole or not at all, never over another's name.

`<name>.yaml` is the segment; `<name>.parquet` the person ids of a static one, nothing else of theirs;
`<name>.sizes.csv` its size on each snapshot.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from dashboards.segments.definition import NAME_RULE, Segment, is_name, parse
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace

SIZES = {
    "snapshot": pl.String,
    "as_of_date": pl.Date,
    "saved": pl.Int64,
    "size": pl.Int64,
    "renamed": pl.Int64,
    "merged": pl.Int64,
    "gone": pl.Int64,
}


def names(workspace: Workspace) -> list[str]:
    """Return the names of all segments, in order."""
    return sorted(path.stem for path in workspace.segments.glob("*.yaml") if is_name(path.stem))


def read(workspace: Workspace, name: str) -> Segment:
    """Return a segment; an `OpsloopError` says that there is none, or what is wrong with its file."""
    path = workspace.segments / f"{name}.yaml"
    if not is_name(name) or not path.is_file():
        raise OpsloopError(f"no segment is called {name!r} in {workspace.segments}: save one from a list of persons")
    segment = parse(path.read_text(encoding="utf-8"), f"segments/{path.name}")
    if segment.name != name:
        raise OpsloopError(f"segments/{path.name}: name: it says {segment.name!r}: a segment is called as its file")
    return segment


def persons_file(workspace: Workspace, name: str) -> Path:
    """Return where the person ids of a static segment lie; an `OpsloopError` where they do not."""
    path = workspace.segments / f"{name}.parquet"
    if not path.is_file():
        raise OpsloopError(f"segments/{path.name}: missing: save the segment anew under another name")
    return path


def problem_of(workspace: Workspace, name: str) -> str | None:
    """Return why a new segment cannot have a name: `wrong`, `taken`, or nothing."""
    if not is_name(name):
        return "wrong"
    return "taken" if (workspace.segments / f"{name}.yaml").exists() else None


def check_name(workspace: Workspace, name: str) -> None:
    """Raise a `UsageError` for a name that a new segment cannot have."""
    problem = problem_of(workspace, name)
    if problem == "taken":
        raise UsageError(f"a segment called {name!r} is there already: choose another name")
    if problem:
        raise UsageError(f"{name!r} is no name for a segment: {NAME_RULE}")


def save(workspace: Workspace, segment: Segment, persons: pl.DataFrame) -> None:
    """Keep a new segment, and the ids of a static one beside it; a `UsageError` for a name that is wrong or taken.

    The segment's own file comes last: without it, the ids of a save that was cut short belong to nobody.
    """
    with _alone(workspace):
        check_name(workspace, segment.name)
        if segment.kind == "static":
            ids = persons.select(pl.col("person_id").cast(pl.String)).unique().sort("person_id")
            _replace(workspace.segments / f"{segment.name}.parquet", ids.write_parquet)
        text = segment.text()
        _replace(workspace.segments / f"{segment.name}.yaml", lambda path: path.write_text(text, encoding="utf-8"))


def remove(workspace: Workspace, name: str) -> None:
    """Remove a segment with all that is kept of it; a `UsageError` where another segment lies within it.

    Its own file goes first: what is left of a removal that was cut short belongs to nobody, as after a save.
    """
    with _alone(workspace):
        if name not in names(workspace):
            raise OpsloopError(f"no segment is called {name!r} in {workspace.segments}: it is removed already")
        users = [other for other in names(workspace) if other != name and _lies_within(workspace, other, name)]
        if users:
            raise UsageError(f"segment {name!r} stays: {', '.join(users)} lies within it: remove that one first")
        for ending in ("yaml", "parquet", "sizes.csv"):
            (workspace.segments / f"{name}.{ending}").unlink(missing_ok=True)


def _lies_within(workspace: Workspace, name: str, other: str) -> bool:
    try:
        return read(workspace, name).question.within == other
    except OpsloopError:
        return False


def sizes(workspace: Workspace, name: str) -> pl.DataFrame:
    """Return a segment's size on each snapshot that measured it, oldest first."""
    path = workspace.segments / f"{name}.sizes.csv"
    return pl.read_csv(path, schema=SIZES) if path.is_file() else pl.DataFrame(schema=SIZES)


def remember(workspace: Workspace, name: str, row: pl.DataFrame) -> None:
    """Keep a segment's size on one snapshot, in place of what was known of that snapshot."""
    with _alone(workspace):
        known = sizes(workspace, name).filter(pl.col("snapshot") != row["snapshot"][0])
        kept = pl.concat([known, row.select(pl.col(column).cast(kind) for column, kind in SIZES.items())])
        _replace(workspace.segments / f"{name}.sizes.csv", kept.sort("snapshot").write_csv)


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold the folder for one writer; a killed one lets go."""
    with (workspace.segments / ".lock").open("a", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and put it there in one step."""
    unfinished = path.with_name(f".{path.name}.new")
    write(unfinished)
    handle = os.open(unfinished, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    unfinished.replace(path)
