"""The product's own models as plain SQL: what dbt compiles for an empty workspace, with what they read beside it."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.fresh import ROOT

FILE = "compiled.json"
_PART = re.compile(r"/[*] part: (.*?) [*]/")


def compile_models(folder: Path, models: Sequence[str]) -> Path:
    """Compile the models in a process of its own; `compiled.json` in the folder then holds what `build` needs."""
    command = [sys.executable, "-m", "benchmarks.compiled", str(folder), *models]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the models could not be compiled: {done.stderr.strip()}")
    return folder / FILE


def build(connection: duckdb.DuckDBPyConnection, compiled: Path, model: str, memory_limit: str = "") -> None:
    """Build a model and all it needs, as tables or views as the project says; what is there already stays.

    Under a limit of memory in parts, as the project does where a table before has many rows.
    """
    nodes = json.loads(compiled.read_text(encoding="utf-8"))
    there = {
        name
        for (name,) in connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    }
    there |= {
        name for (name,) in connection.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()
    }
    for name in _in_order(nodes, model, there):
        kind = "view" if nodes[name]["materialized"] == "view" and name != model else "table"
        parts = _parts(connection, memory_limit) if kind == "table" and memory_limit else 1
        for part in range(parts):
            in_part = rf"where hash(cast(\1 as varchar)) % {parts} = {part}" if parts > 1 else ""
            query = _PART.sub(in_part, nodes[name]["sql"])
            if part:
                connection.execute(f"insert into {name} by name {query}")
            else:
                _create(connection, kind, name, query)


def _parts(connection: duckdb.DuckDBPyConnection, memory_limit: str) -> int:
    from orchestration.transform import rows_at_once

    largest = connection.execute("select coalesce(max(estimated_size), 0) from duckdb_tables()").fetchall()[0][0]
    return max(1, math.ceil(largest / rows_at_once(memory_limit)))


def prepare(connection: duckdb.DuckDBPyConnection, compiled: Path) -> None:
    """Load the sources and seeds that the models read: settings and other small tables."""
    nodes = json.loads(compiled.read_text(encoding="utf-8"))
    for name, node in nodes.items():
        if node["materialized"] == "file":
            _create(connection, "table", name, node["sql"])


def _create(connection: duckdb.DuckDBPyConnection, kind: str, name: str, query: str) -> None:
    connection.execute(f"create schema if not exists {name.partition('.')[0]}")
    connection.execute(f"create {kind} {name} as {query}")


def _in_order(nodes: dict[str, Any], model: str, done: set[str]) -> Iterator[str]:
    if model in done:
        return
    for needed in nodes[model]["needs"]:
        yield from _in_order(nodes, needed, done)
    done.add(model)
    yield model


def main(folder: str, *models: str) -> None:
    """Write `compiled.json` for the models and all that lies upstream of them."""
    from dbt.cli.main import dbtRunner

    from opsloop.demo import demo_settings
    from opsloop.workspace import Workspace
    from orchestration import transform

    workspace = Workspace.create(Path(folder) / "empty", {**demo_settings(), "as_of": "2025-12-31"})
    transform.prepare(workspace)
    selected = [f"+{model}" for model in models]
    arguments = ["compile", *transform.common_arguments(workspace), "--log-level", "none", "--select", *selected]
    outcome = dbtRunner().invoke(arguments)
    if not outcome.success:
        raise SystemExit(f"dbt: {outcome.exception or outcome.result}")
    target = workspace.state / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(workspace.work_db)) as connection:
        nodes = {_name(node): _entry(connection, node, manifest, Path(folder)) for node in _relevant(manifest)}
    (Path(folder) / FILE).write_text(json.dumps(nodes), encoding="utf-8")


def _relevant(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Compiled models, and the seeds and tables of settings that they read."""
    models = [one for one in manifest["nodes"].values() if one["resource_type"] == "model" and one.get("compiled_code")]
    yield from models
    for key in sorted({key for node in models for key in node["depends_on"]["nodes"]}):
        node = manifest["sources"].get(key) or manifest["nodes"][key]
        if node["resource_type"] == "seed" or node.get("source_name") == "workspace":
            yield node


def _name(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node['name']}"


def _entry(
    connection: duckdb.DuckDBPyConnection, node: dict[str, Any], manifest: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """A model's SQL without the warehouse's name; a file's contents for a seed or a table of settings."""
    if node["resource_type"] == "model":
        # A model also depends on what only its reach reads, of which nothing is left where it is built whole.
        before = [manifest["sources"].get(key) or manifest["nodes"][key] for key in node["depends_on"]["nodes"]]
        needs = [_name(one) for one in before if one["relation_name"] in node["compiled_code"]]
        sql = node["compiled_code"].replace(f'"{node["database"]}".', "")
        return {"needs": needs, "materialized": node["config"]["materialized"], "sql": sql}
    if node["resource_type"] == "seed":
        path = Path(node["root_path"]) / node["original_file_path"]
        return {"needs": [], "materialized": "file", "sql": f"select * from read_csv('{path}', header = true)"}
    path = folder / f"{node['name']}.parquet"
    connection.execute(f"copy (select * from {node['relation_name']}) to '{path}' (format parquet)")
    return {"needs": [], "materialized": "file", "sql": f"select * from '{path}'"}


if __name__ == "__main__":
    main(*sys.argv[1:])
