"""Tries files against a contract or a mapping without landing them: first rows, rows set aside, refused files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from ingestion import readers, registry
from ingestion.conform import conform
from ingestion.contract import SOURCE_NAME, Stream
from ingestion.readers import Chunk, FileRefused, Hints
from ingestion.readers.chunk import ROW
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

FIRST_ROWS = 10


@dataclass(slots=True)
class Trial:
    """What landing some files would do: `first` and `quarantined` are rows, `messages` one line per refused file."""

    stream: str
    files: list[str] = field(default_factory=list)
    read: int = 0
    filtered: int = 0
    repeated: int = 0
    first: pl.DataFrame = field(default_factory=pl.DataFrame)
    quarantined: pl.DataFrame = field(default_factory=pl.DataFrame)
    messages: list[str] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether every row of every file would land."""
        return not self.messages and self.quarantined.is_empty()


Given = tuple[str, Callable[[Path], Iterator[Chunk]]]


def attempt(ws: Workspace, name: str, stream: Stream, source_name: str, given: list[Given]) -> Trial:
    """Read and check the files given by name and reader; nothing is written but passing copies."""
    trial = Trial(name)
    firsts: list[pl.DataFrame] = []
    asides: list[pl.DataFrame] = []
    for file, read in given:
        trial.files.append(file)
        with TemporaryDirectory(dir=ws.state) as scratch:
            try:
                for chunk in read(Path(scratch)):
                    parts = conform(chunk, stream, ws.secret, ws.settings.internal_networks)
                    trial.read += chunk.rows
                    trial.filtered += chunk.filtered
                    trial.repeated += chunk.repeated
                    firsts.append(parts.good.head(FIRST_ROWS))
                    asides.append(parts.bad.rename({ROW: "row"}).select(pl.lit(file).alias("file"), pl.all()))
            except (FileRefused, OSError) as error:
                trial.messages.append(f"{file}: {error}")
    if firsts:
        first = pl.concat(firsts, how="diagonal").head(FIRST_ROWS)
        trial.first = first.select(pl.lit(source_name).alias(SOURCE_NAME), pl.all())
        trial.quarantined = pl.concat(asides)
    return trial


def check_file(ws: Workspace, file: Path, stream_name: str | None = None) -> Trial:
    """Try one file against its stream's contract; the stream is told by the file's folders unless it is named.

    Raises OpsloopError where the file is not there or its stream cannot be told.
    """
    if not file.is_file():
        raise OpsloopError(f"{file}: no such file")
    parts = file.resolve().parent.parts[-2:]
    source, stream = registry.stream(stream_name or "/".join(parts))
    hints = Hints(tuple(stream.vendor_names.values()), stream.records, stream.delimiter, stream.encoding)
    given: Given = (file.name, lambda scratch: readers.read(file, hints, scratch))
    return attempt(ws, f"{source.name}/{stream.name}", stream, source.name, [given])
