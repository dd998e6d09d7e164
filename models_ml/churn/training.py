"""Trains a churn model, judges it on the hold-out and writes its card."""

from __future__ import annotations

from models_ml import judging
from models_ml.card import Card
from models_ml.churn import baseline
from models_ml.churn.model import CANDIDATES, ChurnModel, fit, held_back, labels
from models_ml.describing import data_of, segments_of
from models_ml.table import CustomerTable, Floats, matrix

NAME = "churn"
LIMITS = (
    (
        "One-time buyers are scored by the same model: gaps they do not have count as missing, their first reason is "
        "that they bought once, and the table of segments shows how well they are judged.",
        "只购买过一次的客户由同一模型评分：缺失的间隔按缺失处理，首要原因标为“只购买过一次”，其检验结果见分段表。",
    ),
    (
        "A person is who the ids say today; an earlier cut-off sees merges that were learned later.",
        "客户身份按今天的识别结果；较早的截止日会用到之后才得知的合并。",
    ),
    (
        "For companies where customers end a contract this is no measure: it only knows orders.",
        "只看订单，不适用于合同制业务。",
    ),
)


def train(table: CustomerTable, version: str, scored_on: str) -> tuple[ChurnModel, Card]:
    """Choose and judge on the past, then fit what was chosen on all closed horizons; the card tells what was judged."""
    features = table.features
    train_rows, holdout = table.sample("train"), table.rows("holdout")
    unseen = held_back(train_rows, features, CANDIDATES)
    churned = labels(train_rows)
    losses = {kind: float(judging.log_losses(found, churned).mean()) for kind, found in unseen.items()}
    kind = min(losses, key=losses.__getitem__)
    probability = fit(train_rows, features, kind, unseen[kind]).probability(matrix(holdout, features))
    rule = baseline.RecencyRule.fit(table.rows("train"))
    closed = table.sample("train", "holdout")
    model = fit(closed, features, kind, held_back(closed, features, [kind])[kind])
    return model, _card(table, version, scored_on, model, losses, probability, rule.probability(holdout))


def _card(
    table: CustomerTable,
    version: str,
    scored_on: str,
    model: ChurnModel,
    candidates: dict[str, float],
    probability: Floats,
    naive: Floats,
) -> Card:
    holdout = table.rows("holdout")
    churned = labels(holdout)
    calibration = judging.calibration(probability, churned)
    return Card(
        model=NAME,
        version=version,
        scored_on=scored_on,
        horizon_days=table.horizon_days,
        predicts=(
            f"Probability that a customer places no order within {table.horizon_days} days.",
            f"客户在 {table.horizon_days} 天内不下单的概率。",
        ),
        kind=model.kind,
        candidates=candidates,
        data=data_of(table),
        features=model.features,
        baseline=baseline.RULE,
        judged=judging.gain("log loss", judging.log_losses(probability, churned), judging.log_losses(naive, churned)),
        figures=_figures(churned, probability, naive)
        | {"expected calibration error": judging.calibration_error(calibration)},
        segments=segments_of(holdout, probability, churned),
        calibration=calibration,
        limits=(*LIMITS, model.bands.in_words()),
    )


def _figures(churned: Floats, probability: Floats, naive: Floats) -> dict[str, float]:
    """What else there is to say of the hold-out: ranking and squared error, beside the baseline's."""
    brier = judging.gain(
        "Brier score", judging.squared_errors(probability, churned), judging.squared_errors(naive, churned)
    )
    return {
        "share that churned": float(churned.mean()),
        "AUC": judging.ranking(probability, churned),
        "AUC of the baseline": judging.ranking(naive, churned),
        "Brier score": brier.model,
        "Brier score of the baseline": brier.baseline,
        "Brier gain": brier.gain,
        "Brier gain, low": brier.low,
        "Brier gain, high": brier.high,
    }
