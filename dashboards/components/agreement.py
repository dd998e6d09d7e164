"""How far attribution models agree: with each other, with the platforms' own claims, and how sure they are (T5, A5)."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import theme
from dashboards.components.axes import number_axis, plain
from dashboards.components.desk import Desk
from dashboards.components.view import MODELS

DATA_DRIVEN = ("markov", "shapley")
_SURE = """
select channel, attribution_model, credit_share, share_low, share_high, removal_effect, conversions, journeys
from marts.fct_attribution_confidence
where conversion_kind = 'order'
order by credit_share desc, channel, attribution_model
"""
_CREDIT, _CLAIMED = "attributed_conversions", "ad_conversions_claimed"


def confidence(desk: Desk) -> pl.DataFrame:
    """Return each channel's share under the data-driven models with its interval; no rows where none were learned."""
    return desk.rows(_SURE) if desk.has_mart("fct_attribution_confidence") else pl.DataFrame()


def intervals(desk: Desk, sure: pl.DataFrame) -> theme.Drawing | None:
    """Return a mark per channel and model with the interval that its share lies in."""
    if sure.height == 0:
        return None
    names = {model: desk.t(f"values.attribution_model.{model}") for model in DATA_DRIVEN}
    data = sure.with_columns(
        pl.Series("line", [desk.value_label("channel", value) for value in sure["channel"]]),
        pl.Series("model", [names[value] for value in sure["attribution_model"]]),
    )
    y = alt.Y("line:N", sort=data["line"].unique(maintain_order=True).to_list(), axis=alt.Axis(title=None))
    offset = alt.YOffset("model:N")
    scale = alt.Scale(domain=[names[model] for model in DATA_DRIVEN], range=["#009e73", "#cc79a7"])
    base = alt.Chart(plain(data))
    bar = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("share_low:Q", axis=number_axis(desk, "rate", grid=True)),
        x2=alt.X2("share_high:Q"),
        y=y,
        yOffset=offset,
        color=alt.Color("model:N", scale=scale),
    )
    mark = base.mark_point(filled=True, size=50, opacity=1).encode(
        x=alt.X("credit_share:Q"),
        y=y,
        yOffset=offset,
        color=alt.Color("model:N", scale=scale),
        tooltip=[
            alt.Tooltip("line:N", title=desk.label("channel")),
            alt.Tooltip("model:N", title=desk.t("filters.model")),
            *(
                alt.Tooltip(f"{name}:Q", title=desk.label(name), format=".1%")
                for name in ("credit_share", "share_low", "share_high")
            ),
        ],
    )
    return theme.dressed(alt.layer(bar, mark).properties(height=34 * data["line"].n_unique() + 40))


def disagreement(desk: Desk, models: pl.DataFrame) -> pl.DataFrame:
    """Return, per channel, the models that give it most and least and how far apart they are, the widest first."""
    if models.height == 0:
        return pl.DataFrame()
    given = models.with_columns(pl.col(_CREDIT).cast(pl.Float64).fill_null(0.0), _rank())
    every = given.select("channel").unique().join(given.select("attribution_model").unique(), how="cross")
    full = every.join(given, on=["channel", "attribution_model"], how="left").with_columns(
        pl.col(_CREDIT).fill_null(0.0), _rank()
    )
    ordered = full.sort(_CREDIT, "rank")
    ends = ordered.group_by("channel").agg(
        pl.col("attribution_model").last().alias("most_model"),
        pl.col(_CREDIT).last().alias("most_credited"),
        pl.col("attribution_model").first().alias("least_model"),
        pl.col(_CREDIT).first().alias("least_credited"),
        (pl.col(_CREDIT).last() - pl.col(_CREDIT).first()).alias("apart"),
    )
    return _named(desk, ends.filter(pl.col("apart") > 0).sort("apart", "channel", descending=[True, False]))


def _rank() -> pl.Expr:
    """A model's place in the list of models, so that equal credit does not depend on the order of rows."""
    return pl.col("attribution_model").replace_strict(dict(zip(MODELS, range(len(MODELS)), strict=True))).alias("rank")


def _named(desk: Desk, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.Series(name, [desk.t(f"values.attribution_model.{value}") for value in frame[name]], dtype=pl.String)
        for name in ("most_model", "least_model")
    )


def claims(desk: Desk, grain: str | None = None) -> pl.DataFrame:
    """Return claimed, rule-based and data-driven conversions of channels with claims, the widest difference first.

    The rule is the model chosen, or the last touch where a data-driven one is chosen. With a grain, one row per period
    and channel, the latest first: what there is to triangulate (T6).
    """
    if desk.known([_CREDIT, _CLAIMED]) != [_CREDIT, _CLAIMED]:
        return pl.DataFrame()
    keys = [*(["period"] if grain else []), "channel"]
    claimed = desk.frame([_CLAIMED], by=["channel"], grain=grain).filter(pl.col(_CLAIMED) > 0)
    credit = desk.frame([_CREDIT], by=["channel", "attribution_model"], grain=grain)
    rule = desk.view.model if desk.view.model not in DATA_DRIVEN else "last"
    for model in (rule, *DATA_DRIVEN):
        given = credit.filter(pl.col("attribution_model") == model)
        given = given.select(*keys, pl.col(_CREDIT).cast(pl.Float64).alias(f"model_{model}"))
        claimed = claimed.join(given, on=keys, how="left").with_columns(pl.col(f"model_{model}").fill_null(0.0))
    compared = claimed.with_columns((pl.col(_CLAIMED).cast(pl.Float64) - pl.col("model_markov")).alias("over_claimed"))
    if grain:
        return compared.sort("period", "channel", descending=[True, False])
    return compared.sort(pl.col("over_claimed").abs(), "channel", descending=[True, False])
