"""What a panel saves, whole: its rows as CSV and XLSX, its chart as PNG, made when a reader asks (U3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.components import theme
from dashboards.components.desk import Desk

Rows = Callable[[], pl.DataFrame]
FONTS = Path(__file__).resolve().parent.parent / "fonts"
PNG_WIDTH, PNG_SCALE = 720, 2
MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Export:
    """One panel as files: what it is called, all rows behind it, its chart as drawn, and how fresh it is."""

    desk: Desk
    key: str
    title: str
    rows: Rows
    chart: theme.Drawing | None
    standing: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """The files that there are."""
        return ("csv", "xlsx", "png") if self.chart else ("csv", "xlsx")

    def name(self, kind: str) -> str:
        """Return the file's name: page, chart and period."""
        span = self.desk.view.span
        days = (span.start, span.end) if self.desk.is_dated else (self.desk.today,)
        return "_".join([self.desk.page, self.key, *(day.isoformat() for day in days)]) + f".{kind}"

    def content(self, kind: str) -> bytes:
        """Return the file's bytes."""
        return {"csv": self.csv, "xlsx": self.xlsx, "png": self.png}[kind]()

    def csv(self) -> bytes:
        """Return all rows in full precision, with a mark that lets Excel read the Chinese in them."""
        return b"\xef\xbb\xbf" + self._rows().write_csv().encode()

    def xlsx(self) -> bytes:
        """Return a workbook of all rows with a sheet that says what each column means."""
        from dashboards.components.workbook import workbook

        return workbook(self.desk, self.title, self.lines(), self._rows())

    def _rows(self) -> pl.DataFrame:
        """All rows, persons by ids that are cut short unless the reader may have them whole (G1)."""
        rows = self.rows()
        if "person_id" not in rows.columns or self.desk.may("whole_ids"):
            return rows
        return rows.with_columns(pl.col("person_id").map_elements(self._cut, pl.String))

    def _cut(self, person: str) -> str:
        return self.desk.value_label("person_id", person)

    def png(self) -> bytes:
        """Return the chart as the reader's theme draws it, under its title and what it is of; no network is asked."""
        if self.chart is None:
            raise ValueError(f"{self.key} has no chart")
        return bytes(_renderer().vegalite_to_png(self.drawing(), scale=PNG_SCALE))

    def drawing(self) -> theme.Drawing:
        """Return the chart with a width, a ground and a heading of its own."""
        chart = self.chart or {}
        look = chart.get("config", {})
        ink = {"color": look["text"]["color"], "subtitleColor": look["axis"]["labelColor"]}
        heading = {"text": self.title, "subtitle": self.lines(), "anchor": "start", "offset": 14, **_SIZES, **ink}
        ground = theme.ground(look)
        return {
            **chart,
            "width": PNG_WIDTH,
            "padding": 18,
            "title": heading,
            "config": {**look, "background": ground, "font": "Noto Sans CJK SC"},
        }

    def lines(self) -> list[str]:
        """Return what the panel is of: company, period and slices, then how fresh and settled, and which snapshot."""
        desk = self.desk
        company = desk.workspace.settings.company.name
        of = desk.period_line() if desk.is_dated else ""
        made = desk.t("export.snapshot", name=str(desk.metrics.snapshot.id))
        return [" · ".join(filter(None, (company, of))), f"{self.standing} · {made}"]


_SIZES = {"fontSize": 16, "subtitleFontSize": 11.5, "subtitlePadding": 6}


@cache
def _renderer() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
