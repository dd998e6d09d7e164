"""How dbt's nodes are named in Dagster: one rule for sources, dbt's own folders for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator


class Translator(DagsterDbtTranslator):
    """A landed stream keeps the key it has as an asset; a model's key is its schema and name, its group its stage."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`landing/<source>/<stream>` for a landed stream, `workspace/<name>` for the workspace's own tables."""
        props = dbt_resource_props
        if props["resource_type"] == "source":
            own = props["source_name"] == "workspace"
            return dg.AssetKey(
                ["workspace", props["name"]] if own else ["landing", props["source_name"], props["name"]]
            )
        return dg.AssetKey([props["schema"], props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The stage: staging, intermediate, marts or seeds."""
        props = dbt_resource_props
        return str(props["schema"]) if props["resource_type"] in {"model", "seed"} else None
