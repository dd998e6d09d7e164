"""The published semantic manifest: the catalogue, and what each metric is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboards.metrics_layer.as_known import TWINS
from dashboards.metrics_layer.definition import MetricDefinition

# Entities that join facts to each other and are no breakdown.
KEYS = frozenset({"person", "lead"})
# Dimensions that a number never mixes: a value is always chosen, by the question or by default.
CHOICES = ("attribution_model", "activity", "conversion_window")
# Dimensions that say how to count or how sure a row is, and are no part of the business.
NO_SEGMENTS = frozenset({*CHOICES, "maturity"})
SIGNS = {"sum": "sum", "count_distinct": "count distinct", "count": "count", "median": "median"}


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a metric reads: its measures' marts with their day column, and the dimensions that all of them have."""

    tables: Mapping[str, str]
    dimensions: frozenset[str]
    is_cumulative: bool
    needs_all: bool
    zero_for_nothing: bool


@dataclass
class Manifest:
    """A semantic manifest as MetricFlow reads it, and as people do."""

    content: dict[str, Any]
    metrics: dict[str, dict[str, Any]] = field(init=False)
    _measures: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        self.metrics = {metric["name"]: metric for metric in self.content["metrics"]}
        models = self.content["semantic_models"]
        self._measures = {measure["name"]: (measure, model) for model in models for measure in model["measures"]}

    @cached_property
    def lineages(self) -> dict[str, Lineage]:
        """What each metric is made of."""
        return {name: self._lineage(name) for name in self.metrics}

    def catalogue(self) -> dict[str, MetricDefinition]:
        """Every metric that is not only a part of others, by name, in alphabetical order."""
        shown = (name for name in sorted(self.metrics) if not self.meta(name).get("is_helper"))
        return {name: self._definition(name) for name in shown}

    def meta(self, name: str) -> dict[str, Any]:
        """What the YAML's `meta` says of a metric."""
        meta: dict[str, Any] = ((self.metrics[name].get("config") or {}).get("meta")) or {}
        return meta

    def finer(self, name: str) -> str | None:
        """The metric that gives the same number from finer facts, for dimensions that only those have."""
        finer = self.meta(name).get("finer")
        return None if finer is None else str(finer)

    def dimensions(self, name: str) -> frozenset[str]:
        """Every dimension that a metric can be broken down by, those of its finer twin included."""
        finer = self.finer(name)
        return self.lineages[name].dimensions | (self.lineages[finer].dimensions if finer else frozenset())

    def answering(self, name: str, asked: frozenset[str]) -> str:
        """The metric that answers for another by some dimensions: itself, else its finer twin."""
        finer = self.finer(name)
        return name if finer is None or asked <= self.lineages[name].dimensions else finer

    def parts(self, name: str) -> tuple[str, str] | None:
        """Numerator and denominator of a ratio, nothing for a metric that is none."""
        params = self.metrics.get(name, {}).get("type_params", {})
        if not params.get("numerator"):
            return None
        return str(params["numerator"]["name"]), str(params["denominator"]["name"])

    def aggregate(self, measure: str) -> str:
        """How a measure's rows become one number: `sum`, `count_distinct`, `median` and so on."""
        return str(self._measures[measure][0]["agg"])

    def models_with(self, entity: str) -> list[dict[str, Any]]:
        """The semantic models that have a dimension."""
        return [m for m in self.content["semantic_models"] if any(e["name"] == entity for e in m["entities"])]

    def pinned(self, pins: Mapping[str, str]) -> str:
        """The manifest as text, in which metrics of marts that have a pinned dimension read its value only."""
        content = json.loads(json.dumps(self.content))
        for metric in content["metrics"]:
            measure = metric["type_params"].get("measure")
            if measure is None:
                continue
            held = {entity["name"] for entity in self._measures[measure["name"]][1]["entities"]}
            filters = [f"{{{{ Entity('{name}') }}}} = '{value}'" for name, value in pins.items() if name in held]
            metric["filter"] = metric.get("filter") or {"where_filters": []}
            metric["filter"]["where_filters"] += [{"where_sql_template": text} for text in filters]
        return json.dumps(content)

    def _inputs(self, name: str) -> tuple[list[str], list[str]]:
        """Names of the metrics and of the measures that a metric is made of directly."""
        params = self.metrics[name]["type_params"]
        metrics = [params[key]["name"] for key in ("numerator", "denominator") if params.get(key)]
        metrics += [one["name"] for one in params.get("metrics") or []]
        conversion = params.get("conversion_type_params") or {}
        measures = [params["measure"]["name"]] if params.get("measure") else []
        measures += [conversion[key]["name"] for key in ("base_measure", "conversion_measure") if conversion]
        return metrics, measures

    def _lineage(self, name: str) -> Lineage:
        metrics, measures = self._inputs(name)
        kind = self.metrics[name]["type"]
        tables: dict[str, str] = {}
        held: list[frozenset[str]] = []
        for part in map(self._lineage, metrics):
            tables |= part.tables
            held.append(part.dimensions)
        for at, measure_name in enumerate(measures):
            measure, model = self._measures[measure_name]
            tables[model["node_relation"]["alias"]] = _day_column(measure, model)
            if kind != "conversion" or at == 0:
                held.append(frozenset(entity["name"] for entity in model["entities"]) - KEYS)
        fill = (self.metrics[name]["type_params"].get("measure") or {}).get("fill_nulls_with")
        choices = frozenset.union(*held) & frozenset(CHOICES)
        dimensions = frozenset.intersection(*held) | choices
        return Lineage(tables, dimensions, kind == "cumulative", kind in ("ratio", "conversion"), fill == 0)

    def _definition(self, name: str) -> MetricDefinition:
        metric, meta = self.metrics[name], self.meta(name)
        return MetricDefinition(
            name=name,
            labels={"en": metric["label"], "zh": meta["label_zh"]},
            descriptions={"en": metric["description"], "zh": meta["description_zh"]},
            kind=metric["type"],
            unit=meta["unit"],
            good_direction=meta["good_direction"],
            layer=meta["layer"],
            owner=meta["owner"],
            effective_date=meta["effective_date"],
            version=int(meta["version"]),
            formula=self._formula(name),
            dimensions=tuple(sorted(self.dimensions(name))),
            splits=tuple(sorted(self.dimensions(name) - NO_SEGMENTS)),
            tables=tuple(sorted(self.lineages[name].tables)),
            has_history=self.lineages[name].tables.keys() <= TWINS.keys(),
        )

    def _formula(self, name: str) -> str:
        metric, (metrics, measures) = self.metrics[name], self._inputs(name)
        params = metric["type_params"]
        if metric["type"] == "ratio":
            return f"{metrics[0]} / {metrics[1]}"
        if metric["type"] == "derived":
            return str(params["expr"])
        if metric["type"] == "conversion":
            conversion = params["conversion_type_params"]
            window = conversion["window"]
            same = f"of the same {conversion['entity']} within {window['count']} {window['granularity']}s"
            return f"{measures[0]} followed by {measures[1]} {same} / {measures[0]}"
        return self._aggregate(measures[0]) + _reach(params) + _filters(metric)

    def _aggregate(self, name: str) -> str:
        measure, model = self._measures[name]
        expression = measure.get("expr") or name
        sign = SIGNS.get(measure["agg"], measure["agg"])
        return f"{sign}({expression}) of {model['node_relation']['alias']} by {_day_column(measure, model)}"


def _day_column(measure: dict[str, Any], model: dict[str, Any]) -> str:
    day = measure.get("agg_time_dimension") or model["defaults"]["agg_time_dimension"]
    found = next(dimension for dimension in model["dimensions"] if dimension["name"] == day)
    return str(found.get("expr") or day)


def _reach(params: dict[str, Any]) -> str:
    cumulative = params.get("cumulative_type_params")
    if not cumulative:
        return ""
    if cumulative.get("window"):
        return f", last {cumulative['window']['count']} {cumulative['window']['granularity']}s"
    return f", {cumulative['grain_to_date']} to date" if cumulative.get("grain_to_date") else ", since the beginning"


def _filters(metric: dict[str, Any]) -> str:
    texts = [one["where_sql_template"] for one in (metric.get("filter") or {}).get("where_filters", [])]
    cleaned = [text.replace("{{ Entity('", "").replace("') }}", "") for text in texts]
    return f" where {' and '.join(cleaned)}" if cleaned else ""
