"""Packs of the demo company in both languages, made once, and companies that lack some or all data."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from dashboards.packs import make_pack
from opsloop.workspace import Workspace

WEEK = "2026-W26"


def unpacked(path: Path, folder: Path) -> Path:
    """The folder that a pack was unpacked to."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def packs(demo: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The week's pack by language, unpacked."""
    out = tmp_path_factory.mktemp("packs")
    return {lang: unpacked(make_pack(demo, WEEK, lang, out), out / lang) for lang in ("en", "zh")}


@pytest.fixture
def without(demo: Workspace, tmp_path: Path) -> Callable[[Callable[[str], bool]], Workspace]:
    """Makes a workspace whose snapshot is the demo company's with some marts emptied."""

    def make(is_emptied: Callable[[str], bool]) -> Workspace:
        settings = yaml.safe_load(demo.settings_file.read_text(encoding="utf-8"))
        workspace = Workspace.create(tmp_path / "company", settings)
        shutil.copytree(demo.published, workspace.published, dirs_exist_ok=True)
        for file in workspace.published.glob("*/warehouse.duckdb"):
            file.chmod(0o644)
            with duckdb.connect(str(file)) as connection:
                found = "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
                for schema, table in connection.execute(found).fetchall():
                    if is_emptied(table):
                        connection.execute(f'delete from "{schema}"."{table}"')
        return workspace

    return make
