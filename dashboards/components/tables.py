"""Tables: words and numbers as the reader writes them, small samples greyed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl
import streamlit as st

from dashboards.components.desk import Desk
from dashboards.components.i18n import NOTHING

if TYPE_CHECKING:
    import pandas as pd

ROW_HEIGHT = 32
ROWS_SEEN = 12
# A longer text is broken over lines in a table of prose; Chinese takes twice the room of Latin.
LONG = 22
WIDE = "\u2e80"
GREY = "color: #8b97a3"
# Columns of marts that are written as a metric would be.
LIKE = {
    "money": (
        "revenue",
        "spend",
        "cost",
        "credit",
        "ltv_expected",
        "ltv_low",
        "ltv_high",
        "deal_value_each",
        "revenue_per_customer",
        "margin_per_customer",
        "cost_per_customer",
    ),
    "rate": (
        "churn_probability",
        "rate_of_first",
        "rate_of_previous",
        "retained_rate",
        "weighted_rate",
        "simple_rate",
        "share",
        "share_of_source",
        "share_of_smaller",
        "share_one",
        "share_two",
        "share_more",
        "share_granted",
        "open_rate",
        "credit_share",
        "share_low",
        "share_high",
        "removal_effect",
    ),
}
_UNIT = {name: unit for unit, names in LIKE.items() for name in names}


class Show(Protocol):
    """A way to show rows."""

    def __call__(self, desk: Desk, frame: pl.DataFrame) -> None:
        """Show the rows."""


def show_table(desk: Desk, frame: pl.DataFrame) -> None:
    """Show the rows, sortable."""
    height = ROW_HEIGHT * (min(frame.height, ROWS_SEEN) + 1) + 4
    st.dataframe(
        styled(desk, frame), hide_index=True, placeholder=NOTHING, width="stretch", height=height, row_height=ROW_HEIGHT
    )


def show_prose(desk: Desk, frame: pl.DataFrame) -> None:
    """Show rows some of whose texts are sentences, which are broken over lines."""
    show_texts(desk, frame, kind="ops-table ops-prose")


def show_texts(desk: Desk, frame: pl.DataFrame, *, kind: str = "ops-table") -> None:
    """Show rows that are written out already, all of them and in their order."""
    heads = "".join(f'<th scope="col">{escape(desk.label(column))}</th>' for column in frame.columns)
    rows = zip(*(_words(desk, frame, column) for column in frame.columns), strict=True)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    # A table that is wider than its place is moved by keys too, so it can be reached by them.
    st.html(f'<div class="{kind}" data-testid="table" tabindex="0">{table}</div>')


def _cell(text: str) -> str:
    width = sum(2 if letter >= WIDE else 1 for letter in text)
    kind = ' class="ops-long"' if width > LONG else ""
    return f"<td{kind}>{escape(text)}</td>"


def styled(desk: Desk, frame: pl.DataFrame) -> Any:
    """Return the rows with labels as headings, each column written in its unit, small samples in grey."""
    seen = frame.with_columns(_days(frame, column) for column in frame.columns if frame.schema[column].is_temporal())
    seen = seen.with_columns(_words(desk, frame, column) for column in frame.columns if _is_text(frame, column))
    seen = seen.with_columns(pl.col(column).cast(pl.Float64) for column in frame.columns if _is_number(frame, column))
    headings = {column: desk.label(column) for column in frame.columns}
    table = seen.to_pandas().rename(columns=headings)
    formats = {headings[column]: _writer(desk, frame, column) for column in frame.columns}
    grey = {column: desk.base_of(column) for column in frame.columns if desk.base_of(column) in frame.columns}
    styler = table.style.format(formats)
    return styler.apply(_greyed, axis=None, names=headings, bases=grey, minimum=desk.minimum) if grey else styler


def _is_text(frame: pl.DataFrame, column: str) -> bool:
    return frame.schema[column] == pl.String


def _is_number(frame: pl.DataFrame, column: str) -> bool:
    return frame.schema[column].is_numeric()


def _words(desk: Desk, frame: pl.DataFrame, column: str) -> pl.Series:
    return pl.Series(column, [desk.value_label(column, value) for value in frame[column]], dtype=pl.String)


def _greyed(table: pd.DataFrame, names: dict[str, str], bases: dict[str, str], minimum: int) -> pd.DataFrame:
    """Return the style of every cell: grey for a rate on fewer cases than the minimum (X9)."""
    styles = table.astype("object").copy()
    styles.loc[:, :] = ""
    for column, base in bases.items():
        styles.loc[~(table[names[base]] >= minimum), names[column]] = GREY
    return styles


def is_nothing(value: Any) -> bool:
    """Return whether a cell is empty, which pandas writes in several ways."""
    import pandas as pd

    return bool(pd.isna(value))


def _writer(desk: Desk, frame: pl.DataFrame, column: str) -> Any:
    """Return the function that writes a column's values."""
    if column in desk.catalogue:
        return lambda value: desk.show(column, None if is_nothing(value) else value)
    if frame.schema[column] == pl.Boolean:
        return lambda value: desk.t("values.yes") if value else desk.t("values.no")
    if frame.schema[column].is_numeric():
        return lambda value: write_number(desk, _UNIT.get(column, ""), value, whole=not frame.schema[column].is_float())
    return lambda value: value


def unit_of_column(desk: Desk, column: str) -> str:
    """Return the unit of a column's numbers: a metric's own, or the one that columns of its name have; else a count."""
    return desk.catalogue[column].unit if column in desk.catalogue else _UNIT.get(column, "count")


def write_number(desk: Desk, unit: str, value: float | None, *, whole: bool = False) -> str:
    """Return a number of a mart's column in its unit."""
    if value is None or is_nothing(value):
        return NOTHING
    if unit == "rate":
        return desk.t.percent(value)
    if unit == "money":
        return desk.show("revenue_net", value) if "revenue_net" in desk.catalogue else desk.t.number(value, 2)
    return desk.t.number(value, 0 if whole or float(value).is_integer() else 2)


def _days(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return days and moments as text that sorts as they do."""
    pattern = "%Y-%m-%d" if frame.schema[column] == pl.Date else "%Y-%m-%d %H:%M"
    return pl.col(column).dt.strftime(pattern).fill_null(NOTHING)
