"""A workspace: its settings, its folders, and the moment it lives in."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsloop.errors import OpsloopError
from opsloop.settings import WEEKDAYS, Settings
from opsloop.workspace import Workspace


def _make(path: Path, **settings: object) -> Workspace:
    return Workspace.create(path / "workspace", dict(settings))


def test_a_date_as_as_of_means_the_end_of_that_day_in_the_companys_zone(tmp_path: Path) -> None:
    """X10: facts of the last day count, facts of the next do not."""
    workspace = _make(tmp_path, as_of="2018-08-31", time_zone="America/Sao_Paulo")
    assert workspace.as_of == dt.datetime(2018, 9, 1, 3, tzinfo=dt.UTC)
    assert workspace.as_of_date == dt.date(2018, 8, 31)


def test_a_time_as_as_of_means_that_instant(tmp_path: Path) -> None:
    """X10: a time without a zone is the company's own."""
    workspace = _make(tmp_path, as_of="2024-03-10T12:00:00", time_zone="Asia/Shanghai")
    assert workspace.as_of == dt.datetime(2024, 3, 10, 4, tzinfo=dt.UTC)
    assert workspace.as_of_date == dt.date(2024, 3, 10)


def test_without_a_setting_the_clock_decides(tmp_path: Path) -> None:
    """X10: by default now is the clock."""
    workspace = _make(tmp_path)
    assert abs(workspace.as_of - workspace.clock()) < dt.timedelta(minutes=1)


def test_the_default_range_is_the_last_weeks_to_as_of(tmp_path: Path) -> None:
    """X10: twelve whole weeks of days, the last one as_of's."""
    workspace = _make(tmp_path, as_of="2018-08-31")
    start, end = workspace.default_range()
    assert end == dt.date(2018, 8, 31)
    assert (end - start).days + 1 == 84


@given(day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), first=st.sampled_from(WEEKDAYS))
def test_a_week_begins_on_the_companys_day_and_holds_the_asked_one(day: dt.date, first: str) -> None:
    """X3: any first day of the week."""
    workspace = Workspace(Path("nowhere"), Settings(week_start=first))  # type: ignore[arg-type]
    start = workspace.week_of(day)
    assert start.weekday() == WEEKDAYS.index(first)
    assert 0 <= (day - start).days < 7


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"time_zone": "Asia/Shanghia"}, ["time_zone", "unknown time zone 'Asia/Shanghia'"]),
        ({"currency": "RMB"}, ["currency", "unknown currency 'RMB'"]),
        ({"week_start": "funday"}, ["week_start"]),
        ({"sorces": []}, ["sorces"]),
        ({"default_range": {"last_weeks": 0}}, ["default_range.last_weeks"]),
        ({"memory_limit": "much"}, ["memory_limit"]),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_file_and_key(
    tmp_path: Path, settings: dict[str, object], words: list[str]
) -> None:
    """X8: the message says where and what was expected, and nothing is made."""
    with pytest.raises(OpsloopError) as caught:
        _make(tmp_path, **settings)
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in ["opsloop.yaml", *words])
    assert not (tmp_path / "workspace").exists()


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    """The error names the command."""
    with pytest.raises(OpsloopError, match="opsloop init"):
        Workspace.open(tmp_path)


def test_a_folder_without_write_rights_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk rights end in one clear line."""
    root = tmp_path / "workspace"
    _make(tmp_path)
    (root / "packs").rmdir()

    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OpsloopError, match="cannot write here \\(Permission denied\\)"):
        Workspace.open(root)


def test_a_second_workspace_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """Nobody's settings are overwritten."""
    _make(tmp_path, currency="EUR")
    with pytest.raises(OpsloopError, match="already a workspace"):
        _make(tmp_path, currency="USD")
    assert Workspace.open(tmp_path / "workspace").settings.currency == "EUR"


def test_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    """G1: ids are hashed with a key that stays."""
    workspace = _make(tmp_path)
    secret = workspace.secret
    assert len(secret) == 32
    assert Workspace.open(workspace.root).secret == secret
    assert stat.S_IMODE((workspace.state / "secret").stat().st_mode) == 0o600


def test_an_unset_variable_in_data_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I3: the folder of mapped files is a setting; a missing one says what to export."""
    monkeypatch.delenv("NO_SUCH_FOLDER", raising=False)
    workspace = _make(tmp_path, data_folder="${NO_SUCH_FOLDER}")
    with pytest.raises(OpsloopError, match="export NO_SUCH_FOLDER=FOLDER"):
        workspace.data_folder()
