"""What a stream's landed batch is expected to be, derived from its contract, for Great Expectations to check."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from ingestion.contract import SOURCE_NAME, Rule, Stream

MOST_QUARANTINED = 0.05
FAR = 4.0
ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation: what it is about, the class of Great Expectations that checks it, and in words."""

    name: str
    column: str | None
    kind: str
    arguments: dict[str, Any]
    words: str
    about: Literal["batch", "facts"] = "batch"


@dataclass(frozen=True, slots=True)
class Usual:
    """A numeric column's mean and spread over earlier batches."""

    rows: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the stream when a batch is judged: numbers of earlier batches, and the day it lives in."""

    as_of: dt.datetime
    usual: dict[str, Usual] = field(default_factory=dict)


def suite(stream: Stream, known: Known) -> list[Expected]:
    """Volume, quarantined share, freshness, key, nulls, rules and distribution."""
    expected = [
        Expected("volume", None, "ExpectColumnMinToBeBetween", _between("rows", 1), "at least one row landed", "facts"),
        Expected(
            "quarantined share",
            None,
            "ExpectColumnMaxToBeBetween",
            _between("quarantined_share", 0, MOST_QUARANTINED),
            f"at most {MOST_QUARANTINED:.0%} of the rows read were set aside",
            "facts",
        ),
        *_freshness(stream, known),
        _key(stream),
        *_not_empty(stream),
    ]
    for rule in stream.rules:
        if rule.column in stream.lake_schema:
            expected += _ruled(rule)
    return expected + _distribution(known)


def columns(stream: Stream) -> list[str]:
    """The columns that the suite looks at."""
    numeric = [name for name, dtype in stream.lake_schema.items() if dtype.is_numeric()]
    ruled = [rule.column for rule in stream.rules if rule.column in stream.lake_schema]
    order = [stream.order_by] if stream.order_by else ["_file"]
    return list(dict.fromkeys([*stream.grain, *order, *ruled, *numeric]))


def numeric_columns(stream: Stream) -> list[str]:
    """The columns whose distribution is watched: figures, not ids or times."""
    return [
        name
        for name, dtype in stream.lake_schema.items()
        if dtype.is_numeric() and name not in {*stream.grain, stream.time_column}
    ]


def _between(column: str, low: Any = None, high: Any = None) -> dict[str, Any]:
    """Arguments of an expectation with bounds."""
    bounds = {"min_value": low, "max_value": high}
    return {"column": column, **{name: bound for name, bound in bounds.items() if bound is not None}}


def _freshness(stream: Stream, known: Known) -> list[Expected]:
    """The stream's newest row is not older than the contract allows."""
    if stream.fresh_days is None or stream.time_column is None:
        return []
    oldest = (known.as_of - dt.timedelta(days=stream.fresh_days)).replace(tzinfo=None)
    words = f"the newest row is at most {stream.fresh_days} days old"
    arguments = _between("newest", oldest)
    return [Expected("freshness", stream.time_column, "ExpectColumnMaxToBeBetween", arguments, words, "facts")]


def _key(stream: Stream) -> Expected:
    """No two rows of a key claim the same place in the order of its versions."""
    within = stream.order_by or "_file"
    names = [*stream.grain, within]
    words = f"a key ({', '.join(stream.grain)}) has one version per {'file' if within == '_file' else within}"
    arguments = {"column_list": names, "ignore_row_if": "never"}
    return Expected("key", ", ".join(stream.grain), "ExpectCompoundColumnsToBeUnique", arguments, words)


def _not_empty(stream: Stream) -> list[Expected]:
    """Key columns and required ones have a value."""
    required = [name for name in stream.grain if name != SOURCE_NAME and name not in stream.optional]
    required += [rule.column for rule in stream.rules if rule.required and rule.column in stream.lake_schema]
    return [
        Expected("not empty", name, "ExpectColumnValuesToNotBeNull", {"column": name}, f"{name} always has a value")
        for name in dict.fromkeys(required)
    ]


def _ruled(rule: Rule) -> list[Expected]:
    """The contract's rules on values."""
    column = rule.column
    if rule.values:
        words = f"{column} is one of {rule.values_named}"
        arguments = {"column": column, "value_set": list(rule.values)}
        return [Expected("accepted values", column, "ExpectColumnValuesToBeInSet", arguments, words)]
    if rule.pattern is not None:
        words = f"{column} looks like {rule.pattern}"
        arguments = {"column": column, "regex": rule.pattern}
        return [Expected("pattern", column, "ExpectColumnValuesToMatchRegex", arguments, words)]
    if rule.minimum is None and rule.maximum is None:
        return []
    ends = (("at least", rule.minimum), ("at most", rule.maximum))
    words = f"{column} is {' and '.join(f'{word} {end:g}' for word, end in ends if end is not None)}"
    arguments = _between(column, rule.minimum, rule.maximum)
    return [Expected("range", column, "ExpectColumnValuesToBeBetween", arguments, words)]


def _distribution(known: Known) -> list[Expected]:
    """A figure's mean stays near what earlier batches had, where they had enough rows to tell."""
    expected = []
    for column, usual in known.usual.items():
        if usual.rows >= ENOUGH and usual.spread > 0:
            low, high = usual.mean - FAR * usual.spread, usual.mean + FAR * usual.spread
            words = f"the mean of {column} is within {FAR:g} standard deviations of earlier batches' {usual.mean:.6g}"
            arguments = _between(column, low, high)
            expected.append(Expected("distribution", column, "ExpectColumnMeanToBeBetween", arguments, words))
    return expected
