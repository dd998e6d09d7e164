"""Charts of the pack as Vega-Lite, drawn to SVG without a browser, with the fonts that come with the project.

Time is an ordered axis of week names: a time axis would be drawn in the machine's own zone (W3).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

FONT = "Noto Sans CJK SC"
FONTS = Path(__file__).resolve().parent.parent / "fonts"
INK, GRID, NOW = "#3d4a57", "#e6ebef", "#0072b2"
WIDTH = 330
SPARK = (120, 30)


def bars(frame: pl.DataFrame, name: str, value: str, texts: list[str], title: str) -> dict[str, Any]:
    """Lying bars in the order given, each with its value."""
    data = frame.select(pl.col(name).alias("name"), pl.col(value).cast(pl.Float64).alias("value"))
    source = _data(data.with_columns(pl.Series("shown", texts)))
    order = alt.Y("name:N", sort=data["name"].to_list(), title=None)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(padding=46, nice=False, zero=True))
    bar = alt.Chart(source).mark_bar(color=NOW, size=11, cornerRadiusEnd=2).encode(x=x, y=order)
    text = alt.Chart(source).mark_text(align="left", dx=4, fontSize=9, color=INK).encode(x=x, y=order, text="shown:N")
    height = max(36, 18 * data.height)
    return _dressed(alt.layer(bar, text).properties(width=WIDTH, height=height, title=title))


def svg(drawing: dict[str, Any] | str) -> str:
    """The chart as SVG text, drawn where it is Vega-Lite."""
    return drawing if isinstance(drawing, str) else str(_renderer().vegalite_to_svg(drawing))


def spark(values: list[float]) -> str:
    """A few values as a bare line, the last one marked; nothing for fewer than two."""
    if len(values) < 2:
        return ""
    width, height = SPARK
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    across = (width - 8) / (len(values) - 1)
    places = [(4 + across * at, height - 5 - (height - 10) * (value - low) / span) for at, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    last_x, last_y = places[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<polyline points="{line}" fill="none" stroke="{NOW}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2.6" fill="{NOW}"/></svg>'
    )


@cache
def _renderer() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def week_name(day: dt.date) -> str:
    """A week's short name: the ISO week of its Thursday."""
    thursday = day + dt.timedelta(days=(3 - day.weekday()) % 7)
    return f"W{thursday.isocalendar().week:02d}"


def _data(frame: pl.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=frame.select(pl.exclude("period")).to_dicts())


def _dressed(chart: Any) -> dict[str, Any]:
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 8.5, "labelLimit": 150}
    styled = chart.configure(
        font=FONT,
        background="transparent",
        view={"stroke": None},
        axis={**text, "gridColor": GRID, "domainColor": "#c4ccd4", "tickColor": "#c4ccd4"},
        axisY={"domain": False, "ticks": False},
        title={"color": INK, "fontSize": 10, "anchor": "start", "fontWeight": "bold", "offset": 6},
    )
    spec: dict[str, Any] = styled.to_dict()
    return spec
