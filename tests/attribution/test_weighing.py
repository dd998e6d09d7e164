"""What the data-driven models learn from the warehouse's paths, and how sure they are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models_ml import attribution
from models_ml.attribution import PathTable
from models_ml.attribution.bootstrap import data_driven_shares
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

PATHS = [
    ("order", "ads > email", 30, 10),
    ("order", "email", 20, 70),
    ("order", "direct", 50, 100),
    ("deal", "ads", 2, 0),
    ("deal", "direct > ads", 0, 5),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with nothing in it."""
    (tmp_path / "opsloop.yaml").write_text("company: {name: Small}\n", encoding="utf-8")
    return Workspace.open(tmp_path)


def build(workspace: Workspace, paths: list[tuple[str, str, int, int]]) -> None:
    """Put the paths where dbt would, in the order given."""
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute("create schema if not exists intermediate")
        connection.execute(
            "create or replace table intermediate.int_attribution__path_counts "
            "(conversion_kind varchar, path varchar, conversions bigint, nulls bigint)"
        )
        if paths:
            connection.executemany("insert into intermediate.int_attribution__path_counts values (?, ?, ?, ?)", paths)


def test_each_kind_of_conversion_is_learned_from_by_itself(workspace: Workspace) -> None:
    """T1, T4: deals say nothing about orders; a channel that only orders know has no weight for deals."""
    build(workspace, PATHS)
    report = attribution.weigh(workspace)
    assert (report.paths, report.conversions, report.channels) == (5, 102, 3)
    found = pl.read_parquet(workspace.config / "attribution_weights.parquet")
    deals = found.filter(conversion_kind="deal", attribution_model="markov").sort("channel")
    # Five of seven journeys begin with direct and then see ads, as the chain knows it.
    assert deals.select("channel", "removal_effect", "conversions", "journeys").rows() == [
        ("ads", 1.0, 2, 7),
        ("direct", pytest.approx(5 / 7), 0, 5),
    ]
    orders = found.filter(conversion_kind="order", attribution_model="shapley").sort("channel")
    assert orders["credit_share"].to_list() == pytest.approx([0.15, 0.5, 0.35])
    assert (found["share_low"] <= found["share_high"]).all()


def test_the_same_paths_give_the_same_file_whatever_their_order(workspace: Workspace) -> None:
    """X7: learned weights and their intervals depend on the paths alone."""
    files = []
    for paths in (PATHS, PATHS[::-1]):
        build(workspace, paths)
        attribution.weigh(workspace)
        files.append((workspace.config / "attribution_weights.parquet").read_bytes())
    assert files[0] == files[1]


def test_a_company_without_paths_gets_an_empty_table_and_one_without_a_build_a_clear_line(workspace: Workspace) -> None:
    """X8: nothing to learn from is no failure, nothing built is one."""
    with pytest.raises(OpsloopError, match="does not exist: run `opsloop run"):
        attribution.weigh(workspace)
    with duckdb.connect(str(workspace.work_db)):
        pass
    with pytest.raises(OpsloopError, match="has no paths yet: run `opsloop run"):
        attribution.weigh(workspace)
    build(workspace, [])
    attribution.weigh(workspace)
    assert pl.read_parquet(workspace.config / "attribution_weights.parquet").height == 0


def test_intervals_are_as_wide_as_theory_says() -> None:
    """T5: shares of conversions by one touch are binomial: 1.96 standard errors on either side."""
    one = Decimal(1)
    rows = [(("ads",), 300 * one, 0 * one, 500 * one), (("email",), 700 * one, 0 * one, 500 * one)]
    markov, shapley = data_driven_shares(PathTable.of(rows), order=1, draws=3000)
    expected = 1.96 * (0.3 * 0.7 / 1000) ** 0.5
    for shares in (markov, shapley):
        assert shares.share[0] == pytest.approx(0.3)
        assert shares.share[0] - shares.low[0] == pytest.approx(expected, rel=0.1)
        assert shares.high[0] - shares.share[0] == pytest.approx(expected, rel=0.1)
