"""The guard against over-merging: what it holds back, whatever the order, and nothing else."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_graphs import Edge, solve

from models_ml.identity.graph import KINDS
from models_ml.identity.rules import Rules, default_limits

KIND = st.sampled_from(["user_id", "email_hash", "crm_contact", "customer_id"])
ID = st.tuples(KIND, st.sampled_from("abcd"))
EDGES = st.lists(st.builds(lambda a, b, day: (*a, *b, f"2026-01-{day:02}"), ID, ID, st.integers(1, 9)), max_size=14)
LIMITS = {("email_hash", "user_id"): 1, ("crm_contact", "user_id"): 1, ("user_id", "email_hash"): 2}


def _brute_force(edges: Sequence[Edge], rules: Rules) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Persons by closure over the links of ids that are under every limit and not denied."""
    seen = defaultdict(set)
    for kind_a, a, kind_b, b, *_ in edges:
        if (kind_a, a) != (kind_b, b):
            seen[kind_a, a].add((kind_b, b))
            seen[kind_b, b].add((kind_a, a))
    ids = {one for edge in edges for one in (edge[:2], edge[2:4])}

    def is_held(one: tuple[str, str]) -> bool:
        over = any(
            sum(kind == other for kind, _ in seen[one]) > most
            for (of, other), most in rules.limits.items()
            if of == one[0]
        )
        return over or one in rules.denied

    person = {one: frozenset([one]) for one in ids}
    for _ in ids:
        for one in ids:
            for other in seen[one]:
                if not is_held(one) and not is_held(other):
                    person[one] = person[other] = person[one] | person[other]
    return person


@settings(max_examples=30, deadline=None)
@given(EDGES, st.lists(ID, max_size=2), st.randoms())
def test_persons_are_the_closure_over_ids_under_their_limits_in_any_order_of_edges(
    edges: list[Edge], denied: list[tuple[str, str]], shuffle: random.Random
) -> None:
    """D2, D3: limits per pair of kinds and a deny list, independent of order and direction."""
    rules = Rules(LIMITS, tuple(denied))
    turned: list[Edge] = [(kind_b, b, kind_a, a, day) for kind_a, a, kind_b, b, day in edges]
    shuffle.shuffle(turned)
    found, _ = solve(edges, rules)
    assert solve(turned, rules)[0] == found
    expected = _brute_force(edges, rules)
    for one in expected:
        assert {other for other in found if found[other] == found[one]} == expected[one]


@pytest.mark.parametrize("users", [1, 2, 1000])
def test_one_email_of_several_user_ids_merges_nobody(users: int) -> None:
    """D3: by default an e-mail has one user id; a shared mailbox of a thousand is nobody's."""
    shared: list[Edge] = [("email_hash", "till", "user_id", f"u{i}", "2026-01-01") for i in range(users)]
    _, report = solve(shared)
    expected = (1, 0) if users == 1 else (users + 1, 1)
    assert (report.persons, report.held_back) == expected


def test_an_id_over_one_limit_does_not_link_through_its_other_kinds() -> None:
    """D3: two users of one mailbox who also bought as customers of that mailbox stay two."""
    edges: list[Edge] = []
    for number in (1, 2):
        ids = [("user_id", f"u{number}"), ("customer_id", f"c{number}"), ("email_hash", "till")]
        edges += [(*a, *b, "2026-01-01") for a in ids for b in ids if a < b]
    found, _ = solve(edges)
    assert found["user_id", "u1"] == found["customer_id", "c1"]
    assert found["user_id", "u1"] != found["user_id", "u2"]


def test_a_star_of_4000_customers_of_one_user_and_a_chain_of_300_are_one_person_each() -> None:
    """D2, D3: shapes that no limit forbids merge whole."""
    star: list[Edge] = [("user_id", "hub", "customer_id", f"c{i}", "2026-01-01") for i in range(4000)]
    chain: list[Edge] = [
        ("crm_contact", f"k{i}", "crm_contact", f"k{i + 1}", f"2026-01-01 00:{i // 60:02}:{i % 60:02}")
        for i in range(299)
    ]
    _, report = solve(star + chain)
    assert (report.ids, report.persons, report.held_back) == (4301, 2, 0)


def test_each_default_limit_names_two_kinds_of_ids() -> None:
    """D3: limits are data; a kind written wrong would hold nobody back."""
    pairs = default_limits()
    assert pairs
    assert {kind for pair in pairs for kind in pair} <= set(KINDS)
    assert pairs["email_hash", "user_id"] == pairs["crm_contact", "user_id"] == 1
