"""Features see nothing at or after their cut-off; labels see what came after, once it is over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
import score_sql
import shops
from hypothesis import given, settings
from hypothesis import strategies as st

from models_ml.table import LOOKBACK_DAYS

HORIZON = 30
AS_OF = dt.date(2026, 6, 30)
SCORE_DATE = dt.date(2026, 7, 1)
LABELS = ("label_churned", "label_margin")

offsets = st.integers(min_value=0, max_value=199)
an_order = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["a", "b", "c"]),
        "day": offsets,
        "revenue": st.integers(0, 500),
        "cost": st.integers(0, 300),
        "discount": st.integers(0, 50),
        "cancelled_after": st.none() | st.integers(0, 60),
        "refund_after": st.none() | st.integers(0, 60),
    }
)
a_session = st.fixed_dictionaries({"person": st.sampled_from(["a", "b", "c"]), "day": offsets, "login": offsets})


def build(orders: list[dict[str, Any]], sessions: list[dict[str, Any]], until: dt.date | None = None) -> pl.DataFrame:
    """The feature table of the orders and sessions; what was not known before a day is left out where one is given."""
    connection = score_sql.connect()
    connection.execute("insert into settings values (?, ?)", [SCORE_DATE, AS_OF])
    start = SCORE_DATE - dt.timedelta(days=200)
    # Somebody who ordered on the first day holds the cut-offs where they are.
    rows = [{"person": "first", "day": 0, "revenue": 1, "cost": 0, "discount": 0}, *orders]
    for number, order in enumerate(rows):
        day = start + dt.timedelta(days=order["day"])
        if until is not None and day >= until:
            continue
        events = {}
        for kind in ("cancelled_after", "refund_after"):
            after = order.get(kind)
            happens = None if after is None else day + dt.timedelta(days=after)
            known = happens is not None and happens < (until or SCORE_DATE)
            events[kind] = happens if known else None
        cancelled, refunded = events["cancelled_after"], events["refund_after"]
        key = [f"o{number}", "shop"]
        connection.execute(
            "insert into fct_orders values (?, ?, ?, ?, ?, ?)",
            [*key, order["person"], day, cancelled is not None, order["revenue"]],
        )
        connection.execute("insert into int_money__order_items values (?, ?, ?)", [*key, order["cost"]])
        connection.execute(
            "insert into int_orders__items values (?, ?, ?, ?)", [*key, order["revenue"], order["discount"]]
        )
        connection.execute(
            "insert into int_orders__orders values (?, ?, ?, ?)", [*key, cancelled is not None, cancelled]
        )
        if refunded:
            kept, of_cancelled = (0, order["revenue"]) if cancelled else (order["revenue"], 0)
            connection.execute("insert into fct_refunds values (?, ?, ?, ?, ?)", [*key, refunded, kept, of_cancelled])
    for number, session in enumerate(sessions):
        day, login = (start + dt.timedelta(days=session[name]) for name in ("day", "login"))
        if until is not None and max(day, login) >= until:
            continue
        connection.execute("insert into fct_sessions values (?, ?, ?)", [f"v{number}", session["person"], day])
        connection.execute(
            "insert into int_web__events values (?, ?, null, ?)", [f"v{number}", session["person"], login]
        )
    connection.execute("insert into person_ids select 'user_id', p, p from (values ('a'), ('b'), ('c')) as people (p)")
    score_sql.build(connection, HORIZON)
    return connection.sql("select * from fct_customer_features order by cutoff_date, person_id").pl()


@settings(max_examples=30, deadline=None)
@given(st.lists(an_order, max_size=12), st.lists(a_session, max_size=6), st.sampled_from(range(1, 5)))
def test_features_at_a_cutoff_do_not_change_when_all_that_came_later_is_removed(
    orders: list[dict[str, Any]], sessions: list[dict[str, Any]], which: int
) -> None:
    """L1: point in time, for orders, refunds, cancellations and logins alike."""
    whole = build(orders, sessions)
    cutoff = whole["cutoff_date"].unique().sort()[-which]
    cut = build(orders, sessions, until=cutoff)
    at = pl.col("cutoff_date") == cutoff
    expected, found = (frame.filter(at).drop(LABELS) for frame in (whole, cut))
    assert expected.height > 0
    assert found.rows() == expected.rows()


def order(person: str, date: dt.date, **other: Any) -> dict[str, Any]:
    """One order on a day, of 100 with a cost of 40 unless said otherwise."""
    day = (date - (SCORE_DATE - dt.timedelta(days=200))).days
    return {"person": person, "day": day, "revenue": 100, "cost": 40, "discount": 0, **other}


def row_of(frame: pl.DataFrame, person: str, role: str) -> dict[str, Any]:
    """The row of a person at the score or the hold-out cut-off."""
    return frame.filter(person_id=person, cutoff_role=role).row(0, named=True)


def test_features_equal_what_a_hand_counts() -> None:
    """L1: recency, rhythm and money of one customer with orders 10, 40 and 100 days before the cut-off."""
    days = [SCORE_DATE - dt.timedelta(days=back) for back in (100, 40, 10)]
    row = row_of(build([order("a", day, discount=25) for day in days], []), "a", "score")
    assert (row["recency_days"], row["tenure_days"], row["orders"]) == (10, 100, 3)
    assert (row["orders_30"], row["orders_90"], row["orders_180"]) == (1, 2, 3)
    assert (row["mean_gap_days"], row["last_gap_days"], row["longest_gap_days"]) == (45.0, 30, 60)
    assert row["std_gap_days"] == pytest.approx(450**0.5)
    assert row["gap_ratio"] == pytest.approx(10 / 45)
    assert (row["revenue"], row["margin"], row["margin_90"], row["discount_rate"]) == (300.0, 180.0, 120.0, 0.2)


def test_one_time_buyer_has_no_gaps_rather_than_gaps_of_zero() -> None:
    """L6: what does not exist is missing."""
    row = row_of(build([order("a", SCORE_DATE - dt.timedelta(days=5))], []), "a", "score")
    gaps = ("mean_gap_days", "std_gap_days", "longest_gap_days", "last_gap_days", "gap_ratio")
    assert [row[name] for name in gaps] == [None] * 5


def test_an_order_on_the_cutoff_day_belongs_to_the_label_and_one_the_day_before_to_the_features() -> None:
    """L1: the cut-off is the first day not seen."""
    holdout = SCORE_DATE - dt.timedelta(days=HORIZON)
    frame = build([order("a", holdout - dt.timedelta(days=1)), order("a", holdout), order("b", holdout)], [])
    row = row_of(frame, "a", "holdout")
    assert (row["orders"], row["recency_days"], row["label_churned"], row["label_margin"]) == (1, 1, False, 60.0)
    assert frame.filter(person_id="b", cutoff_role="holdout").is_empty()


def test_labels_are_missing_while_the_horizon_is_open() -> None:
    """X5: nobody is called churned before the horizon is over."""
    frame = build([order("a", SCORE_DATE - dt.timedelta(days=100))], [])
    score, holdout = (row_of(frame, "a", role) for role in ("score", "holdout"))
    assert (score["label_churned"], score["label_margin"]) == (None, None)
    assert (holdout["label_churned"], holdout["label_margin"]) == (True, 0.0)


def test_a_cancelled_and_refunded_order_loses_its_margin_once() -> None:
    """X2: what a refund took, the cancellation does not take again."""
    day = SCORE_DATE - dt.timedelta(days=20)
    frame = build([order("a", day, cancelled_after=5, refund_after=3)], [])
    row = row_of(frame, "a", "score")
    assert (row["margin"], row["lost_rate"], row["cancellations"]) == (0.0, 1.0, 1)


def test_a_refund_takes_from_the_margin_of_an_order_that_was_never_cancelled() -> None:
    """X2: the refund counts from its day on, in features and in labels."""
    day = SCORE_DATE - dt.timedelta(days=HORIZON + 10)
    frame = build([order("a", day, refund_after=15)], [])
    assert row_of(frame, "a", "score")["margin"] == -40.0
    holdout = row_of(frame, "a", "holdout")
    assert (holdout["margin"], holdout["lost_rate"], holdout["label_margin"]) == (60.0, 0.0, -100.0)


def test_a_cancellation_of_unknown_time_is_in_no_feature_but_in_the_label() -> None:
    """L1: nobody can say whether it was known at the cut-off."""
    connection = score_sql.connect()
    connection.execute("insert into settings values (?, ?)", [SCORE_DATE, AS_OF])
    for name, back in (("o0", 200), ("o1", 40), ("o2", 20)):
        day = SCORE_DATE - dt.timedelta(days=back)
        connection.execute("insert into fct_orders values (?, 'shop', 'a', ?, ?, 100)", [name, day, back < 50])
        connection.execute("insert into int_orders__orders values (?, 'shop', ?, null)", [name, back < 50])
    score_sql.build(connection, HORIZON)
    row = row_of(connection.sql("select * from fct_customer_features").pl(), "a", "holdout")
    assert (row["margin"], row["cancellations"], row["label_margin"]) == (200.0, 0, 0.0)


def test_training_horizons_end_before_the_holdout_cutoff_and_its_horizon_before_the_score_cutoff() -> None:
    """L1: no label is learned from that the hold-out, or the scores, speak of."""
    connection = shops.connect(shops.orders(5, 400), HORIZON)
    found = dict(
        connection.sql(
            "select cutoff_role, max(horizon_end_date) from int_scores__cutoffs group by cutoff_role"
        ).fetchall()
    )
    (holdout,) = connection.sql("select cutoff_date from int_scores__cutoffs where cutoff_role = 'holdout'").fetchone()
    assert found["train"] == holdout
    assert found["holdout"] == SCORE_DATE


def test_every_feature_that_models_may_use_is_a_column() -> None:
    """A feature named in the code and absent from the mart would be a silent error until training."""
    assert set(LOOKBACK_DAYS) <= set(build([], []).columns)
