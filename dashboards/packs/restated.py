"""Which headline numbers of last week's pack have changed since, by how much and why (X6)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.packs.desk import Desk
from dashboards.packs.headlines import HEADLINES
from dashboards.packs.model import BY_ROW, Column, Section, Table
from dashboards.weeks import Week

TOLERANCE = 1e-9


def restated(desk: Desk, earlier: Path) -> Section:
    """Compare the headline numbers that an earlier pack gave with what the same week says now."""
    title = desk.say("restated")
    if not earlier.is_file():
        return Section("restated", title, desk.say("restated_none"))
    said, manifest = _read(earlier)
    week = desk.week.earlier(1, desk.workspace)
    now = desk.week_of_metrics(HEADLINES, week)
    cut_off = _cut_off(manifest)
    known = _known_then(desk, week, cut_off)
    changed = [name for name, value in now.items() if _differs(said.get(name), value)]
    days = _days_changed(desk, week, cut_off, [name for name in changed if name in known])
    landed = _landed_since(desk, manifest)
    rows = [
        {
            "label": desk.label(name),
            "then": said.get(name),
            "now": value,
            "difference": None if value is None or name not in said else value - said[name],
            "days": desk.translator.listing([desk.translator.date(day, year=False) for day in days.get(name, [])]),
            "why": _why(desk, name, manifest, landed, cause_of(name, said, known, now)),
            BY_ROW: desk.catalogue[name].unit,
        }
        for name, value in now.items()
        if name in changed
    ]
    if not rows:
        return Section("restated", title, desk.say("restated_same"))
    columns = (
        Column("label", desk.say("metric")),
        Column("then", desk.say("said_then"), BY_ROW),
        Column("now", desk.say("is_now"), BY_ROW),
        Column("difference", desk.say("difference"), BY_ROW),
        Column("days", desk.say("days_changed")),
        Column("why", desk.say("why")),
    )
    table = Table("restated", desk.say("restated_table"), columns, pl.DataFrame(rows))
    return Section("restated", title, desk.say("restated_answer", count=len(rows)), (table,))


def _differs(then: float | None, now: float | None) -> bool:
    """Whether two values differ by more than the last digits of a float; no value is like a plain zero."""
    then, now = then or 0.0, now or 0.0
    return abs(now - then) > TOLERANCE * max(1.0, abs(then))


def _read(pack: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Headline numbers by metric, and the manifest, of a pack made earlier."""
    with zipfile.ZipFile(pack) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("csv/headlines.csv").decode("utf-8-sig")))
        said = {row["metric"]: float(row["this_week"]) for row in rows if row["this_week"]}
        return said, json.loads(archive.read("manifest.json"))


def _landed_since(desk: Desk, manifest: dict[str, Any]) -> list[str]:
    """The streams that landed after the earlier pack's data cut-off."""
    frame = desk.metrics.rows(
        """
        select distinct source || '/' || stream as name
        from work.workspace.batches
        where batch > ? and landed > 0
        order by name
        """,
        [manifest["last_batch"]],
    )
    return [str(name) for name in frame["name"]]


def _cut_off(manifest: dict[str, Any]) -> dt.datetime | None:
    """The instant right after the last that the earlier pack's data knew, where it says so."""
    if manifest.get("data_cut_off") is None:
        return None
    moment = dt.datetime.fromisoformat(manifest["data_cut_off"])
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)) + dt.timedelta(microseconds=1)


def _known_then(desk: Desk, week: Week, cut_off: dt.datetime | None) -> dict[str, float | None]:
    """The week's numbers by today's definitions of what the earlier pack's data knew, of metrics that keep versions."""
    names = [name for name in desk.known(HEADLINES) if desk.catalogue[name].has_history]
    return desk.week_of_metrics(names, week, as_of=cut_off) if cut_off and names else {}


def _days_changed(desk: Desk, week: Week, cut_off: dt.datetime | None, names: list[str]) -> dict[str, list[dt.date]]:
    """The days of the week whose numbers are not what the earlier pack's data knew, of metrics that keep versions."""
    if not names or cut_off is None:
        return {}
    then, now = (
        desk.metrics.query(names, grain="day", start=week.start, end=week.end, as_of=as_of) for as_of in (cut_off, None)
    )
    before, after = ({row["period"]: row for row in frame.to_dicts()} for frame in (then, now))
    days = sorted(before.keys() | after.keys())
    return {
        name: [day for day in days if _differs(before.get(day, {}).get(name), after.get(day, {}).get(name))]
        for name in names
    }


def cause_of(
    name: str, said: dict[str, float], known: dict[str, float | None], now: dict[str, float | None]
) -> tuple[bool, bool] | None:
    """Whether data changed the number, and whether anything else did; nothing where no versions tell."""
    if name not in known:
        return None
    return _differs(known[name], now[name]), _differs(said.get(name), known[name])


def _why(desk: Desk, metric: str, manifest: dict[str, Any], landed: list[str], cause: tuple[bool, bool] | None) -> str:
    """Why a number changed: its definition did, data landed since, something else did, or neither is known."""
    was = manifest.get("metrics", {}).get(metric, {}).get("version")
    version = desk.catalogue[metric].version
    if was is not None and was != version:
        return desk.say("why_definition", was=was, version=version)
    by_data, by_else = cause or (bool(landed), not landed)
    reasons = [desk.say("why_landed", streams=", ".join(landed))] if by_data and landed else []
    reasons += [desk.say("why_same_data" if landed else "why_code")] if by_else or not reasons else []
    return desk.say("reasons").join(reasons)
