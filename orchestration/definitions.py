"""The whole graph for Dagster, as a function of the workspace (O1)."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import dagster as dg

from opsloop.workspace import Workspace
from orchestration.defs import check, deliver, ingest, publish, schedules, score, transform


def build_defs(workspace: Workspace) -> dg.Definitions:
    """Every asset, check, job, schedule and sensor of one workspace, run step by step: the warehouse has one writer."""
    assets = [
        *_landing(workspace),
        *transform.assets(workspace),
        *score.assets(workspace),
        *publish.assets(workspace),
        *deliver.assets(workspace),
    ]
    jobs = schedules.jobs()
    return dg.Definitions(
        assets=assets,
        asset_checks=[*check.checks(workspace), *score.checks(workspace)],
        jobs=jobs,
        schedules=schedules.schedules(workspace),
        sensors=[schedules.drop_folder_sensor(workspace)],
        resources=transform.resources(workspace),
        executor=dg.in_process_executor,
    )


def _landing(workspace: Workspace) -> list[dg.AssetsDefinition]:
    with warnings.catch_warnings():
        # Many days in one run: the parameter is beta in this release of Dagster, and the release is pinned.
        warnings.simplefilter("ignore", category=dg.BetaWarning)
        return ingest.assets(workspace)


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions of the workspace that the environment names."""
    return build_defs(Workspace.open(Path(os.environ.get("OPSLOOP_WORKSPACE") or "data")))
