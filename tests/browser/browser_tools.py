"""What browser tests share: serving a workspace, waiting for a page, reading figures and charts from it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page

from dashboards import serve
from opsloop.workspace import Workspace

PAGES = sorted(path.stem for path in Path(serve.__file__).with_name("app_pages").glob("*.py"))
SCREENSHOTS = Path(__file__).resolve().parents[2] / "artifacts" / "screenshots"
PATIENCE_SECONDS = 90
# A chart is drawn when a bar, line, cell or point of it takes up room on the page.
_DRAWN = """
() => Object.fromEntries([...document.querySelectorAll('[class*="st-key-chart_"]')].map((holder) => {
  const name = holder.className.match(/st-key-chart_(\\w+)/)[1]
  const marks = holder.querySelectorAll('svg .role-mark:not(.mark-text) path')
  return [name, [...marks].some((mark) => mark.getBoundingClientRect().width + mark.getBoundingClientRect().height > 1)]
}))
"""
# The script has ended, nothing waits for its part of the program, and every chart has its drawing.
SETTLED = """
() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid="stSkeleton"]')
  && [...document.querySelectorAll('[class*="st-key-chart_"]')].every((holder) => holder.querySelector('svg'))
"""


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace's pages as `opsloop serve` does; the address comes, and the server ends afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (workspace.state / "dashboards-test.log").open("wb")
    server = subprocess.Popen(
        serve.command(workspace, port), env=serve.environment(workspace), stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()
        log.close()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE_SECONDS * 4):
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        if server.poll() is not None:
            break
        time.sleep(0.25)
    raise AssertionError(f"the server at {address} does not answer")


def keep(tab: Page, name: str) -> None:
    """Keep a screenshot among the artifacts."""
    folder = Path(os.environ.get("OPSLOOP_SCREENSHOTS", SCREENSHOTS))
    folder.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(folder / f"{name}.png"))


def drawn_charts(tab: Page) -> dict[str, bool]:
    """Whether each chart of a page, by its panel, has something drawn on it."""
    return dict(tab.evaluate(_DRAWN))


def figures(tab: Page) -> dict[str, str]:
    """The headline figures of a page by their labels."""
    cards = tab.locator('[data-testid="stMetric"]').all()
    return {
        card.locator('[data-testid="stMetricLabel"]').inner_text().strip(): card.locator(
            '[data-testid="stMetricValue"]'
        )
        .inner_text()
        .strip()
        for card in cards
    }
