"""What a snapshot holds, read once: which marts have rows, from when to when, and up to which day they are settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from dashboards.components.topics import BY_NAME, BY_TABLE, TOPICS

if TYPE_CHECKING:
    from dashboards.metrics import Metrics


class Facts:
    """Presence, extent and maturity of a snapshot's marts, and the labels of its channels."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """Names of the columns of every mart."""
        found = self._metrics.rows(
            "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
        )
        tables: dict[str, set[str]] = {}
        for table, column in found.iter_rows():
            tables.setdefault(table, set()).add(column)
        return {table: frozenset(columns) for table, columns in tables.items()}

    @cached_property
    def extent(self) -> dict[str, tuple[int, dt.date | None, dt.date | None]]:
        """Rows, first day and last day of each topic that has a mart."""
        parts = [
            f"select '{topic.name}' as topic, count(*) as n, min(try_cast({topic.day} as date)) as first_day,"
            f" max(try_cast({topic.day} as date)) as last_day from marts.{topic.table}"
            for topic in TOPICS
            if topic.day in self.columns.get(topic.table, frozenset())
        ]
        found = self._metrics.rows(" union all ".join(parts)).iter_rows() if parts else iter(())
        return {name: (n, first, last) for name, n, first, last in found}

    @cached_property
    def _settled(self) -> dict[str, dt.date | None]:
        parts = [
            f"select '{topic.name}' as topic, max(try_cast({topic.day} as date)) as day from marts.{topic.table}"
            " where maturity = 'mature'"
            for topic in TOPICS
            if {"maturity", topic.day} <= self.columns.get(topic.table, frozenset())
        ]
        return dict(self._metrics.rows(" union all ".join(parts)).iter_rows()) if parts else {}

    @cached_property
    def channels(self) -> dict[str, tuple[str, str, str | None]]:
        """English label, Chinese label and class of each channel."""
        if "dim_channels" not in self.columns:
            return {}
        found = self._metrics.rows("select channel, label_en, label_zh, channel_class from marts.dim_channels")
        return {name: (en or name, zh or name, kind) for name, en, zh, kind in found.iter_rows()}

    @cached_property
    def tables(self) -> frozenset[tuple[str, str]]:
        """Schema and name of every table in the snapshot."""
        found = self._metrics.rows("select table_schema, table_name from information_schema.tables")
        return frozenset(found.iter_rows())

    def has_table(self, schema: str, name: str) -> bool:
        """Return whether the snapshot has a table."""
        return (schema, name) in self.tables

    def has(self, *topics: str) -> bool:
        """Return whether there are rows for every topic named."""
        return all(self.extent.get(name, (0, None, None))[0] for name in topics)

    @cached_property
    def _arrived(self) -> dict[str, dt.date]:
        if "fct_arrivals" not in self.columns:
            return {}
        return dict(self._metrics.rows("select topic, arrived_until from marts.fct_arrivals").iter_rows())

    def arrived_topic(self, topic: str) -> dt.date:
        """Return the last day for which nothing more of a topic is expected to arrive (X5)."""
        return self._arrived.get(topic, dt.date.max)

    def topics(self, tables: Iterable[str]) -> list[str]:
        """Return the topics whose main mart is among the tables."""
        return [BY_TABLE[table].name for table in tables if table in BY_TABLE]

    def arrived(self, tables: Iterable[str]) -> dt.date:
        """Return the last day for which nothing more is expected in any of the marts (X5)."""
        return min((self.arrived_topic(topic) for topic in self.topics(tables)), default=dt.date.max)

    @staticmethod
    def is_by_beginning(topic: str) -> bool:
        """Return whether a topic's day is the first of a period, which says nothing of the last day known."""
        return BY_NAME[topic].day.endswith("_start")

    def settled_topic(self, topic: str) -> dt.date:
        """Return the last day of a topic whose rows will not change any more (X5)."""
        if topic not in self._settled:
            return dt.date.max
        return min(self._settled[topic] or dt.date.min, self.arrived_topic(topic))

    def settled(self, tables: Iterable[str]) -> dt.date:
        """Return the last day up to which none of the marts will change any more (X5)."""
        return min((self.settled_topic(topic) for topic in self.topics(tables)), default=dt.date.max)

    def has_all(self, tables: Iterable[str]) -> bool:
        """Return whether every main mart among the tables has rows."""
        return self.has(*self.topics(tables))

    def streams(self, topic: str) -> tuple[str, ...]:
        """Return the canonical streams that fill a topic."""
        return BY_NAME[topic].streams
