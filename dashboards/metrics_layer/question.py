"""A question to the metrics layer, checked against what the metrics have."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from dashboards.metrics_layer import where
from dashboards.metrics_layer.as_known import TWINS
from dashboards.metrics_layer.manifest import Manifest
from dashboards.metrics_layer.periods import GRAINS
from opsloop.errors import UsageError


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics by dimensions and grain, over days (both included) and a filter, as known now or by an earlier time."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    where: str | None = None
    as_of: dt.date | dt.datetime | None = None


class Asked(TypedDict, total=False):
    """What may be asked beside the metrics: the other fields of a question, by name."""

    by: Sequence[str]
    grain: str | None
    start: dt.date | None
    end: dt.date | None
    where: str | None
    as_of: dt.date | dt.datetime | None


def ask(metrics: Sequence[str], **asked: Unpack[Asked]) -> Question:
    """The question as one that equals any other asking the same; a name given twice counts once."""
    return Question(
        tuple(dict.fromkeys(metrics)),
        tuple(dict.fromkeys(asked.get("by", ()))),
        asked.get("grain"),
        asked.get("start"),
        asked.get("end"),
        asked.get("where"),
        asked.get("as_of"),
    )


def check(question: Question, manifest: Manifest) -> where.Condition | None:
    """Refuse what cannot be answered, with what could be asked instead; the filter comes back parsed."""
    if not question.metrics:
        raise UsageError("no metric asked for: see `opsloop metrics list`")
    for name in question.metrics:
        if name not in manifest.metrics or manifest.meta(name).get("is_helper"):
            raise UsageError(f"unknown metric {name!r}{near(name, manifest.catalogue())}: see `opsloop metrics list`")
    if question.grain is not None and question.grain not in GRAINS:
        raise UsageError(f"unknown grain {question.grain!r}: use one of {', '.join(GRAINS)}")
    if question.start and question.end and question.start > question.end:
        raise UsageError(f"the range ends before it starts ({question.start} to {question.end}): swap --from and --to")
    condition = where.parse(question.where) if question.where and question.where.strip() else None
    _check_dimensions(question.metrics, question.by, manifest, "--by")
    if condition is not None:
        _check_dimensions(question.metrics, sorted(where.dimensions(condition)), manifest, "--where")
    _check_together(question, condition, manifest)
    if question.as_of is not None:
        _check_history(question, condition, manifest)
    return condition


def _check_dimensions(metrics: Sequence[str], names: Iterable[str], manifest: Manifest, option: str) -> None:
    for dimension in names:
        for metric in metrics:
            held = manifest.dimensions(metric)
            if dimension not in held:
                has = f"it has {', '.join(sorted(held))}" if held else "it has none"
                raise UsageError(f"{option}: {metric} has no dimension {dimension!r}: {has}")


def _check_together(question: Question, condition: where.Condition | None, manifest: Manifest) -> None:
    """A metric and its finer twin each have all of their dimensions, but not always a mixture."""
    asked = asked_dimensions(question, condition)
    for metric in question.metrics:
        own = manifest.lineages[metric].dimensions
        lacking = asked - manifest.lineages[manifest.answering(metric, asked)].dimensions
        if lacking:
            apart = f"{', '.join(sorted(asked - own))} and {', '.join(sorted(lacking))}"
            raise UsageError(f"{metric} has no facts with {apart} together: ask for them apart")


def _check_history(question: Question, condition: where.Condition | None, manifest: Manifest) -> None:
    """What was known earlier is known of facts that keep their versions (X6)."""
    asked = asked_dimensions(question, condition)
    for metric in question.metrics:
        lacking = sorted(manifest.lineages[manifest.answering(metric, asked)].tables.keys() - TWINS.keys())
        if lacking:
            have = ", ".join(name for name, one in manifest.catalogue().items() if one.has_history)
            raise UsageError(f"--as-of: {metric} keeps no versions ({', '.join(lacking)}): ask for any of {have}")


def asked_dimensions(question: Question, condition: where.Condition | None) -> frozenset[str]:
    """Dimensions that a question reads, to split by or to filter on."""
    return frozenset(question.by) | (where.dimensions(condition) if condition is not None else frozenset())


def near(name: str, known: Iterable[str]) -> str:
    """A guess at what was meant, for the end of a message."""
    found = difflib.get_close_matches(name, list(known), n=3)
    return f" (did you mean {', '.join(found)}?)" if found else ""
