"""Files on their way into a batch: read, checked and staged; small ones many at a time, as if they were one."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingestion.batch import Batch, Staged
from ingestion.conform import Conformed, conform
from ingestion.jobs import Input
from ingestion.readers import BrokenRow, Chunk, FileRefused
from ingestion.readers.chunk import ROW
from opsloop.workspace import Workspace

BLOCK = 1 << 20
SMALL = 1 << 20
TOGETHER = 16 << 20
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# Rows of file number n are n times this further on while files are checked together.
APART = 1 << 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be new: its state on disk when it was found."""

    given: Input
    size: int
    mtime_ns: int
    sha256: str


@dataclass(slots=True)
class Taken:
    """A file being taken into a batch: what it is, its rows yet to be checked, and why it was refused, if it was."""

    candidate: Candidate
    staged: Staged
    chunks: Iterable[Chunk]
    error: FileRefused | None = None


def groups(batch: Batch, fresh: list[Candidate]) -> Iterator[list[Taken]]:
    """The files in their order, neighbours that are small and alike in one group; a large one is read when staged."""
    group: list[Taken] = []
    for candidate in fresh:
        staged = Staged(candidate.given.name)
        one = Taken(candidate, staged, _chunks(batch, candidate, staged))
        is_small = candidate.size <= SMALL
        if is_small:
            _read_whole(one)
        if group and not (is_small and _are_alike(group[-1], one)):
            yield group
            group = []
        group.append(one)
        if not is_small or sum(taken.candidate.size for taken in group) >= TOGETHER:
            yield group
            group = []
    if group:
        yield group


def stage(batch: Batch, group: list[Taken]) -> list[Taken]:
    """The group's files, checked and taken into the batch, each whole or refused with its error."""
    if len(group) > 1 and _stage_together(batch, group):
        return group
    for one in group:
        if one.error is None:
            _stage(batch, one)
        if one.error is None:
            batch.accept(one.staged)
    return group


def _stage_together(batch: Batch, group: list[Taken]) -> bool:
    """Whether the files were taken in as if they were one; where something must be said of a file, nothing is done."""
    chunks = [_moved(chunk, n * APART) for n, one in enumerate(group) for chunk in one.chunks]
    merged = Chunk(
        pl.concat([chunk.frame for chunk in chunks]),
        [row for chunk in chunks for row in chunk.broken],
        is_sparse=chunks[0].is_sparse,
    )
    try:
        parts = conform(merged, group[0].candidate.given.stream, batch.ws.secret, batch.ws.settings.internal_networks)
    except FileRefused:
        return False
    if parts.hashed:
        return False
    names = pl.Series([one.staged.name for one in group], dtype=pl.String())
    all_of_them = Staged("", read=sum(one.staged.read for one in group))
    batch.stage(all_of_them, _placed(parts.good, names), _placed(parts.bad, names))
    batch.accept(all_of_them)
    return True


def _moved(chunk: Chunk, by: int) -> Chunk:
    """The chunk with its row numbers that much further on."""
    broken = [BrokenRow(row.row + by, row.reason, row.detail, row.raw) for row in chunk.broken]
    return Chunk(chunk.frame.with_columns(pl.col(ROW) + by), broken, is_sparse=chunk.is_sparse)


def _placed(rows: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """The rows with the file that each is of, and its number there."""
    return rows.with_columns(names.gather(rows[ROW] // APART).alias("_file"), pl.col(ROW) % APART)


def _stage(batch: Batch, one: Taken) -> None:
    """Check and stage one file; its error says what is wrong, all its rows counted."""
    staged = one.staged
    chunks = iter(one.chunks)
    try:
        for chunk in chunks:
            parts = _conformed(batch, one, chunk, chunks)
            for column, count in parts.hashed.items():
                staged.hashed[column] = staged.hashed.get(column, 0) + count
            name = pl.lit(staged.name).alias("_file")
            batch.stage(staged, parts.good.with_columns(name), parts.bad.with_columns(name))
    except FileRefused as error:
        one.error = error
        for part in staged.parts:
            part.unlink()


def _conformed(batch: Batch, one: Taken, chunk: Chunk, rest: Iterator[Chunk]) -> Conformed:
    """The chunk as its contract says; where that refuses it, the rest of the file is counted first."""
    try:
        return conform(chunk, one.candidate.given.stream, batch.ws.secret, batch.ws.settings.internal_networks)
    except FileRefused:
        for _ in rest:
            pass
        raise


def _read_whole(one: Taken) -> None:
    """Read a file's rows into memory, or note why it is refused."""
    try:
        one.chunks = list(one.chunks)
    except FileRefused as error:
        one.chunks, one.error = [], error


def _chunks(batch: Batch, candidate: Candidate, staged: Staged) -> Iterator[Chunk]:
    """The file's rows, counted as they are read; raises FileRefused where it cannot be read or has changed."""
    scratch = batch.scratch / "file"
    scratch.mkdir(exist_ok=True)
    try:
        for chunk in candidate.given.read(scratch):
            staged.read += chunk.rows
            staged.filtered += chunk.filtered
            yield chunk
        if _has_changed(candidate):
            raise FileRefused("it changed while it was read; it lands once it is complete", is_passing=True)
    except OSError as error:
        raise cannot_read(error, batch.ws) from error
    finally:
        for copy in scratch.iterdir():
            copy.unlink()


def _are_alike(one: Taken, other: Taken) -> bool:
    """Whether two files in memory can be checked as one: the same contract and columns, neither refused."""
    if one.error or other.error or not isinstance(one.chunks, list) or not isinstance(other.chunks, list):
        return False
    shapes = [(chunk.frame.schema, chunk.is_sparse) for chunk in (*one.chunks[:1], *other.chunks)]
    is_same = all(shape == shapes[0] for shape in shapes)
    return is_same and one.candidate.given.stream == other.candidate.given.stream


def _has_changed(candidate: Candidate) -> bool:
    """Whether the file is not what it was before it was read."""
    stat = candidate.given.path.stat()
    same = (stat.st_size, stat.st_mtime_ns) == (candidate.size, candidate.mtime_ns)
    return not same or sha256(candidate.given.path) != candidate.sha256


def cannot_read(error: OSError, ws: Workspace) -> FileRefused:
    """An error about the file as a refusal; raised anew where it is about the lake or the disk."""
    in_lake = error.filename is not None and Path(error.filename).is_relative_to(ws.lake)
    if in_lake or error.errno in DISK:
        raise error
    reason = error.strerror or str(error)
    return FileRefused(f"cannot be read ({reason}); give this user the right to read it", is_passing=True)


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
