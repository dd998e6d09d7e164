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
SMALL = (178, 74)
SPARK = (120, 30)


def small_line(frame: pl.DataFrame, metric: str, title: str, settled: dt.date) -> dict[str, Any]:
    """One metric over weeks: dashed where it can still change, the last point marked (X5)."""
    points = frame.select("period", pl.col(metric).cast(pl.Float64).alias("value")).drop_nulls()
    points = points.with_columns(pl.Series("week", [_week(day) for day in points["period"]], dtype=pl.String))
    week_over = pl.col("period") + pl.duration(days=6) <= settled
    firm = points.filter(week_over)
    open_ = pl.concat([firm.tail(1), points.filter(~week_over)])
    names = points["week"].to_list()
    axis = alt.Axis(title=None, labelAngle=0, grid=False, values=names[::-3])
    x = alt.X("week:O", sort=names, axis=axis)
    y = alt.Y("value:Q", axis=alt.Axis(title=None, tickCount=3, format=_axis_format(points["value"])))
    layers = [
        alt.Chart(_data(points)).mark_line(opacity=0).encode(x=x, y=y),
        alt.Chart(_data(firm)).mark_line(color=NOW, strokeWidth=1.8).encode(x=x, y=y),
        alt.Chart(_data(open_)).mark_line(color=NOW, strokeWidth=1.4, strokeDash=[3, 2]).encode(x=x, y=y),
        alt.Chart(_data(points.tail(1))).mark_point(color=NOW, filled=True, size=42, opacity=1).encode(x=x, y=y),
    ]
    return _dressed(alt.layer(*layers).properties(width=SMALL[0], height=SMALL[1], title=title))


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


def svg(spec: dict[str, Any]) -> str:
    """The chart as SVG text."""
    return str(_renderer().vegalite_to_svg(spec))


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


def _week(day: dt.date) -> str:
    """A week's short name: the ISO week of its Thursday."""
    thursday = day + dt.timedelta(days=(3 - day.weekday()) % 7)
    return f"W{thursday.isocalendar().week:02d}"


def _data(frame: pl.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=frame.select(pl.exclude("period")).to_dicts())


def _axis_format(values: pl.Series) -> str:
    top = float(str(values.abs().max() or 0))
    if top <= 1:
        return ".1%" if top < 0.1 else ".0%"
    return "~s" if top >= 10 else ".1f"


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
