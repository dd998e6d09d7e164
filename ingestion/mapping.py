"""Turns files that no source knows into canonical rows by a mapping file, with a dry run to look first (I3)."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from ingestion import readers
from ingestion.contract import Stream, Time
from ingestion.mapping_apply import apply, looked_up
from ingestion.mapping_spec import MappingSpec, canonical, load, vendor_names
from ingestion.readers import Chunk, Hints
from ingestion.trial import Trial, attempt
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

__all__ = ["canonical", "dry_run", "effective", "files", "fingerprint", "load", "load_all", "reader"]


def load_all(ws: Workspace) -> list[MappingSpec]:
    """The mappings that the settings name, in order of their paths; raises OpsloopError for one that is missing."""
    paths: dict[Path, None] = {}
    for pattern in ws.settings.mappings:
        found = sorted(ws.root.glob(pattern)) if not Path(pattern).is_absolute() else [Path(pattern)]
        if not found:
            raise OpsloopError(f"{ws.settings_file}: mappings: {pattern!r} matches no file; correct it or remove it")
        paths |= dict.fromkeys(found)
    return [load(path) for path in sorted(paths)]


def files(ws: Workspace, spec: MappingSpec) -> list[tuple[Path, str]]:
    """The files that a mapping takes, with their names below the data folder; raises OpsloopError if there are none."""
    folder = ws.data_folder()
    found = {path: None for pattern in spec.files for path in sorted(folder.glob(pattern)) if path.is_file()}
    if not found:
        wanted = ", ".join(spec.files)
        raise OpsloopError(f"{spec.path.name}: no file matches {wanted} in {folder}; put it there or correct `files`")
    return [(path, path.relative_to(folder).as_posix()) for path in found]


def effective(spec: MappingSpec) -> Stream:
    """The canonical stream with the mapping's own times."""
    stream = canonical(spec)
    times = {name: Time(dates.formats, dates.time_zone or spec.time_zone) for name, dates in spec.dates.items()}
    return dataclasses.replace(stream, times=times, time_zone=spec.time_zone)


def fingerprint(ws: Workspace, spec: MappingSpec) -> str:
    """A mark that changes with the mapping or a file that it looks things up in, so that rows are read anew."""
    digest = hashlib.sha256(spec.model_dump_json(exclude={"path", "about"}).encode())
    for lookup in spec.lookups:
        path = ws.data_folder() / lookup.file
        if path.is_file():
            stat = path.stat()
            digest.update(f"{lookup.file} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def reader(ws: Workspace, spec: MappingSpec, path: Path) -> Callable[[Path], Iterator[Chunk]]:
    """Reads a file as canonical rows, given a scratch folder."""

    def read(scratch: Path) -> Iterator[Chunk]:
        hints = Hints(_vendor_columns(spec), spec.format.records, spec.format.delimiter, spec.format.encoding)
        tables = [looked_up(ws.data_folder(), lookup, scratch) for lookup in spec.lookups]
        chunks = readers.read(path, hints, scratch)
        if spec.distinct or spec.line_number:
            chunks = iter([_whole(list(chunks))])
        for chunk in chunks:
            yield apply(spec, chunk, tables)

    return read


def _whole(chunks: list[Chunk]) -> Chunk:
    """One chunk of all: what runs over a file needs all of it."""
    frames = [chunk.frame for chunk in chunks if chunk.frame.height] or [chunk.frame for chunk in chunks[:1]]
    broken = [row for chunk in chunks for row in chunk.broken]
    return Chunk(pl.concat(frames, how="diagonal"), broken, is_sparse=any(chunk.is_sparse for chunk in chunks))


def _vendor_columns(spec: MappingSpec) -> tuple[str, ...]:
    """The names that the mapping takes from the file, for formats that reach into objects."""
    named = [name for given in spec.columns.values() for name in vendor_names(given)]
    named += [name for lookup in spec.lookups for name in lookup.match]
    named += [condition.column for condition in spec.filter]
    return tuple(dict.fromkeys(named))


def dry_run(ws: Workspace, mapping_file: Path) -> Trial:
    """The first rows as they would land, and every row that would be set aside and why; nothing is landed."""
    spec = load(mapping_file)
    given = [(name, reader(ws, spec, path)) for path, name in files(ws, spec)]
    return attempt(ws, f"mapped/{spec.stream}", effective(spec), spec.source, given)
