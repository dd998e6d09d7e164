"""Parquet, row group by row group, with the types the file has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.readers.chunk import ROW, Chunk, FileRefused

MAGIC = b"PAR1"
ROWS = 250_000


def is_parquet(path: Path) -> bool:
    """Whether the content begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == MAGIC


def read(path: Path) -> Iterator[Chunk]:
    """The rows in chunks of at most a quarter of a million; raises FileRefused where the file is damaged."""
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows == 0:
                empty = pl.DataFrame(pl.from_arrow(file.schema_arrow.empty_table()))
                yield Chunk(empty.with_columns(pl.lit(None, dtype=pl.Int64).alias(ROW)))
            first = 1
            for batch in file.iter_batches(batch_size=ROWS):
                frame = pl.DataFrame(pl.from_arrow(batch))
                yield Chunk(frame.with_row_index(ROW, offset=first).with_columns(pl.col(ROW).cast(pl.Int64)))
                first += frame.height
    except (pa.ArrowInvalid, pa.ArrowIOError, pa.ArrowNotImplementedError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FileRefused(f"Parquet file is damaged or cut short ({reason}); export it again") from error
