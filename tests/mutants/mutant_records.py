"""Recorded mutants: each breaks one rule of the product in one place, and names the test that must notice."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
FIELDS = ("row", "file", "find", "replace", "test")


class BadMutantError(Exception):
    """A record that cannot be applied, in one line."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit of one file that breaks the rule of a row of the spec, and the test that must then fail."""

    name: str
    row: str
    file: str
    find: str
    replace: str
    test: str

    def applied_to(self, text: str) -> str:
        """The file's text with the one place edited; a `BadMutantError` where the place is not there exactly once."""
        places = list(_pattern(self.find).finditer(text))
        if len(places) != 1:
            raise BadMutantError(f"{self.name}: `find` occurs {len(places)} times in {self.file}, it must occur once")
        place = places[0]
        edited = _indented(self.replace, place.groupdict().get("indent") or "")
        if edited == place.group():
            raise BadMutantError(f"{self.name}: `replace` changes nothing in {self.file}")
        return text[: place.start()] + edited + text[place.end() :]


def read(path: Path) -> Mutant:
    """The record of a file; a `BadMutantError` where a field is missing, unknown or no text."""
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict) or set(values) != set(FIELDS):
        raise BadMutantError(f"{path.name}: the fields must be {', '.join(FIELDS)}")
    if not path.stem.startswith(f"{values['row']}_"):
        raise BadMutantError(f"{path.name}: the name must begin with the row it is about, {values['row']}_")
    return Mutant(name=path.stem, **{field: _text(path, field, values[field]) for field in FIELDS})


def read_all(rows: Collection[str] = (), folder: Path = FOLDER) -> list[Mutant]:
    """The records of these rows of the spec, or of all where none is named, in order of name."""
    paths = sorted(folder.glob("*.yaml"))
    return [read(path) for path in paths if not rows or path.stem.partition("_")[0] in rows]


def names_a_test(test: str, root: Path = ROOT) -> bool:
    """Whether the file of a test's id defines a function of its name."""
    file, _, name = test.partition("::")
    function = re.escape(name.rpartition("::")[2].partition("[")[0])
    path = root / file
    return path.is_file() and bool(re.search(rf"^\s*def {function}\(", path.read_text(encoding="utf-8"), re.MULTILINE))


def _text(path: Path, field: str, value: Any) -> str:
    text = "" if value is None and field == "replace" else value
    if not isinstance(text, str) or (field != "replace" and not text.strip()):
        raise BadMutantError(f"{path.name}: {field} must be a text")
    return text.rstrip("\n")


def _pattern(find: str) -> re.Pattern[str]:
    """The exact text; a block of lines matches at any one indentation, as YAML takes a block's own away."""
    first, *rest = find.split("\n")
    if not rest:
        return re.compile(re.escape(first))
    lines = [rf"(?P=indent){re.escape(line)}" if line else "" for line in rest]
    return re.compile("\n".join([rf"^(?P<indent>[ \t]*){re.escape(first)}", *lines]) + "$", re.MULTILINE)


def _indented(text: str, indent: str) -> str:
    return "\n".join(indent + line if line else line for line in text.split("\n")) if text else text
