"""How long a reader waits for the first page, measured in a browser."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

PORT = 8597
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def first_page_seconds(workspace: Path, browser: str, openings: int = 3) -> Iterator[float]:
    """Seconds to the first figure of the first page, for each of several fresh browser contexts."""
    from playwright.sync_api import sync_playwright

    from opsloop.workspace import Workspace
    from orchestration import servers

    options = Namespace(port=PORT)
    server = servers.dashboards(Workspace.open(workspace), options.port)
    with servers.running([server]), sync_playwright() as playwright:
        server.wait_until_healthy()
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for _ in range(openings):
            context = chromium.new_context()
            page = context.new_page()
            started = time.perf_counter()
            page.goto(server.address)
            page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
            yield time.perf_counter() - started
            context.close()
        chromium.close()
