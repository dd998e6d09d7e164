"""Any funnel over the published events (S5 to S8), with who is behind each bar (S10)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack, get_args
from zoneinfo import ZoneInfo

import polars as pl

from dashboards.questions.events import EVENTS, UNITS, begin_of, check_range, known_until
from dashboards.questions.rendering import Reader, narrowed, render
from opsloop.errors import UsageError
from opsloop.funnels import PROPERTIES, Funnel

Unit = Literal["persons", "sessions", "events"]
Starts = Literal["any", "first", "first_ever"]
Grain = Literal["day", "week", "month"]
Touch = Literal["first", "last", "all"] | int
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Lower edges of the classes of the histogram, in seconds: from a minute to ninety days.
EDGES = (0, 60, 300, 900, 3600, 4 * 3600, 86400, 3 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 90 * 86400)
KINDS = ("value", "other", "nothing", "several")
_QUARTILES = ("quarter", "median", "three_quarters")


@dataclass(frozen=True, slots=True)
class FunnelQuestion:
    """Who of those that entered from `start` to `end` (days of the reporting zone) came how far.

    `unit` says what is counted: persons, sessions, or each entering event; `starts` which starts of a person or
    session count: any in the range (the best is told), the first in the range, or the first ever if it is in the range.
    `among` is a relation of the persons that are looked at, of all where there is none.
    """

    funnel: Funnel
    start: dt.date
    end: dt.date
    unit: Unit = "persons"
    starts: Starts = "any"
    among: str | None = None

    def __post_init__(self) -> None:
        check_range(self.start, self.end)
        if self.unit not in get_args(Unit) or self.starts not in get_args(Starts):
            raise UsageError(f"a funnel counts {', '.join(get_args(Unit))} from starts {', '.join(get_args(Starts))}")
        if self.unit == "events" and self.starts != "any":
            raise UsageError("each event that enters is counted: leave starts at 'any', or count persons or sessions")


class Which(TypedDict, total=False):
    """Which of a step's persons are meant: who was lost before it, who is in one group of a breakdown."""

    dropped: bool
    by: str | None
    touch: Touch
    kind: str
    value: str | None


class Funnels:
    """Answers questions about funnels from one snapshot, in a company's days and weeks."""

    def __init__(
        self, metrics: Reader, time_zone: str = "UTC", week_start: str = "monday", session_max_hours: int = 24
    ) -> None:
        self._metrics = metrics
        self._zone = ZoneInfo(time_zone)
        self._week_offset = WEEKDAYS.index(week_start)
        self._longest_session = session_max_hours * 3600
        self._known_until = known_until(metrics, self._zone)

    def steps(self, question: FunnelQuestion) -> pl.DataFrame:
        """Return one row per step: units that reached it, both rates, quartiles of the times in seconds, `maturing`.

        `previous_index` is the step that the rate is against: the last before that is not optional. `maturing` counts
        what entered in the range but can still go on; it is in no other column (S6).
        """
        found = self._rows(question, "{{ funnel_steps(q) }}")
        maturing = int(found["maturing"][0])
        steps = self._every_step(question).join(found.drop("maturing"), on="step_index", how="left")
        steps = _with_rates(steps.with_columns(pl.col("units").fill_null(0), pl.lit(maturing).alias("maturing")))
        for name in ("from_entry", "from_previous"):
            parts = [
                pl.col(name).list.get(at, null_on_oob=True).alias(f"{name}_{part}")
                for at, part in enumerate(_QUARTILES)
            ]
            steps = steps.with_columns(parts).drop(name)
        return steps

    def histogram(self, question: FunnelQuestion) -> pl.DataFrame:
        """Return the units per later step and class of seconds since the entry: step_index, at_least, units."""
        return self._rows(question, "{{ funnel_histogram(q, edges) }}", edges=EDGES)

    def trend(self, question: FunnelQuestion, grain: Grain) -> pl.DataFrame:
        """Return by period of the entry: period, entered, finished, rate_of_first, maturing, maturity.

        A person with starts in several periods counts once in each, with the best of that period's starts.
        """
        entry, period = self._period(grain), "entry"
        if question.unit == "events":
            entry = f"cast({entry} as varchar) || ' ' || event_id"
            period = "cast(split_part(entry, ' ', 1) as date)"
        found = self._rows(question, "{{ funnel_periods(q, period) }}", {"entry": entry}, period=period)
        last = len(question.funnel.steps)
        units = pl.col("units").fill_null(0)
        return (
            found.group_by("period")
            .agg(
                units.filter(pl.col("step_index") == 1).sum().alias("entered"),
                units.filter(pl.col("step_index") == last).sum().alias("finished"),
                pl.col("maturing").max(),
            )
            .with_columns(
                pl.when(pl.col("entered") > 0).then(pl.col("finished") / pl.col("entered")).alias("rate_of_first"),
                pl.when(pl.col("maturing") > 0).then(pl.lit("maturing")).otherwise(pl.lit("mature")).alias("maturity"),
            )
            .sort("period")
        )

    def breakdown(self, question: FunnelQuestion, by: str, touch: Touch = "first", top: int = 5) -> pl.DataFrame:
        """Return one row per group and step: kind, value, step_index, units, rates; groups sum to the whole (S8).

        `touch` picks the value: of the first step that has one, of the last, of a step by its number, or the one that
        `all` steps reached share. Kinds: value, other (beyond the top), nothing (no value), several (steps differ).
        """
        self._check_breakdown(question, by, touch)
        call = "{{ funnel_breakdown(q, property, touch, top) }}"
        found = self._rows(question, call, property=by, touch=touch, top=int(top))
        steps = self._every_step(question)
        groups = found.filter(pl.col("step_index") == 1).select("kind", "value", pl.col("units").alias("entered"))
        rows = groups.join(steps, how="cross").join(
            found, on=["kind", "value", "step_index"], how="left", nulls_equal=True
        )
        rank = pl.col("kind").replace_strict({kind: at for at, kind in enumerate(KINDS)}, return_dtype=pl.Int32)
        rows = rows.with_columns(pl.col("units").fill_null(0), rank.alias("rank"))
        rows = rows.sort("rank", -pl.col("entered"), "value", "step_index", nulls_last=True).drop("rank", "entered")
        groups_apart = rows.partition_by("kind", "value", maintain_order=True) if rows.height else [rows]
        return pl.concat([_with_rates(group) for group in groups_apart])

    def persons(self, question: FunnelQuestion, step: int, **which: Unpack[Which]) -> pl.DataFrame:
        """Return the persons behind a bar (S10): person_id, units, first entered_at, first reached_at; ordered.

        With `dropped`, those who came to the step before and not to this one; with `by`, those of one group.
        """
        return self._metrics.rows(f"{self.persons_sql(question, step, **which)} order by 1")

    def persons_sql(self, question: FunnelQuestion, step: int, **which: Unpack[Which]) -> str:
        """Return the statement whose rows are the persons behind a bar, in no order."""
        if not 1 <= step <= len(question.funnel.steps) or (which.get("dropped") and step == 1):
            raise UsageError(f"step {step} of a funnel of {len(question.funnel.steps)} has nobody to list")
        by, touch = which.get("by"), which.get("touch", "first")
        if by is not None:
            self._check_breakdown(question, by, touch)
        units = render(
            "{{ funnel_units(q, step, before, property, touch, kind, value) }}",
            question.among,
            q=self._asked(question) | {"key": UNITS[question.unit]},
            step=step,
            before=_previous(question.funnel, step) if which.get("dropped") else None,
            property=by,
            touch=touch,
            kind=which.get("kind", "value"),
            value=which.get("value"),
        )
        if question.unit == "sessions":
            owners = f"select distinct session_id as unit, person_id from {EVENTS}"
            units = f"select * from ({units}) as units inner join ({owners}) as owners using (unit)"
        return (
            f"select {'person_id' if question.unit == 'sessions' else 'unit'} as person_id, count(*) as units,"
            f" min(entered_at) as entered_at, min(reached_at) as reached_at from ({units}) group by 1"
        )

    def _asked(self, question: FunnelQuestion) -> dict[str, Any]:
        """The question as the macros read it; a unit is joined by its hash, which is a number."""
        unit = UNITS[question.unit]
        asked = question.funnel.asked()
        if question.unit == "sessions":  # no session goes on for longer, so it need not be waited for
            asked["window_seconds"] = min(asked["window_seconds"], self._longest_session)
        return {
            **asked,
            "events": narrowed(EVENTS, question.among),
            "unit": unit,
            "key": f"hash({unit})",
            "starts": question.starts,
            "entry": "event_id" if question.unit == "events" else None,
            "from": begin_of(question.start, self._zone),
            "until": begin_of(question.end + dt.timedelta(days=1), self._zone),
            "known_until": self._known_until,
        }

    def _period(self, grain: Grain) -> str:
        offset = self._week_offset
        periods = {
            "day": "event_date",
            "week": f"cast(date_trunc('week', event_date - {offset}) as date) + {offset}",
            "month": "cast(date_trunc('month', event_date) as date)",
        }
        return periods[grain]

    def _rows(
        self, question: FunnelQuestion, call: str, also: dict[str, Any] | None = None, **values: Any
    ) -> pl.DataFrame:
        asked = self._asked(question) | (also or {})
        return self._metrics.rows(render(call, question.among, q=asked, **values))

    @staticmethod
    def _check_breakdown(question: FunnelQuestion, by: str, touch: Touch) -> None:
        if by not in PROPERTIES:
            raise UsageError(f"no breakdown by {by!r}: use one of {', '.join(PROPERTIES)}")
        if touch not in {"first", "last", "all", *range(1, len(question.funnel.steps) + 1)}:
            raise UsageError(f"touch {touch!r} is none of first, last, all and the numbers of the steps")

    @staticmethod
    def _every_step(question: FunnelQuestion) -> pl.DataFrame:
        funnel = question.funnel
        numbers = list(range(1, len(funnel.steps) + 1))
        return pl.DataFrame(
            {
                "step_index": numbers,
                "step_name": funnel.row_names,
                "optional": [step.optional for step in funnel.steps],
                "previous_index": [_previous(funnel, number) for number in numbers],
            },
            schema={"step_index": pl.Int32, "step_name": pl.String, "optional": pl.Boolean, "previous_index": pl.Int32},
        )


def _previous(funnel: Funnel, step: int) -> int | None:
    """The last step before one that everybody passes."""
    return funnel.follows(step)[-1] if step > 1 else None


def _with_rates(steps: pl.DataFrame) -> pl.DataFrame:
    """The rates of one funnel's steps against the first and the one before, nothing where that is empty (X9)."""
    reached = dict(zip(steps["step_index"].to_list(), steps["units"].to_list(), strict=True))
    rows = list(zip(steps["units"].to_list(), steps["previous_index"].to_list(), strict=True))
    first = reached.get(1, 0)
    before = [None if at is None else reached[at] for _, at in rows]
    return steps.with_columns(
        pl.Series("rate_of_first", [units / first if first else None for units, _ in rows], dtype=pl.Float64),
        pl.Series(
            "rate_of_previous",
            [units / base if base else None for (units, _), base in zip(rows, before, strict=True)],
            dtype=pl.Float64,
        ),
        pl.Series(
            "lost",
            [None if base is None else base - units for (units, _), base in zip(rows, before, strict=True)],
            dtype=pl.Int64,
        ),
    )
