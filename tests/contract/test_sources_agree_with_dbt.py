"""What sources declare and what dbt says about them are the same (I1, I4, X7, G4)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

import ingestion.sources
from ingestion.contract import SOURCE_NAME, Source, Stream
from ingestion.lake import attach
from ingestion.registry import discover
from opsloop.workspace import Workspace

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"
SOURCES = discover()
STREAMS = [(source, stream) for source in SOURCES for stream in source.streams]
NAMES = [f"{source.name}/{stream.name}" for source, stream in STREAMS]
VERSIONED = re.compile(r"current_version\((.+?),\s+\[(.+?)\](?:,\s+'(\w+)')?\s*\)", re.DOTALL)


def dbt_source(name: str) -> dict[str, Any]:
    """The source of that name, as the YAML in its staging folder declares it."""
    text = (MODELS / "staging" / name / "_sources.yml").read_text(encoding="utf-8")
    (declared,) = yaml.safe_load(text)["sources"]
    return dict(declared)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_dbt_names_exactly_the_streams_that_a_source_yields(source: Source) -> None:
    """Stream = dbt source = asset key `landing/<source>/<stream>` (I1)."""
    declared = dbt_source(source.name)
    assert declared["name"] == source.name
    assert declared["schema"] == f"landing_{source.name}"
    assert {table["name"] for table in declared["tables"]} == {stream.name for stream in source.streams}


def test_dbt_has_no_source_that_ingestion_does_not_know() -> None:
    """A staging folder is a source's, or that of the workspace's own tables (I1)."""
    folders = {path.parent.name for path in (MODELS / "staging").glob("*/_sources.yml")}
    assert folders == {source.name for source in SOURCES} | {"workspace"}


def test_workspace_tables_in_dbt_are_those_that_ingestion_makes(tmp_path: Path) -> None:
    """What SQL may read of the workspace is named once, with its columns, and is there before anything has landed."""
    workspace = Workspace.create(
        tmp_path / "company", {"company": {"name": "Any"}, "time_zone": "UTC", "currency": "EUR"}
    )
    with duckdb.connect() as con:
        attach(con, workspace)
        found = con.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'workspace'"
        ).fetchall()
    declared = dbt_source("workspace")["tables"]
    named = {(table["name"], column["name"]) for table in declared for column in table["columns"]}
    assert named == set(found)


@pytest.mark.parametrize(("source", "stream"), STREAMS, ids=NAMES)
def test_owner_in_dbt_is_the_owner_in_the_contract(source: Source, stream: Stream) -> None:
    """Nothing is without an owner, and there is one only (G4)."""
    declared = dbt_source(source.name)
    (table,) = [table for table in declared["tables"] if table["name"] == stream.name]
    owner = table.get("config", declared["config"])["meta"]["owner"]
    assert owner == (stream.owner or source.owner)
    assert owner


@pytest.mark.parametrize(("source", "stream"), STREAMS, ids=NAMES)
def test_staging_takes_the_newest_version_by_the_contracts_key_and_order(source: Source, stream: Stream) -> None:
    """The order of a row's versions is the source's own where it has one, else arrival (X7)."""
    model = MODELS / "staging" / source.name / f"stg_{source.name}__{stream.name}.sql"
    sql = model.read_text(encoding="utf-8")
    found = VERSIONED.search(sql)
    assert found, f"{model.name} takes no current_version"
    _, keys, order_by = found.groups()
    assert tuple(re.findall(r"'(\w+)'", keys)) == stream.grain
    assert order_by == stream.order_by
    assert f"source('{source.name}', '{stream.name}')" in sql


@pytest.mark.parametrize(("source", "stream"), STREAMS, ids=NAMES)
def test_each_stream_says_what_it_holds_and_when(source: Source, stream: Stream) -> None:
    """A source declares grain, schema, time column, owner and licence (I1); no address or name lands in clear (G1)."""
    assert stream.description.endswith(".")
    assert source.licence
    assert stream.time_column or stream.name in {"order_items", "products"}
    clear = {
        column for column in stream.lake_schema if column in {"email", "email_address", "phone", "firstname", "author"}
    }
    assert not clear
    assert (SOURCE_NAME in stream.grain) == (source.name == "mapped")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_source_has_a_page_that_tells_where_its_exports_go(source: Source) -> None:
    """A new user finds the drop folder in the source's README (I1)."""
    folder = Path(next(iter(ingestion.sources.__path__))) / source.name
    text = (folder / source.readme).read_text(encoding="utf-8")
    assert text.startswith("# ")
    if source.name != "mapped":
        missing = [s.name for s in source.streams if s.name not in text]
        assert not missing


def test_every_model_of_staging_and_intermediate_has_its_own_page_with_the_grain() -> None:
    """One YAML per model, and its description says one row per what."""
    wrong = []
    for sql in sorted([*MODELS.glob("staging/*/*.sql"), *MODELS.glob("intermediate/*/*.sql")]):
        page = sql.with_suffix(".yml")
        described = yaml.safe_load(page.read_text(encoding="utf-8"))["models"] if page.exists() else []
        named = {model["name"]: model["description"] for model in described}
        if "One row" not in named.get(sql.stem, ""):
            wrong.append(sql.stem)
    assert not wrong, f"no YAML, or no grain in its description: {', '.join(wrong)}"
