"""Paths from or to an event: what comes next, the transition matrix, whole walks (S9)."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import polars as pl
import streamlit as st

from dashboards.components import filters, path_difference, saving, theme
from dashboards.components.axes import plain
from dashboards.components.builder import anchor_of
from dashboards.components.charts import BAR_STEP
from dashboards.components.desk import Desk
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.segment_choice import Chosen
from dashboards.components.steps import step_label
from dashboards.questions.paths import PathQuestion, Paths
from dashboards.segments.asked import PathPersons
from opsloop.funnels import EventFilter

SHOWN, MATRIX_SHOWN, WALKS_SHOWN, MOVES_OFFERED = 10, 200, 20, 40
_ALL = 2**31 - 1
DIRECTIONS, NODES, WALKERS, STEPS = ("from", "to"), ("both", "page", "event"), ("sessions", "persons"), ("3", "5", "8")
_NOISE = ("scroll", "user_engagement")
_CUT = 42  # letters of a page's address that fit beside a bar
_ROOM = 2.0  # the longest bar leaves as much room for its two counts as it takes itself


def ask(desk: Desk, offered: Sequence[str], chosen: Chosen | None = None) -> PathQuestion:
    """Show the choices that make a question of paths, keep them in the address, and return it, of some or of all."""
    labels = {name: step_label(desk, name) for name in offered}
    default = next((name for name in ("add_to_cart", "purchase", "generate_lead") if name in offered), offered[0])
    columns = row(desk, 1, 1, 1, 1, 1)
    with columns[0]:
        anchor = filters.choose("path_anchor", desk.t("filters.path_anchor"), offered, labels, default)
    made = {}
    choices = {"direction": DIRECTIONS, "node": NODES, "walker": WALKERS, "steps": STEPS}
    for column, (name, options) in zip(columns[1:], choices.items(), strict=True):
        with column:
            said = {one: desk.t(f"values.path_{name}.{one}") if name != "steps" else one for one in options}
            fallback = "5" if name == "steps" else options[0]
            made[name] = filters.choose(f"path_{name}", desk.t(f"filters.path_{name}"), options, said, fallback)
    span = desk.view.span
    return PathQuestion(
        span.start,
        span.end,
        anchor=anchor_of(anchor),
        direction=made["direction"],  # type: ignore[arg-type]
        steps=int(made["steps"]),
        node=made["node"],  # type: ignore[arg-type]
        walker=made["walker"],  # type: ignore[arg-type]
        leave_out=tuple(EventFilter(event=name) for name in _NOISE if name != anchor),
        among=chosen.relation if chosen else None,
    )


def show(desk: Desk, question: PathQuestion, chosen: Chosen | None = None) -> None:
    """Show what comes straight after (or before) the anchor, the transition matrix and the commonest walks."""
    asked = Paths(desk.metrics)
    flow = asked.flow(question)
    place, side = (0, "target") if question.direction == "from" else (-1, "source")
    next_moves = flow.filter(pl.col("place") == place).group_by(side).agg(pl.col("transitions", "persons").sum())
    next_moves = next_moves.sort("transitions", side, descending=[True, False], nulls_last=True).head(SHOWN)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "path_next",
            _chart(desk, next_moves, side) if next_moves.height else None,
            _said(desk, flow),
            title=desk.t(f"paths.next_{question.direction}"),
            note=desk.t("paths.note"),
            of=("web",),
        )
    with right:
        whole = asked.matrix(question)
        matrix = whole.head(MATRIX_SHOWN)
        table_panel(
            desk,
            "path_matrix",
            _matrix(desk, matrix),
            title=desk.t("paths.matrix"),
            note=desk.t("paths.matrix_note"),
            of=("web",),
            whole=lambda: _matrix(desk, whole),
        )
    table_panel(
        desk,
        "path_walks",
        _walks(desk, asked, question, WALKS_SHOWN),
        title=desk.t("paths.walks"),
        of=("web",),
        whole=lambda: _walks(desk, asked, question, _ALL),
    )
    _persons(desk, asked, question, matrix.select("source", "target"), chosen)
    path_difference.show(desk, asked, question)


def _persons(desk: Desk, asked: Paths, question: PathQuestion, matrix: pl.DataFrame, chosen: Chosen | None) -> None:
    """Show who made one of the commonest moves, with the whole list as CSV, to be saved as a segment (S10)."""
    moves = {f"{source or ''}~{target or ''}": (source, target) for source, target in matrix.rows()[:MOVES_OFFERED]}
    if not moves:
        return
    labels = {
        key: f"{node_label(desk, source, nothing='begin')} → {node_label(desk, target)}"
        for key, (source, target) in moves.items()
    }
    with st.expander(desk.t("paths.who")):
        move = filters.choose("path_move", desk.t("filters.path_move"), list(moves), labels, next(iter(moves)))
        found = asked.persons(question, *moves[move])
        title = desk.t("funnel.persons", n=desk.t.number(found.height))
        table_panel(desk, "path_persons", found, title=title, when_empty=desk.t("funnel.nobody"), of=("web",))
        source, target = moves[move]
        own = {name: getattr(question, name) for name in PathQuestion.__slots__ if name != "among"}
        within = chosen.name if chosen else None
        saving.offer(desk, "path", PathPersons(**own, source=source, target=target, within=within), found.height)


def node_label(desk: Desk, node: str | None, *, nothing: str = "end") -> str:
    """Return what a node is called: an event's word, a page's own address."""
    return desk.t(f"paths.{nothing}") if node is None else step_label(desk, node)


def _said(desk: Desk, frame: pl.DataFrame) -> pl.DataFrame:
    """Return moves with the words of their nodes."""
    return frame.with_columns(
        pl.Series("source", [node_label(desk, node, nothing="begin") for node in frame["source"]], dtype=pl.String),
        pl.Series("target", [node_label(desk, node) for node in frame["target"]], dtype=pl.String),
    ).rename({"source": "path_source", "target": "path_target"})


def _walks(desk: Desk, asked: Paths, question: PathQuestion, top: int) -> pl.DataFrame:
    """Return the commonest whole walks, their nodes in words."""
    said = pl.col("nodes").map_elements(lambda nodes: " → ".join(node_label(desk, one) for one in nodes), pl.String)
    return asked.walks(question, top).with_columns(said)


def _matrix(desk: Desk, moves: pl.DataFrame) -> pl.DataFrame:
    """Return moves with the words of their nodes and the share of their source that they are."""
    return _said(desk, moves).rename({"share": "share_of_source"})


def _chart(desk: Desk, moves: pl.DataFrame, side: str) -> theme.Drawing:
    """Return a bar per node with its transitions and its persons."""
    nothing = "end" if side == "target" else "begin"
    names = [node_label(desk, node, nothing=nothing) for node in moves[side]]
    lines = [name if len(name) <= _CUT else f"{name[:_CUT]}…" for name in names]
    shown = [
        desk.t("paths.bar", transitions=desk.t.number(row["transitions"]), persons=desk.t.number(row["persons"]))
        for row in moves.iter_rows(named=True)
    ]
    data = moves.with_columns(pl.Series("line", lines), pl.Series("shown", shown))
    base = alt.Chart(plain(data.select("line", "transitions", "shown"))).encode(
        x=alt.X("transitions:Q", axis=None, scale=alt.Scale(domain=[0, _ROOM * max(data["transitions"].to_list())])),
        y=alt.Y("line:N", sort=None, axis=alt.Axis(title=None)),
    )
    bar = base.mark_bar(size=15, color=theme.accent())
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("shown:N"))
    return theme.dressed(alt.layer(bar, text).properties(height=max(90, BAR_STEP * moves.height + 12)))
