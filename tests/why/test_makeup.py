"""What a metric's segments add up to is read from its measures, not from its name (N3)."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.metrics_layer.makeup import Makeup, makeup
from dashboards.metrics_layer.manifest import Manifest

MEASURES = {"spend": "sum", "orders": "sum", "buyers": "count_distinct", "minutes": "median"}


def _metric(name: str, kind: str, unit: str = "count", **params: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "type_params": params, "config": {"meta": {"unit": unit}}}


@pytest.fixture
def manifest() -> Manifest:
    """A shop in which each measure is a metric, with some made of them."""
    model = {
        "name": "shop",
        "node_relation": {"alias": "fct_shop"},
        "defaults": {"agg_time_dimension": "day"},
        "entities": [{"name": name} for name in ("channel", "person", "maturity")],
        "dimensions": [{"name": "day"}],
        "measures": [{"name": name, "agg": agg} for name, agg in MEASURES.items()],
    }
    metrics = [_metric(name, "simple", measure={"name": name}) for name in MEASURES]
    metrics += [
        _metric("profit", "derived", "money", expr="orders - spend", metrics=[{"name": "orders"}, {"name": "spend"}]),
        _metric("reach", "derived", expr="orders + buyers", metrics=[{"name": "orders"}, {"name": "buyers"}]),
        _metric("product", "derived", expr="orders * spend", metrics=[{"name": "orders"}, {"name": "spend"}]),
        _metric("buyers_of_the_month", "cumulative", measure={"name": "buyers"}),
        _metric("cost", "ratio", "money", numerator={"name": "spend"}, denominator={"name": "orders"}),
        _metric("frequency", "ratio", "ratio", numerator={"name": "orders"}, denominator={"name": "buyers"}),
        _metric("yield", "ratio", "ratio", numerator={"name": "profit"}, denominator={"name": "profit"}),
        _metric("cost_of_cost", "ratio", "ratio", numerator={"name": "cost"}, denominator={"name": "orders"}),
    ]
    return Manifest({"metrics": metrics, "semantic_models": [model]})


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("spend", Makeup("sum", True, "above")),
        ("buyers", Makeup("distinct", False, "above")),
        ("buyers_of_the_month", Makeup("distinct", False, "above")),
        ("minutes", Makeup("apart", False, "above")),
        ("profit", Makeup("sum", True, None)),
        ("reach", Makeup("distinct", False, "above")),
        ("product", Makeup("apart", False, "above")),
        ("cost", Makeup("ratio", True, "below")),
        ("frequency", Makeup("ratio", False, "below")),
        ("yield", Makeup("ratio", True, None)),
        ("cost_of_cost", Makeup("apart")),
    ],
)
def test_what_a_metric_adds_up_to_is_read_from_its_measures(manifest: Manifest, metric: str, expected: Makeup) -> None:
    """N3, X9: and where its cases are counted: in a count itself, or below the line where a count stands there."""
    assert makeup(manifest, metric, "channel") == expected
