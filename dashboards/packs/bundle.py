"""Makes, keeps and lists packs: one archive with every format, its checksums, and what it was made from (W1, W3)."""

from __future__ import annotations

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

from dashboards.packs import headlines, html, more_sections, pdf, restated, sections, xlsx
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Review, Section, Table
from dashboards.packs.weeks import last_week, named_week
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
    more_sections.content,
    more_sections.social,
    more_sections.private,
    more_sections.leads,
    more_sections.customers,
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
    chosen = named_week(week, workspace) if week else last_week(workspace, workspace.as_of_date)
    if chosen.start > workspace.as_of_date:
        raise UsageError(
            f"week {chosen.label} begins on {chosen.start}, after the data's last day {workspace.as_of_date}"
        )
    desk = Desk(workspace, metrics, chosen, lang)
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
    before = desk.week.earlier(1, desk.workspace).label
    earlier = kept / f"weekly-review-{before}-{desk.lang}.zip"
    made = [headlines.section(desk, frame), *[section(desk) for section in SECTIONS]]
    made += [restated.restated(desk, earlier), more_sections.health(desk)]
    snapshot = desk.metrics.snapshot
    code = str(snapshot.meta["code_version"])
    words = {"snapshot": snapshot.id, "as_of": f"{snapshot.as_of:%Y-%m-%d %H:%M} UTC", "code": code}
    return Review(
        week=desk.week,
        lang=desk.lang,
        company=settings.company.name_zh if desk.lang == "zh" else settings.company.name,
        currency=desk.currency,
        answer=headlines.answer(desk, frame),
        sections=tuple(made),
        facts={"made_from": desk.say("made_from", **words), "metrics": sorted(desk.catalogue)},
    )


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
    frame = table.frame.drop(BY_ROW, strict=False)
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
        "metrics": {name: _definition(desk, name) for name in review.facts["metrics"]},
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
