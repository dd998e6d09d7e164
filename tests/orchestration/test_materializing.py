"""Models built from Dagster: what is said of them, what a failure leaves, and where dbt writes."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from opsloop.workspace import Workspace
from orchestration.defs import transform as dbt_slices
from orchestration.tally import count, remember
from orchestration.transform import PROJECT

GOOD = dg.AssetKey(["marts", "fct_social_posts_daily"])
BROKEN = dg.AssetKey(["marts", "fct_search_performance_daily"])


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


# dagster-dbt itself still asks the context in a way that Dagster has deprecated.
@pytest.mark.filterwarnings("ignore:AssetExecutionContext.op is deprecated:DeprecationWarning")
@pytest.mark.usefixtures("without_search")
def test_a_model_that_fails_fails_the_run_at_once_and_keeps_what_else_was_built(copied: Workspace) -> None:
    """O1, O3, O6: models have rows, sample and picture; a broken one is not retried; dbt stays in the workspace."""
    before = _times(PROJECT)
    slices = [asset for asset in dbt_slices.assets(copied) if isinstance(asset, dg.AssetsDefinition)]
    (marts,) = [one for one in slices if GOOD in one.keys]
    result = dg.materialize(
        [marts], selection=[GOOD, BROKEN], resources=dbt_slices.resources(copied), raise_on_error=False
    )
    assert not result.success
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    (made,) = result.asset_materializations_for_node("dbt_marts")
    assert made.asset_key == GOOD
    assert int(str(made.metadata["dagster/row_count"].value)) > 0
    assert "| post_id |" in str(made.metadata["sample"].value)
    assert "data:image/png;base64," in str(made.metadata["rows_by_day"].value)
    checks = [check for check in result.get_asset_check_evaluations() if check.asset_key == GOOD]
    assert checks
    assert all(check.passed for check in checks)
    assert _times(PROJECT) == before


def test_a_snapshot_counts_the_last_result_of_each_test_that_the_project_still_has(
    empty: Workspace, tmp_path: Path
) -> None:
    """U5: a test that was taken out neither passes nor fails, and one that was mended has passed."""
    manifest: dict[str, dict[str, object]] = {
        "nodes": {"test.kept": {}, "test.mended": {}, "model.one": {}},
        "unit_tests": {"unit_test.rule": {}},
    }
    assert count(empty, manifest) == {}
    first = {"test.kept": "pass", "test.mended": "fail", "test.gone": "fail", "model.one": "success"}
    for results in (first, {"test.mended": "pass", "unit_test.rule": "success"}):
        lines = [{"unique_id": name, "status": status} for name, status in results.items()]
        (tmp_path / "run_results.json").write_text(json.dumps({"results": lines}), encoding="utf-8")
        remember(empty, tmp_path)
    assert count(empty, manifest) == {"passed": 3, "warned": 0, "failed": 0}
