"""Gives an amount away in whole units so that nothing is lost: the method of largest remainder (T2)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def largest_remainder(exact: Sequence[Fraction], total: int, order: Sequence[int]) -> list[int]:
    """Whole units that sum to `total`, each the exact share rounded down or up; equal remainders go by `order`.

    `exact` holds the shares in the same units, summing to `total`; `order` holds each share's rank in a tie, the
    smallest first. A total below zero is given away as its opposite, so that signs mirror each other.
    """
    if total < 0:
        return [-units for units in largest_remainder([-share for share in exact], -total, order)]
    whole = [share.numerator // share.denominator for share in exact]
    left = total - sum(whole)
    ranked = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], order[i]))
    for i in ranked[:left]:
        whole[i] += 1
    return whole
