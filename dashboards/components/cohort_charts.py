"""Charts of retention: a heat map of cohorts and the mean over them."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain
from dashboards.components.cohorts import span_label
from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE


def with_cell_names(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells after the start itself, each with the name of its periods."""
    later = cells.filter(pl.col("period_until") > 0)
    names = [span_label(low, high) for low, high in later.select("period_index", "period_until").iter_rows()]
    return later.with_columns(pl.Series("cell", names, dtype=pl.String))


def grid_chart(desk: Desk, cells: pl.DataFrame) -> theme.Drawing | None:
    """Return a heat map of the share back; cells on few persons or not settled are grey and without a fill."""
    later = with_cell_names(cells) if cells.height else cells
    if later.height == 0:
        return None
    data = _with_ink(desk, later)
    lines = data.sort("cohort_start")["line"].unique(maintain_order=True).to_list()
    columns = data.sort("period_index", "period_until")["cell"].unique(maintain_order=True).to_list()
    base = alt.Chart(plain(data)).encode(
        x=alt.X("cell:O", sort=columns, axis=alt.Axis(title=desk.t("retention.periods"), labelAngle=0, orient="top")),
        y=alt.Y("line:N", sort=lines, axis=alt.Axis(title=None, labelLimit=210)),
        tooltip=[
            alt.Tooltip("line:N", title=desk.t("retention.cohort_title")),
            alt.Tooltip("cell:O", title=desk.t("columns.period_index")),
            alt.Tooltip("shown:N", title=desk.t("columns.retained_rate")),
            alt.Tooltip("retained_persons:Q", title=desk.t("columns.retained_persons"), format=","),
            alt.Tooltip("base_persons:Q", title=desk.t("columns.base_persons"), format=","),
            alt.Tooltip("maturity_shown:N", title=desk.t("columns.maturity")),
        ],
    )
    top = _top(data)
    ramp = ["#12242f", "#0b5f8a", "#6cc0ee"] if theme.is_dark() else ["#eef5f9", "#7db8d8", "#0b5f8a"]
    fill = alt.Color("retained_rate:Q", scale=alt.Scale(domain=[0, top / 2, top], range=ramp, clamp=True), legend=None)
    empty = alt.value(theme.ink()["empty"])
    rect = base.mark_rect(cornerRadius=2, cursor="pointer").encode(color=alt.condition("datum.sure", fill, empty))
    rect = rect.add_params(theme.pickable("cohort_start", "cell"))
    text = base.mark_text(fontSize=10.5, opacity=theme.fitting(len(columns))).encode(
        text=alt.Text("shown:N"), color=alt.Color("ink:N", scale=None)
    )
    return theme.dressed(
        alt.layer(rect, text).resolve_scale(color="independent").properties(height=27 * len(lines) + 30)
    )


def _top(data: pl.DataFrame) -> float:
    return float(data.filter(pl.col("sure"))["retained_rate"].quantile(0.95) or 1)


def _with_ink(desk: Desk, later: pl.DataFrame) -> pl.DataFrame:
    """Return the cells with their line, their text and the colour of the text."""
    labels = [
        desk.t("retention.cohort", day=desk.t.date(row["cohort_start"]), n=desk.t.number(row["cohort_persons"]))
        for row in later.iter_rows(named=True)
    ]
    rates = [desk.t.percent(rate, 1 if (rate or 0) < 0.1 else 0) for rate in later["retained_rate"]]
    data = later.with_columns(
        pl.Series("line", labels),
        pl.Series("shown", rates),
        pl.Series("maturity_shown", [desk.value_label("maturity", word) for word in later["maturity"]]),
        ((pl.col("maturity") == MATURE) & (pl.col("base_persons") >= desk.minimum)).alias("sure"),
    )
    bright = "#0e1620" if theme.is_dark() else "#ffffff"
    return data.with_columns(
        pl.when(~pl.col("sure"))
        .then(pl.lit(palette.NEUTRAL))
        .when(pl.col("retained_rate") > _top(data) * 0.7)
        .then(pl.lit(bright))
        .otherwise(pl.lit(theme.ink()["strong"]))
        .alias("ink")
    )


def curve_chart(desk: Desk, means: pl.DataFrame) -> theme.Drawing | None:
    """Return both means of the share back by periods since the start: weighted by persons, and one vote a cohort."""
    later = with_cell_names(means) if means.height else means
    if later.height == 0:
        return None
    kinds = ["weighted_rate", "simple_rate"]
    long = later.unpivot(kinds, index=["cell", "cohorts", "base_persons"], variable_name="kind", value_name="rate")
    data = long.with_columns(
        pl.Series("mean", [desk.label(kind) for kind in long["kind"]]),
        pl.Series("shown", [desk.t.percent(rate) for rate in long["rate"]]),
    )
    colours = alt.Scale(domain=[desk.label(kind) for kind in kinds], range=[palette.SERIES[0], palette.SERIES[1]])
    chart = (
        alt.Chart(plain(data))
        .mark_line(point=alt.OverlayMarkDef(size=30, filled=True))
        .encode(
            x=alt.X(
                "cell:O",
                sort=later["cell"].to_list(),
                axis=alt.Axis(title=desk.t("retention.periods"), labelAngle=0),
            ),
            y=alt.Y("rate:Q", axis=alt.Axis(title=None, format="~%", tickCount=5), scale=alt.Scale(zero=True)),
            color=alt.Color("mean:N", scale=colours, legend=alt.Legend(title=None, orient="top")),
            tooltip=[
                alt.Tooltip("mean:N", title=desk.t("chart.what")),
                alt.Tooltip("cell:O", title=desk.t("columns.period_index")),
                alt.Tooltip("shown:N", title=desk.t("columns.retained_rate")),
                alt.Tooltip("cohorts:Q", title=desk.t("columns.cohorts")),
                alt.Tooltip("base_persons:Q", title=desk.t("columns.base_persons"), format=","),
            ],
        )
    )
    return theme.dressed(chart.properties(height=300))
