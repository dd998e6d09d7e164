"""What a segment's file says: its name, labels and kind, its question in full, and what it was saved from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dashboards.segments.asked import Asked
from opsloop.errors import OpsloopError, UsageError

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 60
Kind = Literal["static", "living"]
Days = Literal["fixed", "moving"]


class Saved(BaseModel):
    """From which snapshot a segment was saved, what time that shows, and how many persons it had."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    snapshot: str
    as_of: dt.datetime
    as_of_date: dt.date
    persons: int = Field(ge=0)


class Segment(BaseModel):
    """A question with a name: static is who it named when saved, living who it names on the snapshot that is read.

    A living one asks of the same days again, or of days that move on with the snapshot's last day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    label_en: str = Field(min_length=1)
    label_zh: str = Field(min_length=1)
    kind: Kind
    days: Days = "fixed"
    question: Asked
    saved: Saved | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not is_name(self.name):
            raise ValueError(f"{self.name!r} is no name: {NAME_RULE}")
        if self.saved is None and (self.kind == "static" or self.days == "moving"):
            raise ValueError("a static segment, and one whose days move, says what it was saved from")
        if self.kind == "static" and self.days == "moving":
            raise ValueError("the days of a static segment do not move: make it living")
        return self

    def text(self) -> str:
        """Return the segment as YAML, the question with every choice that it makes."""
        told = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        told["question"] = {"of": self.question.of, **told["question"]}
        if self.kind == "static":
            del told["days"]
        return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120))


NAME_RULE = f"use lower-case words joined by _, {LONGEST_NAME} letters at most, such as left_a_cart"


def is_name(text: str) -> bool:
    """Return whether a text may name a segment: lower-case words joined by `_`."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def parse(text: str, where: str) -> Segment:
    """Return the segment that a file's text says; an `OpsloopError` of one line says what is wrong with it."""
    try:
        told: Any = yaml.safe_load(text)
        return Segment.model_validate(told)
    except yaml.YAMLError as error:
        raise OpsloopError(f"{where}: not readable YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "segment"
        raise OpsloopError(f"{where}: {place}: {first['msg'].removeprefix('Value error, ')}") from None
    except UsageError as error:
        raise OpsloopError(f"{where}: question: {error}") from None
