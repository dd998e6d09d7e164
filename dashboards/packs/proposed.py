"""The section of proposed actions: what has slipped, the evidence, and what bringing it back is worth (W2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards.actions.action import Action
from dashboards.actions.weekly import Weekly
from dashboards.actions.words import Words
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Section, Table
from dashboards.proposals import Proposal, proposals
from dashboards.proposals.words import Told

_NUMBERS = ("recent", "usual", "low", "high", "effect", "effect_low", "effect_high")
_READ = ("proposal", "evidence", "expected_effect", "owner", "playbook")


def section(desk: Desk, actions: Sequence[Action]) -> Section:
    """What the week's review proposes from the data; the form on the Weekly review page takes each over."""
    title = desk.translator("proposals.title")
    found = proposals(desk.metrics, desk.facts, desk.week, desk.minimum)
    if not found:
        return Section("proposals", title, desk.translator("proposals.none"))
    words = Words(desk.workspace, desk.catalogue, desk.translator)
    told = Told(words, desk.value)
    weekly = Weekly(desk.workspace, desk.metrics, desk.facts)
    closed = [one for one in actions if one.closed_at is not None]
    learnt = [(one, words.effect(weekly.measured(one, desk.week.end))) for one in closed]
    rows = [_row(desk, told, one, learnt) for one in found]
    return Section("proposals", title, desk.say("proposals_answer", count=len(rows)), tuple(_tables(desk, rows)))


def _row(desk: Desk, told: Told, one: Proposal, learnt: Sequence[tuple[Action, str]]) -> dict[str, Any]:
    slip, metric = one.slip, desk.catalogue[one.metric]
    return {
        "proposal": told.finding(one),
        "evidence": told.evidence(one),
        "expected_effect": told.effect(one),
        "owner": desk.value("owner", metric.owner),
        "playbook": told.playbook(one, learnt),
        "metric": one.metric,
        "where": one.condition,
        "recent": slip.recent,
        "usual": slip.earlier.mean,
        "low": slip.limits.low,
        "high": slip.limits.high,
        "effect": slip.change,
        "effect_low": slip.interval[0],
        "effect_high": slip.interval[1],
        "share": one.share,
        BY_ROW: metric.unit,
    }


def _tables(desk: Desk, rows: Sequence[dict[str, Any]]) -> list[Table]:
    """What a reader meets, and the same with every number for the files."""
    kinds = dict.fromkeys((*_NUMBERS, "share"), pl.Float64)
    frame = pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in rows[0]})
    read = [Column(key, desk.say(key), is_whole=key == "expected_effect") for key in _READ]
    if not any(row["playbook"] for row in rows):
        read = [column for column in read if column.key != "playbook"]
    numbers = [Column(key, desk.say(key), BY_ROW) for key in _NUMBERS]
    every = (*read, Column("where", desk.say("where")), *numbers, Column("share", desk.say("share"), "rate"))
    title, note = desk.say("proposals_table"), desk.translator("proposals.note")
    return [
        Table("proposals_read", title, tuple(read), frame, note, show="read"),
        Table("proposals", title, every, frame, show="file"),
    ]
