"""One look for all charts, in light and in dark, with fonts that have Chinese characters."""

from __future__ import annotations

from typing import Any

import altair as alt
import streamlit as st
from altair.utils import schemapi

from dashboards.components import palette

# Altair else checks every part of a chart against the whole schema, at twice the cost of the page around it.
schemapi.disable_debug_mode()
Chart = alt.Chart | alt.LayerChart | alt.FacetChart
Drawing = dict[str, Any]
_CELL_TEXT = 30
# The name of the selection that a chart has whose marks can be clicked.
PICKED = "picked"
FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
LIGHT = {"text": "#3d4a57", "strong": "#1b2733", "grid": "#e6ebef", "line": "#c4ccd4", "empty": "#f1f4f6"}
DARK = {"text": "#b4c0cb", "strong": "#e6ebf0", "grid": "#26303a", "line": "#45515d", "empty": "#1d262f"}

# The theme's own backgrounds, as .streamlit/config.toml names them.
GROUNDS = {"light": "#ffffff", "dark": "#12181f"}


def is_dark() -> bool:
    """Return whether the reader's browser shows the dark theme."""
    return bool(st.context.theme.type == "dark")


def ink() -> dict[str, str]:
    """Return the colours of text and lines for the reader's theme."""
    return DARK if is_dark() else LIGHT


def accent() -> str:
    """Return the colour of a single series, bright enough for the reader's theme."""
    return "#4fa8e0" if is_dark() else palette.NOW


def ground(look: Drawing) -> str:
    """Return the colour that a chart of this look is read on."""
    return GROUNDS["dark" if look.get("text", {}).get("color") == DARK["strong"] else "light"]


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart gets."""
    colours = ink()
    text = {"labelColor": colours["text"], "titleColor": colours["text"], "labelFontSize": 11.5, "titleFontSize": 11.5}
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": text
        | {
            "grid": False,
            "domainColor": colours["line"],
            "tickColor": colours["line"],
            "gridColor": colours["grid"],
            "titleFontWeight": "normal",
            "labelPadding": 5,
            "labelLimit": 170,
        },
        "axisY": {"grid": True, "domain": False, "ticks": False},
        "axisBand": {"grid": False, "domain": False, "ticks": False},
        "legend": text
        | {
            "orient": "top",
            "title": None,
            "symbolSize": 70,
            "labelLimit": 150,
            "offset": 4,
            "columns": 5,
            "padding": 0,
        },
        "line": {"strokeWidth": 2.2, "strokeCap": "round"},
        "bar": {"cornerRadiusEnd": 2},
        "text": {"color": colours["strong"], "fontSize": 11.5},
        "header": text,
    }


def pickable(*fields: str) -> alt.Parameter:
    """Return the selection of a chart whose marks can be clicked, by these fields of the mark."""
    return alt.selection_point(name=PICKED, fields=list(fields), on="click", clear=False, empty=True)


def opacity(test: str, then: float, otherwise: float) -> alt.OpacityValue:
    """Return the opacity that marks have where a test of Vega holds, and where not."""
    return alt.OpacityValue(otherwise, condition={"test": test, "value": then})


def fitting(columns: int) -> Any:
    """Return the opacity of texts in the cells of a grid: none where a cell is narrower than its text."""
    return alt.expr(f"width < {_CELL_TEXT * columns} ? 0 : 1")


def dressed(chart: Chart) -> Drawing:
    """Return the Vega-Lite specification of a chart with the house's look."""
    return {**chart.to_dict(validate=False), "config": config()}
