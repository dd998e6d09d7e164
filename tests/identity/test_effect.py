"""What a merge or a split does to attributed revenue, on the demo company."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models_ml.identity.rules import Id
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration.what_if import effect_on_revenue

BUYERS = """
select max(id_kind), max(id_value) from workspace.person_ids
where person_id in (select person_id from marts.fct_orders group by person_id having count(*) > 1)
    and id_kind = 'customer_id'
group by person_id having count(*) = 1 order by person_id limit 2
"""


@pytest.fixture(scope="module")
def copy(demo: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo company's workspace, to try things on."""
    root = tmp_path_factory.mktemp("effect") / "demo"
    shutil.copytree(demo.root, root, ignore=shutil.ignore_patterns("published", "packs", "landing", "truth"))
    return Workspace.open(root)


def test_a_merge_moves_the_revenue_of_one_person_to_the_other_and_changes_no_total(copy: Workspace) -> None:
    """D4: before and after by person, model and channel; what one loses the other gains, to the cent."""
    with duckdb.connect(str(copy.work_db), read_only=True) as connection:
        buyers: list[Id] = connection.execute(BUYERS).fetchall()  # type: ignore[assignment]
    effect = effect_on_revenue(copy, together=[(buyers[0], buyers[1])])
    assert not (copy.state / "what_if").exists()
    assert effect["person_id"].n_unique() == 2
    sums = effect.group_by("attribution_model", "person_id").agg(
        pl.col("revenue_before").sum(), pl.col("revenue_after").sum(), pl.col("conversions_after").sum()
    )
    for _, rows in sums.group_by("attribution_model"):
        assert rows["revenue_before"].sum() == rows["revenue_after"].sum() > 0
        assert rows["conversions_after"].to_list().count(0) == 1


def test_an_id_that_nobody_has_is_one_clear_line(copy: Workspace, tmp_path: Path) -> None:
    """D4: a slip of the pen is no effect of nothing."""
    with pytest.raises(OpsloopError, match="no source shows the user_id 'nobody'"):
        effect_on_revenue(copy, apart=[(("user_id", "nobody"), ("user_id", "else"))])
