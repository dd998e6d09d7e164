"""The list of dirt points at rows that really are what it says, and the quarantine holds exactly the broken ones."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingestion.lake import attach
from ingestion.landing import land
from opsloop.demo.dirt import RECORDS, WOUNDS
from opsloop.workspace import Workspace


def _file(company: Workspace, entry: dict[str, Any]) -> Path:
    return company.landing / str(entry["source"]) / str(entry["stream"]) / str(entry["file"])


def _lines(file: Path, source: str) -> list[str]:
    text = file.read_bytes().decode("gb18030" if source == "ocean_engine" else "utf-8")
    lines = text.rstrip("\n").split("\n")
    return lines[1:] if file.suffix == ".csv" else lines


def _row(company: Workspace, entry: dict[str, Any]) -> Any:
    """The row that an entry points at, as the file has it."""
    file = _file(company, entry)
    if file.suffix == ".parquet":
        return pl.read_parquet(file).row(entry["row"] - 1, named=True)
    if file.suffix == ".json":
        page = json.loads(file.read_text(encoding="utf-8"))
        records = RECORDS.get(f"{entry['source']}/{entry['stream']}")
        found = (page[records] if records else page)[entry["row"] - 1]
        return {**found, **found.get("properties", {})}
    return _lines(file, entry["source"])[entry["row"] - 1]


def test_every_planned_wound_is_in_the_list(dirt: dict[str, Any]) -> None:
    """Nothing was injected and forgotten."""
    planned = Counter((stream, wound.kind, wound.column or None) for stream, _, wounds in WOUNDS for wound in wounds)
    listed = Counter((f"{row['source']}/{row['stream']}", row["kind"], row["column"]) for row in dirt["broken_rows"])
    assert listed == planned


def test_broken_lines_cannot_be_read_as_their_header_says(company: Workspace, dirt: dict[str, Any]) -> None:
    """Ragged lines have another number of fields; cut JSON is no JSON."""
    ragged = [entry for entry in dirt["broken_rows"] if entry["kind"] == "ragged"]
    for entry in ragged:
        text = _file(company, entry).read_bytes().decode("gb18030" if entry["source"] == "ocean_engine" else "utf-8")
        width = len(next(csv.reader([text.split("\n")[0]])))
        assert len(next(csv.reader([_row(company, entry)]))) != width
    cut = [entry for entry in dirt["broken_rows"] if entry["kind"] == "broken_json"]
    for entry in cut:
        with pytest.raises(json.JSONDecodeError):
            json.loads(_row(company, entry))
    assert ragged
    assert cut


def test_rows_without_a_key_have_none(company: Workspace, dirt: dict[str, Any]) -> None:
    """A missing key is empty in the file itself."""
    vendors = {(stream, wound.column): wound.field for stream, _, wounds in WOUNDS for wound in wounds}
    for entry in (entry for entry in dirt["broken_rows"] if entry["kind"] == "missing_key"):
        row = _row(company, entry)
        field = vendors[f"{entry['source']}/{entry['stream']}", entry["column"]]
        if isinstance(row, str) and row.startswith("{"):
            row = json.loads(row)
        if isinstance(row, str):
            file = _file(company, entry)
            text = file.read_bytes().decode("gb18030" if entry["source"] == "ocean_engine" else "utf-8")
            row = dict(zip(next(csv.reader([text.split("\n")[0]])), next(csv.reader([row])), strict=True))
        assert row[field] in (None, ""), entry


def test_rows_said_to_stand_twice_do(company: Workspace, dirt: dict[str, Any]) -> None:
    """An exact duplicate equals the row before it."""
    assert dirt["duplicate_rows"]
    for entry in dirt["duplicate_rows"]:
        assert _row(company, entry) == _row(company, {**entry, "row": entry["row"] - 1})


def test_copied_files_have_the_same_bytes_under_another_name(company: Workspace, dirt: dict[str, Any]) -> None:
    """A whole file lies there twice."""
    assert dirt["duplicate_files"]
    for entry in dirt["duplicate_files"]:
        assert _file(company, entry).read_bytes() == _file(company, {**entry, "file": entry["of"]}).read_bytes()


def test_late_rows_lie_in_the_file_of_a_later_day(company: Workspace, dirt: dict[str, Any]) -> None:
    """They are missing from the file of their own day."""
    assert dirt["late_rows"]
    for entry in dirt["late_rows"]:
        row = _row(company, entry)
        assert f"events_{row['event_date']}.parquet" == entry["of"] < entry["file"]
        own = pl.read_parquet(_file(company, {**entry, "file": entry["of"]}))
        same = (own["event_timestamp"] == row["event_timestamp"]) & (own["user_pseudo_id"] == row["user_pseudo_id"])
        assert not same.any()


def test_files_in_other_encodings_are_no_utf_8(company: Workspace, dirt: dict[str, Any]) -> None:
    """Each can be read only in the encoding that the list names."""
    assert {entry["encoding"] for entry in dirt["wrong_encoding"]} == {"utf-16", "gb18030"}
    for entry in dirt["wrong_encoding"]:
        raw = _file(company, entry).read_bytes()
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
        assert raw.decode(entry["encoding"]).count("\n") > 3


def test_the_quarantine_holds_exactly_the_broken_rows(brief: Workspace) -> None:
    """Landing the demo sets aside each listed row with a reason, and no other (X8)."""
    land(brief)
    with duckdb.connect() as connection:
        attach(connection, brief)
        rows = connection.sql("select source, stream, file, row from workspace.quarantine").fetchall()
    listed = json.loads((brief.root / "truth" / "dirt.json").read_text(encoding="utf-8"))["broken_rows"]
    found = [(source, stream, Path(file).name, row) for source, stream, file, row in rows]
    assert sorted(found) == sorted((row["source"], row["stream"], row["file"], row["row"]) for row in listed)
