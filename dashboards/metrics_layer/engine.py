"""MetricFlow in process: from metrics, dimensions and filters to one SQL statement."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from threading import Lock
from types import SimpleNamespace
from typing import Any, cast

from dashboards.metrics_layer.manifest import Manifest


class Engine:
    """Compiles queries against one manifest; one of MetricFlow's own engines for each set of pinned values."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._engines: dict[tuple[tuple[str, str], ...], Any] = {}
        self._lock = Lock()

    def compile(
        self, metrics: Sequence[str], group_by: Sequence[str], where: Sequence[str], pins: Mapping[str, str]
    ) -> str:
        """The SQL of a query; columns are named as MetricFlow names them."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics), group_by_names=list(group_by) or None, where_constraints=list(where) or None
        )
        with self._lock:
            return str(self._engine(pins).explain(request).sql_statement.sql)

    def _engine(self, pins: Mapping[str, str]) -> Any:
        key = tuple(sorted(pins.items()))
        if key not in self._engines:
            self._engines[key] = _make(self._manifest.pinned(pins))
        return self._engines[key]


def _make(manifest: str) -> Any:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlEngine
    from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    # MetricFlow reports each call on its own logger; readers of pages and commands need none of it.
    logging.getLogger("metricflow").setLevel(logging.ERROR)
    logging.getLogger("metricflow_semantics").setLevel(logging.ERROR)
    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest))
    # It only names the engine and its renderer; nothing is ever run through it.
    client = SimpleNamespace(sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer())
    return MetricFlowEngine(lookup, cast(Any, client))
