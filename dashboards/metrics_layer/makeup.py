"""How a metric's segments make up its whole: they add up, overlap, are a ratio of two metrics, or stand apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dashboards.metrics_layer.manifest import Manifest

Kind = Literal["sum", "distinct", "ratio", "apart"]
Cases = Literal["above", "below"] | None
_AGGREGATES: dict[str, Kind] = {"sum": "sum", "count": "sum", "count_distinct": "distinct"}
_LINEAR = re.compile(r"[\w\s+-]+")


@dataclass(frozen=True, slots=True)
class Makeup:
    """What holds between a metric and its segments by a dimension.

    `sum`: segments add up to the whole. `distinct`: what is in two segments counts once in the whole. `ratio`:
    numerator and denominator are each of these two kinds. `apart`: medians, conversions and ratios of ratios, whose
    segments say nothing about the whole. It is exact where nothing can be in two segments. `cases` says where a
    segment's cases are counted: in the value itself, below the line of a ratio, or nowhere.
    """

    kind: Kind
    is_exact: bool = False
    cases: Cases = None


def makeup(manifest: Manifest, metric: str, dimension: str) -> Makeup:
    """How the segments of a metric by a dimension make it up."""
    spoken = manifest.metrics[manifest.answering(metric, frozenset({dimension}))]
    if spoken["type"] != "ratio":
        kind = _kind(manifest, metric, dimension)
        return Makeup(kind, kind == "sum", "above" if manifest.meta(metric).get("unit") == "count" else None)
    above, below = spoken["type_params"]["numerator"]["name"], spoken["type_params"]["denominator"]["name"]
    kinds = {_kind(manifest, part, dimension) for part in (above, below)}
    counted: Cases = "below" if manifest.meta(below).get("unit") == "count" else None
    return Makeup("ratio", kinds == {"sum"}, counted) if kinds <= {"sum", "distinct"} else Makeup("apart")


def _kind(manifest: Manifest, metric: str, dimension: str) -> Kind:
    """What a metric that is no ratio adds up to; a derived one adds up where it adds and subtracts what does."""
    spoken = manifest.metrics[manifest.answering(metric, frozenset({dimension}))]
    params = spoken["type_params"]
    if spoken["type"] in ("simple", "cumulative"):
        return _AGGREGATES.get(manifest.aggregate(params["measure"]["name"]), "apart")
    if spoken["type"] != "derived" or not _LINEAR.fullmatch(params["expr"]):
        return "apart"
    kinds = {_kind(manifest, part["name"], dimension) for part in params["metrics"]}
    return "apart" if "apart" in kinds else "distinct" if "distinct" in kinds else "sum"
