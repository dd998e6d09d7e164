"""The 6-12 chart: six weeks and twelve months of a metric side by side, over the columns of the table beneath (W6).

It is drawn here, not by a chart library, so that each point stands over its own column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from dashboards.limits import Limits
from dashboards.packs.business import Point, Reviewed
from dashboards.packs.charts import FONT, GRID, INK, NOW

# In tenths of a millimetre of the page: the room of the rows' labels, of one period, and between weeks and months.
# The table of pack.typ has the same proportions.
LABELS, SLOT, GAP, HEIGHT, ROOM = 180, 86, 56, 232, 22
WIDTH = LABELS + 18 * SLOT + GAP
YEAR, TARGET, BEYOND = "#9aa6b2", "#b35c00", "#7b2d8b"
Show = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the drawing: where it begins, how wide it is, and the values from its bottom to its top."""

    left: float
    width: float
    low: float
    high: float

    def x(self, at: int) -> float:
        """The middle of a period's column."""
        return self.left + SLOT * (at + 0.5)

    def y(self, value: float) -> float:
        """The height of a value; what lies outside is drawn at the edge."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * min(max(share, -0.04), 1.04)


def svg(one: Reviewed, show: Show) -> str:
    """The drawing as SVG text; `show` writes a value of the scale."""
    weeks = _panel(LABELS, one.weeks, one.limits)
    months = _panel(LABELS + SLOT * len(one.weeks) + GAP, one.months, None)
    beyond = [one.is_beyond(point) for point in one.weeks]
    parts = [
        *_scale(weeks, show),
        *_scale(months, show),
        *_band(weeks, one.limits),
        *_lines(weeks, one.weeks, beyond),
        *_lines(months, one.months, [False] * len(one.months)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' font-family="{FONT}" font-size="18">{"".join(parts)}</svg>'
    )


def _panel(left: float, points: Sequence[Point], limits: Limits | None) -> Panel:
    """The panel of periods: from nothing, where values come near it, to a little above the highest."""
    values = [value for one in points for value in (one.value, one.last_year, one.target) if value is not None]
    values += [max(limits.low, 0.0) if min(values, default=0.0) >= 0 else limits.low, limits.high] if limits else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    low = 0.0 if 0 <= low < 0.5 * high else low
    spare = 0.06 * (high - low) or max(abs(high), 1.0)
    return Panel(left, SLOT * len(points), low if low == 0 else low - spare, high + spare)


def ticks(low: float, high: float) -> list[float]:
    """Two or three round values between two others."""
    rough = (high - low) / 2.5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough)
    return [step * at for at in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _scale(panel: Panel, show: Show) -> list[str]:
    found = []
    for tick in ticks(panel.low, panel.high):
        y = panel.y(tick)
        found.append(
            f'<path d="M{panel.left} {y:.1f}H{panel.left + panel.width}" stroke="{GRID}" stroke-width="2"/>'
            f'<text x="{panel.left - 8}" y="{y + 6:.1f}" text-anchor="end" fill="{INK}" opacity="0.75">'
            f"{escape(show(tick))}</text>"
        )
    return found


def _band(panel: Panel, limits: Limits | None) -> list[str]:
    """The natural limits as a band with its mean, on the weeks they are limits of."""
    if limits is None:
        return []
    top, bottom, mean = (panel.y(value) for value in (limits.high, limits.low, limits.mean))
    return [
        f'<rect x="{panel.left}" y="{top:.1f}" width="{panel.width}" height="{bottom - top:.1f}" fill="{NOW}"'
        ' opacity="0.09"/>',
        f'<path d="M{panel.left} {mean:.1f}h{panel.width}" stroke="{NOW}" stroke-width="1.5" opacity="0.5"/>',
    ]


def _lines(panel: Panel, points: Sequence[Point], beyond: Sequence[bool]) -> list[str]:
    """Last year in grey, targets as dashes, this year over them, open where it can still change (X5)."""
    drawn = [_path(panel, [one.last_year for one in points], f'stroke="{YEAR}" stroke-width="3.5"')]
    for at, one in enumerate(points):
        if one.target is not None:
            across = f"M{panel.x(at) - 26} {panel.y(one.target):.1f}h52"
            drawn.append(f'<path d="{across}" stroke="{TARGET}" stroke-width="4" stroke-dasharray="12 8"/>')
    firm = [one.value if one.maturity == "mature" else None for one in points]
    drawn.append(_path(panel, [one.value for one in points], f'stroke="{NOW}" stroke-width="3" stroke-dasharray="8 7"'))
    drawn.append(_path(panel, firm, f'stroke="{NOW}" stroke-width="5"'))
    for at, one in enumerate(points):
        if one.value is not None:
            place = f'cx="{panel.x(at)}" cy="{panel.y(one.value):.1f}"'
            color = BEYOND if beyond[at] else NOW
            fill = color if one.maturity == "mature" else "#ffffff"
            drawn.append(f'<circle {place} r="7.5" fill="{fill}" stroke="{color}" stroke-width="4"/>')
    return drawn


def _path(panel: Panel, values: Sequence[float | None], look: str) -> str:
    """A line through the values in their places, broken where there is none."""
    steps, pen = [], "M"
    for at, value in enumerate(values):
        if value is not None:
            steps.append(f"{pen}{panel.x(at)} {panel.y(value):.1f}")
        pen = "M" if value is None else "L"
    return f'<path d="{"".join(steps)}" fill="none" stroke-linejoin="round" {look}/>' if steps else ""
