"""Attribution: the credit of channels under each model, and what the platforms claim beside it."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import theme
from dashboards.components.axes import number_axis, plain, with_shown
from dashboards.components.desk import Desk
from dashboards.components.view import MODELS

_METRICS = ("attributed_conversions", "attributed_revenue")
_MODEL_COLOURS = {
    "first": "#c08a00",
    "position": "#d55e00",
    "linear": "#5b6770",
    "decay": "#7a5195",
    "last_non_direct": "#56b4e9",
    "last": "#0072b2",
    "markov": "#009e73",
    "shapley": "#cc79a7",
}
_SHAPES = {
    "first": "circle",
    "position": "triangle-left",
    "linear": "diamond",
    "decay": "triangle-right",
    "last_non_direct": "cross",
    "last": "square",
    "markov": "triangle-up",
    "shapley": "triangle-down",
}


def by_model(desk: Desk) -> pl.DataFrame:
    """Return credit by channel and model over the period."""
    if not desk.has("attribution"):
        return pl.DataFrame()
    return desk.frame(_METRICS, by=["channel", "attribution_model"])


def sums(desk: Desk) -> pl.DataFrame:
    """Return each model's whole credit, which has to be the conversions and their revenue (T2)."""
    if not desk.has("attribution"):
        return pl.DataFrame()
    return desk.frame(_METRICS, by=["attribution_model"])


def side_by_side(models: pl.DataFrame, metric: str) -> pl.DataFrame:
    """Return one row per channel with a column for each model."""
    wide = models.pivot(on="attribution_model", index="channel", values=metric)
    present = [model for model in MODELS if model in wide.columns]
    return wide.select("channel", *[pl.col(model).alias(f"model_{model}") for model in present]).sort(
        f"model_{present[0]}", descending=True, nulls_last=True
    )


def sentence(desk: Desk, models: pl.DataFrame) -> str:
    """Return the leading channel under the model chosen, and the channel about which first and last differ most."""
    chosen = _of(models, desk.view.model)
    if chosen.height == 0:
        return ""
    best = chosen.filter(pl.col("channel") != "unattributed").sort(
        "attributed_revenue", descending=True, nulls_last=True
    )
    if best.height == 0:
        return ""
    text = desk.t(
        "attribution.sentence",
        channel=desk.value_label("channel", best["channel"][0]),
        value=desk.show("attributed_revenue", float(best["attributed_revenue"][0])),
        model=desk.t(f"values.attribution_model.{desk.view.model}"),
    )
    pairs = _of(models, "first").join(_of(models, "last"), on="channel", suffix="_last").drop_nulls()
    if pairs.height == 0:
        return text
    gap = pairs.sort((pl.col("attributed_revenue") - pl.col("attributed_revenue_last")).abs()).row(-1, named=True)
    return text + desk.t(
        "attribution.disagree",
        channel=desk.value_label("channel", gap["channel"]),
        first=desk.show("attributed_revenue", float(gap["attributed_revenue"])),
        last=desk.show("attributed_revenue", float(gap["attributed_revenue_last"])),
    )


def _of(models: pl.DataFrame, model: str) -> pl.DataFrame:
    if models.height == 0:
        return models
    return models.filter(pl.col("attribution_model") == model).select("channel", "attributed_revenue")


def claimed(desk: Desk) -> pl.DataFrame:
    """Return, by channel with spend, what the platforms claim beside what the model gives."""
    names = ("ad_spend", "ad_conversions_claimed", *_METRICS, "return_on_ad_spend")
    frame = desk.frame(desk.by(names, "channel"), by=["channel"])
    if "ad_spend" not in frame.columns:
        return frame.clear()
    return frame.filter(pl.col("ad_spend") > 0).sort("ad_spend", descending=True)


def dots(desk: Desk, models: pl.DataFrame, metric: str) -> theme.Drawing | None:
    """Return one line per channel with a mark for each model: the longer the line, the less they agree."""
    if models.height == 0:
        return None
    labels = [desk.value_label("channel", value) for value in models["channel"]]
    names = {model: desk.t(f"values.attribution_model.{model}") for model in MODELS}
    data = with_shown(desk, models, metric).with_columns(
        pl.Series("line", labels),
        pl.Series("model", [names.get(value, value) for value in models["attribution_model"]]),
    )
    order = data.filter(pl.col("attribution_model") == desk.view.model).sort(metric, descending=True, nulls_last=True)
    present = [model for model in _MODEL_COLOURS if model in set(models["attribution_model"])]
    domain = [names[model] for model in present]
    x = alt.X(f"{metric}:Q", axis=number_axis(desk, desk.catalogue[metric].unit, grid=True))
    y = alt.Y("line:N", sort=order["line"].to_list(), axis=alt.Axis(title=None))
    base = alt.Chart(plain(data.select("line", "model", metric, "shown")))
    rule = base.mark_line(color=theme.ink()["line"], strokeWidth=2).encode(x=x, y=y, detail=alt.Detail("line:N"))
    marks = base.mark_point(filled=True, size=72, opacity=0.95).encode(
        x=x,
        y=y,
        color=alt.Color("model:N", scale=alt.Scale(domain=domain, range=[_MODEL_COLOURS[m] for m in present])),
        shape=alt.Shape("model:N", scale=alt.Scale(domain=domain, range=[_SHAPES[m] for m in present])),
        tooltip=[
            alt.Tooltip("line:N", title=desk.label("channel")),
            alt.Tooltip("model:N", title=desk.t("filters.model")),
            alt.Tooltip("shown:N", title=desk.label(metric)),
        ],
    )
    return theme.dressed(alt.layer(rule, marks).properties(height=26 * data["line"].n_unique() + 40))
