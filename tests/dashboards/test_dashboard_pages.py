"""Each page answers its question in both languages, whatever data the company has (U1, U4, X5, X9)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components.i18n import words

PAGES = sorted(path.stem for path in (Path(dashboards.__file__).parent / "app_pages").glob("*.py"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_page_renders_without_error(page: str, lang: str, open_page: Callable[..., AppTest]) -> None:
    """U4: every page exists in English and in 简体中文."""
    app = open_page(page, lang)
    assert not app.exception
    assert app.title[0].value == words(lang)[f"pages.{page}.title"]
