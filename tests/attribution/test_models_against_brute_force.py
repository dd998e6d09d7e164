"""Each model against brute force written apart, published examples, and what must hold for any paths."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from attribution_oracle import Row, credited, first_order, removal_effects, shapley, worth
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models_ml.attribution import MODELS, Answer, PathTable, attribute
from models_ml.attribution.markov import Chain
from models_ml.attribution.shapley import MOST_EXACT_CHANNELS, rate_values
from models_ml.attribution.table import Touches

CHANNELS = ("ads", "direct", "email", "search")
PATHS = st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=6).map(tuple)
# What did not convert brought nothing.
ROW = st.tuples(PATHS, st.integers(0, 9), st.integers(-500, 9999), st.integers(0, 9)).map(
    lambda row: row if row[1] else (row[0], 0, 0, row[3])
)
ROWS = st.lists(ROW, min_size=1, max_size=8)
# Repeats, nulls, and a second touch that depends on the first.
TELLING: list[Row] = [
    (("ads", "email", "ads"), 3, 1000, 1),
    (("email", "ads", "ads"), 0, 0, 4),
    (("email",), 2, 500, 3),
    (("search", "ads"), 1, -7, 2),
]
# Bryl (2016), "Marketing multi-channel attribution model with R", part 1.
PUBLISHED: list[Row] = [(("C1", "C2", "C3"), 1, 10000, 0), (("C1",), 0, 0, 1), (("C2", "C3"), 0, 0, 1)]


def table_of(rows: list[Row]) -> PathTable:
    """The rows as a path table, values in cents."""
    return PathTable.of((path, Decimal(c), Decimal(v).scaleb(-2), Decimal(n)) for path, c, v, n in rows)


def conversions(answer: Answer) -> dict[str, float]:
    """Conversions by channel."""
    return {row.channel: float(row.conversions) for row in answer.credits}


def by_position(path: tuple[str, ...]) -> list[Fraction]:
    """40 %, 20 % over the middle, 40 %; halves where there is no middle."""
    if len(path) < 3:
        return [Fraction(1, len(path))] * len(path)
    return [Fraction(2, 5), *[Fraction(1, 5) / (len(path) - 2)] * (len(path) - 2), Fraction(2, 5)]


RULES = {
    "first": lambda path: [Fraction(i == 0) for i in range(len(path))],
    "last": lambda path: [Fraction(i == len(path) - 1) for i in range(len(path))],
    "linear": lambda path: [Fraction(1, len(path))] * len(path),
    "position": by_position,
    "decay": lambda path: [Fraction(2**i, 2 ** len(path) - 1) for i in range(len(path))],
}


@pytest.mark.parametrize("model", RULES)
@given(rows=ROWS)
@settings(max_examples=40, deadline=None)
def test_a_rule_model_gives_each_touch_its_share(model: str, rows: list[Row]) -> None:
    """T1: first, last, linear, position 40/20/40 and decay with a half-life of one touch, each path by hand."""
    found = conversions(attribute(table_of(rows), model, half_life=1.0))
    expected = credited(rows, RULES[model])
    assert found == pytest.approx({channel: float(credit) for channel, credit in expected.items()}, abs=1e-9)


def test_a_touch_one_half_life_before_the_last_has_half_its_credit() -> None:
    """T1: decay has a real half-life."""
    rows: list[Row] = [(("email", "ads", "ads", "ads", "search"), 1, 0, 0)]
    found = conversions(attribute(table_of(rows), "decay", half_life=4.0))
    assert found["email"] == pytest.approx(found["search"] / 2)


def test_markov_gives_the_published_removal_effects() -> None:
    """T1: the example has removal effects of 0.5, 1 and 1, hence credits of 0.2, 0.4 and 0.4."""
    rows = {row.channel: row for row in attribute(table_of(PUBLISHED), "markov").credits}
    assert [rows[name].removal_effect for name in ("C1", "C2", "C3")] == pytest.approx([0.5, 1.0, 1.0])
    assert [rows[name].conversions for name in ("C1", "C2", "C3")] == [Decimal(text) for text in ("0.2", "0.4", "0.4")]
    assert [rows[name].value for name in ("C1", "C2", "C3")] == [Decimal(20), Decimal(40), Decimal(40)]


@given(rows=ROWS, order=st.integers(1, 4))
@example(rows=TELLING, order=2)
@settings(max_examples=120, deadline=None)
def test_removal_effects_are_those_of_a_walk_followed_to_its_end(rows: list[Row], order: int) -> None:
    """T1: Markov of order 1 to 4, paths that did not convert and repeats included."""
    effects = {row.channel: row.removal_effect for row in attribute(table_of(rows), "markov", order=order).credits}
    assert effects == pytest.approx(removal_effects(rows, order), abs=1e-9)


@given(rows=ROWS)
@settings(max_examples=60, deadline=None)
def test_removal_effects_of_order_one_are_those_of_the_fundamental_matrix(rows: list[Row]) -> None:
    """T1: entering a channel and converting from there is what is lost without it."""
    effects = {row.channel: row.removal_effect for row in attribute(table_of(rows), "markov").credits}
    assert effects == pytest.approx(first_order(rows), abs=1e-9)


@given(rows=ROWS, order=st.integers(1, 4))
@example(rows=TELLING, order=1)
@settings(max_examples=30, deadline=None)
def test_sparse_and_dense_solves_agree(rows: list[Row], order: int) -> None:
    """T1: a chain of many states gets the same effects as one of few."""
    table = table_of(rows)
    chain = Chain.of(Touches.of(table), order, len(table.channels))
    chance = np.random.default_rng(1).uniform(0.1, 0.9, len(chain.left)) / len(chain.channel)
    goal = np.full(len(chain.channel), 0.1)
    assert chain._dense(chance, goal) == pytest.approx(chain._sparse(chance, goal))


@pytest.mark.parametrize("game", ["coverage", "rate"])
@given(rows=ROWS)
@example(rows=TELLING)
@settings(max_examples=40, deadline=None)
def test_shapley_is_the_mean_over_all_orders_of_joining(game: str, rows: list[Row]) -> None:
    """T1: the closed form of the game of coverage (Zhao, Mahboobi & Bagheri 2018), and the sums over subsets."""
    values = shapley(rows, game)
    total, whole = sum(row[1] for row in rows), sum(values.values())
    scaled = {channel: total * value / whole if whole else 0.0 for channel, value in values.items()}
    assert conversions(attribute(table_of(rows), "shapley", game=game)) == pytest.approx(scaled, abs=1e-7)


@pytest.mark.parametrize("game", ["coverage", "rate"])
@given(rows=ROWS)
@settings(max_examples=30, deadline=None)
def test_shapley_keeps_its_axioms(game: str, rows: list[Row]) -> None:
    """T1: efficiency, symmetry of two channels that are each other's twin, and nothing for a null player."""
    twins = [(tuple({"ads": "email", "email": "ads"}.get(c, c) for c in path), c, v, n) for path, c, v, n in rows]
    silent: list[Row] = [(("silent",), 0, 0, 0)]
    every = [*rows, *twins, *silent]
    values = _values(every, game)
    assert sum(values.values()) == pytest.approx(worth(every, set(values), game), abs=1e-9)
    assert values.get("ads", 0.0) == pytest.approx(values.get("email", 0.0), abs=1e-9)
    assert values["silent"] == pytest.approx(0.0, abs=1e-9)


def _values(rows: list[Row], game: str) -> dict[str, float]:
    from models_ml.attribution.shapley import coverage_values, membership

    table = table_of(rows)
    has = membership(Touches.of(table), len(table.channels))
    counts = table.conversions.floats(), table.nulls.floats()
    values = coverage_values(has, counts[0]) if game == "coverage" else rate_values(has, *counts).values
    return dict(zip(table.channels, map(float, values), strict=True))


def test_above_fifteen_channels_shapley_is_sampled_and_says_how_far_off_it_may_be() -> None:
    """T1: 16 channels alike get a sixteenth each, within a few of the stated errors; 15 are exact and say nothing."""
    few, many = MOST_EXACT_CHANNELS, MOST_EXACT_CHANNELS + 1
    rows: list[Row] = [((f"c{i:02}", f"c{(i + 1) % many:02}"), 3, 0, 5) for i in range(many)]
    answer = attribute(table_of(rows), "shapley", game="rate")
    assert "sampled over 4000 orders" in answer.notes[0]
    error = float(answer.notes[0].split("at most ")[1].split("%")[0]) / 100
    assert 0 < error < 0.02
    for row in answer.credits:
        assert float(row.conversions) / 48 == pytest.approx(1 / 16, abs=5 * error)
    exact: list[Row] = [((f"c{i:02}",), 3, 0, 5) for i in range(few)]
    assert attribute(table_of(exact), "shapley", game="rate").notes == ()


@pytest.mark.parametrize("model", MODELS)
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_credit_conserves_conversions_and_money_whatever_the_order_of_rows(
    model: str, rows: list[Row], seed: object
) -> None:
    """T2: sums are exact, money is whole cents, below zero too; shuffled and split rows change nothing."""
    total = sum(row[1] for row in rows)
    answer = attribute(table_of(rows), model)
    assert sum(row.conversions for row in answer.credits) == total
    assert sum(row.value for row in answer.credits) == Decimal(sum(row[2] for row in rows)).scaleb(-2)
    assert all(row.value == row.value.quantize(Decimal("0.01")) for row in answer.credits)
    split = [(path, 0, v, 0) for path, _, v, _ in rows] + [(path, c, 0, n) for path, c, _, n in rows]
    seed.shuffle(split)  # type: ignore[attr-defined]
    assert attribute(table_of(split), model) == answer


def test_a_cent_that_does_not_divide_goes_to_the_earlier_touch() -> None:
    """T2: 100.00 over three touches is 33.34, 33.33, 33.33, in the order of the path, not of the alphabet."""
    answer = attribute(table_of([(("search", "email", "ads"), 1, 10000, 0)]), "linear")
    found = {row.channel: row.value for row in answer.credits}
    assert found == {"search": Decimal("33.34"), "email": Decimal("33.33"), "ads": Decimal("33.33")}
