"""Scores of a made-up shop whose customers' rates are known: what is written, for whom, and the same each time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import joblib
import numpy as np
import polars as pl
import pytest
import shops

from models_ml import scoring, store
from models_ml.churn.bands import Bands
from models_ml.churn.reasons import CODES
from models_ml.scoring import ScoreReport, train_and_score
from models_ml.threads import one_thread
from opsloop.workspace import Workspace

Scored = tuple[Workspace, ScoreReport]


def written(report: ScoreReport) -> pl.DataFrame:
    """The scores of the day."""
    assert report.path is not None
    return pl.read_parquet(report.path)


def test_every_customer_has_one_score_of_the_day(scored: Scored) -> None:
    """L5: one row per customer, under the day of scoring."""
    workspace, report = scored
    scores = written(report)
    assert [outcome.status for outcome in report.outcomes] == ["scored", "scored"]
    assert report.path is not None
    assert report.path.name == f"{workspace.as_of_date}.parquet"
    assert dict(scores.schema) == store.SCHEMA
    assert scores["person_id"].is_unique().all()
    assert scores.height == report.scored == scoring.read_customers(workspace).rows("score").height
    assert scores["churn_probability"].is_between(0, 1).all()


def test_expected_value_lies_within_its_interval(scored: Scored) -> None:
    """L2: with an interval."""
    scores = written(scored[1])
    assert (scores["ltv_low"] <= scores["ltv_expected"]).all()
    assert (scores["ltv_expected"] <= scores["ltv_high"]).all()
    assert (scores["ltv_expected"] >= 0).all()


def test_the_same_data_gives_the_same_scores(scored: Scored, tmp_path: Path) -> None:
    """W3: another process's folder, the same numbers and versions."""
    again = train_and_score(shops.make_shop(tmp_path / "again", shops.orders(800, 400)))
    assert written(again).equals(written(scored[1]))


def test_scoring_one_customer_does_not_depend_on_the_others(scored: Scored) -> None:
    """Alone or in company, a customer's score and reasons are the same."""
    workspace, report = scored
    rows = scoring.read_customers(workspace).rows("score")
    for outcome, score in zip(report.outcomes, (scoring.score_churn, scoring.score_ltv), strict=True):
        assert outcome.card is not None
        assert outcome.card_path is not None
        model = joblib.load(outcome.card_path.with_name("model.joblib"))
        with one_thread():
            whole = score(model, outcome.card, rows)
            for place in (0, 17, rows.height - 1):
                assert score(model, outcome.card, rows[place]).rows() == [whole.row(place)]
            assert score(model, outcome.card, rows.reverse()).rows() == whole.reverse().rows()


def test_cards_tell_data_figures_calibration_and_limits(scored: Scored) -> None:
    """L4: everything a reader needs to doubt the model, in both languages."""
    for outcome in scored[1].outcomes:
        assert outcome.card_path is not None
        card = json.loads(outcome.card_path.with_name("card.json").read_text(encoding="utf-8"))
        assert card["passed"] is (card["judged"]["low"] > 0)
        assert card["judged"]["gain"] == pytest.approx(card["judged"]["baseline"] - card["judged"]["model"])
        assert max(card["data"]["training_cutoffs"]) < card["data"]["holdout_cutoff"] < card["data"]["score_cutoff"]
        assert sum(row["customers"] for row in card["calibration"]) == card["data"]["holdout_customers"]
        assert "one-time buyers" in card["segments"]
        assert card["owner"]
        text = outcome.card_path.read_text(encoding="utf-8")
        assert "One-time buyers are scored by the same model" in text
        assert "留出期检验通过" in text


def test_calibration_on_the_holdout_is_close(scored: Scored) -> None:
    """L1: of those given 30 %, about 30 % leave."""
    churn = scored[1].outcomes[0].card
    assert churn is not None
    assert churn.figures["expected calibration error"] < 0.06


def test_reasons_are_known_codes_and_fit_the_customer(scored: Scored) -> None:
    """L1: reasons are for those at risk, and only a one-time buyer has bought once."""
    workspace, report = scored
    scores = written(report).join(
        scoring.read_customers(workspace).rows("score").select("person_id", "order_days"), on="person_id"
    )
    told = pl.concat([scores["churn_reason_1"], scores["churn_reason_2"], scores["churn_reason_3"]]).drop_nulls()
    assert set(told) <= set(CODES)
    assert scores.filter(churn_band="high")["churn_reason_1"].is_not_null().mean() > 0.95
    once = scores.filter(pl.any_horizontal(pl.col(f"churn_reason_{rank}") == "bought_once" for rank in (1, 2, 3)))
    assert once.height > 0
    assert once["order_days"].unique().to_list() == [1]
    ordered = scores.select((pl.col("churn_reason_2").is_null() | pl.col("churn_reason_1").is_not_null()).all()).item()
    assert ordered


def test_each_reason_code_has_words_in_both_languages() -> None:
    """The seed and the code list the same reasons."""
    seed = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "churn_reasons.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["reason"] for row in rows} == set(CODES)
    assert all(row["label_en"] and row["label_zh"] for row in rows)


@pytest.mark.parametrize(
    ("probability", "band"), [(0.0, "low"), (0.199, "low"), (0.2, "medium"), (0.599, "medium"), (0.6, "high")]
)
def test_bands_begin_at_their_thresholds(probability: float, band: str) -> None:
    """A band starts with its threshold: at the average share, and halfway from it to certainty."""
    bands = Bands.around(0.2)
    assert bands.of(np.array([probability])).to_list() == [band]
    assert "0.6" in bands.in_words()[0]
    assert "0.6" in bands.in_words()[1]
