"""What starts runs: the sensor on the drop folder, the schedules, and days landed by themselves."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import dagster as dg
import pytest
from search_rows import drop_search_row

from dashboards.weeks import named_week
from ingestion import lake
from opsloop.demo import demo_settings
from opsloop.settings import WEEKDAYS
from opsloop.workspace import Workspace
from orchestration.defs import ingest
from orchestration.defs.deliver import iso_week, weeks
from orchestration.defs.schedules import drop_folder_sensor, schedules


def _asked(sensor: dg.SensorDefinition, cursor: str | None) -> tuple[int, str | None]:
    """How many runs one look of the sensor asks for, and what it remembers."""
    with dg.build_sensor_context(cursor=cursor) as context:
        data = sensor.evaluate_tick(context)
    return len(data.run_requests or ()), data.cursor


def test_the_sensor_asks_once_when_files_are_still_and_not_while_they_grow(empty: Workspace) -> None:
    """O1: a half-copied file starts nothing, and the same files start nothing twice."""
    sensor = drop_folder_sensor(empty)
    file = drop_search_row(empty, "oolong")
    asked, cursor = _asked(sensor, None)
    assert asked == 0
    with file.open("a", encoding="utf-8") as more:
        more.write("2026-06-28,pu er,https://www.yunwutea.example/,chn,DESKTOP,1,10,10.0%,4.2\n")
    asked, cursor = _asked(sensor, cursor)
    assert asked == 0
    asked, cursor = _asked(sensor, cursor)
    assert asked == 1
    asked, cursor = _asked(sensor, cursor)
    assert asked == 0
    drop_search_row(empty, "sencha")
    asked, cursor = _asked(sensor, cursor)
    assert asked == 0
    assert _asked(sensor, cursor)[0] == 1


def test_an_empty_drop_folder_starts_nothing(empty: Workspace) -> None:
    """O1: a new workspace is quiet."""
    sensor = drop_folder_sensor(empty)
    asked, cursor = _asked(sensor, None)
    assert (asked, _asked(sensor, cursor)[0]) == (0, 0)


def _company(folder: Path, week_start: str) -> Workspace:
    settings = {"week_start": week_start, "as_of": "2026-06-30", "time_zone": "America/New_York"}
    return Workspace.create(folder / "workspace", {**demo_settings(), **settings})


@pytest.mark.parametrize(
    ("week_start", "first_day", "cron"),
    [
        ("monday", "2026-06-22", "0 8 * * 1"),
        ("tuesday", "2026-06-23", "0 8 * * 2"),
        ("wednesday", "2026-06-24", "0 8 * * 3"),
        ("saturday", "2026-06-20", "0 8 * * 6"),
        ("sunday", "2026-06-21", "0 8 * * 0"),
    ],
)
def test_the_pack_is_asked_for_the_last_whole_week_of_the_company(
    tmp_path: Path, week_start: str, first_day: str, cron: str
) -> None:
    """O1, W1, W5: the week that the company has just ended, whatever day it begins on; the 30th is a Tuesday."""
    workspace = _company(tmp_path, week_start)
    _, weekly = schedules(workspace)
    assert (weekly.cron_schedule, weekly.execution_timezone) == (cron, "America/New_York")
    with dg.build_schedule_context(scheduled_execution_time=dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)) as context:
        request = weekly(context)
    assert isinstance(request, dg.RunRequest)
    assert request.partition_key == first_day
    assert weeks(workspace).has_partition_key(first_day)
    assert not weeks(workspace).has_partition_key((dt.date.fromisoformat(first_day) + dt.timedelta(1)).isoformat())


@pytest.mark.parametrize("week_start", WEEKDAYS)
def test_a_partition_of_the_pack_and_the_label_of_its_week_name_the_same_days(tmp_path: Path, week_start: str) -> None:
    """W1: the key in the UI, the label on the pack and the days inside agree over a turn of the year."""
    workspace = _company(tmp_path, week_start)
    for weeks_on in range(12):
        first_day = workspace.week_of(dt.date(2026, 11, 20)) + dt.timedelta(weeks=weeks_on)
        assert named_week(iso_week(first_day), workspace).start == first_day


def test_refresh_runs_daily_in_the_companys_zone_and_nothing_runs_until_switched_on(empty: Workspace) -> None:
    """O1: a new workspace starts nothing by itself."""
    daily, weekly = schedules(empty)
    assert (daily.cron_schedule, daily.execution_timezone) == ("0 6 * * *", "Asia/Shanghai")
    states = {daily.default_status, weekly.default_status}
    assert states == {dg.DefaultScheduleStatus.STOPPED}
    assert drop_folder_sensor(empty).default_status == dg.DefaultSensorStatus.STOPPED


def _landed(workspace: Workspace) -> list[str]:
    return sorted(Path(file.path).name for batch in lake.batches(workspace) for file in batch.files)


@pytest.mark.filterwarnings("ignore:Parameter `backfill_policy`")
def test_a_day_of_a_daily_source_is_landed_by_itself_and_without_a_day_all_are(
    demo: Workspace, empty: Workspace
) -> None:
    """O1, I8: a partition lands the file of its day and no other; days left out come with the next whole run."""
    files = [f"events_202606{day:02d}.parquet" for day in (1, 2, 3)]
    folder = empty.landing / "ga4" / "events"
    folder.mkdir(parents=True)
    for name in files:
        shutil.copy(demo.landing / "ga4" / "events" / name, folder / name)
    (events,) = [asset for asset in ingest.assets(empty) if asset.key == ingest.key("ga4", "events")]
    one = dg.materialize([events], partition_key="2026-06-02")
    assert _landed(empty) == files[1:2]
    (made,) = one.asset_materializations_for_node("landing__ga4__events")
    assert int(str(made.metadata["rows_landed"].value)) > 0
    assert "data:image/png;base64," in str(made.metadata["rows_by_day"].value)
    again = dg.materialize([events], partition_key="2026-06-02")
    (made,) = again.asset_materializations_for_node("landing__ga4__events")
    assert made.metadata["rows_landed"].value == 0
    dg.materialize([events])
    assert _landed(empty) == files
