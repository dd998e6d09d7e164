"""A real browser before a real server that serves a finished workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from browser_tools import PATIENCE_SECONDS, SETTLED
from playwright.sync_api import Browser, Page, sync_playwright

NO_BROWSER = "no browser:"
# Chromium looks up its maker's hosts at every start unless told not to.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen; closed with the module, since its event loop keeps others from running."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip(f"{NO_BROWSER} chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page and waits until everything on it is drawn."""
    contexts = []

    def opened(
        address: str, page: str, lang: str, width: int = 1280, *, query: str = "", scheme: str = "light"
    ) -> tuple[Page, list[str]]:
        context = browser.new_context(
            viewport={"width": width, "height": 3000 if width > 600 else 6500},
            color_scheme="dark" if scheme == "dark" else "light",
            timezone_id="America/Los_Angeles",
        )
        contexts.append(context)
        tab = context.new_page()
        foreign: list[str] = []
        tab.on("request", lambda request: _note(foreign, address, request.url))
        tab.set_default_timeout(PATIENCE_SECONDS * 1000)
        tab.goto(f"{address}/{'' if page == 'overview' else page}?lang={lang}{query}")
        tab.wait_for_selector("h1")
        tab.wait_for_function(SETTLED)
        tab.wait_for_timeout(500)
        tab.wait_for_function(SETTLED)
        return tab, foreign

    yield opened
    for context in contexts:
        context.close()


def _note(foreign: list[str], address: str, url: str) -> None:
    if not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:")):
        foreign.append(url)
