"""Records of mutants do not rot: each still finds its one place and its test."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutant_records import FOLDER, ROOT, BadMutantError, Mutant, names_a_test, read

RECORDS = sorted(FOLDER.glob("*.yaml"))
FILE = "    first line\n    second line\n\n    third line\n"


def _mutant(find: str, replace: str) -> Mutant:
    return Mutant("S1_one", "S1", "some/file.sql", find, replace, "tests/some.py::test_one")


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_recorded_mutant_still_finds_its_place_and_its_test(path: Path) -> None:
    """Every row's mutant can be applied to the tree as it is, and the test it names is there."""
    mutant = read(path)
    mutant.applied_to((ROOT / mutant.file).read_text(encoding="utf-8"))
    assert names_a_test(mutant.test), f"{mutant.test} is not there"


def test_an_edit_keeps_the_indentation_that_yaml_takes_from_a_block() -> None:
    """A block of lines is found at the file's own indentation, and replaced at it."""
    mutant = _mutant("second line\n\nthird line", "other\n  deeper")
    assert mutant.applied_to(FILE) == "    first line\n    other\n      deeper\n"


@pytest.mark.parametrize("find", ["line", "fourth line"])
def test_a_place_that_is_not_there_exactly_once_is_refused(find: str) -> None:
    """A mutant that could mean two places, or none, proves nothing."""
    with pytest.raises(BadMutantError, match="must occur once"):
        _mutant(find, "other").applied_to(FILE)


def test_a_mutant_that_changes_nothing_is_refused() -> None:
    """An edit into the same text would be a mutant that no test can catch."""
    with pytest.raises(BadMutantError, match="changes nothing"):
        _mutant("third line", "third line").applied_to(FILE)


@pytest.mark.parametrize(
    "text",
    [
        "row: S1\n",
        "row: S1\nfile: a\nfind: ''\nreplace: b\ntest: c\n",
        "row: S2\nfile: a\nfind: a\nreplace: b\ntest: c\n",
    ],
)
def test_a_record_that_is_not_whole_is_refused(text: str, tmp_path: Path) -> None:
    """A record needs every field, a text in each, and the row in its name."""
    (tmp_path / "S1_one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMutantError, match=r"S1_one\.yaml"):
        read(tmp_path / "S1_one.yaml")
