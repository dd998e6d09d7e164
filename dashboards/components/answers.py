"""The sentence at the top of a page: what the numbers say to its question."""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.components.desk import Desk
from dashboards.components.figures import Figure, change_phrase, change_text

_FIRST, _OTHERS = 1, 3


def answer(desk: Desk, figures: Mapping[str, Figure]) -> str:
    """Return the answer in words: the leading figure with its change, then the next ones; or that there is none.

    Of a slice, only what can be told of it.
    """
    told = [figure for figure in figures.values() if not figure.is_silent and not desk.unsliced(figure.name)]
    if not told:
        return desk.t("answers.nothing" if figures else "answers.no_data")
    lead, others = told[0], told[_FIRST : _FIRST + _OTHERS]
    parts = [
        desk.t(
            "answers.lead",
            what=desk.label(lead.name),
            value=desk.show(lead.name, lead.value),
            change=change_phrase(desk, lead),
        )
    ]
    if others:
        clauses = [_clause(desk, figure) for figure in others]
        parts.append(desk.t("answers.others", clauses=desk.t("answers.joint").join(clauses)))
    warning = _warning(desk, told)
    return ("" if desk.t.lang == "zh" else " ").join(part.strip() for part in [*parts, warning or ""]).strip()


def came(desk: Desk, where: str, figures: Mapping[str, Figure]) -> str:
    """Return what visits from one place brought in orders and net revenue, or nothing where there is none to tell."""
    orders, revenue = figures.get("orders"), figures.get("revenue_net")
    if orders is None or revenue is None or orders.value is None or revenue.value is None:
        return ""
    values = {"orders": desk.show("orders", orders.value), "revenue": desk.show("revenue_net", revenue.value)}
    return desk.t("answers.came", where=desk.t(where), change=change_phrase(desk, orders), **values)


def _clause(desk: Desk, figure: Figure) -> str:
    value = desk.show(figure.name, figure.value)
    if figure.change is None:
        return desk.t("answers.clause_bare", what=desk.label(figure.name), value=value)
    return desk.t("answers.clause", what=desk.label(figure.name), value=value, change=change_text(desk, figure))


def _warning(desk: Desk, told: list[Figure]) -> str | None:
    """Return the figure that moved the wrong way the most, if any did so clearly and on enough cases."""
    worst, size = None, 0.1
    for figure in told[_FIRST:]:
        direction = desk.catalogue[figure.name].good_direction
        if (
            figure.change is None
            or figure.is_small
            or figure.is_preliminary
            or figure.is_difference
            or direction not in ("up", "down")
        ):
            continue
        harm = -figure.change if direction == "up" else figure.change
        if harm > size:
            worst, size = figure, harm
    if worst is None:
        return None
    return desk.t("answers.warning", what=desk.label(worst.name), change=change_phrase(desk, worst))
