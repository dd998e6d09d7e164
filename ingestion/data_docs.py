"""Data Docs that open anywhere: one page per workspace rendered from results, with no address to fetch anything from.

Great Expectations' own pages load styles and scripts from other hosts, so they would be blank without a network.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import polars as pl

from ingestion import registry
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

STYLE = """
body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
body{color:#1c2430}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dde2ea;vertical-align:top}
th{font-weight:600;color:#556070}.held{color:#17734a}.failed{color:#b3261e;font-weight:600}
.about{color:#556070;margin:0 0 .5rem}
nav a{margin-right:.8rem}
"""


def write(ws: Workspace, results: pl.DataFrame) -> Path:
    """Render the results (columns of `expectations.parquet`) to `state/gx/data_docs/index.html`; its path."""
    folder = ws.state / "gx" / "data_docs"
    folder.mkdir(parents=True, exist_ok=True)
    failed = results.filter(~pl.col("success")).height
    streams = results.partition_by("source", "stream", maintain_order=True)
    links = " ".join(_link(stream) for stream in streams)
    page = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>Data Docs: {escape(ws.settings.company.name)}</title><style>{STYLE}</style>"
        f"<h1>What landed, against what was expected</h1>"
        f"<p>{results.height} expectations on {len(streams)} streams, <span class='{_class(failed == 0)}'>"
        f"{failed} failed</span>.</p><nav>{links}</nav>{''.join(_section(stream) for stream in streams)}</html>"
    )
    target = folder / "index.html"
    temporary = folder / "index.html.tmp"
    temporary.write_text(page, encoding="utf-8")
    temporary.replace(target)
    return target


def _name(stream: pl.DataFrame) -> str:
    """The full name of the stream that the results are of."""
    return f"{stream['source'][0]}/{stream['stream'][0]}"


def _link(stream: pl.DataFrame) -> str:
    """A link to the stream's section, marked where something failed."""
    name = escape(_name(stream))
    return f"<a class='{_class(bool(stream['success'].all()))}' href='#{name}'>{name}</a>"


def _section(stream: pl.DataFrame) -> str:
    """A stream's contract in a line and its results in a table."""
    name = _name(stream)
    rows = "".join(_row(row) for row in stream.iter_rows(named=True))
    checked = f"batch {stream['batch'][0]}, checked {stream['checked_at'][0]:%Y-%m-%d %H:%M} UTC"
    return (
        f"<h2 id='{escape(name)}'>{escape(name)}</h2><p class='about'>{escape(_contract(name))} {checked}</p>"
        f"<table><tr><th>about</th><th>expected</th><th>observed</th><th>outcome</th></tr>{rows}</table>"
    )


def _contract(name: str) -> str:
    """Who owns the stream and what a row of it is; nothing for a stream that is no longer declared."""
    try:
        source, stream = registry.stream(name)
    except OpsloopError:
        return ""
    return f"Owner: {stream.owner or source.owner}. One row per {', '.join(stream.grain)}."


def _row(row: dict[str, object]) -> str:
    """One expectation."""
    cells = (row["expectation"], row["words"], row["observed"])
    outcome = "held" if row["success"] else "failed"
    text = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
    return f"<tr>{text}<td class='{_class(bool(row['success']))}'>{outcome}</td></tr>"


def _class(is_good: bool) -> str:
    """The style of an outcome."""
    return "held" if is_good else "failed"
