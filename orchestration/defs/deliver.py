"""The weekly review pack, one partition per week of the company."""

import datetime as dt

import dagster as dg

from opsloop.settings import WEEKDAYS
from opsloop.workspace import Workspace
from orchestration.defs.publish import SNAPSHOT

FIRST_WEEK = "2020-01-06"
PACK = dg.AssetKey(["packs", "weekly_review"])


def weeks(workspace: Workspace) -> dg.WeeklyPartitionsDefinition:
    """The company's weeks, each named by its first day."""
    first = WEEKDAYS.index(workspace.settings.week_start)
    cron_day = (first + 1) % 7
    return dg.WeeklyPartitionsDefinition(FIRST_WEEK, timezone=workspace.settings.time_zone, day_offset=cron_day)


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """The pack in both languages."""

    @dg.asset(
        key=PACK,
        group_name="packs",
        deps=[SNAPSHOT],
        partitions_def=weeks(workspace),
        description="The weekly review pack: PDF, HTML, XLSX and CSV in one file, in English and Chinese.",
    )
    def weekly_review(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from dashboards.packs import make_pack

        week = iso_week(dt.date.fromisoformat(context.partition_key)) if context.has_partition_key else None
        paths = {lang: make_pack(workspace, week, lang, None) for lang in ("en", "zh")}
        return dg.MaterializeResult(metadata={lang: dg.MetadataValue.path(path) for lang, path in paths.items()})

    return [weekly_review]


def iso_week(first_day: dt.date) -> str:
    """The ISO week whose Thursday the company's week beginning on that day holds."""
    thursday = first_day + dt.timedelta(days=(3 - first_day.weekday()) % 7)
    year, week, _ = thursday.isocalendar()
    return f"{year}-W{week:02d}"
