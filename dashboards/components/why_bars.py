"""The parts of a change as bars, and how they are named and written (N3)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain
from dashboards.components.charts import BAR_STEP
from dashboards.components.desk import Desk
from dashboards.why import Change, Part
from dashboards.why.words import DIFFERENCES, effect


def part_label(desk: Desk, change: Change, part: Part) -> str:
    """What a part of a change is called: the segment's name, with its dimension where the name is empty."""
    if part.kind != "segment":
        return desk.t(f"why.{part.kind}")
    name = desk.value_label(change.dimension, part.name)
    return f"{desk.label(change.dimension)} {name}" if name == desk.t("values.none") else name


def signed(desk: Desk, change: Change, value: float | None) -> str:
    """What is added to a metric, with its sign, in its unit; of a rate in points."""
    if value is None:
        return desk.show(change.metric, None)
    unit = desk.catalogue[change.metric].unit
    if unit == "rate":
        size = f"{abs(value) * 100:,.2f}{desk.t('change.points')}"
    else:
        size = f"{abs(value):,.2f}" if unit in DIFFERENCES else desk.show(change.metric, abs(value))
    return ("+" if value > 0 else "−" if value < 0 else "") + size


def contribution_bars(desk: Desk, change: Change) -> theme.Drawing | None:
    """A bar per part, to the right where it raises the metric; rate and mix of a ratio apart in two colours."""
    known = [part for part in change.split.parts if part.contribution is not None]
    if not known:
        return None
    labels = [part_label(desk, change, part) for part in known]
    pieces = [piece for part, label in zip(known, labels, strict=True) for piece in _pieces(desk, change, part, label)]
    ends = [_end(desk, change, part, label) for part, label in zip(known, labels, strict=True)]
    y = alt.Y("part:N", sort=labels, axis=alt.Axis(title=None, labelLimit=150))
    x = alt.X("amount:Q", stack="zero", axis=None, scale=_room(desk, change, known))
    colours = _colours(desk, change)
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in _tips(desk, change)]
    colour = alt.Color("effect:N", scale=scale, legend=alt.Legend() if change.has_effects else None)
    bar = alt.Chart(plain(pl.DataFrame(pieces))).mark_bar(size=15).encode(x=x, y=y, color=colour, tooltip=tips)
    base = alt.Chart(plain(pl.DataFrame(ends))).encode(x=alt.X("end:Q", axis=None), y=y, text=alt.Text("shown:N"))
    text = base.mark_text(align="left", dx=5)
    zero = (
        alt.Chart(plain(pl.DataFrame({"zero": [0.0]})))
        .mark_rule(color=theme.ink()["line"])
        .encode(x=alt.X("zero:Q", axis=None))
    )
    height = max(90, BAR_STEP * len(known) + 12)
    return theme.dressed(alt.layer(zero, bar, text).properties(height=height))


def _room(desk: Desk, change: Change, parts: Sequence[Part]) -> alt.Scale:
    """A scale that holds every bar, and the texts on their right."""
    amounts = [number(one) or 0.0 for part in parts for one in _amounts(desk, change, part).values()]
    low, high = min([0.0, *amounts]), max([0.0, *amounts])
    return alt.Scale(domain=[low, high + 0.35 * (high - low or 1.0)], nice=False)


def _pieces(desk: Desk, change: Change, part: Part, label: str) -> list[dict[str, object]]:
    """The bars of a part: what it adds, or its rate and its mix."""
    return [
        {
            "part": label,
            "effect": name,
            "amount": number(amount) or 0.0,
            "shown": signed(desk, change, number(amount)),
            "whole": signed(desk, change, number(part.contribution)),
        }
        for name, amount in _amounts(desk, change, part).items()
    ]


def _amounts(desk: Desk, change: Change, part: Part) -> dict[str, Decimal | None]:
    """What a part adds, by what it is called: its rate and its mix, or all of it."""
    if part.rate is not None:
        return {_own(desk, change): part.rate, desk.t("why.effect_mix"): part.mix}
    return {desk.t("why.overlap") if part.kind == "overlap" else desk.label("why_contribution"): part.contribution}


def _end(desk: Desk, change: Change, part: Part, label: str) -> dict[str, float | str]:
    """Where the text of a part stands: right of all its bars, since the names of the parts are on the left."""
    amounts = [number(one) or 0.0 for one in _amounts(desk, change, part).values()]
    end = sum(one for one in amounts if one > 0)
    return {"part": label, "end": end, "shown": signed(desk, change, number(part.contribution))}


def _own(desk: Desk, change: Change) -> str:
    return desk.t(f"why.effect_{effect(desk.catalogue[change.metric])}")


def _colours(desk: Desk, change: Change) -> dict[str, str]:
    colours = {_own(desk, change): theme.accent(), desk.t("why.effect_mix"): palette.CLASSES["paid"]}
    if not change.has_effects:
        colours = {desk.label("why_contribution"): theme.accent()}
    if any(part.kind == "overlap" for part in change.split.parts):
        colours[desk.t("why.overlap")] = palette.NEUTRAL
    return colours


def _tips(desk: Desk, change: Change) -> list[tuple[str, str]]:
    tips = [("part", desk.label(change.dimension)), ("whole", desk.label("why_contribution"))]
    return [*tips, ("effect", desk.t("chart.what")), ("shown", desk.t("chart.value"))] if change.has_effects else tips


def number(value: Decimal | Fraction | None) -> float | None:
    """An exact amount as charts and texts take it."""
    return None if value is None else float(value)
