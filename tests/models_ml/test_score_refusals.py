"""Scores refuse on thin data and say what is missing, and a model that did not pass never scores (L3, L4)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest
import shops

from models_ml import gate, scoring
from models_ml.card import Card
from models_ml.judging import Gain
from models_ml.scoring import ScoreReport, train_and_score
from models_ml.table import CustomerTable
from models_ml.threads import one_thread
from opsloop.errors import OpsloopError
from opsloop.sections import ScoreSettings
from opsloop.workspace import Workspace

ENOUGH = {"customers": 500, "history": 180, "recency": 30, "orders": 3}


def table(customers: int, history: int, recency: int, orders: int) -> CustomerTable:
    """A shop at its score cut-off: so many customers, days since the first and the last order, and most orders."""
    score = pl.DataFrame(
        {
            "person_id": [f"p{number}" for number in range(customers)],
            "cutoff_role": "score",
            "cutoff_date": dt.date(2026, 7, 1),
            "tenure_days": [history] + [recency] * (customers - 1),
            "recency_days": [recency] * customers,
            "orders": [orders] + [1] * (customers - 1),
            "label_churned": pl.Series([None] * customers, dtype=pl.Boolean),
        }
    )
    learned = [
        score.with_columns(cutoff_role=pl.lit(role), label_churned=pl.int_range(pl.len()) % 2 == 0)
        for role in ("train", "holdout")
    ]
    return CustomerTable(pl.concat([score, *learned]), 60)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"customers": 499}, "customers"),
        ({"history": 179}, "history"),
        ({"recency": 31}, "recent_order"),
        ({"orders": 2}, "repeat_customer"),
    ],
)
def test_just_under_a_threshold_is_refused_with_what_is_missing(changed: dict[str, int], code: str) -> None:
    """L3: 499 customers, 179 days, a last order 31 days old, at most 2 orders."""
    reasons = gate.thin_data(table(**{**ENOUGH, **changed}), ScoreSettings())
    assert [reason.code for reason in reasons] == [code]
    assert str(next(iter(changed.values()))) in reasons[0].text("en")
    assert str(next(iter(changed.values()))) in reasons[0].text("zh")


@pytest.mark.parametrize("more", [{}, {"customers": 501}, {"history": 181}, {"recency": 29}, {"orders": 4}])
def test_at_and_just_over_every_threshold_nothing_is_missing(more: dict[str, int]) -> None:
    """L3: 500 customers, 180 days, a last order 30 days old, somebody with 3 orders are enough."""
    assert gate.thin_data(table(**{**ENOUGH, **more}), ScoreSettings()) == ()


def test_everything_that_is_missing_is_said_at_once() -> None:
    """L3: nobody has to mend one thing to learn of the next."""
    reasons = gate.thin_data(table(10, 20, 40, 1), ScoreSettings())
    assert [reason.code for reason in reasons] == ["customers", "history", "recent_order", "repeat_customer"]


def test_a_shop_without_orders_is_refused_and_no_error(tmp_path: Path) -> None:
    """L3: a refusal is a result."""
    none = pl.DataFrame(schema={"person_id": pl.String, "order_date": pl.Date, "revenue": pl.Float64})
    report = train_and_score(shops.make_shop(tmp_path / "shop", none))
    assert report.scored == 0
    assert {outcome.status for outcome in report.outcomes} == {"refused"}
    assert "0 customers with orders" in report.messages[0]


@pytest.mark.parametrize(("customers", "days", "scores"), [(499, 300, False), (500, 300, True), (520, 179, False)])
def test_from_orders_to_scores_the_thresholds_hold(tmp_path: Path, customers: int, days: int, scores: bool) -> None:
    """L3: the same through the features, on either side."""
    workspace = shops.make_shop(tmp_path / "shop", shops.orders(customers, days))
    statuses = {outcome.status for outcome in train_and_score(workspace).outcomes}
    assert ("refused" not in statuses) == scores


def test_a_refusal_leaves_earlier_scores_and_is_kept_for_pages(tmp_path: Path) -> None:
    """L3, L5: what was said last month still stands."""
    workspace = shops.make_shop(tmp_path / "shop", shops.orders(20, 400))
    earlier = workspace.scores / "customer_scores" / "2026-05-31.parquet"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")
    train_and_score(workspace)
    assert [path.name for path in earlier.parent.iterdir()] == ["2026-05-31.parquet"]
    assert earlier.read_bytes() == b"earlier"
    cards = scoring.latest_cards(workspace)
    assert [card["passed"] for card in cards] == [False, False]
    assert all("20 customers" in card["refusal"] and "20 位" in card["refusal_zh"] for card in cards)


def failed(card: Card) -> Card:
    """The same card, had the gain's interval touched zero."""
    return dataclasses.replace(card, judged=Gain("log loss", 0.5, 0.5, 0.001, 0.0, 0.002))


def test_a_model_that_did_not_pass_is_refused_by_the_scoring_code(scored: tuple[Workspace, ScoreReport]) -> None:
    """L4: whoever calls the scoring function with such a model gets an error, not scores."""
    import joblib

    workspace, report = scored
    rows = scoring.read_customers(workspace).rows("score")
    for outcome, score in zip(report.outcomes, (scoring.score_churn, scoring.score_ltv), strict=True):
        assert outcome.card is not None
        assert outcome.card_path is not None
        model = joblib.load(outcome.card_path.with_name("model.joblib"))
        with one_thread():
            assert score(model, outcome.card, rows).height == rows.height
        with pytest.raises(OpsloopError, match="may not score"):
            score(model, failed(outcome.card), rows)


def test_customers_who_follow_no_pattern_get_no_scores(tmp_path: Path) -> None:
    """L4: where recency already says all there is, or nothing, the models do not pass and nobody is scored by them."""
    workspace = shops.make_shop(tmp_path / "shop", shops.orders(600, 400))
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute("""
            update marts.fct_customer_features set
                label_churned = hash(person_id || cutoff_date) % 2 = 0,
                label_margin = hash(cutoff_date || person_id) % 100
            where cutoff_role <> 'score'
        """)
    report = train_and_score(workspace)
    assert [outcome.status for outcome in report.outcomes] == ["not_passed", "not_passed"]
    assert report.scored == 0
    assert not (workspace.scores / "customer_scores").exists()
    assert "interval must lie above 0" in report.messages[0]


def test_a_mart_built_for_another_horizon_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """A changed setting must not score on labels of the old one."""
    workspace = shops.make_shop(tmp_path / "shop", shops.orders(20, 400))
    workspace.settings.scores.horizon_days = 45
    with pytest.raises(OpsloopError, match="horizon of 30 days, the settings say 45"):
        train_and_score(workspace)
