"""Makes, keeps and lists packs: one archive with every format, its checksums, and what it was made from (W1, W3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.packs import (
    actions,
    business_tables,
    changes,
    closing,
    headlines,
    html,
    pdf,
    proposed,
    reach,
    restated,
    sections,
    xlsx,
)
from dashboards.packs.business import Business
from dashboards.packs.desk import Desk
from dashboards.packs.model import HIDDEN, Review, Section, Table
from dashboards.weeks import last_week, named_week
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

NAME = re.compile(r"weekly-review-(\d{4}-W\d{2})-(en|zh)\.zip")
# A fixed time inside the archive, since W3 asks for the same bytes whenever it is made.
STAMP = (1980, 1, 1, 0, 0, 0)

SECTIONS: tuple[Callable[[Desk], Section], ...] = (
    sections.acquisition,
    sections.funnel,
    sections.retention,
    sections.attribution,
    reach.content,
    reach.social,
    reach.private,
    reach.leads,
    closing.customers,
)


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was made and kept."""

    week: str
    lang: str
    path: Path
    size: int


def make_pack(workspace: Workspace, week: str | None, lang: str, out: Path | None) -> Path:
    """Make a week's pack in one language and return its path; a week that is not known yet is a `UsageError`."""
    from dashboards.metrics import Metrics

    metrics = Metrics.open(workspace)
    as_of = metrics.snapshot.as_of
    chosen = named_week(week, workspace) if week else last_week(workspace, as_of)
    desk = Desk(workspace, metrics, chosen, lang)
    last_day = (desk.as_of - dt.timedelta(microseconds=1)).date()
    if chosen.start > last_day:
        raise UsageError(f"week {chosen.label} begins on {chosen.start}, after the data's last day {last_day}")
    folder = workspace.packs if out is None else out
    folder.mkdir(parents=True, exist_ok=True)
    review = _review(desk, workspace.packs)
    path = folder / f"weekly-review-{chosen.label}-{lang}.zip"
    temporary = path.with_suffix(".part")
    temporary.write_bytes(_archive(_parts(desk, review)))
    os.replace(temporary, path)  # noqa: PTH105 - a reader never sees half a pack
    return path


def list_packs(workspace: Workspace) -> list[Pack]:
    """The packs kept in the workspace, the newest week first."""
    found = [(NAME.fullmatch(path.name), path) for path in workspace.packs.glob("*.zip")]
    packs = [Pack(match[1], match[2], path, path.stat().st_size) for match, path in found if match]
    return sorted(packs, key=lambda pack: (pack.week, pack.lang), reverse=True)


def _review(desk: Desk, kept: Path) -> Review:
    settings = desk.workspace.settings
    frame = headlines.headlines(desk)
    weekly = headlines.weekly(desk, frame)
    before = desk.week.earlier(1, desk.workspace).label
    earlier = kept / f"weekly-review-{before}-{desk.lang}.zip"
    alive = [row["metric"] for row in frame.to_dicts() if headlines.is_alive(row)]
    reviewed = Business(desk, alive).reviewed()
    known = actions.known(desk)
    made = [
        headlines.section(desk, frame),
        changes.changes(desk, frame),
        proposed.section(desk, known),
        actions.section(desk, known),
        restated.restated(desk, earlier),
        business_tables.section(desk, reviewed),
        *[section(desk) for section in SECTIONS],
        closing.not_recorded(desk),
        closing.health(desk),
        closing.definitions(desk, frame["metric"].to_list()),
    ]
    return Review(
        week=desk.week,
        lang=desk.lang,
        company=settings.company.name_zh if desk.lang == "zh" else settings.company.name,
        currency=desk.currency,
        answer=headlines.answer(desk, frame, reviewed),
        tiles=headlines.tiles(desk, frame, weekly),
        sections=tuple(made),
        facts={
            "made_from": _made_from(desk),
            "key": headlines.reading_key(desk, frame),
            "actions": actions.fingerprint(known),
            "earlier_pack": _fingerprint(earlier),
        },
    )


def _fingerprint(pack: Path) -> dict[str, str] | None:
    """The earlier pack that restated numbers are told against, if there is one."""
    if not pack.is_file():
        return None
    return {"name": pack.name, "sha256": hashlib.sha256(pack.read_bytes()).hexdigest()}


def _made_from(desk: Desk) -> str:
    """What the numbers were taken from, in a line."""
    snapshot = desk.metrics.snapshot
    words = {"snapshot": snapshot.id, "code": snapshot.meta["code_version"], "zone": desk.workspace.settings.time_zone}
    return desk.say("made_from", as_of=desk.translator.moment(desk.as_of), **words)


def _parts(desk: Desk, review: Review) -> dict[str, bytes]:
    """Every file of the pack by its name, the manifest last."""
    stem = f"weekly-review-{review.week.label}-{review.lang}"
    parts = {
        f"{stem}.pdf": pdf.render(desk, review),
        f"{stem}.html": html.render(desk, review),
        f"{stem}.xlsx": xlsx.render(desk, review),
    }
    parts |= {f"csv/{table.name}.csv": _csv(table) for table in review.tables}
    parts["manifest.json"] = json.dumps(_manifest(desk, review, parts), indent=1, ensure_ascii=False).encode()
    return parts


def _csv(table: Table) -> bytes:
    """The table at full precision, with a mark that spreadsheets need to see Chinese."""
    frame = table.frame.select(name for name in table.frame.columns if not name.startswith(HIDDEN))
    decimals = [pl.col(name).cast(pl.Float64) for name, dtype in frame.schema.items() if dtype.is_decimal()]
    return b"\xef\xbb\xbf" + frame.with_columns(decimals).write_csv().encode()


def _manifest(desk: Desk, review: Review, parts: dict[str, bytes]) -> dict[str, Any]:
    snapshot = desk.metrics.snapshot
    return {
        "week": review.week.label,
        "first_day": review.week.start.isoformat(),
        "last_day": review.week.end.isoformat(),
        "lang": review.lang,
        "company": review.company,
        "currency": review.currency,
        "snapshot": snapshot.id,
        "as_of": snapshot.as_of.isoformat(),
        "data_cut_off": snapshot.meta["cut_off"],
        "last_batch": snapshot.meta["last_batch"],
        "code_version": snapshot.meta["code_version"],
        "actions": review.facts["actions"],
        "earlier_pack": review.facts["earlier_pack"],
        "metrics": {name: _definition(desk, name) for name in sorted(desk.catalogue)},
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())},
    }


def _definition(desk: Desk, name: str) -> dict[str, Any]:
    metric = desk.catalogue[name]
    return {"version": metric.version, "effective_date": str(metric.effective_date), "owner": metric.owner}


def _archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
