"""The client: the only way to a number (X1)."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Unpack

from dashboards.metrics_layer.as_known import Knowledge, knowledge, stand_in
from dashboards.metrics_layer.compose import NAMED, Circumstances, Composer
from dashboards.metrics_layer.definition import MetricDefinition
from dashboards.metrics_layer.engine import engine_of
from dashboards.metrics_layer.makeup import Makeup, makeup
from dashboards.metrics_layer.manifest import CHOICES
from dashboards.metrics_layer.question import Asked, Question, ask, asked_dimensions, check
from dashboards.metrics_layer.snapshot import Snapshot, Warehouse
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

KEPT = 512


class Metrics:
    """Answers questions about one snapshot, from the definitions that were published with it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        engine = engine_of((snapshot.path / "semantic_manifest.json").read_text(encoding="utf-8"))
        self._manifest = engine.manifest
        self._warehouse = Warehouse(snapshot)
        self._composer = Composer(self._manifest, engine, self._circumstances())
        self._answers: OrderedDict[tuple[Question, tuple[str, ...]], Future[pl.DataFrame]] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def open(cls, ws: Workspace, snapshot_id: str | None = None) -> Metrics:
        """Open the snapshot that the pointer names, or the one asked for; an `OpsloopError` if there is none."""
        return cls(Snapshot.find(ws, snapshot_id))

    def catalogue(self) -> dict[str, MetricDefinition]:
        """Every metric by name."""
        return self._catalogue

    @cached_property
    def _catalogue(self) -> dict[str, MetricDefinition]:
        return self._manifest.catalogue()

    def query(self, metrics: Sequence[str], **asked: Unpack[Asked]) -> pl.DataFrame:
        """Metrics over a range of days, both included, or over all there is: `period`, dimensions, metrics, ordered.

        With `as_of`, a day or an instant, as known by its end (X6). Amounts come as floats, ready for charts; `exact`
        gives them as decimals. A `UsageError` says what is wrong.
        """
        import polars as pl
        import polars.selectors as cs

        return self.exact(metrics, **asked).with_columns(cs.decimal().cast(pl.Float64))

    def exact(self, metrics: Sequence[str], **asked: Unpack[Asked]) -> pl.DataFrame:
        """The same as `query`, with money and credits as exact decimals."""
        return self._answer(ask(metrics, **asked))

    def parts(self, ratio: str, **asked: Unpack[Asked]) -> pl.DataFrame:
        """Numerator and denominator of a ratio, exact and under the very conditions of the ratio, as two metrics.

        A `UsageError` where the metric is no ratio.
        """
        parts = self._manifest.parts(ratio)
        if parts is None:
            raise UsageError(f"{ratio} is no ratio of two metrics: see `opsloop metrics show {ratio}`")
        return self._answer(ask([ratio], **asked), parts)

    def makeup(self, metric: str, dimension: str) -> Makeup:
        """How the segments of a metric by a dimension make it up."""
        return makeup(self._manifest, metric, dimension)

    def _answer(self, question: Question, instead: tuple[str, ...] = ()) -> pl.DataFrame:
        """The rows of a question, kept for the next who asks it; those of other metrics `instead` where named.

        Of several who ask at once one finds them for all.
        """
        key = (question, instead)
        with self._lock:
            is_first = key not in self._answers
            answer = self._answers.setdefault(key, Future())
            self._answers.move_to_end(key)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        if is_first:
            try:
                answer.set_result(_whole_numbers(self._warehouse.rows(self._sql(question, instead))))
            except BaseException as error:
                with self._lock:
                    self._answers.pop(key, None)
                answer.set_exception(error)
        return answer.result()

    def sql(self, metrics: Sequence[str], **asked: Unpack[Asked]) -> str:
        """The one statement that answers the question."""
        return self._sql(ask(metrics, **asked))

    def value(
        self,
        metric: str,
        start: dt.date | None = None,
        end: dt.date | None = None,
        where: str | None = None,
        as_of: dt.date | dt.datetime | None = None,
    ) -> float | None:
        """One metric over the whole range; nothing where it has no value."""
        answer = self.query([metric], start=start, end=end, where=where, as_of=as_of)
        if answer.height == 0 or answer[metric][0] is None:
            return None
        return float(answer[metric][0])

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pl.DataFrame:
        """Rows of the snapshot's tables (`marts.…`, `workspace.…`), for lists that are no metric."""
        return self._warehouse.rows(sql, parameters)

    def close(self) -> None:
        """Let go of the snapshot's file."""
        self._warehouse.close()

    def _sql(self, question: Question, instead: tuple[str, ...] = ()) -> str:
        condition = check(question, self._manifest)
        question = replace(question, metrics=instead) if instead else question
        if question.as_of is None:
            return self._composer.sql(question, condition)
        known = knowledge(question.as_of, self.snapshot.as_of_date, self.snapshot.meta["settings"])
        asked = asked_dimensions(question, condition)
        answering = (self._manifest.answering(metric, asked) for metric in question.metrics)
        days = dict(item for name in answering for item in self._manifest.lineages[name].tables.items())
        around = replace(self._composer.around, last_day=known.today, **self._extent(days, known))
        return known.replace(replace(self._composer, around=around).sql(question, condition), days)

    def knew_nothing(self, as_of: dt.date | dt.datetime) -> dt.datetime | None:
        """When the first data arrived, in UTC, if that was only after the time; else nothing."""
        first = self.rows("select min(landed_at) from workspace.batches").item()
        at = knowledge(as_of, self.snapshot.as_of_date, self.snapshot.meta["settings"]).at
        return first if first is not None and first.replace(tzinfo=dt.UTC) >= at else None

    def _extent(self, days: Mapping[str, str], known: Knowledge | None = None) -> dict[str, Any]:
        """Which of the marts hold no row, and the first day of the others, now or as known earlier."""
        prefix = known.parts(days) if known else ""
        extent = " union all ".join(
            f"select '{table}' as name, count(*) as n, cast(min({day}) as date) as first_day"
            f" from {stand_in(table) if known else f'marts.{table}'}"
            for table, day in sorted(days.items())
        )
        found = list(self._warehouse.rows(prefix + extent).iter_rows()) if extent else []
        return {
            "empty": frozenset(name for name, rows, _ in found if not rows),
            "first_days": {name: day for name, rows, day in found if rows and day},
        }

    def _circumstances(self) -> Circumstances:
        days: dict[str, str] = {}
        for lineage in self._manifest.lineages.values():
            days |= lineage.tables
        values = {choice: self._values(choice) for choice in CHOICES}
        defaults = {
            NAMED: str(self.snapshot.meta["settings"].get("default_attribution_model", "last")),
            "conversion_window": "all",
            "activity": "order" if values["activity"] == ("order",) else "session",
        }
        return Circumstances(
            defaults=defaults,
            values={choice: known or (defaults[choice],) for choice, known in values.items()},
            **self._extent(days),
            last_day=self.snapshot.as_of_date,
            week_start=str(self.snapshot.meta["settings"].get("week_start", "monday")),
        )

    def _values(self, dimension: str) -> tuple[str, ...]:
        tables = [model["node_relation"]["alias"] for model in self._manifest.models_with(dimension)]
        if not tables:
            return ()
        parts = " union ".join(f"select distinct {dimension} as value from marts.{table}" for table in tables)
        return tuple(value for (value,) in self._warehouse.rows(f"{parts} order by 1").iter_rows() if value)


def _whole_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums of whole numbers, which the engine widens to decimals without places, as integers."""
    import polars as pl

    whole = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal) and kind.scale == 0]
    return frame.with_columns(pl.col(whole).cast(pl.Int64)) if whole else frame
