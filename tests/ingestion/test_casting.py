"""Values as vendors write them, in the contract's types (I4, X3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.casting import cast
from ingestion.contract import MONEY, TIMESTAMP, Time

WRONG = "wrong"
ITEMS = pl.List(pl.Struct({"id": pl.String, "quantity": pl.Int64}))
CASES: list[tuple[pl.DataType, Any, Any]] = [
    (pl.Int64(), "12", 12),
    (pl.Int64(), " 12 ", 12),
    (pl.Int64(), "12.0", 12),
    (pl.Int64(), 12.0, 12),
    (pl.Int64(), "12.5", WRONG),
    (pl.Int64(), 12.5, WRONG),
    (pl.Int64(), "9007199254740993", 9007199254740993),
    (pl.Int64(), "99999999999999999999", WRONG),
    (pl.Int64(), "", None),
    (pl.Int64(), "  ", None),
    (pl.Float64(), "1e3", 1000.0),
    (pl.Float64(), "nan", WRONG),
    (pl.Float64(), "inf", WRONG),
    (pl.Float64(), float("nan"), None),
    (MONEY, "19.99", Decimal("19.99")),
    (MONEY, 5, Decimal(5)),
    (MONEY, "1,5", WRONG),
    (pl.Boolean(), "TRUE", True),
    (pl.Boolean(), "0", False),
    (pl.Boolean(), "maybe", WRONG),
    (pl.String(), 12, "12"),
    (pl.Date(), "2024-02-29", dt.date(2024, 2, 29)),
    (pl.Date(), "2024-02-29 23:59:59", dt.date(2024, 2, 29)),
    (pl.Date(), "2023-02-29", WRONG),
    (pl.Date(), dt.datetime(2024, 2, 29, 12), dt.date(2024, 2, 29)),
    (TIMESTAMP, "2024-07-01T00:00:00Z", dt.datetime(2024, 7, 1)),
    (TIMESTAMP, "2024-07-01T00:00:00.123456+08:00", dt.datetime(2024, 6, 30, 16, 0, 0, 123456)),
    (TIMESTAMP, "2024-07-01T00:00:00-0530", dt.datetime(2024, 7, 1, 5, 30)),
    (TIMESTAMP, "2024-07-01 09:30", dt.datetime(2024, 7, 1, 1, 30)),
    (TIMESTAMP, "2024-07-01", dt.datetime(2024, 6, 30, 16)),
    (TIMESTAMP, "yesterday", WRONG),
    (ITEMS, '[{"id": "1", "quantity": "2", "more": 3}]', [{"id": "1", "quantity": 2}]),
    (ITEMS, '[{"quantity": 5}]', [{"id": None, "quantity": 5}]),
    (ITEMS, '[{"id": "1", "quantity": "two"}]', WRONG),
    (ITEMS, '{"id": "1"}', WRONG),
    (ITEMS, "not json", WRONG),
    (ITEMS, "[]", []),
]


@pytest.mark.parametrize(("dtype", "value", "expected"), CASES)
def test_a_value_becomes_its_type_or_is_told_to_be_wrong(dtype: pl.DataType, value: Any, expected: Any) -> None:
    """Empty and wrong are two things."""
    done = cast(pl.DataFrame({"v": [value]}), {"v": dtype}, {}, "Asia/Shanghai")
    assert done.typed["v"].to_list() == [None if expected == WRONG else expected]
    assert ("v" in done.wrong) == (expected == WRONG)


def test_formats_are_tried_in_order() -> None:
    """A column may mix two spellings; epoch seconds are one of them."""
    time = Time(("%d.%m.%Y %H:%M", "epoch_s"), "Europe/Berlin")
    done = cast(pl.DataFrame({"v": ["01.07.2024 12:00", "1719828000"]}), {"v": TIMESTAMP}, {"v": time})
    assert done.typed["v"].to_list() == [dt.datetime(2024, 7, 1, 10), dt.datetime(2024, 7, 1, 10)]


@given(
    st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2035, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(["America/New_York", "America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_local_times_are_what_the_standard_library_says_and_gaps_move_forward(
    times: list[dt.datetime], zone: str
) -> None:
    """With fold 0 the standard library takes the first of two times and moves one in a gap forward by the gap (X3)."""
    done = cast(pl.DataFrame({"v": [time.isoformat(" ") for time in times]}), {"v": TIMESTAMP}, {}, zone)
    by_hand = [time.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).replace(tzinfo=None) for time in times]
    assert done.typed["v"].to_list() == by_hand
