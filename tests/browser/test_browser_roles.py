"""Each page as a viewer and as an analyst see it in a browser; the other tests walk them as an operator (U6, G1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from accessibility import violations
from browser_tools import PAGES, drawn_charts, keep, served
from playwright.sync_api import Page

from dashboards.components.i18n import words
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser

OPEN = Callable[..., tuple[Page, list[str]]]
# Operators are seen in both languages at both widths.
SEEN = {"viewer": ("zh", 390), "analyst": ("en", 1280)}
# The panels that list persons, by page.
LISTS = {"customers": ("churn_list",)}


@pytest.fixture(scope="module", params=sorted(SEEN))
def role_pages(request: pytest.FixtureRequest, demo: Workspace) -> Iterator[tuple[str, str]]:
    """A role, and the demo company's pages as they are served to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSLOOP_ROLE", request.param)
        with served(demo) as address:
            yield request.param, address


@pytest.mark.parametrize("page", PAGES)
def test_a_role_has_every_page_without_what_it_may_not_see(
    page: str, role_pages: tuple[str, str], open_page: OPEN
) -> None:
    """U6, G1: no list of persons for a viewer, no form for either; what is left is whole and can be read."""
    role, address = role_pages
    lang, width = SEEN[role]
    tab, _ = open_page(address, page, lang, width)
    keep(tab, f"demo-{page}-{lang}-{width}-{role}")
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert tab.locator("h1").first.inner_text() == words(lang)[f"pages.{page}.title"]
    assert all(drawn_charts(tab).values()), drawn_charts(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(tab) == []
    for panel in LISTS.get(page, ()):
        assert (tab.locator(f".st-key-panel_{panel}").count() == 1) == (role == "analyst")
    if page == "weekly_review":
        assert tab.locator(".st-key-make_pack").count() == 0
        assert (words(lang)["roles.no_packs"] in tab.inner_text("body")) == (role == "viewer")
