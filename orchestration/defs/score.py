"""Identity, attribution's weights and scores: what is computed in Python between the slices of dbt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from opsloop.workspace import Workspace
from orchestration import facts
from orchestration.lock import run_lock

if TYPE_CHECKING:
    from models_ml.scoring import ScoreReport

PERSON_IDS = dg.AssetKey(["workspace", "person_ids"])
ATTRIBUTION_WEIGHTS = dg.AssetKey(["workspace", "attribution_weights"])
CUSTOMER_SCORES = dg.AssetKey(["workspace", "customer_scores"])


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Who is who, what channels weigh, and each customer's churn and lifetime value."""

    @dg.asset(
        key=PERSON_IDS,
        group_name="scores",
        deps=[dg.AssetKey(["intermediate", "int_identity__edges"])],
        pool="warehouse",
        description="Which person each id belongs to. One row per id.",
    )
    def person_ids() -> dg.MaterializeResult[None]:
        from models_ml import identity

        with run_lock(workspace):
            report = identity.resolve(workspace)
        return dg.MaterializeResult(
            metadata={"ids": report.ids, "persons": report.persons, "held_back": report.held_back}
        )

    @dg.asset(
        key=ATTRIBUTION_WEIGHTS,
        group_name="scores",
        deps=[dg.AssetKey(["intermediate", "int_attribution__path_counts"])],
        pool="warehouse",
        description="What data-driven attribution learned. One row per kind of conversion, model and channel.",
    )
    def attribution_weights() -> dg.MaterializeResult[None]:
        from models_ml import attribution

        with run_lock(workspace):
            report = attribution.weigh(workspace)
        return dg.MaterializeResult(
            metadata={"paths": report.paths, "conversions": report.conversions, "channels": report.channels}
        )

    @dg.asset(
        key=CUSTOMER_SCORES,
        group_name="scores",
        deps=[dg.AssetKey(["marts", "fct_customer_features"])],
        pool="warehouse",
        description="Churn and lifetime value. One row per customer and day of scoring.",
    )
    def customer_scores() -> dg.MaterializeResult[None]:
        from models_ml import scoring

        with run_lock(workspace):
            report = scoring.train_and_score(workspace)
        lines = "\n".join(f"- {line}" for line in report.messages)
        told: dict[str, Any] = {"scored": report.scored, "report": dg.MetadataValue.md(lines or "none")}
        return dg.MaterializeResult(metadata={**told, **_calibration(report)})

    return [person_ids, attribution_weights, customer_scores]


def _calibration(report: ScoreReport) -> dict[str, Any]:
    """What each model foretold on its hold-out against what came, as pictures; nothing of a model that refused."""
    cards = [outcome.card for outcome in report.outcomes if outcome.card is not None]
    return {
        f"{card.model}_calibration": facts.picture(
            f"{card.model}: foretold and seen",
            [{"x": row["predicted"], "y": row["observed"]} for row in card.calibration],
            {
                "mark": {"type": "line", "point": True, "color": "#2b6cb0"},
                "x": {"type": "quantitative", "title": "foretold"},
                "y_title": "seen",
            },
        )
        for card in cards
        if card.calibration
    }


def checks(workspace: Workspace) -> list[dg.AssetChecksDefinition]:
    """A model worse than its baseline never scores: the scoring code refuses, and this says so."""

    @dg.asset_check(asset=CUSTOMER_SCORES, name="models_beat_their_baselines")
    def beats() -> dg.AssetCheckResult:
        from models_ml import scoring

        cards = scoring.latest_cards(workspace)
        return dg.AssetCheckResult(
            passed=all(card["passed"] for card in cards),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={card["model"]: "passed" if card["passed"] else str(card["refusal"]) for card in cards},
        )

    return [beats]
