"""What tests of arrival share: the project as statements."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import company
from plan import Plan, compiled


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The project compiled for the company's settings."""
    return compiled(company.make(tmp_path_factory.mktemp("plan") / "ws"))
