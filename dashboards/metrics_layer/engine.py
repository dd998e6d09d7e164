"""MetricFlow in process: from metrics, dimensions and filters to one SQL statement."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from types import SimpleNamespace
from typing import Any, cast

from dashboards.metrics_layer.manifest import Manifest

KEPT = 2048
_PLACE = re.compile("⟦([a-z0-9_]+)⟧")
_Pins = tuple[tuple[str, str], ...]


def place(name: str) -> str:
    """Where in a filter the value of a name is to stand."""
    return f"⟦{name}⟧"


class Engine:
    """Compiles queries against one manifest; one of MetricFlow's own engines for each set of pinned values.

    What MetricFlow makes of a query does not depend on the values in its filters, and costs more than most answers: a
    query that differs from an earlier one by its days or by the values of its filters alone is not compiled again.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._engines: dict[_Pins, Any] = {}
        self._lock = Lock()
        self._compiled = lru_cache(maxsize=KEPT)(self._compile)

    def compile(
        self,
        metrics: Sequence[str],
        group_by: Sequence[str],
        where: Sequence[str],
        pins: Mapping[str, str],
        values: Mapping[str, str],
    ) -> str:
        """The SQL of a query, with each place in its filters filled; columns are named as MetricFlow names them."""
        sql = self._compiled(tuple(metrics), tuple(group_by), tuple(where), tuple(sorted(pins.items())))
        return _PLACE.sub(lambda found: values[found[1]], sql)

    def _compile(self, metrics: tuple[str, ...], group_by: tuple[str, ...], where: tuple[str, ...], pins: _Pins) -> str:
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

        request = MetricFlowQueryRequest.create(
            metric_names=metrics, group_by_names=group_by or None, where_constraints=where or None
        )
        with self._lock:
            return str(self._engine(pins).explain(request).sql_statement.sql)

    def _engine(self, pins: _Pins) -> Any:
        if pins not in self._engines:
            self._engines[pins] = _make(self.manifest.pinned(dict(pins)))
        return self._engines[pins]


@lru_cache(maxsize=2)
def engine_of(manifest: str) -> Engine:
    """The engine of a manifest as dbt wrote it; snapshots with the same definitions share it and what it compiled."""
    return Engine(Manifest(json.loads(manifest)))


def _make(manifest: str) -> Any:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlEngine
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    from dashboards.metrics_layer.dialect import Dialect

    # MetricFlow reports each call on its own logger; readers of pages and commands need none of it.
    logging.getLogger("metricflow").setLevel(logging.ERROR)
    logging.getLogger("metricflow_semantics").setLevel(logging.ERROR)
    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest))
    # It only names the engine and its renderer; nothing is ever run through it.
    client = SimpleNamespace(sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=Dialect())
    return MetricFlowEngine(lookup, cast(Any, client))
