"""Sparklines: a figure's course over the period as a line without axes, light enough for a dozen on a page."""

from __future__ import annotations

import base64
from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 160.0, 30.0, 2.0


def sparkline(values: Sequence[float], colour: str) -> str:
    """Return an image of the values: a line with the area under it, the smallest at the foot, the largest at the top.

    It is an image with its data inside, as Streamlit takes drawings out of the HTML of a page.
    """
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = WIDTH / (len(values) - 1)
    height = HEIGHT - 2 * MARGIN
    points = [(index * step, HEIGHT - MARGIN - (value - low) / spread * height) for index, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    area = f"0,{HEIGHT:g} {line} {WIDTH:g},{HEIGHT:g}"
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">'
        f'<polygon points="{area}" fill="{colour}" fill-opacity="0.12" />'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'vector-effect="non-scaling-stroke" stroke-linejoin="round" /></svg>'
    )
    data = base64.b64encode(drawing.encode()).decode()
    return f'<img class="ops-spark" alt="" src="data:image/svg+xml;base64,{data}">'
