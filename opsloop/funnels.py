"""What a funnel is (S5): its steps, their order and windows, what must not happen between two of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from opsloop import any_order

PROPERTIES = ("page_path", "device", "country", "channel", "channel_class", "source", "medium", "campaign")
Property = Literal["page_path", "device", "country", "channel", "channel_class", "source", "medium", "campaign"]
Order = Literal["ordered", "strict", "any"]
MOST_STEPS = 20
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Filter(_Part):
    """What a property of an event must be: one of the values, none of them, or like a pattern with `*`."""

    property: Property
    operator: Literal["is", "is_not", "like"] = "is"
    values: tuple[str, ...] = Field(min_length=1)

    @field_validator("values")
    @classmethod
    def _values_can_be_seen(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if any(_UNSEEN.search(value) for value in values):
            raise ValueError("a value holds a control character: write it without")
        return values


class EventFilter(_Part):
    """Which events are meant: those of a name (of any, where absent) whose properties pass every filter."""

    event: str | None = Field(default=None, min_length=1)
    where: tuple[Filter, ...] = ()

    @field_validator("where", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """Read `{page_path: /tea/*, device: [mobile, tablet]}` as the filters that it means."""
        if not isinstance(value, dict):
            return value
        texts = {
            key: [str(one) for one in (given if isinstance(given, list) else [given])] for key, given in value.items()
        }
        return tuple(
            {"property": key, "operator": "like" if any("*" in one for one in given) else "is", "values": given}
            for key, given in texts.items()
        )

    @model_validator(mode="after")
    def _means_something(self) -> EventFilter:
        if self.event is None and not self.where:
            raise ValueError("an event needs a name or a filter")
        if self.event is not None and _UNSEEN.search(self.event):
            raise ValueError("an event's name holds a control character: write it without")
        return self

    def is_apart_from(self, other: EventFilter) -> bool:
        """Return whether no event can be meant by both: names differ, or values of one property."""
        if self.event and other.event and self.event != other.event:
            return True
        pairs = itertools.product(self.where, other.where)
        return any(one.property == two.property and _exclude_each_other(one, two) for one, two in pairs)

    def is_same_as(self, other: EventFilter) -> bool:
        """Return whether both mean the same events in the same words."""
        return self.event == other.event and set(self.where) == set(other.where)

    def asked(self) -> dict[str, Any]:
        """Return the name and the filters as the SQL macros read them."""
        return {"event": self.event, "filters": [one.model_dump() for one in self.where]}


class Step(EventFilter):
    """One step: its events, whether it may be left out, and how long after the step before it counts."""

    name: str | None = None
    optional: bool = False
    within_minutes: int | None = Field(default=None, ge=1)

    @property
    def title(self) -> str:
        """The step's name, else its event's."""
        return self.name or self.event or ", ".join(value for one in self.where for value in one.values)


class Exclusion(EventFilter):
    """Events that must not happen between two steps, counted from 1, instants of the two themselves apart.

    Without the two it is the whole way that they must not happen on.
    """

    after: int | None = Field(default=None, ge=1)
    before: int | None = Field(default=None, ge=2)

    @model_validator(mode="after")
    def _names_two_or_none(self) -> Exclusion:
        if (self.after is None) != (self.before is None):
            raise ValueError("an exclusion names two steps, after and before, or none for the whole way")
        return self


class Funnel(_Part):
    """A funnel of 2 to 20 steps; the window bounds the way from the entry to any step."""

    steps: tuple[Step, ...] = Field(min_length=2, max_length=MOST_STEPS)
    order: Order = "ordered"
    window_seconds: int = Field(default=7 * 86400, ge=1, le=3650 * 86400)
    exclusions: tuple[Exclusion, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Funnel:
        for problem in (self._loose_ends(), self._bad_exclusion(), self._refused_in_any_order()):
            if problem:
                raise ValueError(problem)
        return self

    @property
    def is_shared(self) -> bool:
        """Whether one event could serve two steps, so that its use has to be remembered."""
        return any(not one.is_apart_from(two) for one, two in itertools.combinations(self.steps, 2))

    @property
    def row_names(self) -> list[str]:
        """What each step's row is called: the step, in any order how many of those that are not optional it takes."""
        if self.order != "any":
            return [step.title for step in self.steps]
        firm = [not step.optional for step in self.steps]
        return [f"{sum(firm[: at + 1])}/{sum(firm)}" if firm[at] else step.title for at, step in enumerate(self.steps)]

    def _loose_ends(self) -> str | None:
        if self.steps[0].optional or self.steps[-1].optional:
            return "the first and the last step of a funnel cannot be optional"
        if self.steps[0].within_minutes and self.order != "any":
            return "the first step has no step before it: leave its within_minutes out"
        return None

    def _bad_exclusion(self) -> str | None:
        for one, (after, before) in zip(self.exclusions, self._between(), strict=True):
            if not after < before <= len(self.steps):
                return f"an exclusion between steps {after} and {before}: name two of {len(self.steps)} in order"
            if self.steps[after - 1].optional or self.steps[before - 1].optional:
                return "an exclusion stands between two steps that cannot be left out"
            if self.order != "any" and any(not one.is_apart_from(step) for step in self.steps[after : before - 1]):
                return f"an exclusion between steps {after} and {before} forbids a step between them"
        return None

    def _between(self) -> list[tuple[int, int]]:
        """The steps that each exclusion stands between."""
        return [(one.after or 1, one.before or len(self.steps)) for one in self.exclusions]

    def _refused_in_any_order(self) -> str | None:
        return any_order.refused(self.steps, self.exclusions) if self.order == "any" else None

    def asked(self) -> dict[str, Any]:
        """Return the funnel as the SQL macros read it; `any_order` is there where that is the order."""
        exclusions = any_order.numbered(self.exclusions)
        if self.order != "any":
            between = zip(exclusions, self._between(), strict=True)
            exclusions = [one | {"after": after, "before": before} for one, (after, before) in between]
        return {
            "order": self.order,
            "window_seconds": self.window_seconds,
            "is_shared": self.order == "strict" or (self.order == "ordered" and self.is_shared),
            "steps": [self._asked_step(at) for at in range(len(self.steps))],
            "exclusions": exclusions,
            "any_order": any_order.plan(self.steps, self.exclusions) if self.order == "any" else None,
        }

    def _asked_step(self, at: int) -> dict[str, Any]:
        step = self.steps[at]
        return step.asked() | {
            "within_seconds": step.within_minutes and step.within_minutes * 60,
            "follows": self.follows(at + 1),
            "optional": step.optional,
        }

    def follows(self, step: int) -> list[int]:
        """Return the steps, from 1, that a step may come straight after: the one before, and past optional ones."""
        before: list[int] = []
        for index in range(step - 1, 0, -1):
            before.append(index)
            if not self.steps[index - 1].optional:
                break
        return before


def _exclude_each_other(one: Filter, two: Filter) -> bool:
    if one.operator == "is_not" or two.operator == "is_not":
        inside, outside = (two, one) if one.operator == "is_not" else (one, two)
        return inside.operator == "is" and set(inside.values) <= set(outside.values)
    pairs = itertools.product(_starts(one), _starts(two))
    return all(_apart(first, second) for first, second in pairs)


def _starts(one: Filter) -> Sequence[tuple[str, bool]]:
    """What values begin with, and whether they may go on."""
    if one.operator == "is":
        return [(value, False) for value in one.values]
    return [(value.split("*")[0], "*" in value) for value in one.values]


def _apart(one: tuple[str, bool], two: tuple[str, bool]) -> bool:
    (first, first_goes_on), (second, second_goes_on) = one, two
    if not first_goes_on and not second_goes_on:
        return first != second
    if not first_goes_on:
        return not first.startswith(second)
    if not second_goes_on:
        return not second.startswith(first)
    return not (first.startswith(second) or second.startswith(first))
