"""JSON lines and JSON documents: every column as text, nested values as JSON text, so that the contract casts them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl

from ingestion import engine
from ingestion.readers.chunk import BLOCK_BYTES, ROW, BrokenRow, Chunk, FileRefused

MAX_DOCUMENT = 1 << 30


def is_json(path: Path) -> bool:
    """Whether the first character other than a blank opens an object or an array."""
    with path.open("rb") as file:
        return file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def is_lines(path: Path, records: str | None) -> bool:
    """Whether each line is an object of its own; one line alone is a document where rows are said to lie within it."""
    with path.open("rb") as file:
        first = file.readline().lstrip(b"\xef\xbb\xbf").strip()
        second = file.readline()
    if not first.startswith(b"{"):
        return False
    return second.startswith(b"{") or (first.endswith(b"}") and not second.strip() and records is None)


def read_lines(path: Path, columns: Iterable[str]) -> Iterator[Chunk]:
    """The objects of a file of lines; a line that is no JSON object is set aside."""
    wanted = list(columns)
    first = 1
    with path.open("r", encoding="utf-8", newline="\n") as file:
        while lines := file.readlines(BLOCK_BYTES):
            texts = pl.DataFrame({"text": lines}).with_columns(pl.col("text").str.strip_chars())
            texts = texts.filter(pl.col("text") != "").with_row_index(ROW, offset=first)
            first += texts.height
            yield _objects(texts, wanted)


def read_document(path: Path, columns: Iterable[str], records: str | None) -> Iterator[Chunk]:
    """The objects of an array, or of the array under the dotted path `records`; FileRefused where there is none."""
    if path.stat().st_size > MAX_DOCUMENT:
        raise FileRefused("a JSON document above 1 GB; export it as JSON lines")
    text = path.read_text(encoding="utf-8").lstrip("\ufeff")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileRefused(f"line {error.lineno}, column {error.colno}: not valid JSON ({error.msg})") from error
    rows = [json.dumps(item, ensure_ascii=False) for item in _items(found, records)]
    texts = pl.DataFrame({"text": rows}, schema={"text": pl.String()}).with_row_index(ROW, offset=1)
    yield _objects(texts, list(columns))


def _items(found: object, records: str | None) -> list[object]:
    """The array of rows within a document."""
    path = records.split(".") if records and not isinstance(found, list) else []
    for part in path:
        if not isinstance(found, dict) or part not in found:
            raise FileRefused(f"expected rows under {records!r}, found no {part!r}")
        found = found[part]
    if isinstance(found, dict) and not path:
        return [found]
    if not isinstance(found, list):
        raise FileRefused(f"expected an array of rows{f' under {records!r}' if records else ''}")
    return found


def _objects(texts: pl.DataFrame, wanted: list[str]) -> Chunk:
    """The columns of each object as text; dotted names that the contract wants reach into objects."""
    con = engine.cursor()
    con.register("texts", texts.with_columns(pl.col(ROW).cast(pl.Int64)).to_arrow())
    is_object = "case when json_valid(text) then json_type(text) = 'OBJECT' else false end"
    con.execute(f"create or replace temp table rows as select *, {is_object} as valid from texts")
    paths = _paths(con, wanted)
    listed = ", ".join(_quoted(path) for path in paths.values())  # All in one list: the text is parsed once.
    values = f"json_extract_string(text, [{listed}])" if paths else "null"
    selected = "".join(f", found[{number}] as {_name(name)}" for number, name in enumerate(paths, start=1))
    found = f"select {ROW}, {values} as found from rows where valid"
    frame = con.sql(f"select {ROW}{selected} from ({found})").pl()
    broken = con.sql(f"select {ROW}, text from rows where not valid order by {ROW}").fetchall()
    con.close()
    detail = "expected one JSON object"
    return Chunk(frame, [BrokenRow(row, "broken_row", detail, text) for row, text in broken], is_sparse=True)


def _paths(con: duckdb.DuckDBPyConnection, wanted: list[str]) -> dict[str, str]:
    """JSON path by column: keys of the objects, and below them where only a dotted name is wanted."""
    paths: dict[str, str] = {}
    for key in _keys(con, "$"):
        inner = [name for name in wanted if name.startswith(f"{key}.") and name not in paths]
        if key in wanted or not inner:
            paths[key] = _path(key)
        if inner:
            paths |= {f"{key}.{sub}": _path(key, sub) for sub in _keys(con, _path(key))}
            paths |= {name: _path(*name.split(".")) for name in inner}
    return paths


def _keys(con: duckdb.DuckDBPyConnection, path: str) -> list[str]:
    """The keys that objects at the path have, sorted."""
    listed = f"select distinct unnest(json_keys(text, {_quoted(path)})) as key from rows where valid order by key"
    return [key for (key,) in con.sql(listed).fetchall()]


def _path(*parts: str) -> str:
    """The JSON path of a key below keys."""
    return "$" + "".join(f'."{part}"' for part in parts)


def _quoted(text: str) -> str:
    """A string literal in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    """A name in SQL."""
    return '"' + text.replace('"', '""') + '"'
