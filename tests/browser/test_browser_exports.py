"""Files of a panel as a reader gets them, and a page used without a mouse (U3, U4, X1)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from browser_tools import SETTLED, served
from playwright.sync_api import Locator, Page

from dashboards.components.i18n import words
from dashboards.metrics import Metrics
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser
OPEN = Callable[..., tuple[Page, list[str]]]
# More places than any page has; whoever needs more would give up.
MOST_TABS = 150


@pytest.fixture(scope="module")
def demo_pages(demo: Workspace) -> Iterator[str]:
    """The demo company's pages, served."""
    with served(demo) as address:
        yield address


def saved(tab: Page, button: Locator, how: Callable[[Locator], None]) -> tuple[str, bytes]:
    """The name and the bytes of the file that a button gives."""
    with tab.expect_download() as download:
        how(button)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def tab_to(tab: Page, place: str) -> None:
    """Press the tab key until the focus is within a place."""
    for _ in range(MOST_TABS):
        if tab.evaluate("(place) => document.activeElement?.closest(place) !== null", place):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"the tab key never comes to {place}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_panels_menu_gives_all_rows_and_the_picture(
    lang: str, demo: Workspace, demo_pages: str, open_page: OPEN
) -> None:
    """U3, X1: CSV, XLSX and PNG from the menu, named by page, chart and period; numbers are the metrics layer's."""
    start, end = demo.default_range()
    tab, foreign = open_page(demo_pages, "overview", lang)
    tab.locator(".st-key-save_by_channel button").click()
    files = {
        kind: saved(tab, tab.locator(f".st-key-{kind}_by_channel button"), Locator.click)
        for kind in ("csv", "xlsx", "png")
    }
    assert {name for name, _ in files.values()} == {f"overview_by_channel_{start}_{end}.{kind}" for kind in files}
    expected = Metrics.open(demo).query(["orders"], by=["channel"], start=start, end=end).rows()
    assert dict(pl.read_csv(files["csv"][1]).select("channel", "orders").rows()) == dict(expected)
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"][1])).worksheets[0]
    at = [cell.value for cell in sheet[1]].index(Metrics.open(demo).catalogue()["orders"].label(lang))
    assert sorted(line[at] for line in sheet.iter_rows(min_row=2, values_only=True)) == sorted(n for _, n in expected)
    assert files["png"][1].startswith(b"\x89PNG")
    assert foreign == []


def test_a_page_can_be_used_by_keys_alone(demo_pages: str, open_page: OPEN) -> None:
    """U4: the tab key comes to a filter and to a panel's menu; keys choose there, the address follows, a file comes."""
    tab, _ = open_page(demo_pages, "overview", "en")
    tab_to(tab, ".st-key-w_compare")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.type(words("en")["filters.compare_year"])
    tab.get_by_role("option", name=words("en")["filters.compare_year"]).wait_for()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**compare=year*")
    tab.wait_for_function(SETTLED)
    tab_to(tab, ".st-key-save_by_channel")
    tab.keyboard.press("Enter")
    tab.locator(".st-key-csv_by_channel button").wait_for()
    tab_to(tab, ".st-key-csv_by_channel")
    name, content = saved(tab, tab.locator("body"), lambda _: tab.keyboard.press("Enter"))
    assert name.endswith(".csv")
    assert b"channel" in content
