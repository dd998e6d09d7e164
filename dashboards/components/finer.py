"""What a funnel's steps may have beyond their order: left out, within a time, without an event between two (S5, U2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from dashboards.components import filters
from dashboards.components.desk import Desk
from dashboards.components.panels import row
from dashboards.components.steps import step_label
from opsloop.funnels import Exclusion, Step

MINUTES = ("", "5", "30", "60", "360", "1440", "4320", "10080", "43200")
ADDRESS = ("funnel_optional", "funnel_between", "funnel_within")
_A_ROW = 4
_APART = "~"


@dataclass(frozen=True, slots=True)
class Finer:
    """By their numbers from 1: the steps that may be left out, the minutes a step may take, where nothing may be."""

    optional: tuple[int, ...] = ()
    within: dict[int, int] = field(default_factory=dict)
    between: tuple[int, int] | None = None

    def steps(self, plain: Sequence[Step]) -> tuple[Step, ...]:
        """Return the steps with what is said of them."""
        return tuple(
            step.model_copy(update={"optional": at in self.optional, "within_minutes": self.within.get(at)})
            for at, step in enumerate(plain, start=1)
        )

    def exclusions(self, event: str) -> tuple[Exclusion, ...]:
        """Return what an event is excluded from: the way between two steps, or all of it; nothing without an event."""
        after, before = self.between or (None, None)
        return (Exclusion(event=event, after=after, before=before),) if event else ()


def ask(desk: Desk, texts: Sequence[str], without: str) -> Finer:
    """Show what can be said of each step, keep it in the address, and return it."""
    _forget(len(texts), without)
    is_asked = any(name.startswith(ADDRESS) for name in st.query_params)
    with st.expander(desk.t("funnel.finer"), expanded=is_asked, key="expander_finer"):
        names = {at: f"{at}  {step_label(desk, text)}" for at, text in enumerate(texts, start=1)}
        return Finer(_optional(desk, names), _within(desk, names), _between(desk, names) if without else None)


def _forget(steps: int, without: str) -> None:
    """Take what is said of steps that are no more out of the address, and of an event that nothing is without."""
    if steps <= 2 and "funnel_optional" in st.query_params:
        del st.query_params["funnel_optional"]
    if not without and "funnel_between" in st.query_params:
        del st.query_params["funnel_between"]
    for name in list(st.query_params):
        number = name.removeprefix("funnel_within_")
        if number != name and not (number.isdecimal() and int(number) <= steps):
            del st.query_params[name]


def _optional(desk: Desk, names: dict[int, str]) -> tuple[int, ...]:
    middle = list(names)[1:-1]
    asked = st.query_params.get("funnel_optional", "").split(_APART)
    chosen = [at for at in middle if str(at) in asked]
    if not middle:
        return ()
    kept = st.session_state.get("w_funnel_optional")
    if kept is not None:
        st.session_state["w_funnel_optional"] = [at for at in kept if at in middle]
    picked = st.multiselect(
        desk.t("filters.funnel_optional"),
        middle,
        default=None if kept is not None else chosen,
        format_func=names.__getitem__,
        key="w_funnel_optional",
    )
    filters.write_address("funnel_optional", _APART.join(map(str, sorted(picked))), "")
    return tuple(sorted(picked))


def _within(desk: Desk, names: dict[int, str]) -> dict[int, int]:
    labels = {minutes: _time(desk, minutes) for minutes in MINUTES}
    later = list(names)[1:]
    found: dict[int, int] = {}
    for start in range(0, len(later), _A_ROW):
        for place, at in zip(row(desk, *[1] * _A_ROW), later[start : start + _A_ROW], strict=False):
            with place:
                said = desk.t("filters.funnel_within", step=names[at])
                minutes = filters.choose(f"funnel_within_{at}", said, MINUTES, labels, "")
                found |= {at: int(minutes)} if minutes else {}
    return found


def _time(desk: Desk, minutes: str) -> str:
    """Return minutes in the largest unit that they are whole in."""
    if not minutes:
        return desk.t("funnel.no_limit")
    for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
        if int(minutes) % size == 0:
            return desk.t(f"funnel.within_{unit}", n=int(minutes) // size)
    raise ValueError(minutes)


def _between(desk: Desk, names: dict[int, str]) -> tuple[int, int] | None:
    pairs = {f"{one}-{two}": (one, two) for one in names for two in names if one < two}
    labels = {key: f"{names[one]} → {names[two]}" for key, (one, two) in pairs.items()} | {
        "": desk.t("funnel.whole_way")
    }
    chosen = filters.choose("funnel_between", desk.t("filters.funnel_between"), ["", *pairs], labels, "")
    return pairs.get(chosen)
