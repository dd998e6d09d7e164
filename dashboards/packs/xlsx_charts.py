"""Native charts of the workbook: each metric's six weeks and twelve months over the sheet's own cells (W6)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from dashboards.packs.model import BY_ROW, Table

# Which columns are drawn, and how: this year, last year, target, and the natural limits.
LINES = {
    "value": {"color": "#0072B2", "width": 2.25},
    "last_year": {"color": "#9AA6B2", "width": 1.5},
    "target": {"color": "#B35C00", "width": 1.25, "dash_type": "dash"},
    "low": {"color": "#5FA8D3", "width": 0.75, "dash_type": "round_dot"},
    "high": {"color": "#5FA8D3", "width": 0.75, "dash_type": "round_dot"},
}
FORMATS = {"rate": "0%", "score": "0.0", "ratio": "0.0"}
SIZE = {"width": 460, "height": 250}
ROWS, COLUMNS = 13, 8


def draw(file: Any, sheet: Any, source: str, table: Table) -> None:
    """Put a chart of weeks and one of months side by side for each metric of the table on sheet `source`."""
    sheet.hide_gridlines(2)
    keys = [column.key for column in table.columns]
    rows = list(enumerate(table.rows, start=1))
    blocks = [list(block) for _, block in groupby(rows, key=lambda row: (row[1]["metric"], row[1]["period"]))]
    for at, block in enumerate(blocks):
        chart = file.add_chart({"type": "line"})
        first, last = block[0][0], block[-1][0]
        for key, look in LINES.items():
            if any(row[key] is not None for _, row in block):
                cells = [source, first, keys.index(key), last, keys.index(key)]
                days = [source, first, keys.index("first_day"), last, keys.index("first_day")]
                name = [source, 0, keys.index(key)]
                chart.add_series({"name": name, "categories": days, "values": cells, "line": look})
        row = block[0][1]
        chart.set_title({"name": f"{row['label']} · {row['period']}", "name_font": {"size": 11}})
        chart.set_legend({"position": "bottom"})
        is_month = at % 2 == 1
        chart.set_x_axis({"num_format": "yyyy-mm" if is_month else "mm-dd", "text_axis": True})
        chart.set_y_axis(
            {
                "num_format": FORMATS.get(row[BY_ROW], "#,##0"),
                "major_gridlines": {"visible": True, "line": {"color": "#E6EBEF"}},
            }
        )
        chart.set_size(SIZE)
        sheet.insert_chart(ROWS * (at // 2), COLUMNS * (at % 2), chart)
