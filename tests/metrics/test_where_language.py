"""The filter language means the same as SQL and as plain Python, and lets nothing else through."""

from __future__ import annotations

import operator as op

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.metrics_layer import where
from dashboards.metrics_layer.where import Both, Comparison, Condition, Not
from opsloop.errors import UsageError

VALUES = (
    "",
    "email",
    "paid search",
    "it's",
    'so "quoted"',
    "{{ x }}",
    "{% raw %}",
    "a\nb",
    "搜索",
    "\\",
    "--",
    "10",
    "9",
)
NAMES = ("channel", "device")
PYTHON = {"=": op.eq, "!=": op.ne, "<": op.lt, ">": op.gt, "<=": op.le, ">=": op.ge}
DUCKDB = duckdb.connect()
Row = dict[str, str | None]

comparisons = st.builds(
    Comparison, st.sampled_from(NAMES), st.sampled_from(where.OPERATORS), st.sampled_from(VALUES).map(lambda v: (v,))
) | st.builds(
    Comparison,
    st.sampled_from(NAMES),
    st.just("in"),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.builds(Not, inner) | st.builds(Both, st.sampled_from(["and", "or"]), inner, inner),
    max_leaves=6,
)
rows = st.fixed_dictionaries({name: st.none() | st.sampled_from(VALUES) for name in NAMES})


def _written(condition: Condition) -> str:
    """The condition as a person would write it."""
    if isinstance(condition, Comparison):
        values = [
            f"'{value}'".replace(value, value.replace("'", "''")) if value else "''" for value in condition.values
        ]
        if condition.operator == "in":
            return f"{condition.dimension} IN ({', '.join(values)})"
        return f"{condition.dimension}{condition.operator}{values[0]}"
    if isinstance(condition, Not):
        return f"not ({_written(condition.condition)})"
    return f"({_written(condition.left)}) {condition.joiner}\n({_written(condition.right)})"


def _holds(condition: Condition, row: Row) -> bool:
    if isinstance(condition, Not):
        return not _holds(condition.condition, row)
    if isinstance(condition, Both):
        sides = (_holds(condition.left, row), _holds(condition.right, row))
        return all(sides) if condition.joiner == "and" else any(sides)
    value = row[condition.dimension] or ""
    if condition.operator == "in":
        return value in condition.values
    return bool(PYTHON[condition.operator](value, condition.values[0]))


@settings(max_examples=150, deadline=None)
@given(condition=conditions, row=rows)
def test_a_filter_means_the_same_in_sql_and_in_python(condition: Condition, row: Row) -> None:
    """The spec's `--where`: an empty value counts as empty text, so each condition is true or false of each row."""
    parsed = where.parse(_written(condition))
    sql = where.to_sql(parsed, lambda name: name)
    statement = f"select {sql} from (select $channel::varchar as channel, $device::varchar as device)"
    found = DUCKDB.execute(statement, row).fetchall()[0][0]
    assert found is _holds(condition, row)


@settings(max_examples=150, deadline=None)
@given(condition=conditions, row=rows)
def test_knowing_a_value_beforehand_changes_nothing(condition: Condition, row: Row) -> None:
    """A chosen attribution model is bound before the rest is asked of the rows."""
    left = where.bind(condition, {"channel": row["channel"] or ""})
    if not isinstance(left, bool):
        assert where.dimensions(left) == {"device"}
        left = _holds(left, row)
    assert left is _holds(condition, row)


@given(value=st.text())
def test_a_value_can_neither_open_a_template_nor_end_its_text(value: str) -> None:
    """Nothing that MetricFlow's templates read survives in a literal, and SQL reads back exactly the value."""
    if "\x00" in value or any(0xD800 <= ord(character) < 0xE000 for character in value):
        return
    text = where.literal(value)
    assert not set("{}%#\n\r") & set(text)
    assert DUCKDB.execute(f"select {text}").fetchall() == [(value,)]


@pytest.mark.parametrize(
    "text",
    [
        "channel = email",
        "channel like 'e%'",
        "channel = 'a'; drop table orders",
        "channel = 'a' -- and more",
        "1 = 1",
        "'a' = 'a'",
        "channel",
        "channel =",
        "channel in ()",
        "channel in ('a'",
        "(channel = 'a'",
        "channel = 'a')",
        "channel = 'a' channel = 'b'",
        "channel = 'unfinished",
        "not",
        "and channel = 'a'",
        "channel == 'a'",
        "channel <> 'a'",
        "channel is null",
        "lower(channel) = 'a'",
        "channel = (select 1)",
        "{{ Dimension('order__x') }} = 'a'",
        "channel = 1e5x",
        "channel = 'a\x00'",
        "",
        "(" * 60 + "channel = 'a'" + ")" * 60,
        "channel = 'a' or " * 400 + "channel = 'a'",
    ],
)
def test_anything_else_is_refused_as_wrong_use_in_one_line(text: str) -> None:
    """Exit status 2, with an example of what can be written."""
    with pytest.raises(UsageError, match="channel = 'email'") as refusal:
        where.parse(text)
    assert refusal.value.exit_status == 2
    assert len(str(refusal.value).splitlines()) == 1


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    """As in SQL: a or not b and c is a or ((not b) and c)."""
    a, b, c = (Comparison("channel", "=", (value,)) for value in "abc")
    parsed = where.parse("channel = 'a' or not channel = 'b' and channel = 'c'")
    assert parsed == Both("or", a, Both("and", Not(b), c))
    assert where.parse("channel not in ('b')") == Not(Comparison("channel", "in", ("b",)))
