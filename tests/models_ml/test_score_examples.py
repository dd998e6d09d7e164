"""Scores on finished workspaces: the demo against its truth, and two real companies, one of which should be refused."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import polars as pl
import pytest

from models_ml import judging, scoring
from opsloop.workspace import Workspace


def cards(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """What became of each model, by name."""
    return {card["model"]: card for card in scoring.latest_cards(workspace)}


def scores(workspace: Workspace) -> pl.DataFrame:
    """The latest scores."""
    files = sorted((workspace.scores / "customer_scores").glob("*.parquet"))
    return pl.read_parquet(files[-1])


def assert_gain_is_real(workspace: Workspace) -> None:
    """Both models score, and their gain's interval excludes zero."""
    found = cards(workspace)
    assert [card["status"] for card in found.values()] == ["scored", "scored"]
    assert all(card["judged"]["low"] > 0 for card in found.values())


def test_demo_models_beat_their_baselines(demo: Workspace) -> None:
    """L4, on the demo company."""
    assert_gain_is_real(demo)


def test_demo_churn_is_calibrated_against_the_true_hazard(demo: Workspace) -> None:
    """L1: the calibration error against the simulator's own probabilities is at most .05, over nearly all customers."""
    truth = demo.root / "truth"
    hazard = pl.read_parquet(truth / "churn_hazard.parquet")
    latest = hazard.filter(pl.col("as_of") == hazard["as_of"].max())
    found = scores(demo)
    assert latest["as_of"][0] == found["scored_on"][0]
    true_ids = pl.read_parquet(truth / "identity.parquet").filter(id_kind="user_id")
    our_ids = pl.read_parquet(demo.config / "person_ids.parquet").filter(id_kind="user_id")
    people = true_ids.join(our_ids, on="id_value").select("person", "person_id").unique("person_id")
    joined = found.join(people, on="person_id").join(latest, on="person")
    assert joined.height > 0.6 * found.height
    table = judging.calibration(joined["churn_probability"].to_numpy(), joined["probability"].to_numpy())
    assert judging.calibration_error(table) <= 0.05


def test_complete_journey_models_beat_their_baselines(completejourney: Workspace) -> None:
    """The gain's interval excludes zero on Complete Journey's hold-out, for churn and for lifetime value."""
    assert_gain_is_real(completejourney)
    found = scores(completejourney)
    assert found.height > 2400
    for card in cards(completejourney).values():
        whole = json.loads(
            (completejourney.scores / "models" / card["model"] / card["version"] / "card.json").read_text()
        )
        assert whole["data"]["holdout_customers"] > 2400


def test_olist_is_not_scored_and_says_why(olist: Workspace) -> None:
    """L6: with one-time buyers almost alone, no model beats its baseline, and nobody is given a score."""
    for card in cards(olist).values():
        assert card["status"] == "not_passed"
        assert "bought only once" in card["refusal"]
        assert "只购买过一次" in card["refusal_zh"]
    assert not (olist.scores / "customer_scores").exists()


@pytest.mark.parametrize("name", ["demo", "completejourney"])
def test_features_in_the_warehouse_agree_with_orders_counted_by_hand(name: str, request: pytest.FixtureRequest) -> None:
    """L1: the mart's recency, orders and label equal a plain count over the orders, at the hold-out."""
    workspace: Workspace = request.getfixturevalue(name)
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        different = connection.execute("""
            with holdout as (select * from work.marts.fct_customer_features where cutoff_role = 'holdout'),
            counted as (
                select
                    holdout.person_id,
                    holdout.cutoff_date - max(order_date) filter (where order_date < cutoff_date) as recency_days,
                    count(*) filter (where order_date < cutoff_date) as orders,
                    count(*) filter (
                        where order_date >= cutoff_date and order_date < cutoff_date + horizon_days
                    ) = 0 as churned
                from holdout
                inner join work.marts.fct_orders as orders on holdout.person_id = orders.person_id
                group by holdout.person_id, holdout.cutoff_date
            )
            select count(*), count(*) filter (
                where holdout.recency_days <> counted.recency_days
                    or holdout.orders <> counted.orders
                    or holdout.label_churned <> counted.churned
            )
            from holdout left join counted on holdout.person_id = counted.person_id
        """).fetchone()
    assert different is not None
    assert different[0] > 500
    assert different[1] == 0
