"""What one segment does next more often than another (S9)."""

from __future__ import annotations

from dataclasses import replace

import altair as alt
import polars as pl

from dashboards.components import filters, palette, theme
from dashboards.components.axes import plain
from dashboards.components.charts import BAR_STEP
from dashboards.components.desk import Desk
from dashboards.components.panels import panel, row
from dashboards.components.steps import step_label
from dashboards.questions.paths import PathQuestion, Paths
from opsloop.funnels import Filter

SEGMENTS = ("device", "channel", "country")
SHOWN = 10
_CUT = 30  # letters of a node that fit beside a bar
_VALUES = """
    select {by} as value from marts.fct_events
    where event_date between ? and ? and coalesce({by}, '') <> ''
    group by value order by count(distinct person_id) desc, value limit 12
"""


def show(desk: Desk, asked: Paths, question: PathQuestion) -> None:
    """Offer two segments of the walks and show the moves whose shares differ most, with both matrices behind."""
    left, middle, right = row(desk, 1, 1, 1)
    with left:
        labels = {name: desk.label(name) for name in SEGMENTS}
        by = filters.choose("path_by", desk.t("filters.path_by"), SEGMENTS, labels, SEGMENTS[0])
    values = desk.rows(_VALUES.format(by=by), [question.start, question.end])["value"].to_list()
    if len(values) < 2:
        return
    names = {value: desk.value_label(by, value) for value in values}
    with middle:
        one = filters.choose("path_one", desk.t("filters.path_one"), values, names, values[0])
    with right:
        others = [value for value in values if value != one]
        two = filters.choose("path_two", desk.t("filters.path_two"), others, names, others[0])
    found = difference(desk, asked, question, by, (one, two))
    panel(
        desk,
        "path_difference",
        chart(desk, found),
        table(desk, found),
        title=desk.t("paths.difference", one=names[one], two=names[two]),
        note=desk.t("paths.difference_note", one=names[one], two=names[two], n=desk.minimum),
        of=("web",),
    )


def difference(desk: Desk, asked: Paths, question: PathQuestion, by: str, values: tuple[str, str]) -> pl.DataFrame:
    """Return the moves of both segments, largest difference first; those from where few moves start come last (X9)."""
    segments = [(Filter(property=by, values=(value,)),) for value in values]  # type: ignore[arg-type]
    one, two = (replace(question, segment=(*question.segment, *segment)) for segment in segments)
    found = asked.difference(one, two).with_columns(
        pl.col("transitions").sum().over("source").alias("moves"),
        pl.col("transitions_two").sum().over("source").alias("moves_two"),
    )
    enough = (pl.min_horizontal("moves", "moves_two") >= desk.minimum).alias("enough")
    keys = ["source", "target"]
    return found.with_columns(enough).sort(
        "enough", pl.col("share_more").abs(), *keys, descending=[True, True, False, False]
    )


def table(desk: Desk, found: pl.DataFrame) -> pl.DataFrame:
    """Return the moves as a reader sees them, with counts and shares of both segments."""
    return found.select(
        pl.Series("path_source", [_named(desk, node, "begin") for node in found["source"]], dtype=pl.String),
        pl.Series("path_target", [_named(desk, node, "end") for node in found["target"]], dtype=pl.String),
        pl.col("share").alias("share_one"),
        "share_two",
        "share_more",
        pl.col("transitions").alias("transitions_one"),
        "transitions_two",
        pl.col("persons").alias("persons_one"),
        "persons_two",
    )


def chart(desk: Desk, found: pl.DataFrame) -> theme.Drawing | None:
    """Return a bar per move to the side of the segment that makes it more often, of those that start often enough."""
    most = found.filter(pl.col("enough") & (pl.col("share_more") != 0)).head(SHOWN)
    if most.height == 0:
        return None
    lines, shown = [], []
    for move in most.iter_rows(named=True):
        lines.append(f"{_short(desk, move['source'], 'begin')} → {_short(desk, move['target'], 'end')}")
        one, two = desk.t.percent(move["share"]), desk.t.percent(move["share_two"])
        moves, moves_two = desk.t.number(move["moves"]), desk.t.number(move["moves_two"])
        shown.append(desk.t("paths.difference_bar", one=one, two=two, n=moves, n_two=moves_two))
    data = most.with_columns(
        pl.Series("line", lines), pl.Series("shown", shown), (pl.col("share_more") > 0).alias("more")
    )
    reach = float(data["share_more"].abs().max() or 1)  # type: ignore[arg-type]
    base = alt.Chart(plain(data.select("line", "share_more", "shown", "more"))).encode(
        y=alt.Y("line:N", sort=None, axis=alt.Axis(title=None, labelLimit=330)),
        tooltip=[alt.Tooltip("line:N", title=desk.t("filters.path_move")), alt.Tooltip("shown:N", title=" ")],
    )
    axis = alt.Axis(title=None, format="+~%", tickCount=5)
    bar = base.mark_bar(size=15).encode(
        x=alt.X("share_more:Q", axis=axis, scale=alt.Scale(domain=[-reach, reach], nice=True)),
        color=alt.Color(
            "more:N", scale=alt.Scale(domain=[True, False], range=[theme.accent(), palette.SERIES[1]]), legend=None
        ),
    )
    return theme.dressed(bar.properties(height=max(90, BAR_STEP * data.height + 34)))


def _named(desk: Desk, node: str | None, nothing: str) -> str:
    return desk.t(f"paths.{nothing}") if node is None else step_label(desk, node)


def _short(desk: Desk, node: str | None, nothing: str) -> str:
    name = _named(desk, node, nothing)
    return name if len(name) <= _CUT else f"{name[:_CUT]}…"
