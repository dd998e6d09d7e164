"""What a funnel in any order asks of the SQL (S5): which events count for which steps, and what is refused."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opsloop.funnels import Exclusion, Step

MOST_OVERLAPPING = 4  # each subset of steps that overlap is a sort of the events


def refused(steps: Sequence[Step], exclusions: Sequence[Exclusion]) -> str | None:
    """Return why a funnel cannot be asked in any order, or nothing if it can."""
    pairs = {(one.after, one.before) for one in exclusions if one.after and one.before}
    for one, two in itertools.combinations(pairs, 2):
        if shared := set(one) & set(two):
            title = steps[shared.pop() - 1].title
            return f"in any order a step has exclusions with one other step: {title!r} has them with two"
    named = {step - 1 for pair in pairs for step in pair}
    return next(filter(None, (_cannot_share(group, steps, named) for group in _groups(steps))), None)


def _cannot_share(group: Sequence[int], steps: Sequence[Step], named: set[int]) -> str | None:
    if len(group) == 1:
        return None
    said = f"an event could be both {steps[group[0]].title!r} and {steps[group[1]].title!r}"
    if any(steps[at].optional for at in group):
        return f"in any order an optional step is apart from all others: {said}"
    if named & set(group):
        return f"in any order an exclusion stands between steps that are apart from all others: {said}"
    if len({steps[at].within_minutes for at in group}) > 1:
        return f"in any order steps that overlap have the same within_minutes: {said}"
    if len({_kind(at, steps) for at in group}) > MOST_OVERLAPPING:
        return f"in any order at most {MOST_OVERLAPPING} different steps overlap: {said}, and more"
    return None


def plan(steps: Sequence[Step], exclusions: Sequence[Exclusion]) -> dict[str, Any]:
    """Return what the macro `funnel_any_order` reads beside the question; a mask names steps, the same step by one bit.

    kinds       step (from 1) and mask of each different step
    starts      mask of the steps that a way can begin with
    levels      seconds of the windows of steps, the shortest first, none for no window last; each with its mask
    sets        masks of which the first, second, up to the `most`th event are looked for
    groups      steps that share events: for each number of them done, the sets whose so manieth event it takes
    pairs       two steps with exclusions between them, and the columns that say when the next excluded event is
    rows        for each step how many that are not optional it takes to reach it, and the mask of an optional one
    """
    firm = [group for group in _groups(steps) if not steps[group[0]].optional]
    pairs = _pairs(steps, exclusions)
    paired = {mask for pair in pairs for mask in (pair["one"], pair["two"])}
    sets = {_mask(subset, steps): len(subset) for group in _groups(steps) for subset in _subsets(group, steps)}
    return {
        "kinds": [{"step": at + 1, "mask": _bit(at, steps)} for at in range(len(steps)) if _kind(at, steps) == at],
        "is_shared": any(len({_kind(at, steps) for at in group}) > 1 for group in firm),
        "starts": _mask([at for group in firm for at in group], steps),
        "levels": _levels(steps),
        "sets": [{"mask": mask, "most": most} for mask, most in sets.items()],
        "groups": [_limits(group, steps) for group in firm if _mask(group, steps) not in paired],
        "pairs": pairs,
        "until": [one["column"] for one in numbered(exclusions) if not one["after"]],
        "rows": [
            {"firm": sum(not one.optional for one in steps[: at + 1]), "optional": step.optional and _bit(at, steps)}
            for at, step in enumerate(steps)
        ],
    }


def numbered(exclusions: Sequence[Exclusion]) -> list[dict[str, Any]]:
    """Return the exclusions as the SQL macros read them, each with the column of its next event."""
    return [
        one.asked() | {"after": one.after, "before": one.before, "column": f"until_{number}"}
        for number, one in enumerate(exclusions, start=1)
    ]


def _kind(at: int, steps: Sequence[Step]) -> int:
    """The first step that is the same."""
    return next(index for index, other in enumerate(steps) if other.is_same_as(steps[at]))


def _bit(at: int, steps: Sequence[Step]) -> int:
    return int(2 ** _kind(at, steps))


def _mask(group: Sequence[int], steps: Sequence[Step]) -> int:
    return sum({_bit(at, steps) for at in group})


def _groups(steps: Sequence[Step]) -> list[list[int]]:
    """Steps that an event could be of, or that hang together by others: each step is in one group."""
    groups: list[list[int]] = []
    for at, step in enumerate(steps):
        met = [group for group in groups if any(not step.is_apart_from(steps[other]) for other in group)]
        groups = [group for group in groups if group not in met] + [sorted([at, *itertools.chain(*met)])]
    return groups


def _subsets(group: Sequence[int], steps: Sequence[Step]) -> Iterator[list[int]]:
    """All steps of a group that are of some of its kinds, for each choice of kinds."""
    kinds = sorted({_kind(at, steps) for at in group})
    for size in range(1, len(kinds) + 1):
        for chosen in itertools.combinations(kinds, size):
            yield [at for at in group if _kind(at, steps) in chosen]


def _limits(group: Sequence[int], steps: Sequence[Step]) -> list[list[dict[str, int]]]:
    """For 1, 2, … steps of a group the events that it takes, by the theorem of König and Hall.

    So many steps can be done, each by an event of its own, where for no subset of the steps its events and the steps
    that are not in it are fewer together.
    """
    subsets = list(_subsets(group, steps))
    return [
        [
            {"mask": _mask(subset, steps), "number": done - len(group) + len(subset)}
            for subset in subsets
            if done - len(group) + len(subset) > 0
        ]
        for done in range(1, len(group) + 1)
    ]


def _levels(steps: Sequence[Step]) -> list[dict[str, Any]]:
    windows = sorted({step.within_minutes for step in steps}, key=lambda minutes: (minutes is None, minutes))
    return [
        {
            "seconds": minutes and minutes * 60,
            "mask": _mask([at for at, step in enumerate(steps) if step.within_minutes == minutes], steps),
        }
        for minutes in windows
    ]


def _pairs(steps: Sequence[Step], exclusions: Sequence[Exclusion]) -> list[dict[str, Any]]:
    columns: dict[tuple[int, int], list[str]] = {}
    for one in numbered(exclusions):
        if one["after"]:
            columns.setdefault((one["after"], one["before"]), []).append(one["column"])
    return [
        {"one": _bit(after - 1, steps), "two": _bit(before - 1, steps), "until": found}
        for (after, before), found in columns.items()
    ]
