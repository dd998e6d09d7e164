"""What the demo's tests share: one small company written to disk, and one larger world kept in memory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from opsloop.demo import demo_settings, make_demo
from opsloop.demo.plan import Plan
from opsloop.demo.world import World, simulate
from opsloop.workspace import Workspace

UNTIL = dt.date(2026, 3, 31)


def _new(root: Path, months: int = 14, events: int = 20_000, seed: int = 7) -> Workspace:
    workspace = Workspace.create(root, {**demo_settings(), "as_of": UNTIL})
    make_demo(workspace, months=months, events=events, seed=seed)
    return workspace


@pytest.fixture(scope="session")
def new_company() -> Callable[..., Workspace]:
    """Makes a workspace with the exports of a demo company that ends in March 2026."""
    return _new


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Fourteen months, about twenty thousand events."""
    return _new(tmp_path_factory.mktemp("demo") / "company")


@pytest.fixture(scope="session")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three months only, for what costs time per file."""
    return _new(tmp_path_factory.mktemp("demo") / "brief", months=3, events=8_000)


@pytest.fixture(scope="session")
def events(company: Workspace) -> pl.DataFrame:
    """All web events of the company, without copies and broken rows."""
    files = [file for file in (company.landing / "ga4" / "events").iterdir() if "_copy" not in file.name]
    found = pl.concat([pl.read_parquet(file) for file in sorted(files)])
    whole = found.filter(
        pl.col("user_pseudo_id").is_not_null() & pl.col("event_name").is_not_null() & (pl.col("event_timestamp") > 0)
    )
    return whole.unique(["user_pseudo_id", "event_bundle_sequence_id", "batch_event_index"], maintain_order=True)


@pytest.fixture(scope="session")
def orders(company: Workspace) -> list[dict[str, Any]]:
    """Every version of every order as exported, broken lines left out."""
    files = sorted((company.landing / "shopify" / "orders").iterdir())
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.endswith("}")]


@pytest.fixture(scope="session")
def dirt(company: Workspace) -> dict[str, Any]:
    """The list of injected dirt."""
    found: dict[str, Any] = json.loads((company.root / "truth" / "dirt.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def world() -> World:
    """The people and orders of the small demo, not written to disk."""
    return simulate(Plan(dt.date(2024, 2, 1), UNTIL, 200_000, 7))
