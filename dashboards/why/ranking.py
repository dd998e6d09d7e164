"""Which parts of a change are worth a line, which few carry it, and how well they explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from dashboards.metrics_layer.makeup import Cases
from dashboards.why.split import Part, Split, together

# A dimension explains a change by the fewest segments that carry this share of all that moved.
CARRIED = Fraction(4, 5)
# They stand out where they carry more than their size by this much, else the change is one of the whole.
EXCESS = Fraction(1, 10)
# More segments than this are no explanation.
NAMED = 3
ROWS = 8


def has_several(found: Split) -> bool:
    """Whether more than one segment holds anything."""
    return sum(1 for part in found.parts if part.kind == "segment" and (part.segment is None or _size(part))) > 1


def rank(found: Split, counted: Cases, minimum: int, rows: int = ROWS) -> Split:
    """The parts with the largest first, small samples and what is beyond so many rows as one, the overlap last."""
    segments = [part for part in found.parts if part.kind == "segment"]
    overlap = [part for part in found.parts if part.kind == "overlap"]
    order = sorted(segments, key=lambda part: (-_weight(part), part.name is None, part.name or ""))
    enough = [part for part in order if (cases := sample(part, counted)) is None or cases >= minimum]
    shown = enough[:rows]
    rest = [part for part in order if part not in shown]
    other = [together(rest)] if rest else []
    return replace(found, parts=(*shown, *other, *overlap))


def sample(part: Part, counted: Cases) -> Fraction | None:
    """The cases behind a part, in the period that has more, where they are counted above or below the line."""
    if part.segment is None or counted is None:
        return None
    amounts = part.segment.above if counted == "above" else part.segment.below
    return None if amounts is None else max(map(abs, amounts))


def leading(found: Split) -> tuple[Part, ...]:
    """The fewest ranked segments that carry four fifths of all that moved; none where they do not carry as much."""
    moved = sum(map(_weight, found.parts))
    carried, told = Fraction(0), []
    for part in found.parts:
        if part.kind != "segment" or carried >= CARRIED * moved:
            break
        told.append(part)
        carried += _weight(part)
    return tuple(told) if moved and carried >= CARRIED * moved else ()


def excess(found: Split, told: Sequence[Part]) -> Fraction:
    """How much more of what moved some parts carry than their share of the size of all."""
    moved, whole = sum(map(_weight, found.parts)), sum(map(_size, found.parts))
    if not moved or not whole:
        return Fraction(0)
    return sum(map(_weight, told), Fraction(0)) / moved - sum(map(_size, told), Fraction(0)) / whole


def stands_out(found: Split, told: Sequence[Part]) -> bool:
    """Whether some parts are few, and carry more than their size."""
    return 0 < len(told) <= NAMED and excess(found, told) >= EXCESS


def merit(found: Split, told: Sequence[Part]) -> tuple[int, int, Fraction]:
    """The smaller, the better it explains: leading segments that stand out, then any, then the most in segments."""
    if not told:
        moved = sum(map(_weight, found.parts)) or 1
        return 2, 0, -sum((_weight(part) for part in found.parts if part.kind == "segment"), Fraction(0)) / moved
    return int(not stands_out(found, told)), len(told), -excess(found, told)


def _weight(part: Part) -> Fraction:
    if part.contribution is not None:
        return abs(Fraction(part.contribution))
    return abs(part.after - part.before) if part.before is not None and part.after is not None else Fraction(0)


def _size(part: Part) -> Fraction:
    if part.segment is None:
        return Fraction(0)
    return sum(map(abs, part.segment.below or part.segment.above), Fraction(0))
