"""The retention page asks what its address says and lists the persons behind a cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

OPEN = Callable[..., AppTest]
TABLE = Callable[[AppTest, str], AppTest]
ASKED = {
    "activity": "event:add_to_cart",
    "start_activity": "order",
    "cohort_grain": "day",
    "first_start": "recurring",
    "clock": "rolling",
    "back": "brackets",
    "brackets": "1-3, 4-9",
    "denominator": "previous",
    "cell_who": "gone",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_question_of_retention_lives_in_the_address(lang: str, open_page: OPEN, open_table: TABLE) -> None:
    """R1 to R4, U2: each choice is read from the address and stays in it, in both languages."""
    app = open_table(open_page("retention", lang, **ASKED), "retention_grid")
    assert not app.exception
    assert {name: app.query_params[name] for name in ASKED} == ASKED
    grid = next(frame.value for frame in app.dataframe if frame.value.shape[1] == 9)
    first, until = grid.iloc[:, 1], grid.iloc[:, 2]
    assert set(zip(first, until, strict=True)) == {(1, 3), (4, 9)}


def test_brackets_that_cannot_be_read_are_said_and_the_usual_ones_shown(open_page: OPEN) -> None:
    """A typo in a field of the page is explained, not thrown."""
    app = open_page("retention", "en", back="brackets", brackets="9-1; drop table x")
    assert not app.exception
    assert "9-1" in app.warning[0].value


def test_as_many_persons_are_listed_as_the_cell_counts(open_page: OPEN, open_table: TABLE) -> None:
    """S10: the persons behind a cell that the address names are those that it counts."""
    app = open_table(open_page("retention", "en", cell_cohort="2025-12-15", cell_period="4"), "retention_grid")
    grid = next(frame.value for frame in app.dataframe if frame.value.shape[1] == 9)
    cell = grid[(grid["Cohort"].astype(str) == "2025-12-15") & (grid["Period since"] == 4)]
    persons = next(frame.value for frame in app.dataframe if "First seen" in frame.value.columns)
    assert len(persons) == int(cell["Came back"].iloc[0]) == 7
