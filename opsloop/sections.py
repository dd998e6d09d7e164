"""The sections of `opsloop.yaml`, and what holds when one is silent."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from opsloop.funnels import Exclusion, Funnel, Order, Step


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
    """A named funnel (S5): steps, each an event's name or more of it, their order, its window and exclusions."""

    name: str
    label_en: str
    label_zh: str
    steps: list[Step] = Field(min_length=2, max_length=20)
    order: Order = "ordered"
    window_days: int = Field(default=7, ge=1, le=3650)
    exclusions: list[Exclusion] = []

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, raw: Any) -> Any:
        """Read a step that is a text as its event, and a step's name in an exclusion as its number."""
        if not isinstance(raw, dict) or not isinstance(raw.get("steps"), list):
            return raw
        steps = [{"event": step} if isinstance(step, str) else step for step in raw["steps"]]
        titles = [step.get("name") or step.get("event") if isinstance(step, dict) else None for step in steps]
        exclusions = raw.get("exclusions") or []
        if isinstance(exclusions, list):
            exclusions = [_numbered(one, titles) for one in exclusions]
        return {**raw, "steps": steps, "exclusions": exclusions}

    @model_validator(mode="after")
    def _is_a_funnel(self) -> FunnelSettings:
        try:
            _ = self.definition
        except ValidationError as error:
            raise ValueError(f"{self.name}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
        return self

    @property
    def definition(self) -> Funnel:
        """The funnel itself."""
        return Funnel(
            steps=tuple(self.steps),
            order=self.order,
            window_seconds=self.window_days * 86400,
            exclusions=tuple(self.exclusions),
        )


def _numbered(exclusion: Any, titles: list[str | None]) -> Any:
    if not isinstance(exclusion, dict):
        return exclusion
    found = {}
    for key in ("after", "before"):
        if isinstance(exclusion.get(key), str):
            if exclusion[key] not in titles:
                raise ValueError(f"an exclusion names the step {exclusion[key]!r}, which the funnel does not have")
            found[key] = titles.index(exclusion[key]) + 1
    return {**exclusion, **found}


class ChannelRule(_Section):
    """One ordered channel rule of the company's own (S4); an absent pattern matches anything.

    A channel's name has no `>`, which joins channels to paths.
    """

    channel: str = Field(pattern=r"^[^>]+$")
    channel_class: Literal["owned", "paid", "earned", "private"]
    source_pattern: str | None = None
    medium_pattern: str | None = None
    campaign_pattern: str | None = None


EventField = Literal[
    "has_visitor",
    "event_date",
    "traffic_type",
    "browser",
    "user_agent",
    "page_host",
    "page_path",
    "referrer_host",
    "source",
    "country",
    "user_id",
    "source_name",
    "events_per_day",
]
OrderField = Literal["order_is_test", "order_id", "order_status", "customer_id", "order_user_id", "order_source_name"]


class TrafficRule(_Section):
    """One ordered rule of the company's own for what is no visit or no sale (I10); `keep` exempts from later ones."""

    rule: str
    kind: Literal["internal", "bot", "test_order", "unusable", "keep"]
    field: EventField | OrderField
    pattern: str | None = None
    at_least: int | None = Field(default=None, ge=1)
    label_en: str | None = None
    label_zh: str | None = None

    @model_validator(mode="after")
    def _it_has_what_its_field_needs(self) -> TrafficRule:
        counted = self.field == "events_per_day"
        if (self.pattern is None) != counted or (self.at_least is None) == counted:
            needed, other = ("at_least", "pattern") if counted else ("pattern", "at_least")
            msg = f"rule {self.rule!r}: the field {self.field} needs {needed} and no {other}"
            raise ValueError(msg)
        return self


class SessionSettings(_Section):
    """When a session ends (S1)."""

    timeout_minutes: int = Field(default=30, ge=1)
    max_hours: int = Field(default=24, ge=1)
    split_on_campaign: bool = False


class PositionShares(_Section):
    """What the first and the last touch of a path get; the rest goes evenly to those between."""

    first: float = Field(default=0.4, ge=0, le=1)
    last: float = Field(default=0.4, ge=0, le=1)

    @model_validator(mode="after")
    def _at_most_all(self) -> PositionShares:
        if self.first + self.last > 1:
            msg = f"first and last share at most 1, not {self.first} + {self.last}"
            raise ValueError(msg)
        return self


class AttributionSettings(_Section):
    """Which model speaks by default (T1), and which sessions are the touches of a conversion (T3)."""

    default_model: Literal["first", "last", "last_non_direct", "linear", "position", "decay", "markov", "shapley"] = (
        "last"
    )
    lookback_days: int = Field(default=30, ge=1, le=3650)
    deal_lookback_days: int = Field(default=180, ge=1, le=3650)
    lookback_touches: int = Field(default=100, ge=1, le=1000)
    conversion_cycles: bool = False
    converting_session: bool = True
    drop_direct: bool = False
    path: Literal["unique", "exposure", "first"] = "unique"
    exclude_channels: list[str] = []
    exclude_hosts: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]] = []
    position: PositionShares = PositionShares()
    half_life_days: float = Field(default=7, gt=0, le=3650)
    markov_order: int = Field(default=1, ge=1, le=4)


class ScoreSettings(_Section):
    """The horizon of scores and the thresholds under which they refuse (L1 to L3)."""

    horizon_days: int = Field(default=90, ge=7)
    min_customers: int = 500
    min_history_days: int = 180
    max_days_since_order: int = 30
    min_repeat_orders: int = 3


IdKind = Literal[
    "user_id", "email_hash", "phone_hash", "crm_contact", "customer_id", "openid", "unionid", "external_userid"
]


class PersonalId(_Section):
    """One id of a person; `email` and `phone` are given in clear and hashed before they are compared."""

    kind: IdKind | Literal["email", "phone"]
    value: str = Field(min_length=1)


class IdLimit(_Section):
    """How many ids of one kind an id of another may be seen with; nothing means any number (D3)."""

    kind: IdKind
    other: IdKind
    most: int | None = Field(ge=1)


class IdentitySettings(_Section):
    """What the guard adds to its defaults: own limits, ids that merge nobody, ids never of one person (D3, D4)."""

    limits: list[IdLimit] = []
    deny: list[PersonalId] = []
    apart: list[tuple[PersonalId, PersonalId]] = []

    @field_validator("apart")
    @classmethod
    def _two_ids_are_two(cls, value: list[tuple[PersonalId, PersonalId]]) -> list[tuple[PersonalId, PersonalId]]:
        same = [one for one, other in value if one == other]
        if same:
            msg = f"{same[0].kind} {same[0].value!r} cannot be apart from itself: name two ids"
            raise ValueError(msg)
        return value


class ConsentSettings(_Section):
    """The purpose that personal scores need consent for, where the company keeps consents at all (D7)."""

    scores_purpose: str = "profiling"


class Windows(_Section):
    """How long facts can still change after their day, in days (X5)."""

    orders_days: int = 60
    ads_days: int = 28
