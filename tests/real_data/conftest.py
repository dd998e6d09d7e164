"""One workspace of Plausible's events, server logs and marketing touches, so that one build serves all of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from opsloop.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = Path(__file__).parents[2] / "docs" / "real-data.md"
MAPPED = {"plausible": "plausible_io_500users", "touches": "attribution_touchpoints"}
LOGS = {
    "apache_logs.gz": "semicomplete.com",
    "NASA_access_log_Aug95_excerpt.log": "ksc.nasa.gov",
    "advertools_nginx_access.log": "adver.tools",
    "advertools_combined_no_errors.log": ".",
    "advertools_combined_with_errors.log": ".",
    "advertools_dreamhost_apache_access.log": ".",
}


def example(name: str) -> dict[str, Any]:
    """The settings of an example."""
    return dict(yaml.safe_load((EXAMPLES / name / "opsloop.yaml").read_text(encoding="utf-8")))


def settings() -> dict[str, Any]:
    """Plausible's settings, with the logs' source and the touches' channels and conversions."""
    plausible, logs, touches = example("plausible"), example("access_logs"), example("touches")
    return {
        **plausible,
        **{name: logs[name] for name in ("sources", "traffic_rules") if name in logs},
        "currency": touches["currency"],
        "channel_rules": touches["channel_rules"],
        "conversion_events": plausible["conversion_events"] + touches["conversion_events"],
        "data_folder": "data",
    }


@pytest.fixture(scope="session")
def web(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, built: Callable[[Workspace], Any]) -> Workspace:
    """The workspace, landed and built; nobody writes to it."""
    keep = os.environ.get("OPSLOOP_TEST_KEEP")
    root = Path(keep or tmp_path_factory.mktemp("workspaces")) / "real_data"
    ws = Workspace.open(root) if (root / "opsloop.yaml").exists() else filled(root, shared_data)
    assert built(ws).build.failed == 0
    return ws


def filled(root: Path, shared_data: Path) -> Workspace:
    """The workspace with its mappings and links to its files; nothing has landed."""
    ws = Workspace.create(root, settings())
    (root / "data").mkdir()
    for name, folder in MAPPED.items():
        for mapping in (EXAMPLES / name / "mappings").glob("*.yaml"):
            (root / "mappings").mkdir(exist_ok=True)
            shutil.copy(mapping, root / "mappings" / f"{name}_{mapping.name}")
        for file in (shared_data / folder).iterdir():
            (root / "data" / file.name).symlink_to(file)
    for file, site in LOGS.items():
        place = ws.landing / "access_logs" / "requests" / site
        place.mkdir(parents=True, exist_ok=True)
        (place / file).symlink_to(shared_data / "web_access_logs" / file)
    return ws


@pytest.fixture
def marts(web: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse as `work`, and memory of the test's own for what it reads from files."""
    with duckdb.connect() as con:
        con.execute(f"attach '{web.work_db}' as work (read_only)")
        yield con


@pytest.fixture(scope="session")
def page_says() -> Callable[..., None]:
    """Asserts that the page has a table's line of these cells, numbers as people write them."""
    text = PAGE.read_text(encoding="utf-8")

    def check(*cells: object) -> None:
        line = "| " + " | ".join(_written(cell) for cell in cells) + " |"
        assert line in text, f"docs/real-data.md does not say: {line}"

    return check


def _written(cell: object) -> str:
    """A number with commas between thousands, and two places where it has a fraction; text as it is."""
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
