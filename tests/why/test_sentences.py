"""A change in a sentence: what it says, and what it does not claim (U4, X5, X9)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from dashboards.components.i18n import Translator
from dashboards.metrics import MetricDefinition, format_value
from dashboards.metrics_layer.makeup import Makeup
from dashboards.why import Change, Part, Split
from dashboards.why.words import cause_of, effect, sentence


def _definition(unit: str = "money", good: str = "down") -> Any:
    return SimpleNamespace(
        unit=unit,
        good_direction=good,
        label=lambda lang: {"en": "CAC", "zh": "获客成本"}[lang],
        format=lambda value, lang, currency: format_value(value, unit, lang, currency),
    )


def _part(name: str, rate: str, mix: str) -> Part:
    return Part(name, "segment", None, None, Decimal(rate) + Decimal(mix), Decimal(rate), Decimal(mix))


def _change(*leading: Part, before: str = "77", after: str = "86.24", signal: float | None = 2.0) -> Change:
    change = Decimal(after) - Decimal(before)
    parts = leading or (_part("a", "1", "0"), _part("b", "1", "0"))
    split = Split(Fraction(before), Fraction(after), change, parts)
    return Change("customer_acquisition_cost", "source", split, leading, Makeup("ratio", True, "below"), signal)


def _said(lang: str, change: Change, definition: MetricDefinition | None = None) -> str:
    return sentence(Translator(lang), definition or _definition(), "CNY", change, lambda part: str(part.name))


def test_a_cause_is_named_with_its_effect_in_both_languages() -> None:
    """N3, U4."""
    change = _change(_part("Meta Ads", "9", "0.24"))
    assert _said("en", change) == "CAC rose 12.0% to ¥86.24, mostly Meta Ads: price, not mix."
    assert _said("zh", change) == "获客成本上升 12.0%，至 ¥86.24，主要来自Meta Ads：单价变化，而非结构变化。"


@pytest.mark.parametrize(
    ("rate", "mix", "how"),
    [
        ("9", "1", "price, not mix"),
        ("-1", "9", "mix, not price"),
        ("5", "4", "price and mix"),
        ("20", "-11", "price and mix"),
    ],
)
def test_an_effect_is_the_cause_where_it_is_two_thirds_of_both(rate: str, mix: str, how: str) -> None:
    """N3: effects that go against each other are both told."""
    assert _said("en", _change(_part("Meta", rate, mix))).endswith(f"mostly Meta: {how}.")


def test_segments_that_went_the_other_way_are_told_as_that() -> None:
    """N3: a rise is not put down to what fell."""
    change = _change(_part("Meta", "20", "0"), _part("Email", "-8", "0"), _part("Bing", "3", "0"))
    assert _said("en", change).endswith("mostly Meta and Bing: price, not mix, partly offset by Email.")


def test_a_change_within_the_usual_variation_has_no_cause() -> None:
    """N3, W6: only signals are explained; where too little is known, the segments are told without that claim."""
    change = _change(_part("Meta", "9", "0"), signal=1.0)
    assert "within its usual variation" in _said("en", change)
    assert "Meta" not in _said("en", change)
    assert "Meta" in _said("en", _change(_part("Meta", "9", "0"), signal=None))


def test_where_nothing_stands_out_the_sentence_says_so() -> None:
    """N3, X9: neither a spread change nor one on few cases is given a name."""
    assert _said("en", _change()).endswith("with no source standing out.")
    few = Part(None, "other", contribution=Decimal("9.24"))
    change = _change()
    folded = Change(
        change.metric,
        "source",
        Split(*[change.split.before, change.split.after], change.split.change, (few,)),
        (),
        change.makeup,
        2.0,
    )
    assert _said("en", folded).endswith("on too few cases to say which of them.")


def test_what_cannot_be_compared_is_not() -> None:
    """X5: a period without a value has no change."""
    change = Change("m", "source", Split(None, Fraction(5), None, ()), (), Makeup("ratio"), None)
    assert _said("en", change) == "CAC: one of the periods has no value to compare."
    assert cause_of(Translator("en"), _definition(), change, str) == ""
    assert _said("en", _change(_part("Meta", "86", "0"), before="0", after="86")).startswith(
        "CAC rose from nothing to ¥86.00"
    )


@pytest.mark.parametrize(
    ("unit", "good", "name"), [("money", "down", "price"), ("rate", "up", "rate"), ("money", "up", "level")]
)
def test_the_rate_of_a_cost_is_its_price(unit: str, good: str, name: str) -> None:
    """N3: price and volume are the words for costs."""
    assert effect(_definition(unit, good)) == name
