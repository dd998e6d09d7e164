"""Why a figure of the page changed (N3): its segments' contributions as bars, in a sentence and in a table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape

import polars as pl
import streamlit as st

from dashboards.components import filters, standing, theme
from dashboards.components.desk import Desk
from dashboards.components.figures import Figure
from dashboards.components.panels import chart_and_table, heading, row
from dashboards.components.tables import show_texts
from dashboards.components.view import Span
from dashboards.components.why_bars import contribution_bars, number, part_label, signed
from dashboards.why import Change, Comparison, Part, explain, split
from dashboards.why.split import PLACES
from dashboards.why.words import effect, sentence

MOST = ""


def show_why(desk: Desk, figures: Mapping[str, Figure], default: str) -> None:
    """Offer the page's figures that moved, and show what moved the one chosen, over the days its figure compares."""
    if desk.view.shift is None:
        return
    names = [name for name, one in figures.items() if one.change is not None and desk.catalogue[name].splits]
    if not names:
        return
    with st.container(border=True, key="panel_why"):
        place = st.container()
        chosen, by = row(desk, 1, 1)
        with chosen:
            name = _choice(desk, "why", names, default if default in names else names[0])
        with by:
            dimension = _choice(desk, "why_by", [MOST, *desk.catalogue[name].splits], MOST)
        compared = _compared(desk, figures[name])
        change = explain(desk.metrics, name, compared, dimension or None) if compared else None
        if change is None:
            place.markdown(f"##### {desk.t('why.title', what=desk.label(name))}")
            st.caption(desk.t("why.one_segment" if compared else "why.unknown", what=desk.label(name)))
            return
        drawing, table = contribution_bars(desk, change), rows(desk, change)
        with place:
            said = heading(desk, "why", title(desk, change), table, drawing, standing.topics_of(desk, [name]))
        _show(desk, figures[name], change, drawing, table, said)


def title(desk: Desk, change: Change) -> str:
    """The question, with the dimension that answers it."""
    by = desk.t("why.title_by", dimension=desk.label(change.dimension).lower())
    return desk.t("why.title", what=desk.label(change.metric)) + by


def _choice(desk: Desk, name: str, options: list[str], default: str) -> str:
    labels = {option: desk.label(option) for option in options} | {MOST: desk.t("why.explained_by")}
    return filters.choose(name, desk.t(f"filters.{name}"), options, labels, default)


def _compared(desk: Desk, figure: Figure) -> Comparison | None:
    """The very days that the figure's change compares, so that both say the same."""
    shift = desk.view.shift
    if figure.compared is None or shift is None:
        return None
    before = figure.compared.back(shift)
    now = (figure.compared.start, figure.compared.end)
    return Comparison((before.start, before.end), now, desk.where(figure.name), desk.minimum)


def _show(
    desk: Desk, figure: Figure, change: Change, drawing: theme.Drawing | None, table: pl.DataFrame, said: str
) -> None:
    definition = desk.catalogue[change.metric]
    answer = sentence(desk.t, definition, desk.currency, change, lambda part: part_label(desk, change, part))
    answer += desk.t("why.preliminary") if figure.is_preliminary else ""
    st.html(f'<p class="ops-answer" data-testid="why">{escape(answer)}</p>')
    if drawing is None:
        return
    chart_and_table(
        desk,
        "why",
        drawing,
        table,
        title(desk, change),
        note(desk, figure, change),
        show=lambda desk, frame: show_texts(desk, written(desk, change, frame)),
        said=said,
    )


def rows(desk: Desk, change: Change) -> pl.DataFrame:
    """One row per part, with its values before and now and what it adds to the change, and the total last."""
    effects = change.has_effects
    rate, mix = (
        split.total(getattr(part, name) or Decimal(0) for part in change.split.parts) for name in ("rate", "mix")
    )
    total = Part(None, "other", change.split.before, change.split.after, change.split.change, rate, mix)
    found = [
        {
            "why_part": desk.t("why.total") if part is total else part_label(desk, change, part),
            "why_before": number(part.before),
            "why_after": number(part.after),
            "why_contribution": part.contribution,
            **({f"why_{effect(desk.catalogue[change.metric])}": part.rate, "why_mix": part.mix} if effects else {}),
        }
        for part in (*change.split.parts, total)
    ]
    kinds = {"why_part": pl.String, "why_before": pl.Float64, "why_after": pl.Float64}
    return pl.DataFrame(found, schema={name: kinds.get(name, pl.Decimal(38, PLACES)) for name in found[0]})


def written(desk: Desk, change: Change, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows as texts: values in the metric's unit, what is added with its sign."""
    shown = {
        name: [signed(desk, change, number(value)) for value in frame[name]]
        if name not in ("why_before", "why_after")
        else [desk.show(change.metric, value) for value in frame[name]]
        for name in frame.columns[1:]
    }
    return pl.DataFrame({"why_part": frame["why_part"], **shown})


def note(desk: Desk, figure: Figure, change: Change) -> str:
    """Which days are compared, and what the rows add up to."""
    kind = change.makeup.kind
    own = desk.t(f"why.effect_{effect(desk.catalogue[change.metric])}")
    dimension = desk.label(change.dimension).lower()
    parts = [desk.t(f"why.note_{kind}", dimension=dimension, own=own)]
    if kind == "ratio" and any(part.kind == "overlap" for part in change.split.parts):
        parts.append(desk.t("why.note_distinct", dimension=dimension))
    if change.makeup.cases and any(part.kind == "other" for part in change.split.parts):
        parts.append(desk.t("why.note_few", n=desk.minimum))
    span, shift = figure.compared, desk.view.shift
    if span is not None and shift is not None:
        spans = {"after": _span(desk, span), "before": _span(desk, span.back(shift))}
        parts.insert(0, desk.t("why.days", **spans))
    return ("" if desk.t.lang == "zh" else " ").join(parts)


def _span(desk: Desk, span: Span) -> str:
    return desk.t.span(span.start, span.end)
