"""Jobs, schedules and the sensor that sees new files in the drop folder and among a mapping's files."""

from __future__ import annotations

import contextlib
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from ingestion import mapping
from opsloop.errors import OpsloopError
from opsloop.settings import WEEKDAYS
from opsloop.workspace import Workspace
from orchestration.defs.deliver import PACK

EVERYTHING = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(PACK),
    description="Land what has arrived, build, score and publish.",
)
PACKS = dg.define_asset_job(
    "weekly_pack", selection=dg.AssetSelection.assets(PACK), description="Make the week's pack."
)


def jobs() -> list[dg.UnresolvedAssetJobDefinition]:
    """The two jobs a person or a schedule starts."""
    return [EVERYTHING, PACKS]


def schedules(workspace: Workspace) -> list[dg.ScheduleDefinition]:
    """Daily at six, and the pack at eight on the first day of the week, in the company's zone."""
    zone = workspace.settings.time_zone
    daily = dg.ScheduleDefinition(
        name="daily_refresh", job=EVERYTHING, cron_schedule="0 6 * * *", execution_timezone=zone
    )
    cron_day = (WEEKDAYS.index(workspace.settings.week_start) + 1) % 7

    @dg.schedule(job=PACKS, cron_schedule=f"0 8 * * {cron_day}", execution_timezone=zone, name="weekly_pack_schedule")
    def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        from dashboards.weeks import last_week

        now = Workspace.open(workspace.root)  # opened anew: this process may have been waiting for days
        first_day = last_week(now, now.as_of).start.isoformat()
        return dg.RunRequest(run_key=f"{first_day} {context.scheduled_execution_time}", partition_key=first_day)

    return [daily, weekly]


def drop_folder_sensor(workspace: Workspace) -> dg.SensorDefinition:
    """Asks for a refresh once files that lie ready have changed and have been still for one evaluation."""

    @dg.sensor(job=EVERYTHING, name="drop_folder", minimum_interval_seconds=30)
    def arrived(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen, _, requested = (context.cursor or "|").partition("|")
        now = _state(workspace)
        if now == requested:
            return dg.SkipReason("nothing new in the drop folder or among mapped files")
        if now != seen:
            context.update_cursor(f"{now}|{requested}")
            return dg.SkipReason("files are still arriving")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=now)], cursor=f"{now}|{now}")

    return arrived


def _state(workspace: Workspace) -> str:
    """A checksum over names, sizes and times of the files that lie ready; empty where there are none."""
    lines = []
    for path in [*sorted(workspace.landing.rglob("*")), *_mapped(workspace)]:
        with contextlib.suppress(FileNotFoundError):  # moved away while we look
            found = path.stat()
            if stat.S_ISREG(found.st_mode):
                lines.append(f"{path}:{found.st_size}:{found.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""


def _mapped(workspace: Workspace) -> Iterator[Path]:
    """The mapping files and the files that they take; what is wrong with them is for the run to say."""
    with contextlib.suppress(OpsloopError):
        for spec in mapping.load_all(workspace):
            yield spec.path
            with contextlib.suppress(OpsloopError):
                folder = workspace.data_folder()
                yield from (path for path, _ in mapping.files(workspace, spec))
                yield from (folder / lookup.file for lookup in spec.lookups)
