"""Every metric the company has data for, beside the period before, in the order visibility, engagement, value."""

from __future__ import annotations

import polars as pl

from dashboards.components.desk import Desk
from dashboards.components.figures import change_text, measure
from dashboards.components.view import TARGET

LAYERS = ("visibility", "engagement", "value")
_SCHEMA = dict.fromkeys(
    ("layer", "metric", "value_shown", "now_shown", "before_shown", "change_shown", "settled_to"), pl.String
)


def scorecard(desk: Desk) -> pl.DataFrame:
    """Return one row per metric, written out: value, value before and change of the settled part.

    Of a slice, those that can be told of it.
    """
    ranked = sorted(
        desk.catalogue.values(), key=lambda metric: LAYERS.index(metric.layer) if metric.layer in LAYERS else 9
    )
    figures = measure(desk, [definition.name for definition in ranked if not desk.unsliced(definition.name)])
    against = "target_shown" if desk.view.compare == TARGET else "before_shown"
    rows = [
        {
            "layer": desk.t(f"layers.{desk.catalogue[name].layer}"),
            "metric": desk.label(name),
            "value_shown": desk.show(name, figure.value),
            "now_shown": desk.show(name, figure.now),
            against: desk.show(name, figure.before),
            "change_shown": change_text(desk, figure) or "–",
            "settled_to": figure.compared.end.isoformat() if figure.compared else "–",
        }
        for name, figure in figures.items()
        if figure.value is not None
    ]
    schema = {against if name == "before_shown" else name: kind for name, kind in _SCHEMA.items()}
    return pl.DataFrame(rows, schema=schema)
