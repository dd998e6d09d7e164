"""What changed and why, in the pack (W2, N3)."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest

from dashboards.metrics import Metrics
from dashboards.packs.cells import cells
from dashboards.packs.changes import changes
from dashboards.packs.desk import Desk
from dashboards.packs.headlines import headlines, reading_key
from dashboards.weeks import named_week
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


def _desk(workspace: Workspace, lang: str, week: str) -> Desk:
    return Desk(workspace, Metrics.open(workspace), named_week(week, workspace), lang)


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@LANGS
def test_the_parts_of_a_number_add_up_to_how_it_changed(packs: dict[str, Path], lang: str) -> None:
    """W2, N3, X1: this week less last week, of the headline numbers of the same pack."""
    said = {row["metric"]: row for row in _rows(packs[lang], "headlines")}
    parts = pl.DataFrame(_rows(packs[lang], "changes_parts"))
    for name, rows in parts.group_by("metric"):
        headline = said[str(name[0])]
        added = sum(float(value) for value in rows["contribution"] if value)
        assert added == pytest.approx(float(headline["this_week"]) - float(headline["last_week"]), rel=1e-9)


@LANGS
def test_a_move_beyond_the_usual_is_told_first_with_its_cause(demo: Workspace, lang: str) -> None:
    """W2, W6: in the week before Singles' Day net revenue moves more than weeks do; nothing else is given a cause."""
    desk = _desk(demo, lang, "2025-W45")
    section = changes(desk, headlines(desk))
    first, *others = section.tables[0].rows
    assert first["label"] == desk.label("revenue_net")
    assert desk.label("revenue_net") in section.answer
    usual = desk.translator("why.noise")
    assert usual not in first["said"]
    assert all(usual in row["said"] for row in others)


def test_a_week_that_is_not_over_is_not_explained(demo: Workspace) -> None:
    """X5, N2: a number that lacks days has no cause yet; one that can still change is marked."""
    partial, maturing = _desk(demo, "en", "2026-W27"), _desk(demo, "en", "2026-W26")
    section = changes(partial, headlines(partial))
    assert section.tables == ()
    assert section.answer == partial.say("changes_none")
    told = changes(maturing, headlines(maturing)).tables[0]
    assert [row[0].text.endswith("°") for row in cells(maturing, told)] == [
        row["maturity"] == "maturing" for row in told.rows
    ]
    assert "°" in reading_key(maturing, headlines(maturing))
    assert {row["maturity"] for row in told.rows} <= {"mature", "maturing"}


@pytest.mark.parametrize("maturity", ["partial", "late"])
def test_a_number_that_lacks_days_is_not_even_asked_about(maturity: str) -> None:
    """X5, N2: whatever it seems to have done."""
    desk = SimpleNamespace(say=lambda key: key, catalogue={"orders": SimpleNamespace(splits=("channel",))})
    row = {"metric": "orders", "change": -0.9, "maturity": maturity, "this_week": 1.0, "last_week": 10.0}
    assert changes(cast(Desk, desk), pl.DataFrame([row])).answer == "changes_none"
