"""Ways to damage a file: rows put in after good ones, each a copy with one thing wrong, in the file's own format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from opsloop.demo.arrow import Arrow, pa, pq

DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Wound:
    """One row to put in: what is wrong, in which column (the lake's name; the vendor's if it differs), which value."""

    kind: str
    column: str = ""
    value: Any = None
    vendor: str = ""

    @property
    def field(self) -> str:
        """The column as the vendor names it."""
        return self.vendor or self.column


def damage(
    file: Path, wounds: list[Wound], rng: np.random.Generator, records: str = "", encoding: str = "utf-8"
) -> list[int]:
    """Put the wounds into the file at random places; return their data rows, counted from 1, in the wounds' order."""
    if file.suffix == ".csv":
        return _damage_lines(file, wounds, rng, encoding, 1, _csv_line)
    if file.suffix == ".jsonl":
        return _damage_lines(file, wounds, rng, encoding, 0, _json_line)
    if file.suffix == ".parquet":
        return _damage_parquet(file, wounds, rng)
    return _damage_records(file, wounds, rng, records)


def _places(count: int, wounds: int, rng: np.random.Generator) -> list[int]:
    """Distinct rows after which the wounds go, where there are enough rows."""
    return [int(place) for place in np.sort(rng.choice(count, wounds, replace=count < wounds))]


def _damage_lines(
    file: Path,
    wounds: list[Wound],
    rng: np.random.Generator,
    encoding: str,
    header: int,
    spoil: Callable[[str, str, Wound], str],
) -> list[int]:
    lines = file.read_bytes().decode(encoding).rstrip("\n").split("\n")
    places = _places(len(lines) - header, len(wounds), rng)
    top = lines[0] if header else ""
    for place, wound in reversed(list(zip(places, wounds, strict=True))):
        good = lines[header + place]
        lines.insert(header + place + 1, good if wound.kind == DUPLICATE else spoil(top, good, wound))
    file.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return [place + 2 + rank for rank, place in enumerate(places)]


def _csv_line(header: str, good: str, wound: Wound) -> str:
    names, values = next(csv.reader([header])), next(csv.reader([good]))
    if wound.kind == "ragged":
        values = [*values, "?"] if wound.value else values[:-2]
    else:
        values[names.index(wound.field)] = str(wound.value)
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()


def _json_line(_: str, good: str, wound: Wound) -> str:
    if wound.kind == "broken_json":
        return good[: len(good) // 2]
    return json.dumps({**json.loads(good), wound.field: wound.value}, ensure_ascii=False, separators=(",", ":"))


def _damage_records(file: Path, wounds: list[Wound], rng: np.random.Generator, records: str) -> list[int]:
    page = json.loads(file.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = page[records] if records else page
    places = _places(len(rows), len(wounds), rng)
    for place, wound in reversed(list(zip(places, wounds, strict=True))):
        bad = json.loads(json.dumps(rows[place]))
        inner = bad if wound.field in bad or "properties" not in bad else bad["properties"]
        if wound.kind != DUPLICATE:
            inner[wound.field] = wound.value
        rows.insert(place + 1, bad)
    file.write_text(json.dumps(page, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return [place + 2 + rank for rank, place in enumerate(places)]


def _damage_parquet(file: Path, wounds: list[Wound], rng: np.random.Generator) -> list[int]:
    table = pq.read_table(file)
    places = _places(len(table), len(wounds), rng)
    parts: list[Arrow] = []
    rows: list[int] = []
    done = 0
    for place, wound in zip(places, wounds, strict=True):
        parts.append(table.slice(done, place + 1 - done))
        parts.append(_bad_row(table, place, wound))
        rows.append(place + 2 + len(rows))
        done = place + 1
    pq.write_table(pa.concat_tables([*parts, table.slice(done)]).combine_chunks(), file, compression="snappy")
    return rows


def _bad_row(table: Arrow, place: int, wound: Wound) -> Arrow:
    row = table.slice(place, 1)
    if wound.kind == DUPLICATE:
        return row
    index = table.column_names.index(wound.field)
    return row.set_column(index, table.schema.field(index), pa.array([wound.value], table.schema.field(index).type))


def move_rows(source: Path, target: Path, count: int, rng: np.random.Generator) -> list[int]:
    """Take rows out of one Parquet file and put them at the end of another; return their new rows, counted from 1."""
    table, other = pq.read_table(source), pq.read_table(target)
    chosen = np.sort(rng.choice(len(table), min(count, len(table) // 2), replace=False))
    keep = np.ones(len(table), bool)
    keep[chosen] = False
    pq.write_table(table.filter(pa.array(keep)).combine_chunks(), source, compression="snappy")
    both = pa.concat_tables([other, table.take(pa.array(chosen))])
    pq.write_table(both.combine_chunks(), target, compression="snappy")
    return [len(other) + 1 + position for position in range(len(chosen))]
