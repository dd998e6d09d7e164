"""A workspace: the folder of a company's settings, data, warehouse, snapshots, scores, packs, segments (O6, X10)."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import yaml

from opsloop.errors import OpsloopError
from opsloop.settings import ROLES, WEEKDAYS, Settings, expand, parse_settings

FOLDERS = ("landing", "lake", "warehouse", "published", "scores", "packs", "segments", "state")
SETTINGS_FILE = "opsloop.yaml"


class Workspace:
    """Paths, settings and time of one workspace; the only place that reads the clock."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.landing = root / "landing"
        self.lake = root / "lake"
        self.warehouse = root / "warehouse"
        self.published = root / "published"
        self.scores = root / "scores"
        self.packs = root / "packs"
        self.segments = root / "segments"
        self.state = root / "state"
        self.config = self.state / "config"
        self.work_db = self.warehouse / "work.duckdb"
        self.settings_file = root / SETTINGS_FILE
        # Why the last run failed, kept until one succeeds.
        self.failed_run = self.state / "failed_run.json"

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """Read the settings and make missing folders; an `OpsloopError` says what is wrong with them."""
        root = Path(path).expanduser().resolve()
        file = root / SETTINGS_FILE
        if not file.is_file():
            raise OpsloopError(f"{root} is not a workspace (no {SETTINGS_FILE}): make one with `opsloop init {path}`")
        try:
            raw = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise OpsloopError(f"{file}: not readable YAML: {' '.join(str(error).split())}") from None
        if not isinstance(raw, dict):
            raise OpsloopError(f"{file}: expected keys and values, found {type(raw).__name__}")
        workspace = cls(root, parse_settings(raw, str(file)))
        workspace._make_folders()
        return workspace

    @classmethod
    def create(cls, path: Path | str, settings: dict[str, Any]) -> Workspace:
        """Make a workspace with the given settings; a folder that already is one is refused."""
        root = Path(path).expanduser().resolve()
        file = root / SETTINGS_FILE
        if file.exists():
            raise OpsloopError(f"{root} is already a workspace: edit {file}, or choose another folder")
        parse_settings(settings, str(file))
        root.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return cls.open(root)

    def _make_folders(self) -> None:
        try:
            for name in FOLDERS:
                (self.root / name).mkdir(exist_ok=True)
            self.config.mkdir(exist_ok=True)
        except OSError as error:
            problem = f"{self.root}: cannot write here ({error.strerror})"
            raise OpsloopError(f"{problem}: give write access or choose another folder") from None

    @property
    def zone(self) -> ZoneInfo:
        """The reporting time zone."""
        return ZoneInfo(self.settings.time_zone)

    def clock(self) -> dt.datetime:
        """The real time now, in UTC: when something was landed, published or made."""
        return dt.datetime.now(dt.UTC)

    def now(self) -> dt.datetime:
        """The moment the workspace lives in: `as_of` where it is set, else the clock."""
        return self.as_of

    @cached_property
    def as_of(self) -> dt.datetime:
        """The instant, in UTC, before which facts count; a date in the settings means the end of that day."""
        setting = self.settings.as_of
        if setting is None:
            return self.clock()
        if isinstance(setting, dt.datetime):
            aware = setting if setting.tzinfo else setting.replace(tzinfo=self.zone)
            return aware.astimezone(dt.UTC)
        midnight = dt.datetime.combine(setting + dt.timedelta(days=1), dt.time(), tzinfo=self.zone)
        return midnight.astimezone(dt.UTC)

    @property
    def as_of_date(self) -> dt.date:
        """The last day, in the reporting zone, of which anything is known."""
        return (self.as_of - dt.timedelta(microseconds=1)).astimezone(self.zone).date()

    def default_range(self) -> tuple[dt.date, dt.date]:
        """First and last day of what pages and the pack open with, both included."""
        setting = self.settings.default_range
        end = setting.end or self.as_of_date
        return setting.start or end - dt.timedelta(days=7 * setting.last_weeks - 1), end

    def week_of(self, day: dt.date) -> dt.date:
        """The first day of the company's week that holds the day."""
        start = WEEKDAYS.index(self.settings.week_start)
        return day - dt.timedelta(days=(day.weekday() - start) % 7)

    def data_folder(self) -> Path:
        """The folder in which mapped files lie (I3), with `${NAME}` read from the environment."""
        setting = self.settings.data_folder
        where = f"{self.settings_file}: data_folder"
        if setting is None:
            raise OpsloopError(f"{where}: not set: name the folder that holds the mapped files")
        folder = (self.root / Path(expand(setting, where)).expanduser()).resolve()
        if not folder.is_dir():
            raise OpsloopError(f"{where}: {folder} is not a folder")
        return folder

    @property
    def role(self) -> str:
        """What readers of the pages are: what `OPSLOOP_ROLE` says, else the setting; an `OpsloopError` for no role."""
        asked = os.environ.get("OPSLOOP_ROLE") or self.settings.role
        if asked not in ROLES:
            raise OpsloopError(f"OPSLOOP_ROLE: {asked!r} is no role: use one of {', '.join(ROLES)}")
        return asked

    def store_url(self) -> str:
        """The URL of what users write, for SQLAlchemy: the setting with `${NAME}` filled, else a file here."""
        setting = self.settings.store
        if setting is None:
            return f"sqlite:///{quote(str(self.state / 'store.sqlite'))}"
        return expand(setting, f"{self.settings_file}: store", "URL")

    @cached_property
    def secret(self) -> bytes:
        """The key with which personal ids are hashed on the way in (G1); made once, readable by its owner only."""
        file = self.state / "secret"
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_hex(32))
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
