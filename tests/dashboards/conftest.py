"""Pages drawn without a browser, over made-up numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components import snapshots
from dashboards.components.facts import Facts
from opsloop.workspace import Workspace

APP = Path(dashboards.__file__).parent / "streamlit_app.py"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace that ends on a given day, and to which `OPSLOOP_WORKSPACE` points."""
    made = Workspace.create(tmp_path / "ws", {"as_of": "2026-03-15", "currency": "CNY"})
    monkeypatch.setenv("OPSLOOP_WORKSPACE", str(made.root))
    st.cache_data.clear()
    return made


@pytest.fixture
def open_page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that draws a page over a company with the given topics of data, all of them by default."""

    def draw(page: str, lang: str = "en", metrics: FakeMetrics | None = None, **params: Any) -> AppTest:
        fake = metrics or FakeMetrics()
        monkeypatch.setattr(snapshots, "current_metrics", lambda _: (fake, Facts(fake)))  # type: ignore[arg-type]
        app = AppTest.from_file(APP, default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in params.items():
            app.query_params[{"start": "from", "end": "to"}.get(name, name)] = value
        app.run()
        return app if page == "overview" else app.switch_page(f"app_pages/{page}.py").run()

    return draw


@pytest.fixture
def open_table() -> Callable[[AppTest, str], AppTest]:
    """Return a function that opens the table behind a chart, named by its panel's key."""

    def opened(app: AppTest, key: str) -> AppTest:
        name = app.session_state["desk"].t("panel.table")
        app.session_state[f"tabs_{key}"] = name
        return app.run()

    return opened
