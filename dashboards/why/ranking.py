"""Which parts of a change are worth a line, which few carry it, and how well they explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Ranked:
    """A split, and those of its segments that rest on enough cases, the largest contribution first (X9)."""

    split: Split
    segments: tuple[Part, ...]

    @property
    def moved(self) -> Fraction:
        """All that moved, up and down, in every part."""
        return sum(map(_weight, self.split.parts), Fraction(0))

    def folded(self, rows: int) -> Split:
        """So many segments, all others as one, and the overlap."""
        shown = self.segments[:rows]
        rest = [part for part in self.split.parts if part.kind == "segment" and part not in shown]
        overlap = [part for part in self.split.parts if part.kind == "overlap"]
        return replace(self.split, parts=(*shown, *([together(rest)] if rest else []), *overlap))


def rank(found: Split, counted: Cases, minimum: int) -> Ranked:
    """The segments on enough cases, of equal ones the first by name."""
    segments = [part for part in found.parts if part.kind == "segment"]
    enough = [part for part in segments if (cases := sample(part, counted)) is None or cases >= minimum]
    return Ranked(found, tuple(sorted(enough, key=lambda part: (-_weight(part), part.name is None, part.name or ""))))


def sample(part: Part, counted: Cases) -> Fraction | None:
    """The cases behind a part, in the period that has more, where they are counted above or below the line."""
    if part.segment is None or counted is None:
        return None
    amounts = part.segment.above if counted == "above" else part.segment.below
    return None if amounts is None else max(map(abs, amounts))


def leading(ranked: Ranked) -> tuple[Part, ...]:
    """The fewest segments that carry four fifths of all that moved; none where those ranked do not carry as much."""
    carried, told = Fraction(0), []
    for part in ranked.segments:
        if carried >= CARRIED * ranked.moved:
            break
        told.append(part)
        carried += _weight(part)
    return tuple(told) if ranked.moved and carried >= CARRIED * ranked.moved else ()


def excess(ranked: Ranked, told: Sequence[Part]) -> Fraction:
    """How much more of what moved some parts carry than their share of the size of all."""
    whole = sum(map(_size, ranked.split.parts), Fraction(0))
    if not ranked.moved or not whole:
        return Fraction(0)
    return sum(map(_weight, told), Fraction(0)) / ranked.moved - sum(map(_size, told), Fraction(0)) / whole


def stands_out(ranked: Ranked, told: Sequence[Part]) -> bool:
    """Whether some parts are few, and carry more than their size."""
    return 0 < len(told) <= NAMED and excess(ranked, told) >= EXCESS


def merit(ranked: Ranked) -> tuple[int, int, Fraction]:
    """The smaller, the better it explains: the fewest that stand out, else what is furthest beyond its size."""
    told = leading(ranked)
    if stands_out(ranked, told):
        return 0, len(told), -excess(ranked, told)
    if told:
        return 1, 0, -excess(ranked, told)
    return 2, 0, -sum(map(_weight, ranked.segments), Fraction(0)) / (ranked.moved or 1)


def _weight(part: Part) -> Fraction:
    if part.contribution is not None:
        return abs(Fraction(part.contribution))
    return abs(part.after - part.before) if part.before is not None and part.after is not None else Fraction(0)


def _size(part: Part) -> Fraction:
    if part.segment is None:
        return Fraction(0)
    return sum(map(abs, part.segment.below or part.segment.above), Fraction(0))
