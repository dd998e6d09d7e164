"""How long a reader waits for the first page and for a filter, alone and beside others, measured in a browser (U7)."""

from __future__ import annotations

import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.probe import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PORT = 8597
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
OPENINGS, CHANGES, READERS = 5, 20, 10
PAGE_GOAL, CHANGE_GOAL, CROWD_GOAL = 2, 0.5, 2
PATIENCE_MS = 120_000
# Every chart of the page has its drawing.
DRAWN = """
() => { const charts = [...document.querySelectorAll('[class*="st-key-chart_"]')]
        return charts.length > 1 && charts.every((chart) => chart.querySelector('svg')) }
"""
FIRST = "document.querySelector('[data-testid=\"stMetricValue\"]')?.textContent"
DONE = "document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState === 'notRunning'"


def report(workspace: Path) -> None:
    """Print the seconds of a workspace's pages beside their goals; the server is warm as `opsloop serve` leaves it."""
    browser = shutil.which("chromium")
    if browser is None:
        print("pages: no Chromium on this machine")
        return
    with _served(workspace) as address, _launched(browser) as chromium:
        alone = [_opened(chromium, address) for _ in range(OPENINGS)]
        _print("first page: figures, median", [figures for figures, _ in alone], PAGE_GOAL)
        _print("first page: last chart, median", [charts for _, charts in alone], PAGE_GOAL)
        changes = list(_changes(chromium, address))
        _print("another channel: figures, 95th percentile", [figures for figures, _ in changes], CHANGE_GOAL, 0.95)
        _print("another channel: page done, 95th percentile", [done for _, done in changes], CHANGE_GOAL, 0.95)
        usual = statistics.median(figures for figures, _ in alone)
        with _writing(workspace):
            by_wire, crowd = _crowd_by_wire(address), _crowd(chromium, address)
        # Readers have machines of their own, whose part of the time stays: a server that doubles it adds as much again.
        _print(
            f"{READERS} readers by wire while a run writes: page whole, slowest", by_wire, (CROWD_GOAL - 1) * usual, 1
        )
        _print(f"{READERS} browsers on this machine beside them: figures, median", crowd, CROWD_GOAL * usual)


def _print(what: str, seconds: list[float], goal: float, share: float = 0.5) -> None:
    found = sorted(seconds)[math.ceil(share * len(seconds)) - 1]
    kept = "ok" if found <= goal else "over"
    print(f"{what:<55} {found:8.2f} s   goal {goal:.2g} s  {kept} (load {os.getloadavg()[0]:.0f})", flush=True)


@contextmanager
def _served(workspace: Path) -> Iterator[str]:
    from opsloop.workspace import Workspace
    from orchestration import servers

    server = servers.dashboards(Workspace.open(workspace), PORT)
    with servers.running([server]):
        server.wait_until_healthy()
        next(server.probe(), None)
        yield server.address


@contextmanager
def _launched(browser: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        yield chromium
        chromium.close()


def _opened(chromium: Browser, address: str) -> tuple[float, float]:
    """Seconds to the first figure and to the last chart of the first page, in a browser that knows nothing yet."""
    page = chromium.new_context().new_page()
    started = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=PATIENCE_MS)
    figures = time.perf_counter() - started
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
    charts = time.perf_counter() - started
    page.context.close()
    return figures, charts


def _changes(chromium: Browser, address: str) -> Iterator[tuple[float, float]]:
    """Seconds from a click on another channel to its first figure, and to the page being done, for each in turn."""
    page = chromium.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.goto(f"{address}/?lang=en")
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
    _settled(page)
    for number in range(CHANGES):
        choice = page.get_by_test_id("stSelectbox").filter(has_text="Channel")
        choice.get_by_role("combobox").click()
        options = page.get_by_role("option")
        options.first.wait_for(timeout=PATIENCE_MS)
        before = page.evaluate(FIRST)
        started = time.perf_counter()
        options.nth(number % 7 + 1).click()
        page.wait_for_function(f"(before) => {FIRST} !== before", arg=before, timeout=PATIENCE_MS)
        figures = time.perf_counter() - started
        page.wait_for_function(f"() => {DONE} && ({DRAWN.strip()})()", timeout=PATIENCE_MS)
        yield figures, time.perf_counter() - started
        _settled(page)
    page.context.close()


def _settled(page: Page) -> None:
    page.wait_for_function(f"() => {DONE}", timeout=PATIENCE_MS)
    page.wait_for_timeout(300)


@contextmanager
def _writing(workspace: Path) -> Iterator[None]:
    """A run that builds the warehouse anew while the block runs, and has to end well."""
    options = ["--full-refresh", "--until", "publish", "--workspace", str(workspace)]
    run = [sys.executable, "-m", "opsloop", "run", *options]
    with subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        time.sleep(10)
        yield
        if running.poll() is not None:
            raise SystemExit("the run ended before the readers had read")
        running.wait()
    if running.returncode not in {0, 3}:
        raise SystemExit(f"the run beside the readers ended with {running.returncode}")


def _crowd_by_wire(address: str) -> list[float]:
    """Seconds to the whole first page for each of many readers who come at once, drawn by nobody."""

    def read(_: int) -> float:
        started = time.perf_counter()
        opened(address)
        return time.perf_counter() - started

    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(read, range(READERS)))


def _crowd(chromium: Browser, address: str) -> list[float]:
    """Seconds to the first figure for each of many readers who come at once, with their browsers on this machine."""
    pages = [chromium.new_context().new_page() for _ in range(READERS)]
    started = time.perf_counter()
    for page in pages:
        page.goto(address, wait_until="commit")
    seconds = []
    for page in pages:
        page.get_by_test_id("stMetricValue").first.wait_for(timeout=PATIENCE_MS)
        seconds.append(time.perf_counter() - started)
        if page.get_by_test_id("stException").count():
            raise SystemExit("a reader saw an error while a run wrote")
        page.context.close()
    return seconds
