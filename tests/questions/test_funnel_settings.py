"""Named funnels in the settings: what they may say, and that a mistake is one line (S5)."""

from __future__ import annotations

from typing import Any

import pytest

from opsloop.errors import OpsloopError
from opsloop.funnels import EventFilter
from opsloop.sections import FunnelSettings
from opsloop.settings import parse_settings

BUY: dict[str, Any] = {"name": "buy", "label_en": "Buy", "label_zh": "购买", "steps": ["view", "cart", "purchase"]}

NO_X = {"event": "x", "after": 1, "before": 3}
PAGES = [{"event": "view", "where": {"page_path": f"/{at}*"}} for at in range(4)]
OVERLAP: list[Any] = ["view", {"event": "view", "name": "small", "where": {"device": "mobile"}}, "buy"]


def _parsed(**changes: Any) -> FunnelSettings:
    return parse_settings({"funnels": [BUY | changes]}, "opsloop.yaml").funnels[0]


def test_a_step_is_an_events_name_or_more_of_it() -> None:
    """S5: filters, own windows, optional steps and exclusions by a step's name."""
    funnel = _parsed(
        steps=["view", {"event": "page_view", "name": "cart", "where": {"page_path": "/cart*"}, "optional": True},
               {"event": "purchase", "where": {"device": ["mobile", "tablet"]}, "within_minutes": 30}],
        exclusions=[{"event": "remove", "after": "view", "before": "purchase"}],
    ).definition  # fmt: skip
    assert [step.title for step in funnel.steps] == ["view", "cart", "purchase"]
    assert [(one.property, one.operator, one.values) for step in funnel.steps for one in step.where] == [
        ("page_path", "like", ("/cart*",)),
        ("device", "is", ("mobile", "tablet")),
    ]
    assert (funnel.exclusions[0].after, funnel.exclusions[0].before) == (1, 3)
    assert funnel.asked()["steps"][2]["follows"] == [2, 1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": ["view"]}, "at least 2"),
        ({"steps": ["view"] * 21}, "at most 20"),
        ({"steps": [{"event": "view", "optional": True}, "buy"]}, "first and the last step"),
        ({"steps": [{"event": "view", "where": {"colour": "red"}}, "buy"]}, "page_path"),
        ({"exclusions": [{"event": "x", "after": "purchase", "before": "cart"}]}, "name two of 3 in order"),
        ({"exclusions": [{"event": "x", "after": "basket", "before": "purchase"}]}, "'basket', which"),
        ({"exclusions": [{"event": "cart", "after": 1, "before": 3}]}, "forbids a step between them"),
        ({"steps": [{"event": "view", "within_minutes": 5}, "buy"]}, "the first step has no step before it"),
        ({"exclusions": [{"event": "x", "after": 1}]}, "names two steps, after and before, or none"),
        ({"order": "any", "exclusions": [NO_X | {"before": 2}, NO_X]}, "'view' has them with two"),
        ({"order": "any", "steps": OVERLAP, "exclusions": [NO_X]}, "between steps that are apart from all others"),
        ({"order": "any", "steps": [OVERLAP[0], OVERLAP[1] | {"optional": True}, "buy"]}, "an optional step is apart"),
        ({"order": "any", "steps": [OVERLAP[0], OVERLAP[1] | {"within_minutes": 5}]}, "have the same within_minutes"),
        ({"order": "any", "steps": ["view", *PAGES]},
         "at most 4 different steps overlap: an event could be both 'view' and 'view', and more"),
        ({"order": "sorted"}, "'ordered', 'strict' or 'any'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_funnel_is_one_line(changes: dict[str, Any], said: str) -> None:
    """S5, X8: the file, the place and what is wrong."""
    with pytest.raises(OpsloopError) as caught:
        _parsed(**changes)
    assert said in str(caught.value)
    assert str(caught.value).startswith("opsloop.yaml: funnels.0")
    assert "\n" not in str(caught.value)


def test_two_funnels_of_one_name_are_refused() -> None:
    """X8: their persons would be counted together."""
    with pytest.raises(OpsloopError, match="two funnels are called 'buy'"):
        parse_settings({"funnels": [BUY, BUY]}, "opsloop.yaml")


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ({"event": "a"}, {"event": "b"}, True),
        ({"event": "a"}, {"event": "a"}, False),
        ({"event": "a"}, {"where": {"device": "x"}}, False),
        ({"event": "a", "where": {"device": "x"}}, {"event": "a", "where": {"device": ["y", "z"]}}, True),
        ({"event": "a", "where": {"device": "x"}}, {"event": "a", "where": {"country": "y"}}, False),
        ({"event": "a", "where": {"page_path": "/x*"}}, {"event": "a", "where": {"page_path": "/xy*"}}, False),
        ({"event": "a", "where": {"page_path": "/x*"}}, {"event": "a", "where": {"page_path": "/y*"}}, True),
        ({"event": "a", "where": {"page_path": "/x/1"}}, {"event": "a", "where": {"page_path": "/x*"}}, False),
    ],
)
def test_steps_are_apart_only_where_no_event_can_be_both(one: Any, two: Any, apart: bool) -> None:
    """S5: a wrong yes here would let one event serve two steps."""
    first, second = EventFilter.model_validate(one), EventFilter.model_validate(two)
    assert first.is_apart_from(second) is second.is_apart_from(first) is apart
