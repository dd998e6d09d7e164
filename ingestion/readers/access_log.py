"""Web servers' access logs: the common and combined formats of Apache and nginx, with or without the virtual host.

https://httpd.apache.org/docs/current/mod/mod_log_config.html names the fields; what follows the user agent is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ingestion.readers.chunk import BLOCK_BYTES, ROW, BrokenRow, Chunk

QUOTED = r'"((?:[^"\\]|\\.)*)"'
LINE = (
    r"^(?:(?P<server>\S+?):\d{1,5} )?(?P<remote_host>\S+) \S+ (?P<remote_user>.+?) \[(?P<time>[^\]]+)\] "
    + QUOTED.replace("(", "(?P<request>", 1)
    + r" (?P<status>\d{3}) (?P<bytes_sent>\d+|-)"
    + rf"(?: {QUOTED.replace('(', '(?P<referrer>', 1)} {QUOTED.replace('(', '(?P<user_agent>', 1)}(?:\s.*)?|\s*)$"
)
REQUEST = r"^(?P<method>[A-Z]+) (?P<target>.*?)(?: (?P<protocol>HTTP/\S+))?$"
# An address in a link is a person's; "/@name" is none, nor is "react@16.14.0.min.js", whose sign is kept from view.
ADDRESS = r"(?i)[a-z0-9._+~-]+(?:@|%40)(?:[a-z0-9-]+\.)+[a-z]{2,}"
VERSION = r"@(\d[^\s/?#&]*\.(?:m?js|css|map|json|svg|png|woff2?))"
KEPT = "\u0000"
ALIKE = ("remote_host", "user_agent", "time", "request", "status", "bytes_sent")
EXPECTED = "expected a line of the common or combined log format"
CUT = "; the file ends within the line"
REPLACED = "\ufffd"
LOOK_AT = 50


def is_access_log(path: Path) -> bool:
    """Whether one of the first lines of a UTF-8 file is one of an access log."""
    with path.open(encoding="utf-8", errors="replace") as file:
        head = [line.rstrip("\r\n") for _, line in zip(range(LOOK_AT), file, strict=False)]
    return bool(pl.Series(head, dtype=pl.String).str.contains(LINE).any())


def read(path: Path) -> Iterator[Chunk]:
    """The log's requests as text columns, `-` as nothing; alike ones are numbered in `repeat`, other lines set aside.

    `visitor` is the host with its user agent. Row numbers are the file's line numbers.
    """
    before = pl.DataFrame(schema={**dict.fromkeys(ALIKE, pl.String()), "repeats": pl.UInt32()})
    for first, lines, is_cut in _blocks(path):
        frame = pl.DataFrame({"line": lines}).with_row_index(ROW, offset=first).cast({ROW: pl.Int64})
        frame = frame.filter(pl.col("line").str.strip_chars() != "")
        fields = frame.with_columns(pl.col("line").str.extract_groups(LINE).alias("fields")).unnest("fields")
        fits = fields["status"].is_not_null() & ~fields["line"].str.contains(REPLACED, literal=True)
        requests, before = _numbered(_fields(fields.filter(fits).drop("line")), before)
        yield Chunk(requests, _broken(frame.filter(~fits), first + len(lines) - 1 if is_cut else 0))


def _blocks(path: Path) -> Iterator[tuple[int, list[str], bool]]:
    """Blocks of whole lines: the first one's number, the lines, and whether the last one lacks its end."""
    number, rest = 1, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            whole, sign, tail = (rest + block).rpartition(b"\n")
            rest = tail
            if sign:
                lines = whole.decode("utf-8").replace("\r", "").split("\n")
                yield number, lines, False
                number += len(lines)
    if rest:
        yield number, [rest.decode("utf-8").rstrip("\r")], True


def _fields(fields: pl.DataFrame) -> pl.DataFrame:
    """The fields of each line with the request's parts and the visitor, e-mail addresses masked."""
    fields = fields.with_columns(pl.when(pl.col(pl.String) != "-").then(pl.col(pl.String)).name.keep())
    parts = pl.col("request").str.extract_groups(REQUEST).struct
    fields = fields.with_columns(
        parts.field("method"),
        pl.coalesce(parts.field("target"), "request").alias("target"),
        parts.field("protocol"),
        pl.concat_str("remote_host", pl.col("user_agent").fill_null("-"), separator=" ").alias("visitor"),
    )
    shown = pl.col("target", "referrer", "user_agent").str.replace_all(VERSION, f"{KEPT}${{1}}")
    return fields.with_columns(shown.str.replace_all(ADDRESS, "***").str.replace_all(KEPT, "@", literal=True))


def _numbered(fields: pl.DataFrame, before: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The requests with a running number among alike ones, and how many of each there were, for the next block."""
    if fields.is_empty():
        return fields.drop("request").with_columns(pl.lit(None, dtype=pl.String).alias("repeat")), before
    joined = fields.join(before, on=list(ALIKE), how="left", nulls_equal=True, maintain_order="left")
    number = pl.int_range(1, pl.len() + 1).over(ALIKE) + pl.col("repeats").fill_null(0)
    numbered = joined.with_columns(number.alias("repeat"))
    counts = numbered.group_by(ALIKE).agg(pl.col("repeat").max().cast(pl.UInt32).alias("repeats"))
    return numbered.drop("request", "repeats").with_columns(pl.col("repeat").cast(pl.String)), counts


def _broken(frame: pl.DataFrame, cut: int) -> list[BrokenRow]:
    """Lines that are none of an access log; `cut` is the number of one whose end is missing."""
    broken = []
    for row, line in frame.rows():
        is_damaged = REPLACED in line
        detail = ("expected valid UTF-8" if is_damaged else EXPECTED) + (CUT if row == cut else "")
        broken.append(BrokenRow(row, "wrong_encoding" if is_damaged else "broken_row", detail, line))
    return broken
