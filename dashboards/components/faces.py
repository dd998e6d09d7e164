"""What pages say first where the data is not as it should be: a run that failed, a snapshot that has grown old (O3)."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import streamlit as st

from dashboards.components.desk import Desk
from dashboards.components.layout import local
from opsloop.workspace import Workspace

# A daily run leaves a snapshot that knows yesterday; a day more may pass before somebody has to look.
FRESH_DAYS = 2
STAGES = ("ingest", "build", "score", "publish", "pack")


def banners(desk: Desk) -> None:
    """Say that the last run failed and that the snapshot is old, where it is so; numbers below are of the snapshot."""
    for line in (failed(desk), stale(desk)):
        if line:
            st.warning(line, icon=":material/warning:")


def failed(desk: Desk) -> str | None:
    """Return when and where the last run failed, and why; nothing where it did not."""
    try:
        note = json.loads(desk.workspace.failed_run.read_text(encoding="utf-8"))
        when, stage, why = dt.datetime.fromisoformat(note["failed_at"]), str(note["stage"]), str(note["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return desk.t(
        "faces.failed",
        when=desk.t.moment(local(desk, when)),
        stage=desk.t(f"faces.stage_{stage}") if stage in STAGES else stage,
        why=_plain(why),
        day=desk.t.date(desk.today),
    )


def stale(desk: Desk) -> str | None:
    """Return how many days the snapshot lacks up to the day that the workspace lives in; nothing where it is fresh."""
    missing = (desk.workspace.as_of_date - desk.today).days
    if missing <= FRESH_DAYS:
        return None
    return desk.t("faces.stale", day=desk.t.date(desk.today), days=missing)


def refused(workspace: Workspace) -> pl.DataFrame:
    """Return the files that the last landing refused, the newest first; they are of no snapshot (X8)."""
    path = workspace.config / "refused_files.parquet"
    if not path.is_file():
        return pl.DataFrame()
    found = pl.read_parquet(path).filter(pl.col("message") != "")
    return found.select("source", "stream", "file", pl.col("message").alias("refused_because"), "seen_at").sort(
        "seen_at", "file", descending=[True, False]
    )


def _plain(text: str) -> str:
    """Return a text in which nothing is Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in text)
