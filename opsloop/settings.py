"""The settings of a workspace: what `opsloop.yaml` may say, and what holds when it is silent."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from opsloop.errors import OpsloopError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# ISO 4217 codes in use in 2026; a list rather than a library, since it changes once in years.
CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG""".split()
)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Company(_Section):
    """Who the workspace is about."""

    name: str = "My company"
    name_zh: str = "我的公司"


class DefaultRange(_Section):
    """What pages and the pack open with (X10): the last weeks to `as_of`, or two dates."""

    last_weeks: int = Field(default=12, ge=1)
    start: dt.date | None = Field(default=None, alias="from")
    end: dt.date | None = Field(default=None, alias="to")


class FunnelSettings(_Section):
    """A named funnel: ordered steps, each the name of an event, and its conversion window."""

    name: str
    label_en: str
    label_zh: str
    steps: list[str] = Field(min_length=2, max_length=20)
    window_days: int = Field(default=7, ge=1)


class ChannelRule(_Section):
    """One ordered channel rule of the company's own (S4); an absent pattern matches anything."""

    channel: str
    channel_class: Literal["owned", "paid", "earned", "private"]
    source_pattern: str | None = None
    medium_pattern: str | None = None
    campaign_pattern: str | None = None


class SessionSettings(_Section):
    """When a session ends (S1)."""

    timeout_minutes: int = Field(default=30, ge=1)
    max_hours: int = Field(default=24, ge=1)


class AttributionSettings(_Section):
    """Which model speaks by default, and how far back touches count (T3)."""

    default_model: Literal["first", "last", "linear"] = "last"
    lookback_days: int = Field(default=30, ge=1)


class ScoreSettings(_Section):
    """The horizon of scores and the thresholds under which they refuse (L1 to L3)."""

    horizon_days: int = Field(default=90, ge=7)
    min_customers: int = 500
    min_history_days: int = 180
    max_days_since_order: int = 30
    min_repeat_orders: int = 3


class Windows(_Section):
    """How long facts can still change after their day, in days (X5)."""

    orders_days: int = 60
    ads_days: int = 28


class Settings(_Section):
    """All of `opsloop.yaml`."""

    version: Literal[1] = 1
    company: Company = Company()
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    week_start: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    as_of: dt.datetime | dt.date | None = None
    default_range: DefaultRange = DefaultRange()
    sources: list[str] = []
    mappings: list[str] = []
    data_folder: str | None = None
    conversion_events: list[str] = ["purchase", "generate_lead"]
    own_brands: list[str] = []
    competitor_brands: list[str] = []
    channel_rules: list[ChannelRule] = []
    funnels: list[FunnelSettings] = []
    attribution: AttributionSettings = AttributionSettings()
    session: SessionSettings = SessionSettings()
    scores: ScoreSettings = ScoreSettings()
    windows: Windows = Windows()
    minimum_sample: int = Field(default=30, ge=1)
    keep_snapshots: int = Field(default=5, ge=1)

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        if value not in available_timezones():
            msg = f"unknown time zone {value!r}: use an IANA name such as Asia/Shanghai"
            raise ValueError(msg)
        return value

    @field_validator("currency")
    @classmethod
    def _currency_is_known(cls, value: str) -> str:
        if value not in CURRENCIES:
            msg = f"unknown currency {value!r}: use an ISO 4217 code such as CNY"
            raise ValueError(msg)
        return value

    @field_validator("as_of", mode="before")
    @classmethod
    def _a_date_stays_a_date(cls, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value)
        return value


def parse_settings(raw: dict[str, Any], where: str) -> Settings:
    """Validate the content of `opsloop.yaml`; an `OpsloopError` names the file, the key and what was expected."""
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise OpsloopError(f"{where}: {key}: {message}") from None


def expand(text: str, where: str) -> str:
    """Replace `${NAME}` by the environment's variable; an unset one is an `OpsloopError` that names it."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise OpsloopError(
                f"{where}: the variable {name} is not set: export {name}=FOLDER, or name the folder here"
            )
        return os.environ[name]

    return re.sub(r"\$\{(\w+)\}", value, text)
