"""What the page says about how far models agree, from credit made up by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl

from dashboards.components import agreement

CREDIT = pl.DataFrame(
    {
        "channel": ["ads", "ads", "ads", "email", "email", "direct"],
        "attribution_model": ["last", "markov", "shapley", "last", "markov", "last"],
        "attributed_conversions": [10.0, 4.0, 6.0, 1.0, 7.5, 3.0],
    }
)
CLAIMED = pl.DataFrame({"channel": ["ads", "email"], "ad_conversions_claimed": [12.0, 1.0]})


class _Desk(SimpleNamespace):
    """As much of a page's desk as the tables ask for."""

    view = SimpleNamespace(model="last")

    def t(self, key: str) -> str:
        """The last part of the key."""
        return key.rsplit(".", 1)[-1]

    def known(self, names: list[str]) -> list[str]:
        """Every metric."""
        return names

    def frame(self, names: list[str], **_: Any) -> pl.DataFrame:
        """The made-up rows of a metric."""
        return CLAIMED if names == ["ad_conversions_claimed"] else CREDIT


def test_channels_are_ranked_by_how_far_apart_the_models_are_and_a_model_that_gives_nothing_counts() -> None:
    """T5: email gets 7.5 from Markov and nothing from Shapley, ads 10 and 4, direct 3 and nothing."""
    found = agreement.disagreement(_Desk(), CREDIT)  # type: ignore[arg-type]
    assert found.select("channel", "most_model", "least_model", "apart").rows() == [
        ("email", "markov", "shapley", 7.5),
        ("ads", "last", "markov", 6.0),
        ("direct", "last", "markov", 3.0),
    ]


def test_claims_stand_beside_a_rule_and_the_data_driven_models_ranked_by_their_difference() -> None:
    """A5: ads claims 12 where Markov gives 4; email claims 1 where it gives 7.5."""
    found = agreement.claims(_Desk())  # type: ignore[arg-type]
    assert found.columns == [
        "channel",
        "ad_conversions_claimed",
        "model_last",
        "model_markov",
        "model_shapley",
        "over_claimed",
    ]
    assert found.rows() == [("ads", 12.0, 10.0, 4.0, 6.0, 8.0), ("email", 1.0, 1.0, 7.5, 0.0, -6.5)]
