"""The settings of a workspace: all that `opsloop.yaml` may say, in sections, and how it is read or refused."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from opsloop.errors import OpsloopError
from opsloop.networks import network_as_written
from opsloop.sections import (
    AttributionSettings,
    ChannelRule,
    Company,
    ConsentSettings,
    DefaultRange,
    FunnelSettings,
    IdentitySettings,
    ScoreSettings,
    SessionSettings,
    TrafficRule,
    Windows,
)

# From the least to the most that one may do on the pages.
ROLES = ("viewer", "analyst", "operator")
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


class Settings(BaseModel):
    """All of `opsloop.yaml`; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid")

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
    store: str | None = None
    conversion_events: list[str] = ["purchase", "generate_lead"]
    own_brands: list[str] = []
    competitor_brands: list[str] = []
    channel_rules: list[ChannelRule] = []
    traffic_rules: list[TrafficRule] = []
    internal_networks: list[Annotated[str, AfterValidator(network_as_written)]] = []
    funnels: list[FunnelSettings] = []
    attribution: AttributionSettings = AttributionSettings()
    session: SessionSettings = SessionSettings()
    scores: ScoreSettings = ScoreSettings()
    identity: IdentitySettings = IdentitySettings()
    consent: ConsentSettings = ConsentSettings()
    windows: Windows = Windows()
    minimum_sample: int = Field(default=30, ge=1)
    keep_snapshots: int = Field(default=5, ge=1)
    # No number depends on it, so what a build keeps of the settings leaves it out.
    role: Literal["viewer", "analyst", "operator"] = Field(default="operator", exclude=True)
    memory_limit: str = Field(default="3GB", pattern=r"^[1-9][0-9]*(\.[0-9]+)?[MG]B$")

    @field_validator("funnels")
    @classmethod
    def _funnels_have_names_of_their_own(cls, value: list[FunnelSettings]) -> list[FunnelSettings]:
        names = [funnel.name for funnel in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two funnels are called {twice[0]!r}: give each a name of its own")
        return value

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


def expand(text: str, where: str, kind: str = "folder") -> str:
    """Replace `${NAME}` by the environment's variable; an unset one is an `OpsloopError` that names it and its kind."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in os.environ:
            raise OpsloopError(
                f"{where}: the variable {name} is not set: export {name}={kind.upper()}, or name the {kind} here"
            )
        return os.environ[name]

    return re.sub(r"\$\{(\w+)\}", value, text)
