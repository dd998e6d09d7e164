"""The pack as a PDF, set by Typst with the project's own fonts, so that its bytes depend on its content alone (W3)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from dashboards.packs import charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import Review, Table

TEMPLATE = Path(__file__).parent / "pack.typ"
ROWS_SHOWN = 24


def render(desk: Desk, review: Review) -> bytes:
    """The PDF's bytes."""
    import typst

    with tempfile.TemporaryDirectory(dir=desk.workspace.state) as folder:
        root = Path(folder)
        (root / "pack.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "pack.json").write_text(json.dumps(_content(desk, review, root), ensure_ascii=False), encoding="utf-8")
        made = typst.compile(
            str(root / "pack.typ"),
            root=folder,
            font_paths=[str(charts.FONTS)],
            ignore_system_fonts=True,
            timestamp=int(desk.metrics.snapshot.as_of.timestamp()),
        )
    return bytes(made)


def _content(desk: Desk, review: Review, root: Path) -> dict[str, Any]:
    sections = []
    for section in review.sections:
        tables = [_table(desk, table, root) for table in section.tables if not table.is_empty]
        sections.append(
            {"title": section.title, "answer": section.answer, "missing": section.missing, "tables": tables}
        )
    words = {key: desk.say(key) for key in ("title", "contents", "page")}
    week = review.week
    span = desk.say("week_of", label=week.label, start=desk.day(week.start), end=desk.day(week.end))
    return {
        "lang": review.lang,
        "company": review.company,
        "week": span,
        "answer": review.answer,
        "made_from": review.facts["made_from"],
        "words": words,
        "sections": sections,
    }


def _table(desk: Desk, table: Table, root: Path) -> dict[str, Any]:
    name = ""
    if table.chart is not None:
        name = f"{table.name}.svg"
        (root / name).write_text(charts.svg(table.chart), encoding="utf-8")
    shown = table.frame.head(ROWS_SHOWN)
    return {
        "title": table.title,
        "note": table.note,
        "chart": name,
        "headings": [column.heading for column in table.columns],
        "right": [column.is_number for column in table.columns],
        "rows": [
            [show_cell(desk, row, column.key, column.unit) for column in table.columns] for row in shown.to_dicts()
        ],
        "more": max(0, table.frame.height - ROWS_SHOWN),
        "chart_only": table.name == "trends",
    }


def show_cell(desk: Desk, row: dict[str, Any], key: str, unit: str) -> str:
    """One cell as a person reads it."""
    if unit == "by_change":
        unit = "points" if row.get("_unit") == "rate" else "change"
    return desk.show(row.get(key), unit, row)
