"""Rows whose local time was skipped or came twice, counted by the model's own SQL over a lake made by hand (X3)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import jinja2

MODEL = Path(__file__).parents[2] / "dbt_project/models/intermediate/quality/int_quality__stream_counts.sql"
FLAGS = [
    ("a", None),
    ("a", "ordered_at:shifted"),
    ("a", "ordered_at:shifted;updated_at:shifted"),
    ("a", "ordered_at:ambiguous;updated_at:shifted"),
    ("b", "ordered_at:ambiguous"),
    ("c", None),
]


def test_a_row_counts_once_however_many_of_its_times_are_doubtful() -> None:
    """X3: by stream and source name, versions that a newer one superseded included, as the rows are."""
    stream = {"source": "mapped", "stream": "orders", "landed": "lake", "staged": "staged", "keys": ["id"]}
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals.update(
        config=lambda **_: "",
        conformed_models=list,
        staged_streams=lambda: [stream],
        key_hash=lambda keys: f"hash({', '.join(keys)})",
    )
    sql = environment.from_string(MODEL.read_text(encoding="utf-8")).render()
    with duckdb.connect() as con:
        con.execute("create table lake (_source_name varchar, id int, _time_flags varchar)")
        con.executemany("insert into lake values (?, 1, ?)", FLAGS)
        con.execute("create table staged as select distinct _source_name as source_name from lake")
        counted = f"select source_name, landed, rows_shifted, rows_ambiguous, staged from ({sql}) order by all"
        assert con.sql(counted).fetchall() == [("a", 4, 3, 1, 1), ("b", 1, 0, 1, 1), ("c", 1, 0, 0, 1)]
