"""How long a reader waits for the first page, measured in a browser."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

PORT = 8597
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


# Every chart of the page has its drawing.
DRAWN = """
() => { const charts = [...document.querySelectorAll('[class*="st-key-chart_"]')]
        return charts.length > 1 && charts.every((chart) => chart.querySelector('svg')) }
"""


def first_page_seconds(workspace: Path, browser: str, openings: int = 5) -> Iterator[tuple[float, float]]:
    """Seconds to the first figure of the first page and to its last chart, for each of several fresh browser contexts.

    The server is warm as `opsloop serve` leaves it: it has made the page once for nobody.
    """
    from playwright.sync_api import sync_playwright

    from opsloop.workspace import Workspace
    from orchestration import servers

    options = Namespace(port=PORT)
    server = servers.dashboards(Workspace.open(workspace), options.port)
    with servers.running([server]), sync_playwright() as playwright:
        server.wait_until_healthy()
        next(server.probe(), None)
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for _ in range(openings):
            context = chromium.new_context()
            page = context.new_page()
            started = time.perf_counter()
            page.goto(server.address)
            page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
            figures = time.perf_counter() - started
            page.wait_for_function(DRAWN, timeout=60_000)
            yield figures, time.perf_counter() - started
            context.close()
        chromium.close()
