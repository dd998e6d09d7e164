"""Charts of the pack as Vega-Lite, drawn to SVG without a browser, with the fonts that come with the project."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

FONT = "Noto Sans CJK SC"
FONTS = Path(__file__).resolve().parent.parent / "fonts"
INK, GRID, NOW = "#3d4a57", "#e6ebef", "#0072b2"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#b5629a", "#c08a00", "#4a9cc9", "#7a5230", "#5b6770")
WIDTH = 330


def small_line(frame: pl.DataFrame, metric: str, title: str) -> alt.LayerChart | alt.FacetChart:
    """One metric over weeks, its last point marked."""
    data = _data(frame.select("period", metric).drop_nulls())
    x = alt.X("period:T", axis=alt.Axis(title=None, format="%m-%d", tickCount=6, grid=False))
    y = alt.Y(f"{metric}:Q", axis=alt.Axis(title=None, tickCount=4, format=_axis_format(frame[metric])))
    line = alt.Chart(data).mark_line(color=NOW, strokeWidth=1.8).encode(x=x, y=y)
    last = pl.DataFrame(frame.select("period", metric).drop_nulls().tail(1))
    dot = alt.Chart(_data(last)).mark_point(color=NOW, filled=True, size=42).encode(x=x, y=y)
    return alt.layer(line, dot).properties(width=WIDTH // 2 - 12, height=78, title=title)


def grid(charts: list[alt.LayerChart | alt.FacetChart], columns: int = 2) -> dict[str, Any]:
    """Several small charts side by side."""
    return _dressed(alt.concat(*charts, columns=columns, spacing=18).resolve_scale(y="independent"))


def bars(frame: pl.DataFrame, name: str, value: str, texts: list[str]) -> dict[str, Any]:
    """Lying bars, the longest first, each with its value."""
    data = frame.select(name, value).with_columns(pl.Series("shown", texts))
    source = _data(data)
    order = alt.Y(f"{name}:N", sort=data.sort(value, descending=True, nulls_last=True)[name].to_list(), title=None)
    x = alt.X(f"{value}:Q", axis=None, scale=alt.Scale(padding=40, nice=False))
    bar = alt.Chart(source).mark_bar(color=NOW, size=11, cornerRadiusEnd=2).encode(x=x, y=order)
    text = alt.Chart(source).mark_text(align="left", dx=4, fontSize=9).encode(x=x, y=order, text="shown:N")
    return _dressed(alt.layer(bar, text).properties(width=WIDTH, height=max(40, 18 * data.height)))


def heat(frame: pl.DataFrame, rows: str, columns: str, value: str) -> dict[str, Any]:
    """A table of shades, such as cohorts by week."""
    source = _data(frame)
    base = alt.Chart(source).encode(
        x=alt.X(f"{columns}:O", axis=alt.Axis(title=None, labelAngle=0, orient="top")), y=alt.Y(f"{rows}:O", title=None)
    )
    scale = alt.Scale(range=["#eef4f8", NOW])
    cells = base.mark_rect().encode(color=alt.Color(f"{value}:Q", scale=scale, legend=None))
    threshold = float(str(frame[value].max() or 0)) * 0.6
    ink = alt.condition(f"datum['{value}'] > {threshold}", alt.value("white"), alt.value(INK))
    text = base.mark_text(fontSize=8.5).encode(text=alt.Text(f"{value}:Q", format=".0%"), color=ink)
    return _dressed(alt.layer(cells, text).properties(width=WIDTH + 60, height=17 * frame[rows].n_unique()))


def svg(spec: dict[str, Any]) -> str:
    """The chart as SVG text."""
    return str(_renderer().vegalite_to_svg(spec))


@cache
def _renderer() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _data(frame: pl.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=_rows(frame))


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values: days as text, decimals as floats."""
    casts = [pl.col(name).cast(pl.String) for name, dtype in frame.schema.items() if dtype == pl.Date]
    casts += [pl.col(name).cast(pl.Float64) for name, dtype in frame.schema.items() if dtype.is_decimal()]
    return frame.with_columns(casts).to_dicts()


def _axis_format(values: pl.Series) -> str:
    top = float(str(values.cast(pl.Float64).abs().max() or 0))
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
