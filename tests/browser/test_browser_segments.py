"""A segment is saved from a list and asked of, in a real browser (S10, M3, U4)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_tools import keep, served
from playwright.sync_api import Page

from dashboards.components.i18n import words
from dashboards.segments import files
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser
OPEN = Callable[..., tuple[Page, list[str]]]


@pytest.fixture
def copied(demo: Workspace, tmp_path: Path) -> Workspace:
    """The demo company's snapshot in a workspace that may be written to."""
    left_out = shutil.ignore_patterns("lake", "landing", "warehouse", "packs", "dagster", "truth", "segments")
    return Workspace.open(shutil.copytree(demo.root, tmp_path / "ws", ignore=left_out))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_list_becomes_a_segment_that_the_funnel_can_be_asked_of(
    lang: str, copied: Workspace, open_page: OPEN
) -> None:
    """S10: opened, named, saved, chosen; as many persons as were listed, and Customers shows it."""
    own = words(lang)
    with served(copied) as address:
        tab, _ = open_page(address, "funnel", lang, query="&funnel_who=lost")
        tab.get_by_role("button", name=own["segments.save"]).first.click()
        tab.get_by_label(own["segments.name"], exact=True).fill("left_a_cart")
        tab.get_by_label(own["segments.label_zh"]).fill("放弃购物车")
        tab.get_by_role("button", name=own["segments.save_now"], exact=True).click()
        tab.locator('[data-testid="stAlert"]').get_by_text("left_a_cart").wait_for()
        keep(tab, f"demo-funnel-{lang}-saved")
        saved = files.read(copied, "left_a_cart").saved
        assert saved is not None
        asked, foreign = open_page(address, "funnel", lang, query="&funnel_step=1&saved_segment=left_a_cart")
        asked.get_by_text(own["funnel.persons"].format(n=f"{saved.persons:,}"), exact=True).first.wait_for()
        keep(asked, f"demo-funnel-{lang}-segment")
        shown, _ = open_page(address, "customers", lang)
        shown.locator(".st-key-panel_saved_segments canvas").first.wait_for()
        keep(shown, f"demo-customers-{lang}-segments")
        shown.locator(".st-key-remove_segment button").first.click()
        shown.locator(".st-key-remove_segment_now button").click()
        shown.locator('[data-testid="stAlert"]').wait_for()
        assert files.names(copied) == []
    assert foreign == []
