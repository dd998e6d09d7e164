"""The pack as a PDF, set by Typst with the project's own fonts, so that its bytes depend on its content alone (W3)."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dashboards.packs import charts
from dashboards.packs.cells import cells
from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Review, Section, Table

TEMPLATE = Path(__file__).parent / "pack.typ"
ROWS_SHOWN = 24
# Up to this many rows a table stays on one page with its heading and chart.
ROWS_TOGETHER = 20
WIDE = 0x2E80


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
            timestamp=int(desk.as_of.timestamp()),
        )
    return bytes(made)


def _content(desk: Desk, review: Review, root: Path) -> dict[str, Any]:
    week = review.week
    return {
        "lang": review.lang,
        "company": review.company,
        "week": desk.say("week_of", label=week.label, start=desk.day(week.start), end=desk.day(week.end)),
        "answer": review.answer,
        "tiles": [
            {**asdict(tile), "line": _file(root, f"tile{at}.svg", tile.line)} for at, tile in enumerate(review.tiles)
        ],
        "key": review.facts["key"],
        "made_from": review.facts["made_from"],
        "words": {key: desk.say(key) for key in ("title", "contents", "page")},
        "sections": [_section(desk, section, root) for section in review.sections],
    }


def _section(desk: Desk, section: Section, root: Path) -> dict[str, Any]:
    tables = [_table(desk, table, root) for table in section.to_read]
    words = {name: getattr(section, name) for name in ("title", "answer", "missing", "note")}
    return {**words, "tables": tables}


def _table(desk: Desk, table: Table, root: Path) -> dict[str, Any]:
    drawn = [_file(root, f"{table.name}{at}.svg", charts.svg(drawing)) for at, drawing in enumerate(table.charts)]
    shown = table.most or ROWS_SHOWN
    return {
        "title": table.title,
        "aside": table.aside,
        "said": table.said,
        "alert": table.alert,
        "tone": table.tone,
        "dense": table.is_dense,
        "note": table.note,
        "charts": drawn,
        "headings": [column.heading for column in table.columns],
        "groups": groups(table.columns),
        "right": [column.is_number for column in table.columns],
        "widths": [_width(table, column) for column in table.columns],
        "rows": [[asdict(cell) for cell in row] for row in cells(desk, table, shown)],
        "more": desk.say("more_rows", count=table.frame.height - shown) if table.frame.height > shown else "",
        "together": min(shown, table.frame.height) <= ROWS_TOGETHER,
    }


def _width(table: Table, column: Column) -> float:
    """A text column's share of the room by its longest text, Chinese taking twice that of Latin; 0 for all it needs."""
    if column.is_whole:
        return 0.0
    texts = [str(row.get(column.key) or "") for row in table.rows[:ROWS_SHOWN]]
    longest = max((sum(2 if ord(letter) > WIDE else 1 for letter in text) for text in texts), default=0)
    if column.group or any(other.group for other in table.columns):
        return 1.8
    return min(60.0, max(12.0, float(longest)))


def groups(columns: tuple[Column, ...]) -> list[tuple[str, int]]:
    """Headings over several columns with the number of columns each spans; nothing where no column has one."""
    spans: list[tuple[str, int]] = []
    for column in columns:
        if spans and column.group and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return spans if any(name for name, _ in spans) else []


def _file(root: Path, name: str, content: str) -> str:
    """The name of the file with that content, or nothing where there is none."""
    if content:
        (root / name).write_text(content, encoding="utf-8")
    return name if content else ""
