"""Credit by conversion, in SQL, against arithmetic with fractions written apart."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from attribution_sql import Company
from hypothesis import example, given, settings
from hypothesis import strategies as st

MODELS = ("first", "last", "last_non_direct", "linear", "position", "decay", "markov", "shapley")
EFFECTS = {"direct": 0.125, "email": 0.5, "ads": 0.25}
# A touch is a channel and how many days before the conversion it was.
TOUCHES = st.lists(st.tuples(st.sampled_from(sorted(EFFECTS)), st.sampled_from([0, 7, 14, 21])), min_size=0, max_size=6)
VALUES = st.integers(-100_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
NOW = dt.datetime(2026, 3, 31, 8)


def weights(model: str, path: Sequence[tuple[str, int]]) -> list[Fraction]:
    """What each touch weighs, by the definitions of the models."""
    n = len(path)
    channels = [channel for channel, _ in path]
    named = [i for i, channel in enumerate(channels) if channel != "direct"]
    if model == "decay":
        return [Fraction(1, 2 ** (days // 7)) for _, days in path]
    if model in ("markov", "shapley"):
        worth = {c: Fraction(EFFECTS[c]) if model == "markov" else Fraction(1) for c in channels}
        return [worth[c] / channels.count(c) for c in channels]
    if model == "position" and n > 2:
        return [Fraction(2, 5), *[Fraction(1, 5 * (n - 2))] * (n - 2), Fraction(2, 5)]
    only = {"first": 0, "last": n - 1, "last_non_direct": named[-1] if named else n - 1}
    return [Fraction(i == only.get(model, i)) for i in range(n)]


def shared(total: int, parts: list[Fraction]) -> list[int]:
    """Whole units by largest remainder, ties by order; below zero as above it."""
    if total < 0:
        return [-units for units in shared(-total, parts)]
    exact = [total * part / sum(parts) for part in parts]
    units = [int(share) for share in exact]
    for i in sorted(range(len(parts)), key=lambda i: (units[i] - exact[i], i))[: total - sum(units)]:
        units[i] += 1
    return units


def company_of(path: Sequence[tuple[str, int]], value: Decimal) -> Company:
    """One conversion with this path."""
    made = Company()
    for i, (channel, days) in enumerate(path):
        made.session(f"s{i}", "p", f"{NOW - dt.timedelta(days=days):%Y-%m-%d %H:%M:%S}", channel)
    made.conversion("o", "p", f"{NOW:%Y-%m-%d %H:%M:%S}", value)
    for channel, effect in EFFECTS.items():
        made.effect(channel, effect)
    return made


@given(touches=TOUCHES, value=VALUES)
@example(touches=[("email", 21), ("ads", 7), ("direct", 0)], value=Decimal("0.05"))
@example(touches=[("email", 21), ("ads", 0)], value=Decimal("0.05"))
@settings(max_examples=60, deadline=None)
def test_each_model_shares_out_a_conversion_by_its_weights_to_the_millionth_and_the_cent(
    touches: list[tuple[str, int]], value: Decimal
) -> None:
    """T1, T2: eight models against fractions and largest remainders by hand; no touch is the unattributed row."""
    ordered = sorted(touches, key=lambda touch: -touch[1])
    found: dict[str, dict[int, tuple[int, Decimal]]] = defaultdict(dict)
    for row in company_of(ordered, value).credits():
        found[row["attribution_model"]][row["touch_index"]] = (row["credit"], row["money"])
    for model in MODELS:
        parts = weights(model, ordered) if ordered else [Fraction(1)]
        credit, money = shared(1_000_000, parts), shared(int(value * 100), parts)
        expected = {
            i: (units, Decimal(cents).scaleb(-2))
            for i, (units, cents) in enumerate(zip(credit, money, strict=True), start=1)
            if units or cents
        }
        assert found[model] == expected, model


@pytest.mark.parametrize("value", ["100.000007", "-100.000007", "0", "-0.01", "0.000001", "99999999999.999999"])
def test_money_is_kept_to_its_last_place(value: str) -> None:
    """T2, X2: parts of a cent, values below zero, none at all and large ones are conserved."""
    path = [("email", 21), ("direct", 14), ("ads", 7)]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in company_of(path, Decimal(value)).credits():
        sums[row["attribution_model"]] += row["money"]
    assert sums == dict.fromkeys(MODELS, Decimal(value))


def test_first_and_last_share_by_their_shares_where_nothing_lies_between() -> None:
    """T1: position 40/20/40 is a setting: 30/50 gives two touches three and five eighths."""
    rows = company_of([("email", 7), ("ads", 0)], Decimal(8)).credits(position_first=0.3, position_last=0.5)
    found = [row["money"] for row in rows if row["attribution_model"] == "position"]
    assert found == [Decimal(3), Decimal(5)]


def test_an_order_and_a_deal_of_one_id_share_nothing() -> None:
    """T4: kinds are never added, and a kind without learned effects treats its channels alike."""
    made = company_of([("email", 7), ("direct", 0)], Decimal(10))
    made.conversion("o", "p", f"{NOW:%Y-%m-%d %H:%M:%S}", 1000, kind="deal")
    found = {
        (row["conversion_kind"], row["touch_index"]): row["money"]
        for row in made.credits()
        if row["attribution_model"] == "markov"
    }
    assert found == {("order", 1): 8, ("order", 2): 2, ("deal", 1): 500, ("deal", 2): 500}
