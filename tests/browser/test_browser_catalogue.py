"""The catalogue is searched, and figures of a slice are the metrics layer's, in a real browser (Y3, U2, X1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser_tools import figures, keep, served
from playwright.sync_api import Page

from dashboards.components.i18n import words
from dashboards.metrics import Metrics
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser
OPEN = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def demo_pages(demo: Workspace) -> Iterator[str]:
    """The demo company's pages, served."""
    with served(demo) as address:
        yield address


@pytest.mark.parametrize(("lang", "text"), [("en", "private reply rate"), ("zh", "私域 回复率")])
def test_words_narrow_the_catalogue_and_go_into_the_address(
    lang: str, text: str, demo: Workspace, demo_pages: str, open_page: OPEN
) -> None:
    """Y3, U2: a search can be shared; the one metric that holds the words is shown with its definition."""
    tab, _ = open_page(demo_pages, "metrics", lang)
    every = len(Metrics.open(demo).catalogue())
    title = words(lang)["catalogue.title"]
    tab.get_by_text(title.format(n=every, of=every)).wait_for()
    tab.get_by_role("textbox", name=words(lang)["catalogue.find"], exact=True).fill(text)
    tab.keyboard.press("Enter")
    tab.get_by_text(title.format(n=1, of=every)).wait_for()
    told = tab.locator('[data-testid="definition"]')
    told.get_by_text("private_reply_rate", exact=True).wait_for()
    assert "fct_contact_daily" in told.inner_text()
    assert "find=" in tab.url
    keep(tab, f"demo-metrics-{lang}-found")


def test_figures_of_visits_through_search_are_those_of_that_channel_alone(
    demo: Workspace, demo_pages: str, open_page: OPEN
) -> None:
    """X1: a group of figures narrowed to a channel shows what the metrics layer says for it."""
    metrics = Metrics.open(demo)
    start, end = demo.default_range()
    shown = figures(open_page(demo_pages, "content", "en")[0])
    for name in ("sessions", "orders", "revenue_net"):
        definition = metrics.catalogue()[name]
        value = metrics.value(name, start, end, "channel = 'organic_search'")
        assert shown[definition.label("en")] == definition.format(value, "en", demo.settings.currency)
