"""One batch of one stream: chunks staged on disk, duplicates found by DuckDB, the rest written by month, committed."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq

from ingestion import versions
from ingestion.commitlog import Commit, LandedFile, commit, intent, sync_file, sync_folder
from ingestion.conform import BAD
from ingestion.contract import HASH, SOURCE_NAME, TECHNICAL, Stream
from ingestion.readers.chunk import ROW
from ingestion.types import sql_type
from opsloop.workspace import Workspace

ROWS_IN_MEMORY = 100_000
ROWS_TOGETHER = 32_768
QUARANTINE: dict[str, pl.DataType] = {
    "quarantine_id": pl.String(),
    "source": pl.String(),
    "stream": pl.String(),
    "source_name": pl.String(),
    "file": pl.String(),
    "row": pl.Int64(),
    "reason": pl.String(),
    "column_name": pl.String(),
    "detail": pl.String(),
    "raw": pl.String(),
    "batch": pl.Int64(),
    "quarantined_at": pl.Datetime("us"),
}


@dataclass(slots=True)
class Staged:
    """Rows of a file, or of small files together: good ones in memory and, beyond some, in Parquet; bad ones in memory.

    Each row has its `_file`.
    """

    name: str
    good: list[pl.DataFrame] = field(default_factory=list)
    parts: list[Path] = field(default_factory=list)
    bad: list[pl.DataFrame] = field(default_factory=list)
    read: int = 0
    filtered: int = 0
    kept: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    hashed: dict[str, int] = field(default_factory=dict)

    @property
    def quarantined(self) -> int:
        """How many rows were set aside."""
        return sum(frame.height for frame in self.bad)


@dataclass(slots=True)
class Batch:
    """A batch being built in a scratch folder; nothing is visible until `finish` has committed it."""

    ws: Workspace
    number: int
    source: str
    stream: Stream
    source_name: str
    scratch: Path
    committed: list[Commit]
    written: int = 0
    parts: list[Path] = field(default_factory=list)
    waiting: list[pl.DataFrame] = field(default_factory=list)
    accepted: list[Staged] = field(default_factory=list)
    extra: set[str] = field(default_factory=set)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB that spills into the scratch folder."""
        con = duckdb.connect()
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set enable_progress_bar = false")
        con.execute("set memory_limit = '3GB'")
        con.execute(f"set temp_directory = '{self.scratch / 'spill'}'")
        return con

    def stage(self, staged: Staged, good: pl.DataFrame, bad: pl.DataFrame) -> None:
        """Keep a chunk of a file: good rows until the file is accepted, bad ones aside."""
        if bad.height:
            staged.bad.append(bad)
        if not good.height:
            return
        staged.kept += good.height
        for flag in good["_time_flags"].drop_nulls():
            staged.flags[flag] = staged.flags.get(flag, 0) + 1
        staged.good.append(good)
        if sum(frame.height for frame in staged.good) >= ROWS_IN_MEMORY:
            staged.parts.append(self._part(staged.good))

    def accept(self, staged: Staged) -> None:
        """Take a whole file into the batch."""
        self.accepted.append(staged)
        self.parts += staged.parts
        self.waiting += staged.good
        staged.good = []
        if sum(frame.height for frame in self.waiting) >= ROWS_IN_MEMORY:
            self.parts.append(self._part(self.waiting))

    def _part(self, frames: list[pl.DataFrame]) -> Path:
        """Write the rows, with source and month, and let go of them; the file."""
        rows = pl.concat(frames, how="diagonal").with_columns(pl.lit(self.source_name).alias(SOURCE_NAME))
        frames.clear()
        self.extra |= set(rows.columns) - set(self.stream.lake_schema) - {*TECHNICAL}
        part = self.scratch / f"part-{self.written:06d}.parquet"
        self.written += 1
        rows.with_columns(versions.month(self.stream).alias("_month")).write_parquet(
            part, compression="lz4", row_group_size=ROWS_TOGETHER
        )
        return part

    def finish(self, con: duckdb.DuckDBPyConnection, files: list[LandedFile], refused: int) -> Commit:
        """Write what is new of the accepted files, set bad rows aside, commit; the commit says what went where."""
        folders = [self.ws.lake / self.source / self.stream.name, self.ws.lake / "_quarantine"]
        landed_at = self.ws.clock()
        taken = self.accepted
        with intent(self.ws, self.number, folders):
            if self.waiting:
                self.parts.append(self._part(self.waiting))
            read = sum(staged.read for staged in taken)
            quarantined = sum(staged.quarantined for staged in taken)
            parts = [str(part) for part in self.parts]
            columns = versions.content_columns(self.stream, self.extra | self._landed_columns())
            repeated = versions.repeated(con, self.stream, columns, parts, self._lake_files())
            landed = sum(staged.kept for staged in taken) - repeated.height
            data = self._write(repeated, landed_at) if landed else []
            entry = Commit(
                batch=self.number,
                source=self.source,
                stream=self.stream.name,
                source_name=self.source_name,
                landed_at=landed_at.isoformat(),
                files=files,
                read=read + refused,
                duplicates=read - quarantined - landed,
                refused=refused,
                quarantined=quarantined,
                landed=landed,
                data=data,
                quarantine=self._set_aside(taken, landed_at),
                columns=self._columns() if landed else {},
                flags=_summed(taken),
            )
            commit(self.ws, entry)
        return entry

    def _landed_columns(self) -> set[str]:
        """The content columns of the stream that nobody declared, as landed so far."""
        mine = (c for c in self.committed if c.source == self.source and c.stream == self.stream.name)
        return {name for c in mine for name in c.columns} - set(self.stream.lake_schema)

    def _lake_files(self) -> list[str]:
        """The stream's Parquet files as committed so far."""
        mine = (c for c in self.committed if c.source == self.source and c.stream == self.stream.name)
        return [str(self.ws.lake / path) for c in mine for path in c.data]

    def _columns(self) -> dict[str, str]:
        """The content columns that the batch writes, with their DuckDB types; undeclared ones are text."""
        columns = versions.content_columns(self.stream, self.extra)
        return {name: kind for name, kind in columns.items() if name != SOURCE_NAME}

    def _write(self, repeated: pl.DataFrame, landed_at: dt.datetime) -> list[str]:
        """All rows but the repeated ones as Parquet by month of their own time; paths below the lake."""
        out = self.scratch / "out"
        moment = pl.lit(landed_at.replace(tzinfo=None), dtype=TECHNICAL["_landed_at"])
        with ExitStack() as stack:
            writers: dict[str, pq.ParquetWriter] = {}
            for part in self.parts:
                rows = pl.read_parquet(part).join(repeated, on=["_file", "_row"], how="anti", maintain_order="left")
                absent = [pl.lit(None, dtype=pl.String()).alias(name) for name in self.extra - set(rows.columns)]
                batch = pl.lit(self.number, dtype=pl.Int64()).alias("_batch")
                rows = rows.with_columns(*absent, batch, moment.alias("_landed_at"))
                for month in rows.partition_by("_month"):
                    self._append(month, out / f"_month={month['_month'][0]}", writers, stack)
        return [self._move(path, out) for path in sorted(out.rglob("*.parquet"))]

    def _append(self, rows: pl.DataFrame, folder: Path, writers: dict[str, pq.ParquetWriter], stack: ExitStack) -> None:
        """Add one month's rows to the month's file."""
        table = rows.select(*self._columns(), *TECHNICAL).to_arrow(compat_level=pl.CompatLevel.oldest())
        if folder.name not in writers:
            folder.mkdir(parents=True)
            writer = pq.ParquetWriter(folder / "0.parquet", table.schema, compression="zstd", store_schema=False)
            writers[folder.name] = stack.enter_context(writer)
        writers[folder.name].write_table(table)

    def _move(self, path: Path, out: Path) -> str:
        """Flush a finished file and put it in its place; its path below the lake."""
        name = f"b{self.number:012d}-{path.name}"
        target = self.ws.lake / self.source / self.stream.name / path.relative_to(out).parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_file(path)
        os.replace(path, target)  # noqa: PTH105
        sync_folder(target.parent)
        return str(target.relative_to(self.ws.lake))

    def _set_aside(self, taken: list[Staged], at: dt.datetime) -> list[str]:
        """The bad rows of all files as one Parquet file; its path below the lake, or nothing."""
        frames = [frame for staged in taken for frame in staged.bad]
        if not frames:
            return []
        rows = pl.concat(frames).with_row_index("n", offset=1)
        rows = rows.select(
            pl.format("{}-{}", pl.lit(self.number), "n").alias("quarantine_id"),
            pl.lit(self.source).alias("source"),
            pl.lit(self.stream.name).alias("stream"),
            pl.lit(self.source_name).alias("source_name"),
            pl.col("_file").alias("file"),
            pl.col(ROW).alias("row"),
            *[name for name in BAD if name != ROW],
            pl.lit(self.number, dtype=pl.Int64).alias("batch"),
            pl.lit(at.replace(tzinfo=None), dtype=pl.Datetime("us")).alias("quarantined_at"),
        )
        out = self.scratch / "aside"
        path = out / f"b{self.number:012d}-0.parquet"
        path.parent.mkdir()
        rows.write_parquet(path, compression="zstd")
        target = self.ws.lake / "_quarantine" / path.name
        target.parent.mkdir(exist_ok=True)
        sync_file(path)
        os.replace(path, target)  # noqa: PTH105
        sync_folder(target.parent)
        return [str(target.relative_to(self.ws.lake))]


def scratch_folder(ws: Workspace, number: int) -> Path:
    """A fresh folder for a batch's temporary files, on the lake's own disk so that renames are atomic."""
    folder = ws.lake / "_scratch" / f"{number:012d}"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def lake_columns(stream: Stream) -> dict[str, str]:
    """Every column that a view of the stream has, with its DuckDB type: declared ones, then technical ones."""
    return {name: sql_type(dtype) for name, dtype in {**stream.lake_schema, **TECHNICAL, HASH: pl.String()}.items()}


def _summed(taken: list[Staged]) -> dict[str, int]:
    """How many rows carry each flag of local times."""
    total: dict[str, int] = {}
    for staged in taken:
        for flag, count in staged.flags.items():
            total[flag] = total.get(flag, 0) + count
    return total
