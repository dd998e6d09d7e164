"""dbt's own unit tests: each model's odd cases on made-up rows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from opsloop.workspace import Workspace
from orchestration import transform


def test_every_unit_test_of_the_models_passes(demo: Workspace, tmp_path: Path) -> None:
    """The rules of S1, D1, D5, T2, X4, R1 and others on the rows that make them hard; a run itself leaves these out."""
    root = tmp_path / "workspace"
    shutil.copytree(demo.root, root, ignore=shutil.ignore_patterns("lake", "landing", "published", "packs", "dagster"))
    copied = Workspace.open(root)
    transform.prepare(copied)
    report = transform.unit_tests(copied)
    texts = [path.read_text(encoding="utf-8") for path in transform.PROJECT.glob("models/**/*.yml")]
    written = sum(len(re.findall(r"\n    model: (?!ref)", text)) for text in texts)
    assert report.failed == 0
    assert report.passed == written > 30


def test_a_run_leaves_unit_tests_out(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would cost every company's every run some seconds and say nothing of its data."""
    asked: list[list[str]] = []

    def note(arguments: list[str], *_: object) -> object:
        asked.append(arguments)
        return type("Result", (), {"results": []})()

    monkeypatch.setattr(transform, "_invoke", note)
    monkeypatch.setattr(transform, "_parsed", lambda workspace: None)
    transform.build(demo, ["fct_orders"])
    assert asked[0][asked[0].index("--exclude-resource-type") + 1] == "unit_test"
