"""What a late row can change is made anew, however far from it that lies; each part of each reach is needed (X7)."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import company
import pytest
import story
from plan import Plan, Steps, marts
from roads import travelled

from ingestion import landing
from opsloop.workspace import Workspace
from orchestration import increment

Cells = dict[str, list[tuple[object, ...]]]
# The story arrives through mapping files; rows of other sources take the same parts of a reach by views of their own.
_OTHER_SOURCES = re.compile("shopify|ga4|access_logs")
# What to try otherwise is a pattern in OPSLOOP_TEST_REACHES: `make mutants` tries all.
_TRIED_ALWAYS = "^fct_order_items:"
_REACH = re.compile(
    r"create or replace table slices[.](\w+)__reach as select distinct key from [(](.*)[)] as touched", re.DOTALL
)


def test_what_a_late_row_can_change_is_made_anew_and_comes_out_as_in_a_whole_build(plan: Plan, tmp_path: Path) -> None:
    """X7: sessions that become one, owners that change without an event of theirs, days that begin to count."""
    first, second = story.first(), story.second()
    together = {name: first[name] + second[name] for name in company.COLUMNS}
    whole = travelled(tmp_path / "whole", plan, [together], story.DAYS[1:])
    sliced = travelled(tmp_path / "sliced", plan, [first, second], story.DAYS)
    expected, found = marts(whole, plan.marts), marts(sliced, plan.marts)
    assert _different(expected, found) == {}
    assert len(found["marts.fct_sessions"]) == 18


@pytest.mark.parametrize(("first", "second"), story.STORIES)
def test_slices_are_what_a_whole_build_of_the_same_arrivals_makes(
    plan: Plan, tmp_path: Path, first: Callable[[], company.Rows], second: Callable[[], company.Rows]
) -> None:
    """X7, X6: the tables that remember when what arrived are the same as well; the whole is built in parts."""
    sliced = travelled(tmp_path / "ws", plan, [first(), second()], story.DAYS)
    found = marts(sliced, plan.tables)
    increment.forget(sliced)
    assert not plan.build(sliced, in_parts=True)
    expected = marts(sliced, plan.tables)
    assert _different(expected, found) == {}


@pytest.mark.timeout(7200)
def test_without_any_one_part_of_a_reach_some_row_is_wrong(plan: Plan, tmp_path: Path) -> None:
    """X7: parts of reaches are taken out, one at a time, and a mart differs; all of them are some 80 builds."""
    arrived = [_second_arrived(tmp_path / f"story{n}", plan, *one) for n, one in enumerate(story.STORIES)]
    right = [_built(ws, plan, tmp_path / "right") for ws in arrived]
    tried, missed = [], []
    for name, narrowed in _narrowed(plan, os.environ.get("OPSLOOP_TEST_REACHES", _TRIED_ALWAYS)):
        tried.append(name)
        kept = (_built(ws, narrowed, tmp_path / "narrowed") == cells for ws, cells in zip(arrived, right, strict=True))
        if all(kept):
            missed.append(name)
    assert tried
    assert not missed, "\n".join(missed)


def _different(expected: Cells, found: Cells) -> dict[str, set[tuple[object, ...]]]:
    """Rows that only one of the two has, by table."""
    return {name: set(rows) ^ set(found[name]) for name, rows in expected.items() if rows != found[name]}


def _second_arrived(
    root: Path, plan: Plan, first: Callable[[], company.Rows], second: Callable[[], company.Rows]
) -> Workspace:
    """The first delivery is built, the second has landed."""
    ws = travelled(root, plan, [first()], story.DAYS[:1])
    company.deliver(ws, 1, second())
    ws = company.on(ws, story.DAYS[1])
    landing.land(ws)
    return ws


def _built(ws: Workspace, plan: Plan, at: Path) -> Cells:
    """The marts of a copy, its slices replaced."""
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(ws.root, at)
    copy = Workspace.open(at)
    assert plan.build(copy)
    return marts(copy, plan.tables)


def _narrowed(plan: Plan, wanted: str) -> Iterator[tuple[str, Plan]]:
    """The plan without one part of one reach, and what that is called: those whose name holds a pattern."""
    for number, step in enumerate(plan.slices):
        for place, statement in enumerate(step):
            found = _REACH.search(statement)
            for part in _parts(found[2]) if found else []:
                name = f"{found[1]}: {' '.join(part.split())}"
                if _OTHER_SOURCES.search(part) or not re.search(wanted, name):
                    continue
                without = statement.replace(part, f"select * from ({part}) as part where false", 1)
                statements = (*step[:place], without, *step[place + 1 :])
                slices: Steps = (*plan.slices[:number], statements, *plan.slices[number + 1 :])
                yield name, replace(plan, slices=slices)


def _parts(reach: str) -> list[str]:
    """What a reach unites, in its own words."""
    parts, depth = [""], 0
    for word in re.split(r"(\(|\)|\bunion all\b)", reach):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "union all" and depth == 0:
            parts.append("")
        else:
            parts[-1] += word
    return [part.strip() for part in parts]
