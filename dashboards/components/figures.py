"""Headline figures: a metric's value, what it rests on, and how it moved where both sides are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE, state_of
from dashboards.components.sparks import sparkline
from dashboards.components.theme import accent
from dashboards.components.view import TARGET, Span
from dashboards.due import due
from dashboards.why.words import DIFFERENCES, STEADY, change_of, size_of

# A comparison of less than this part of a period says nothing of the period.
_ENOUGH = 0.25


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric over the view's period, beside its settled part and the same part of the period before.

    Where nothing of the period is settled, the whole of it is compared and called preliminary: no verdict.
    """

    name: str
    value: float | None
    base: float | None
    now: float | None
    before: float | None
    compared: Span | None
    is_preliminary: bool
    is_small: bool
    unit: str

    @property
    def is_difference(self) -> bool:
        """Whether the change is a difference, not a share of the value before."""
        return self.unit in DIFFERENCES

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell: no value, or an amount that nobody records, now or before."""
        return self.value is None or (self.unit == "money" and not self.value and not self.before)

    @property
    def change(self) -> float | None:
        """Change of the settled part: a difference for rates, scores and positions, relative for anything else."""
        if self.now is None or self.before is None:
            return None
        return change_of(self.unit, self.now, self.before)


def measure(desk: Desk, names: Sequence[str], span: Span | None = None) -> dict[str, Figure]:
    """Return the figures of those metrics that the snapshot has data for."""
    span = span or desk.view.span
    names = desk.known(names)
    bases = {name: desk.base_of(name) for name in names}
    values = desk.totals([*dict.fromkeys([*names, *(base for base in bases.values() if base)])], span)
    sides = _both_sides(desk, names, span)
    figures = {}
    for name in names:
        base = values.get(bases[name] or "")
        now, before, compared = sides[name]
        is_small = base is not None and base < desk.minimum
        unit = desk.catalogue[name].unit
        settled = compared is not None and compared.end <= desk.settled(name)
        figures[name] = Figure(name, values[name], base, now, before, compared, not settled, is_small, unit)
    return figures


def compare(desk: Desk, name: str, now: float | None, before: float | None) -> Figure:
    """Return a figure of two values of a metric that a page compares itself."""
    return Figure(name, now, None, now, before, None, False, False, desk.catalogue[name].unit)


def _settled_part(desk: Desk, name: str, span: Span) -> Span | None:
    """Return the settled days of a period; the whole of it, up to today, where too few of its days are settled."""
    part = span.until(min(desk.settled(name), desk.today))
    return part if part and part.days >= span.days * _ENOUGH else span.until(desk.today)


def _both_sides(
    desk: Desk, names: Sequence[str], span: Span
) -> dict[str, tuple[float | None, float | None, Span | None]]:
    """Return each metric's value now and before over the settled days, else over all, and those days."""
    shift = desk.view.over(span).shift
    parts: dict[Span | None, list[str]] = {}
    for name in names:
        part = _settled_part(desk, name, span)
        parts.setdefault(part, []).append(name)
    sides: dict[str, tuple[float | None, float | None, Span | None]] = {}
    for part, group in parts.items():
        if part is None or desk.view.compare == "none":
            sides |= dict.fromkeys(group, (None, None, None))
            continue
        now, before = desk.totals(group, part), _against(desk, group, part, shift)
        sides |= {name: (now[name], before[name], part) for name in group}
    return sides


def _against(desk: Desk, names: Sequence[str], part: Span, shift: int | None) -> dict[str, float | None]:
    """Return what each metric is compared with over some days: the earlier ones, or what targets ask of them."""
    if shift is not None:
        return desk.totals(names, part.back(shift))
    if not desk.has_targets:
        return dict.fromkeys(names)
    return due(desk.metrics, names, part.start, part.end)


def change_text(desk: Desk, figure: Figure) -> str | None:
    """Return the change as `+4.2%`, `+0.3 pp` for a rate, `+1.5` for a score; nothing where there is none."""
    if figure.change is None or figure.now is None or figure.before is None:
        return None
    size = str(size_of(desk.t, figure.unit, figure.now, figure.before))
    return size if size.startswith("×") else f"{'+' if figure.change >= 0 else '-'}{size}"


def change_phrase(desk: Desk, figure: Figure) -> str:
    """Return the change as words of a sentence: up or down by how much, or hardly changed."""
    text = change_text(desk, figure)
    if text is None or figure.change is None:
        return desk.t("change.unknown")
    if abs(figure.change) < STEADY:
        return desk.t("change.steady", against=desk.t(f"change.against_{desk.view.compare}"))
    key = "change.up" if figure.change > 0 else "change.down"
    phrase = desk.t(key, size=text.lstrip("+-"), against=desk.t(f"change.against_{desk.view.compare}"))
    return phrase + (desk.t("change.preliminary") if figure.is_preliminary else "")


def show_figures(
    desk: Desk, figures: Sequence[Figure], *, sparks: bool = True, notes: Mapping[str, str] | None = None
) -> None:
    """Show the figures that say something side by side, each with its definition behind the question mark.

    A metric's note, such as how far its target is, stands in a line of its own.
    """
    figures = [figure for figure in figures if not figure.is_silent]
    series = _sparks(desk, [figure.name for figure in figures]) if sparks else {}
    parts = [*(figure.name for figure in figures[:2]), *desk.view.slices.values()]
    with st.container(key=f"figures_{'_'.join(parts)}"):
        for figure in figures:
            _show(desk, figure, series.get(figure.name), (notes or {}).get(figure.name, ""))


def _show(desk: Desk, figure: Figure, series: list[float] | None, note: str) -> None:
    definition = desk.catalogue[figure.name]
    colours = {"up": "normal", "down": "inverse"}
    no_verdict = figure.is_small or figure.is_preliminary or figure.change is None or abs(figure.change) < STEADY
    with st.container(border=True):
        st.metric(
            desk.label(figure.name),
            desk.show(figure.name, figure.value),
            delta=change_text(desk, figure),
            delta_color="off" if no_verdict else colours.get(definition.good_direction, "off"),  # type: ignore[arg-type]
            help=definition.description(desk.t.lang),
        )
        line = sparkline(series, accent()) if series else ""
        lines = [foot(desk, figure), *([note] if note else [])]
        st.html(line + "".join(f'<p class="ops-figure-foot">{escape(text)}</p>' for text in lines))


def foot(desk: Desk, figure: Figure) -> str:
    """Return what a figure rests on and is compared with, and what of the view it does not tell apart."""
    base = desk.base_of(figure.name)
    parts = []
    if base and figure.base is not None:
        key = "figure.too_few" if figure.is_small else "figure.base"
        parts.append(desk.t(key, n=desk.show(base, figure.base), what=desk.label(base)))
    aim = "_target" if desk.view.compare == TARGET else ""
    if figure.before is not None and figure.compared is not None:
        before = desk.show(figure.name, figure.before)
        if figure.is_preliminary:
            parts.append(desk.t(f"figure.preliminary{aim}", value=before))
        elif figure.compared.end < min(desk.view.span.end, desk.today):
            day = desk.t.date(figure.compared.end, year=False)
            parts.append(desk.t(f"figure.until{aim}", day=day, now=desk.show(figure.name, figure.now), before=before))
        else:
            parts.append(desk.t(f"figure.before{aim}", value=before))
    elif desk.view.compare != "none":
        parts.append(desk.t(f"figure.no_before{aim}"))
    if apart := desk.unsliced(figure.name):
        names = [desk.t(f"filters.{name}").lower() for name in apart]
        parts.append(desk.t("figure.unsliced", what=desk.t.listing(names)))
    arrived = desk.arrived(figure.name)
    if arrived < min(desk.view.span.end, desk.today):
        parts.append(desk.t("figure.late", day=desk.t.date(arrived, year=False)))
    return " · ".join(parts) or "\u00a0"


def _sparks(desk: Desk, names: Sequence[str]) -> dict[str, list[float]]:
    span, grain = desk.view.span, desk.view.grain
    frame = desk.frame(names, grain=grain)
    sparks = {}
    for name in desk.known(names):
        arrived = desk.arrived(name)
        whole = [state_of(period, grain, span, desk.today, desk.today, arrived) == MATURE for period in frame["period"]]
        values = [float(v) for v, ok in zip(frame[name].to_list(), whole, strict=True) if ok and v is not None]
        if len(values) > 2:
            sparks[name] = values
    return sparks
