"""A change in a sentence, in either language: how far, which segments, by rate (of costs: price) or by mix (U4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dashboards.components.i18n import Translator
from dashboards.why.explain import Change
from dashboards.why.split import Part, total

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition

# Units whose change is a difference: a share of a share, or of a score that may be negative, misleads.
DIFFERENCES = ("rate", "score", "position")
STEADY = 0.0005
_TENFOLD = 9
# One effect is the cause, not the other, where it makes up this part of both.
_MOSTLY = Fraction(2, 3)


def change_of(unit: str, now: float, before: float) -> float | None:
    """A change in the manner of a unit: a difference, or relative; nothing where there was nothing before."""
    if unit in DIFFERENCES:
        return now - before
    return None if before == 0 else now / before - 1


def size_of(t: Translator, unit: str, now: float, before: float) -> str | None:
    """How large a change is, without its sign: `4.2%`, `0.3 pp` for a rate, `1.5` for a score, `×12` for a jump."""
    change = change_of(unit, now, before)
    if change is None:
        return None
    if unit not in DIFFERENCES:
        return f"×{now / before:,.0f}" if change >= _TENFOLD else f"{abs(change) * 100:,.1f}%"
    if unit != "rate":
        return f"{abs(change):,.1f}"
    size = abs(change) * 100
    return f"{size:,.{2 if round(size, 2) < 1 else 1}f}{t('change.points')}"


def effect(definition: MetricDefinition) -> str:
    """What the rate effect of a metric is called: `price` for a cost, `rate` for a rate, else `level`."""
    if definition.unit == "money" and definition.good_direction == "down":
        return "price"
    return "rate" if definition.unit == "rate" else "level"


def sentence(
    t: Translator, definition: MetricDefinition, currency: str, change: Change, name: Callable[[Part], str]
) -> str:
    """What changed, by how much, and what moved it; no cause where the change is within its usual variation."""
    head, cause = head_of(t, definition, currency, change), cause_of(t, definition, change, name)
    return t("why.sentence", head=head, cause=cause)


def head_of(t: Translator, definition: MetricDefinition, currency: str, change: Change) -> str:
    """What changed, by how much and to what."""
    before, after = (None if one is None else float(one) for one in (change.split.before, change.split.after))
    words = {"what": definition.label(t.lang), "value": definition.format(after, t.lang, currency)}
    if before is None or after is None:
        return t("why.unknown", **words)
    size = size_of(t, definition.unit, after, before)
    moved = change_of(definition.unit, after, before)
    if moved is None:
        return t("why.from_nothing", **words) if after else t("why.level", **words)
    if abs(moved) < STEADY:
        return t("why.level", **words)
    return t("why.up" if after > before else "why.down", size=size, **words)


def cause_of(t: Translator, definition: MetricDefinition, change: Change, name: Callable[[Part], str]) -> str:
    """What moved a metric, as the end of a sentence."""
    if change.split.change is None or not change.split.change:
        return ""
    if change.is_noise:
        return t("why.noise")
    if not any(part.kind == "segment" for part in change.split.parts):
        return t("why.few")
    if not change.leading:
        return t("why.spread", dimension=t(f"columns.{change.dimension}").lower())
    with_it = [part for part in change.leading if part.contribution and _same_way(part, change.split.change)]
    against = [part for part in change.leading if part not in with_it]
    if not with_it:
        return t("why.spread", dimension=t(f"columns.{change.dimension}").lower())
    cause = t("why.mostly", names=_listed(t, [name(part) for part in with_it])) + _how(t, definition, with_it)
    return cause + (t("why.against", names=_listed(t, [name(part) for part in against])) if against else "")


def _how(t: Translator, definition: MetricDefinition, told: Sequence[Part]) -> str:
    """Whether the segments' own ratios moved or their shares did, for a ratio."""
    rate, mix = (total(getattr(part, which) for part in told) for which in ("rate", "mix"))
    if rate is None or mix is None or not abs(rate) + abs(mix):
        return ""
    share = Fraction(abs(rate)) / (Fraction(abs(rate)) + Fraction(abs(mix)))
    key = "rate" if share >= _MOSTLY else "mix" if share <= 1 - _MOSTLY else "both"
    return t(f"why.by_{key}", own=t(f"why.own_{effect(definition)}"))


def _same_way(part: Part, change: Decimal) -> bool:
    return part.contribution is not None and (part.contribution > 0) == (change > 0)


def _listed(t: Translator, names: list[str]) -> str:
    return names[0] if len(names) == 1 else t("why.and", first=t.listing(names[:-1]), last=names[-1])
