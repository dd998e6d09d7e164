"""Pages in a real browser: no error, no empty chart, figures equal to the metrics layer's (X1, U3, U4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from accessibility import violations
from browser_tools import PAGES, drawn_charts, figures, keep, served
from playwright.sync_api import Page

from dashboards.components.i18n import words
from dashboards.components.layout import LANGUAGE_TAGS
from dashboards.metrics import Metrics
from opsloop.workspace import Workspace

pytestmark = pytest.mark.browser

OPEN = Callable[..., tuple[Page, list[str]]]
HEADLINES = ("revenue_net", "orders", "new_customers", "sessions", "conversion_rate", "ad_spend", "leads")


@pytest.fixture(scope="module")
def demo_pages(demo: Workspace) -> Iterator[str]:
    """The demo company's pages, served."""
    with served(demo) as address:
        yield address


@pytest.fixture(scope="module")
def olist_pages(olist: Workspace) -> Iterator[str]:
    """Olist's pages, served: a company without web data and without spend."""
    with served(olist) as address:
        yield address


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_the_demos_page_shows_its_answer_and_draws_every_chart(
    page: str, lang: str, demo_pages: str, open_page: OPEN
) -> None:
    """U4: every page works in both languages, at a desk and on a phone, and asks no other host for anything."""
    for width in (1280, 390):
        tab, foreign = open_page(demo_pages, page, lang, width)
        keep(tab, f"demo-{page}-{lang}-{width}")
        assert tab.locator('[data-testid="stException"]').count() == 0
        assert tab.locator("h1").first.inner_text() == words(lang)[f"pages.{page}.title"]
        assert len(tab.locator('[data-testid="answer"]').inner_text()) > 20
        assert all(drawn_charts(tab).values()), drawn_charts(tab)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate("document.documentElement.lang") == LANGUAGE_TAGS[lang]
        assert violations(tab) == []
        assert foreign == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_the_dark_theme_draws_every_chart_and_can_be_read(
    page: str, lang: str, demo_pages: str, open_page: OPEN
) -> None:
    """U4: light and dark, at a desk and on a phone: contrast AA, names, roles, as axe-core measures them."""
    for width in (1280, 390):
        tab, _ = open_page(demo_pages, page, lang, width, scheme="dark")
        keep(tab, f"demo-{page}-{lang}-{width}-dark")
        assert all(drawn_charts(tab).values()), drawn_charts(tab)
        assert violations(tab) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_headline_figures_on_the_page_equal_the_metrics_layer(
    lang: str, demo: Workspace, demo_pages: str, open_page: OPEN
) -> None:
    """X1: what a reader sees is what `opsloop metrics query` says for the same days."""
    metrics = Metrics.open(demo)
    start, end = demo.default_range()
    shown = figures(open_page(demo_pages, "overview", lang)[0])
    for name in HEADLINES:
        definition = metrics.catalogue()[name]
        expected = definition.format(metrics.value(name, start, end), lang, demo.settings.currency)
        assert shown[definition.label(lang)] == expected, name


def test_a_slice_in_the_address_gives_the_sliced_figures(demo: Workspace, demo_pages: str, open_page: OPEN) -> None:
    """U2, X1: a shared address shows the same slice, and its numbers are the metrics layer's."""
    metrics = Metrics.open(demo)
    day = demo.as_of_date
    query = f"&from={day.replace(day=1)}&to={day}&channel=email"
    shown = figures(open_page(demo_pages, "overview", "en", query=query)[0])
    for name in ("sessions", "orders"):
        definition = metrics.catalogue()[name]
        value = metrics.value(name, day.replace(day=1), day, "channel = 'email'")
        assert shown[definition.label("en")] == definition.format(value, "en", demo.settings.currency)


def test_a_table_opens_behind_its_chart_and_the_chart_comes_back(demo_pages: str, open_page: OPEN) -> None:
    """U3: each chart has a table behind it, made when it is opened."""
    tab, _ = open_page(demo_pages, "overview", "en")
    panel = tab.locator(".st-key-panel_by_channel")
    panel.get_by_role("tab", name=words("en")["panel.table"]).click()
    panel.locator('[data-testid="stDataFrame"] canvas').first.wait_for()
    keep(tab, "demo-overview-en-table")
    panel.get_by_role("tab", name=words("en")["panel.chart"]).click()
    panel.locator("svg .role-mark path").first.wait_for()
    assert drawn_charts(tab) == dict.fromkeys(("revenue_net_trend", "by_channel", "targets", "why"), True)


def test_a_click_on_a_cell_lists_the_persons_behind_it(demo_pages: str, open_page: OPEN) -> None:
    """S10: as many persons are listed as the clicked cell counts, and the address names the cell."""
    tab, _ = open_page(demo_pages, "retention", "en")
    cell = tab.locator(".st-key-chart_retention_grid svg path[aria-roledescription='rect mark']").nth(20)
    said = dict(part.split(": ", 1) for part in (cell.get_attribute("aria-label") or "").split("; "))
    cell.click(force=True, position={"x": 5, "y": 5})
    label = words("en")["retention.persons"].format(n=said["Came back"])
    tab.locator(".st-key-panel_retention_persons").get_by_text(label, exact=True).wait_for()
    assert f"cell_period={said['cell']}" in tab.url
    keep(tab, "demo-retention-en-cell")


@pytest.mark.shared_data
@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("zh", 1280)])
@pytest.mark.parametrize("page", PAGES)
def test_olists_page_says_what_is_missing_and_never_breaks(
    page: str, lang: str, width: int, olist_pages: str, open_page: OPEN
) -> None:
    """A company without web data and without ad spend has pages that say so."""
    tab, _ = open_page(olist_pages, page, lang, width)
    keep(tab, f"olist-{page}-{lang}")
    assert tab.locator('[data-testid="stException"]').count() == 0
    assert all(drawn_charts(tab).values())
    if page == "acquisition":
        assert words(lang)["topics.ads.missing"] in tab.inner_text("body")
