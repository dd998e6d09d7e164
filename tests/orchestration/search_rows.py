"""One more row of Search Console for the drop folder."""

from __future__ import annotations

from pathlib import Path

from opsloop.workspace import Workspace

STREAM = "search_console/search_performance"
HEADER = "date,query,page,country,device,clicks,impressions,ctr,position"


def drop_search_row(workspace: Workspace, query: str) -> Path:
    """Put a file with one row, of that query, into the drop folder."""
    path = workspace.landing / STREAM / f"{query}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    row = f"2026-06-28,{query},https://www.yunwutea.example/,chn,DESKTOP,3,40,7.50%,4.2"
    path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    return path
