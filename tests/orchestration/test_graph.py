"""Dagster's graph is the registry's streams, dbt's models and tests, and the few assets computed in Python."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from ingestion.registry import discover
from orchestration.defs import transform as dbt_slices

STREAMS = [(source.name, stream.name) for source in discover() for stream in source.streams]
PYTHON = {
    dg.AssetKey(["workspace", "person_ids"]): "scores",
    dg.AssetKey(["workspace", "attribution_weights"]): "scores",
    dg.AssetKey(["workspace", "customer_scores"]): "scores",
    dg.AssetKey(["published", "snapshot"]): "published",
    dg.AssetKey(["packs", "weekly_review"]): "packs",
}


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> Any:
    """The graph as Dagster resolves it."""
    dg.Definitions.validate_loadable(definitions)
    return definitions.get_repository_def().asset_graph


def _built(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}]


def test_the_graph_holds_every_stream_and_every_model_once_each_in_the_group_of_its_stage(
    graph: Any, manifest: dict[str, Any]
) -> None:
    """O1: nothing is missing, nothing is there that nobody declared, and the groups are the stages."""
    expected = dict(PYTHON)
    expected |= {dg.AssetKey(["landing", source, stream]): "landing" for source, stream in STREAMS}
    expected |= {dg.AssetKey([node["schema"], node["name"]]): node["schema"] for node in _built(manifest)}
    own = [node["name"] for node in manifest["sources"].values() if node["source_name"] == "workspace"]
    expected |= {dg.AssetKey(["workspace", name]): "workspace" for name in own if name not in dbt_slices.COMPUTED}
    assert {key: graph.get(key).group_name for key in graph.get_all_asset_keys()} == expected


def test_only_the_workspaces_own_tables_are_made_outside_the_graph(graph: Any) -> None:
    """O1: every other asset can be materialized from the UI."""
    outside = {key for key in graph.get_all_asset_keys() if not graph.get(key).is_materializable}
    assert {key.path[0] for key in outside} == {"workspace"}
    assert not outside & PYTHON.keys()


@pytest.mark.parametrize(("source", "stream"), STREAMS, ids="/".join)
def test_a_stream_is_upstream_of_its_staging_model(graph: Any, source: str, stream: str) -> None:
    """I1: one name from the lake to staging; the lineage does not break between them."""
    staged = dg.AssetKey(["staging", f"stg_{source}__{stream}"])
    assert staged in graph.get(dg.AssetKey(["landing", source, stream])).child_keys


def test_models_depend_on_each_other_as_dbt_has_it(graph: Any, manifest: dict[str, Any]) -> None:
    """O1: the edges between assets are those of dbt, also across the slices in which they are built."""
    keys = {node["unique_id"]: dg.AssetKey([node["schema"], node["name"]]) for node in _built(manifest)}
    for unique_id, key in keys.items():
        parents = {keys[parent] for parent in manifest["parent_map"][unique_id] if parent in keys}
        assert parents <= graph.get(key).parent_keys, key


def test_every_test_of_dbt_is_a_check_and_every_stream_has_its_expectations(
    graph: Any, manifest: dict[str, Any]
) -> None:
    """O1, I11: a check that does not show in the UI is a check nobody sees."""
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    expectations = {dg.AssetCheckKey(dg.AssetKey(["landing", *stream]), "expectations") for stream in STREAMS}
    found = set(graph.asset_check_keys)
    assert expectations <= found
    assert {check.name for check in found - expectations} == tests | {"models_beat_their_baselines"}


def test_a_failed_test_of_dbt_stops_what_is_downstream_and_a_failed_expectation_warns(
    definitions: dg.Definitions, manifest: dict[str, Any]
) -> None:
    """O3: nothing is published over a broken mart, and broken rows are in quarantine anyway."""
    severe = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["config"]["severity"].lower() == "error"
    }
    nodes = definitions.get_repository_def().asset_graph.assets_defs
    specs = {spec.name: spec for node in nodes for spec in node.check_specs}
    assert {name for name, spec in specs.items() if spec.blocking} == severe


def test_the_snapshot_waits_for_every_mart_and_the_pack_for_the_snapshot(graph: Any, manifest: dict[str, Any]) -> None:
    """U5: a snapshot never holds yesterday's mart beside today's."""
    marts = {dg.AssetKey(["marts", node["name"]]) for node in _built(manifest) if node["schema"] == "marts"}
    snapshot = dg.AssetKey(["published", "snapshot"])
    assert graph.get(snapshot).parent_keys == marts
    assert graph.get(dg.AssetKey(["packs", "weekly_review"])).parent_keys == {snapshot}


def test_refresh_makes_everything_but_the_pack_and_starts_without_a_partition(definitions: dg.Definitions) -> None:
    """O1: one job from the drop folder to the snapshot."""
    made = definitions.resolve_job_def("refresh").asset_layer.executable_asset_keys
    graph: Any = definitions.get_repository_def().asset_graph
    assert made == graph.materializable_asset_keys - {dg.AssetKey(["packs", "weekly_review"])}


def test_whatever_writes_the_warehouse_waits_in_one_pool(definitions: dg.Definitions) -> None:
    """The warehouse is one file with one writer."""
    nodes = definitions.get_repository_def().asset_graph.assets_defs
    writers = [node for node in nodes if node.is_executable and node.keys - {dg.AssetKey(["packs", "weekly_review"])}]
    assert {node.op.pool for node in writers} == {"warehouse"}
