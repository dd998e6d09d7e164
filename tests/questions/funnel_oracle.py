"""Funnels by trying every choice of events: slow, written apart from the SQL, and plain enough to be believed."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from opsloop.funnels import EventFilter, Funnel

Choice = tuple[tuple[int, "Event"], ...]
Row = tuple[dt.datetime, dt.datetime, dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of somebody."""

    event_id: int
    unit: str
    at: dt.datetime
    event_name: str
    page_path: str | None = None
    device: str | None = None


def means(wanted: EventFilter, event: Event) -> bool:
    """Return whether an event is one of those meant."""
    if wanted.event is not None and event.event_name != wanted.event:
        return False
    for one in wanted.where:
        value = getattr(event, one.property)
        if one.operator == "is" and value not in one.values:
            return False
        if one.operator == "is_not" and value in one.values:
            return False
        if one.operator == "like" and not any(value is not None and _like(value, like) for like in one.values):
            return False
    return True


def _like(value: str, pattern: str) -> bool:
    """A pattern is its pieces in order, the first at the beginning and the last at the end."""
    head, *rest = pattern.split("*")
    if not rest:
        return value == head
    if not value.startswith(head):
        return False
    return any(_like_rest(value[start:], rest) for start in range(len(head), len(value) + 1))


def _like_rest(value: str, rest: Sequence[str]) -> bool:
    return value == rest[0] if len(rest) == 1 else _like(value, "*".join(rest))


def choices(funnel: Funnel, events: Sequence[Event]) -> Iterator[Choice]:
    """Yield every choice of events that the funnel allows, each ending at the step that it reaches."""
    indexes = range(len(funnel.steps))
    for length in range(1, len(funnel.steps) + 1):
        for steps in itertools.permutations(indexes, length) if funnel.order == "any" else _runs(funnel, length):
            for chosen in itertools.permutations(events, length):
                choice = tuple(zip(steps, chosen, strict=True))
                if _is_allowed(funnel, choice) and _keeps_rules(funnel, choice, events):
                    yield choice


def _runs(funnel: Funnel, length: int) -> Iterator[tuple[int, ...]]:
    """Steps in order, from the first, without a hole but for optional ones."""
    for steps in itertools.combinations(range(len(funnel.steps)), length):
        holes = set(range(steps[-1])) - set(steps)
        if steps[0] == 0 and all(funnel.steps[hole].optional for hole in holes):
            yield steps


def _is_allowed(funnel: Funnel, choice: Choice) -> bool:
    times = [event.at for _, event in choice]
    if not all(means(funnel.steps[step], event) for step, event in choice) or times != sorted(times):
        return False
    return times[-1] - times[0] <= dt.timedelta(seconds=funnel.window_seconds)


def _keeps_rules(funnel: Funnel, choice: Choice, events: Sequence[Event]) -> bool:
    if any(_is_excluded(funnel, number, choice, events) for number in range(len(funnel.exclusions))):
        return False
    if funnel.order == "any":
        carried = _carried(funnel, choice[0][1].at, events)
        return not funnel.steps[choice[0][0]].optional and all(event.at in carried for _, event in choice)
    for (_, before), (step, event) in itertools.pairwise(choice):
        limit = funnel.steps[step].within_minutes
        if limit is not None and event.at - before.at > dt.timedelta(minutes=limit):
            return False
    times, used = [event.at for _, event in choice], {event.event_id for _, event in choice}
    return funnel.order == "ordered" or not any(
        times[0] < other.at < times[-1] and other.event_id not in used for other in events
    )


def _carried(funnel: Funnel, start: dt.datetime, events: Sequence[Event]) -> set[dt.datetime]:
    """The instants that a way in any order comes to: each within a step's window of one that it came to before."""
    found: set[dt.datetime] = {start}
    while True:
        more = {
            event.at
            for event, step in itertools.product(events, funnel.steps)
            if means(step, event) and any(_is_near(step.within_minutes, event.at - at) for at in found)
        }
        if more <= found:
            return found
        found |= more


def _is_near(minutes: int | None, wait: dt.timedelta) -> bool:
    return dt.timedelta(0) <= wait and (minutes is None or wait <= dt.timedelta(minutes=minutes))


def _is_excluded(funnel: Funnel, number: int, choice: Choice, events: Sequence[Event]) -> bool:
    rule = funnel.exclusions[number]
    after, before = rule.after or 1, rule.before or len(funnel.steps)
    if funnel.order == "any" and rule.after:  # only the two steps themselves, if both are done
        span = [event.at for step, event in choice if step + 1 in (after, before)]
    elif funnel.order == "any":
        span = [event.at for _, event in choice]
    else:
        span = [event.at for step, event in choice if after <= step + 1 <= before]
    return bool(span) and any(span[0] < other.at < span[-1] and means(rule, other) for other in events)


def row_of(funnel: Funnel, choice: Choice) -> int | None:
    """Return the step, from 1, whose row a choice is a way to: in any order that of so many, or of the optional one."""
    if funnel.order != "any":
        return choice[-1][0] + 1
    firm = [at for at, step in enumerate(funnel.steps) if not step.optional]
    extra = [step for step, _ in choice if step not in firm]
    done = len(choice) - len(extra)
    if not extra:
        return firm[done - 1] + 1
    return extra[0] + 1 if len(extra) == 1 and done == sum(at < extra[0] for at in firm) else None


def reached(
    funnel: Funnel,
    events: Sequence[Event],
    *,
    starts: str = "any",
    entry: Callable[[Event], Any] | None = None,
    start: dt.datetime | None = None,
    until: dt.datetime | None = None,
    known_until: dt.datetime | None = None,
) -> dict[tuple[Any, ...], Row]:
    """Return by unit (and entry) and step: when it was reached, from which entry, and after which step before."""
    found: dict[tuple[Any, ...], Row] = {}
    for unit in {event.unit for event in events}:
        own = [event for event in events if event.unit == unit]
        allowed = _eligible(funnel, own, starts, start, until, known_until)
        groups: dict[tuple[Any, ...], list[Choice]] = {}
        for choice in choices(funnel, own):
            first, step = choice[0][1], row_of(funnel, choice)
            if first in allowed and step:
                key = (unit, *([entry(first)] if entry else []), step)
                groups.setdefault(key, []).append(choice)
        for key, group in groups.items():
            found[key] = _best_in_any_order(funnel, key, groups) if funnel.order == "any" else _best(group)
    return found


def _eligible(
    funnel: Funnel,
    own: Sequence[Event],
    starts: str,
    start: dt.datetime | None,
    until: dt.datetime | None,
    known_until: dt.datetime | None,
) -> list[Event]:
    first_steps = [step for step in funnel.steps if not step.optional] if funnel.order == "any" else funnel.steps[:1]
    begins = [event for event in own if any(means(step, event) for step in first_steps)]
    in_range = [e for e in begins if (start is None or e.at >= start) and (until is None or e.at < until)]
    if starts == "first":
        in_range = [event for event in in_range if event.at == min(one.at for one in in_range)]
    if starts == "first_ever":
        in_range = [event for event in in_range if event.at == min(one.at for one in begins)]
    window = dt.timedelta(seconds=funnel.window_seconds)
    return [event for event in in_range if known_until is None or event.at + window < known_until]


def _best(group: Sequence[Choice]) -> Row:
    """The first instant it was reached, of those ways the latest entry, and the latest step before."""
    at = min(choice[-1][1].at for choice in group)
    group = [choice for choice in group if choice[-1][1].at == at]
    entered = max(choice[0][1].at for choice in group)
    before = [choice[-2][1].at for choice in group if len(choice) > 1]
    return at, entered, max(before) if before else None


def _best_in_any_order(funnel: Funnel, key: tuple[Any, ...], groups: dict[tuple[Any, ...], list[Choice]]) -> Row:
    """The same; the instant of the step before is that at which the same entry had come so far."""
    at = min(choice[-1][1].at for choice in groups[key])
    entered = max(choice[0][1].at for choice in groups[key] if choice[-1][1].at == at)
    entries = {choice[0][1] for choice in groups[key] if choice[-1][1].at == at and choice[0][1].at == entered}
    if key[-1] == 1:
        return at, entered, None
    before = (*key[:-1], funnel.follows(key[-1])[-1])
    return at, entered, max(min(way[-1][1].at for way in groups[before] if way[0][1] == entry) for entry in entries)
