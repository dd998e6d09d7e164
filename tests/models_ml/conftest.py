"""Workspaces of made-up shops, far enough along to be scored."""

from __future__ import annotations

import pytest
import shops

from models_ml.scoring import ScoreReport, train_and_score
from opsloop.workspace import Workspace


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ScoreReport]:
    """A shop of 800 customers and 400 days, scored once."""
    workspace = shops.make_shop(tmp_path_factory.mktemp("shop") / "scored", shops.orders(800, 400))
    return workspace, train_and_score(workspace)
