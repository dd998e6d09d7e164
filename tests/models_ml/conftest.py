"""Workspaces of made-up shops, far enough along to be scored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
import shops

from models_ml.scoring import ScoreReport, train_and_score
from opsloop.workspace import Workspace

HORIZON = 30
MakeShop = Callable[[Path, pl.DataFrame], Workspace]


def make_shop(root: Path, orders: pl.DataFrame) -> Workspace:
    """Make a workspace whose warehouse holds the feature mart of the orders."""
    settings = {"as_of": shops.AS_OF, "time_zone": "UTC", "scores": {"horizon_days": HORIZON}}
    workspace = Workspace.create(root, settings)
    features = shops.connect(orders, HORIZON).sql("select * from fct_customer_features").pl()
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.register("features", features)
        connection.execute("create schema marts; create table marts.fct_customer_features as from features")
    return workspace


@pytest.fixture(scope="session", name="make_shop")
def _make_shop() -> MakeShop:
    return make_shop


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ScoreReport]:
    """A shop of 800 customers and 400 days, scored once."""
    workspace = make_shop(tmp_path_factory.mktemp("shop") / "scored", shops.orders(800, 400))
    return workspace, train_and_score(workspace)
