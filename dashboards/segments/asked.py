"""The questions that a segment can be: whose answer is a list of persons, written out in full."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dashboards.questions import stages
from dashboards.questions.funnel import FunnelQuestion, Funnels, Starts, Unit
from dashboards.questions.paths import Direction, Node, PathQuestion, Paths, Walker
from dashboards.questions.rendering import Reader
from dashboards.questions.retention import Activity, Question, Retention
from dashboards.segments.days import Clock
from opsloop.funnels import EventFilter, Filter, Funnel
from opsloop.settings import Settings


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Whom a question is asked: a snapshot, with the company's settings, among some persons or all."""

    reader: Reader
    settings: Settings
    among: str | None = None


class _Asked(BaseModel, ABC):
    """A list of persons, within another segment where one is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    within: str | None = None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        """Raise what the question itself finds wrong, before anything is saved."""
        self.check()
        return self

    def check(self) -> None:
        """Raise a `UsageError` for a question that cannot be."""

    @abstractmethod
    def sql(self, where: Circumstances) -> str:
        """Return the statement that has each of the persons as person_id."""

    def moved(self, clock: Clock) -> Self:
        """Return the question as much later as the clock has gone on."""
        return self


class _InRange(_Asked, ABC):
    start: dt.date = Field(alias="from")
    end: dt.date = Field(alias="to")

    def moved(self, clock: Clock) -> Self:
        """Return the question over a range as much later."""
        return self.model_copy(update={"start": clock.moved(self.start), "end": clock.moved(self.end)})


class FunnelPersons(_InRange):
    """Who reached a step of a funnel, or was lost before it."""

    of: Literal["funnel"] = "funnel"
    funnel: Funnel
    unit: Unit = "persons"
    starts: Starts = "any"
    step: int = Field(ge=1)
    who: Literal["reached", "lost"] = "reached"

    def question(self, among: str | None = None) -> FunnelQuestion:
        """Return the funnel's question."""
        return FunnelQuestion(self.funnel, self.start, self.end, self.unit, self.starts, among)

    def check(self) -> None:
        """Raise what is wrong with range, unit or step."""
        self.question()
        if self.step > len(self.funnel.steps) or (self.step == 1 and self.who == "lost"):
            raise ValueError(f"step {self.step} of a funnel of {len(self.funnel.steps)} has nobody {self.who}")

    def sql(self, where: Circumstances) -> str:
        """Return the statement of the persons."""
        own = where.settings
        asked = Funnels(where.reader, own.time_zone, own.week_start, own.session.max_hours)
        return asked.persons_sql(self.question(where.among), self.step, dropped=self.who == "lost")


class RetentionPersons(_Asked):
    """Who of a cohort was back in a cell, or was not."""

    of: Literal["retention"] = "retention"
    starts: str
    returns: str
    first_start: str = "first"
    grain: Literal["day", "week", "month"] = "week"
    clock: str = "calendar"
    back: str = "on"
    brackets: tuple[tuple[int, int], ...] = ()
    horizon: int | None = None
    cohort: dt.date
    periods: tuple[int, int]
    who: Literal["back", "gone"] = "back"

    def question(self, among: str | None = None) -> Question:
        """Return the question of retention that has the cell."""
        starts, returns = Activity.read(self.starts), Activity.read(self.returns)
        choices = {"start": self.first_start, "grain": self.grain, "clock": self.clock, "kind": self.back}
        return Question(starts, returns, **choices, brackets=self.brackets, horizon=self.horizon, among=among)  # type: ignore[arg-type]

    def check(self) -> None:
        """Raise what is wrong with a choice, or with the cell."""
        self.question()
        if not 0 <= self.periods[0] <= self.periods[1]:
            raise ValueError(f"a cell runs from a period to a later one, not {self.periods[0]} to {self.periods[1]}")

    def sql(self, where: Circumstances) -> str:
        """Return the statement of the persons."""
        asked = Retention(where.reader, where.settings.week_start)
        return asked.persons_sql(self.question(where.among), self.cohort, *self.periods, back=self.who == "back")

    def moved(self, clock: Clock) -> Self:
        """Return the same cell of a cohort as many periods later."""
        return self.model_copy(update={"cohort": clock.moved(self.cohort, self.grain)})


class PathPersons(_InRange):
    """Who made a move; no source where a walk to the anchor begins, no target where a walk from it ends."""

    of: Literal["path"] = "path"
    anchor: EventFilter | None = None
    direction: Direction = "from"
    steps: int = 5
    node: Node = "both"
    walker: Walker = "sessions"
    drop_query: bool = True
    collapse: bool = True
    groups: tuple[tuple[str, str], ...] = ()
    keep: tuple[EventFilter, ...] = ()
    leave_out: tuple[EventFilter, ...] = ()
    segment: tuple[Filter, ...] = ()
    source: str | None = None
    target: str | None = None
    place: int | None = None

    def question(self, among: str | None = None) -> PathQuestion:
        """Return the question of paths that has the move."""
        own = {"of", "within", "source", "target", "place"}
        given = {name: getattr(self, name) for name in type(self).model_fields if name not in own}
        return PathQuestion(**given, among=among)

    def check(self) -> None:
        """Raise what is wrong with the question."""
        self.question()

    def sql(self, where: Circumstances) -> str:
        """Return the statement of the persons."""
        return Paths(where.reader).persons_sql(self.question(where.among), self.source, self.target, self.place)


class StagePersons(_Asked):
    """Who moved from a stage to another within a week, or stayed."""

    of: Literal["stage"] = "stage"
    week: dt.date
    stage_before: str
    stage: str

    def sql(self, where: Circumstances) -> str:
        """Return the statement of the persons."""
        last_known = where.reader.snapshot.as_of_date
        found = stages.persons_sql(self.week, self.stage_before, self.stage, last_known)
        return found if where.among is None else f"{found} and person_id in (select person_id from {where.among})"

    def moved(self, clock: Clock) -> Self:
        """Return the same move as many weeks later."""
        return self.model_copy(update={"week": clock.moved(self.week, "week")})


class CustomerPersons(_Asked):
    """Which customers are in a band of churn or in a group by orders, as the snapshot has them."""

    of: Literal["customers"] = "customers"
    churn_band: Literal["low", "medium", "high"] | None = None
    group: Literal["one_time", "repeat", "loyal", "lapsed"] | None = None

    def check(self) -> None:
        """Raise a `ValueError` where neither is named."""
        if self.churn_band is None and self.group is None:
            raise ValueError("name a churn_band, a group, or both")

    def sql(self, where: Circumstances) -> str:
        """Return the statement of the persons."""
        named = {"churn_band": self.churn_band, "segment": self.group}
        conditions = [f"{column} = '{value}'" for column, value in named.items() if value]
        conditions += [f"person_id in (select person_id from {where.among})"] if where.among else []
        return f"select person_id from marts.dim_customers where {' and '.join(conditions)}"


Asked = Annotated[
    FunnelPersons | RetentionPersons | PathPersons | StagePersons | CustomerPersons, Field(discriminator="of")
]
