"""The pack as one self-contained HTML page to click through."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
from markupsafe import Markup

from dashboards.packs import charts
from dashboards.packs.cells import cells
from dashboards.packs.desk import Desk
from dashboards.packs.model import Review
from dashboards.packs.pdf import groups

TEMPLATES = Path(__file__).parent
_CLIP = re.compile(r'(?<=id="clip)\d+(?=")|(?<=url\(#clip)\d+(?=\))')


def render(desk: Desk, review: Review) -> bytes:
    """The page's bytes: no file, font or script from elsewhere."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    tables = [table for section in review.sections for table in section.to_read]
    week, numbers = review.week, dict[str, int]()
    page = environment.get_template("pack.html.jinja").render(
        review=review,
        drawn={table.name: [Markup(numbered(charts.svg(one), numbers)) for one in table.charts] for table in tables},
        lines=[Markup(tile.line) for tile in review.tiles],
        span=desk.say("week_of", label=week.label, start=desk.day(week.start), end=desk.day(week.end)),
        say=desk.say,
        cells=lambda table: cells(desk, table),
        groups=groups,
    )
    return page.encode()


def numbered(svg: str, numbers: dict[str, int]) -> str:
    """The drawing with its parts numbered from the page's first on: Vega goes on counting from chart to chart (W3)."""
    return _CLIP.sub(lambda match: str(numbers.setdefault(match[0], len(numbers))), svg)
