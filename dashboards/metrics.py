"""The metrics layer's client: the only way to a number (X1, Y5)."""

from __future__ import annotations

from dashboards.metrics_layer.client import Metrics
from dashboards.metrics_layer.definition import MetricDefinition, format_value
from dashboards.metrics_layer.render import render
from dashboards.metrics_layer.snapshot import Snapshot

__all__ = ["MetricDefinition", "Metrics", "Snapshot", "format_value", "render"]
