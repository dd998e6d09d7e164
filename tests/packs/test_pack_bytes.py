"""The same week from the same snapshot gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from dashboards.packs import charts, html
from opsloop.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    {"TZ": "America/Los_Angeles", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "2"},
)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_pack_is_the_same_to_the_byte_wherever_it_is_made(demo: Workspace, tmp_path: Path, lang: str) -> None:
    """W3: another process, folder, time zone and locale change nothing."""
    made = []
    for number, place in enumerate(PLACES):
        out = tmp_path / f"out{number}"
        command = [sys.executable, "-m", "opsloop", "pack", "--workspace", str(demo.root), "--week", "2026-W26"]
        environment = {**os.environ, **place, "PYTHONPATH": str(ROOT)}
        cwd = tmp_path if number else ROOT
        subprocess.run([*command, "--lang", lang, "--out", str(out)], check=True, cwd=cwd, env=environment)
        made.append((out / f"weekly-review-2026-W26-{lang}.zip").read_bytes())
    assert made[0] == made[1]


def test_a_page_numbers_its_drawings_from_its_own_first_on() -> None:
    """W3: how much was drawn before in the same process changes nothing; on one page each part has its own number."""
    spec = charts.bars(pl.DataFrame({"name": ["a"], "value": [1.0]}), "name", "value", ["1"], "Bars")
    page, again = dict[str, int](), dict[str, int]()
    first, second = (html.numbered(charts.svg(spec), page) for _ in range(2))
    assert 'id="clip0"' in first
    assert html.numbered(charts.svg(spec), again) == first
    assert first != second
    assert len(page) == 2 * len(again)
