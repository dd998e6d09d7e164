"""The language of `--where`: comparisons of dimensions with values, and/or/not and brackets; anything else is refused.

A value that is empty (null) counts as the empty text, so every condition is either true or false of a row, and the
rows of a condition and of its opposite together are all rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opsloop.errors import UsageError

OPERATORS = ("=", "!=", "<=", ">=", "<", ">")
KEYWORDS = ("and", "or", "not", "in")
LONGEST = 4000
DEEPEST = 50
HINT = "write conditions such as: channel = 'email' and not (device in ('mobile', 'tablet'))"
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<sign><=|>=|!=|[=<>(),]))""",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A dimension against one value, or against several for `in`."""

    dimension: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions joined by `and` or `or`."""

    joiner: str
    left: Condition
    right: Condition


Condition = Comparison | Not | Both
Outcome = bool | Comparison | Not | Both


def parse(text: str) -> Condition:
    """Read a filter; a `UsageError` says where it stops making sense."""
    if len(text) > LONGEST:
        raise UsageError(f"--where is longer than {LONGEST} characters: {HINT}")
    return _Parser(text).whole()


def dimensions(condition: Condition) -> frozenset[str]:
    """Names of the dimensions that a condition reads."""
    if isinstance(condition, Comparison):
        return frozenset({condition.dimension})
    if isinstance(condition, Not):
        return dimensions(condition.condition)
    return dimensions(condition.left) | dimensions(condition.right)


def bind(condition: Outcome, known: Mapping[str, str]) -> Outcome:
    """What is left of a condition once some dimensions have a known value: true, false, or a smaller condition."""
    if isinstance(condition, bool):
        return condition
    if isinstance(condition, Comparison):
        return _holds(condition, known[condition.dimension]) if condition.dimension in known else condition
    if isinstance(condition, Not):
        inner = bind(condition.condition, known)
        return not inner if isinstance(inner, bool) else Not(inner)
    left, right = bind(condition.left, known), bind(condition.right, known)
    decided = condition.joiner == "or"
    if left is decided or right is decided:
        return decided
    if isinstance(left, bool):
        return right
    return left if isinstance(right, bool) else Both(condition.joiner, left, right)


def literal(value: str) -> str:
    """A text as SQL; characters that a template or the renderer could read are spelled by number."""
    parts = [f"'{part}'" if plain else f"chr({ord(part)})" for part, plain in _pieces(value)]
    return f"({' || '.join(parts)})" if len(parts) > 1 else parts[0] if parts else "''"


def to_sql(condition: Condition, reference: Callable[[str], str], value: Callable[[str], str] = literal) -> str:
    """The condition as SQL over `reference(dimension)`; values can neither end the text nor open a template."""
    if isinstance(condition, Comparison):
        column = f"coalesce(cast({reference(condition.dimension)} as varchar), '')"
        if condition.operator == "in":
            return f"({column} in ({', '.join(map(value, condition.values))}))"
        sign = "<>" if condition.operator == "!=" else condition.operator
        return f"({column} {sign} {value(condition.values[0])})"
    if isinstance(condition, Not):
        return f"(not {to_sql(condition.condition, reference, value)})"
    sides = (to_sql(side, reference, value) for side in (condition.left, condition.right))
    return f"({f' {condition.joiner} '.join(sides)})"


def _pieces(value: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for character in value:
        plain = character.isprintable() and character not in "{}%#\\"
        text = "''" if character == "'" else character
        if plain and pieces and pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + text, True)
        else:
            pieces.append((text, plain))
    return pieces


def _holds(comparison: Comparison, value: str) -> bool:
    first = comparison.values[0]
    return {
        "=": value == first,
        "!=": value != first,
        "<": value < first,
        ">": value > first,
        "<=": value <= first,
        ">=": value >= first,
        "in": value in comparison.values,
    }[comparison.operator]


class _Parser:
    """Reads one filter from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Condition:
        condition = self._or()
        if self.at < len(self.tokens):
            self._refuse("the end")
        return condition

    def _or(self) -> Condition:
        condition = self._and()
        while self._take("or"):
            condition = Both("or", condition, self._and())
        return condition

    def _and(self) -> Condition:
        condition = self._not()
        while self._take("and"):
            condition = Both("and", condition, self._not())
        return condition

    def _not(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UsageError(f"--where is nested more than {DEEPEST} deep: {HINT}")
        try:
            if self._take("not"):
                return Not(self._not())
            if self._take("("):
                condition = self._or()
                self._need(")")
                return condition
            return self._comparison()
        finally:
            self.depth -= 1

    def _comparison(self) -> Condition:
        kind, dimension = self._next("a dimension")
        if kind != "name" or dimension.lower() in KEYWORDS:
            self._refuse("a dimension", back=1)
        if self._take("not"):
            self._need("in")
            return Not(Comparison(dimension, "in", self._values()))
        if self._take("in"):
            return Comparison(dimension, "in", self._values())
        _, operator = self._next("an operator")
        if operator not in OPERATORS:
            self._refuse("one of =, !=, <, >, <=, >=, in", back=1)
        return Comparison(dimension, operator, (self._value(),))

    def _values(self) -> tuple[str, ...]:
        self._need("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._need(")")
        return tuple(values)

    def _value(self) -> str:
        kind, text = self._next("a value")
        if kind == "text":
            return text[1:-1].replace(text[0] * 2, text[0])
        if kind != "number":
            self._refuse("a value (text in quotes, or a number)", back=1)
        return text

    def _take(self, word: str) -> bool:
        if self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind in ("name", "sign") and text.lower() == word:
                self.at += 1
                return True
        return False

    def _need(self, word: str) -> None:
        if not self._take(word):
            self._refuse(f"`{word}`")

    def _next(self, expected: str) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            self._refuse(expected)
        self.at += 1
        return self.tokens[self.at - 1]

    def _refuse(self, expected: str, back: int = 0) -> None:
        self.at -= back
        found = f"`{self.tokens[self.at][1]}`" if self.at < len(self.tokens) else "the end"
        raise UsageError(f"--where {self.text!r}: expected {expected}, found {found}: {HINT}")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    body = text.rstrip()
    if "\x00" in body or not body:
        raise UsageError(f"--where is empty or holds a null character: {HINT}")
    while at < len(body):
        match = _TOKEN.match(body, at)
        if match is None:
            raise UsageError(f"--where {text!r}: cannot read from {body[at : at + 20]!r}: {HINT}")
        tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        at = match.end()
    return tokens
