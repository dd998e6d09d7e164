"""Who is in a segment on a snapshot: former person ids resolved (D2), living questions asked anew, sizes, overlap."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboards.metrics_layer.snapshot import Snapshot, Warehouse
from dashboards.questions.rendering import Reader
from dashboards.segments import files
from dashboards.segments.asked import Asked, Circumstances
from dashboards.segments.days import Clock
from dashboards.segments.definition import Days, Kind, Saved, Segment
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace

# Whom each saved id stands for now; nobody where the person is gone.
_RESOLVED = """
    select saved.person_id as saved_id, persons.person_id
    from read_parquet({file}) as saved
    left join marts.dim_person_aliases as aliases on saved.person_id = aliases.former_person_id
    left join workspace.person_aliases as kept on saved.person_id = kept.former_person_id
    left join marts.dim_persons as persons
        on coalesce(aliases.person_id, kept.person_id, saved.person_id) = persons.person_id
"""
_SIZE_OF_STATIC = """
    select count(*) as saved, count(distinct person_id) as size,
        count(*) filter (where person_id <> saved_id) as renamed,
        count(person_id) - count(distinct person_id) as merged,
        count(*) filter (where person_id is null) as gone
    from ({resolved})
"""
_OVERLAPS = """
    with members as materialized ({members}),
    sizes as (select segment, count(*) as persons from members group by segment),
    common as (
        select one.segment as segment_one, two.segment as segment_two, count(*) as persons
        from members as one
        inner join members as two on one.person_id = two.person_id and one.segment < two.segment
        group by all
    )
    select one.segment as segment_one, two.segment as segment_two, coalesce(common.persons, 0) as persons_both,
        coalesce(common.persons, 0) / least(one.persons, two.persons) as share_of_smaller,
        one.persons as persons_first, two.persons as persons_second
    from sizes as one
    inner join sizes as two on one.segment < two.segment
    left join common on common.segment_one = one.segment and common.segment_two = two.segment
    order by persons_both desc, segment_one, segment_two
"""


class Segments:
    """Answers who is in a workspace's segments on one snapshot; an `OpsloopError` says what is wrong with one."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        self._workspace = workspace
        self._reader = reader

    def relation(self, name: str, seen: tuple[str, ...] = ()) -> str:
        """Return the relation of a segment's persons, each once, under the ids that they have in the snapshot."""
        if name in seen:
            raise OpsloopError(f"segments/{name}.yaml: question.within: {name} lies within itself: name another")
        segment = files.read(self._workspace, name)
        if segment.kind == "static":
            return f"(select distinct person_id from ({self._resolved(name)}) where person_id is not null)"
        return self.persons_of(self.asked(segment), (*seen, name))

    def persons_of(self, question: Asked, seen: tuple[str, ...] = ()) -> str:
        """Return the relation of a question's persons, each once."""
        within = None if question.within is None else self.relation(question.within, seen)
        sql = question.sql(Circumstances(self._reader, self._workspace.settings, within))
        return f"(select distinct person_id from ({sql}) where person_id is not null)"

    def asked(self, segment: Segment) -> Asked:
        """Return the question that a segment asks of this snapshot: its own, or moved on to the snapshot's days."""
        if segment.days == "fixed" or segment.saved is None:
            return segment.question
        now, week_start = self._reader.snapshot.as_of_date, self._workspace.settings.week_start
        return segment.question.moved(Clock(segment.saved.as_of_date, now, week_start))

    def size(self, name: str) -> dict[str, int | None]:
        """Return how many persons a segment has; of a static one also how many were saved and what became of them.

        saved = size + merged (one with another of the segment) + gone; renamed are under another id now, here still.
        """
        if files.read(self._workspace, name).kind == "static":
            found = self._rows(_SIZE_OF_STATIC.format(resolved=self._resolved(name)))
            return found.row(0, named=True)
        counted = self._rows(f"select count(*) as size from {self.relation(name)}")["size"][0]
        return {"saved": None, "size": counted, "renamed": None, "merged": None, "gone": None}

    def overlaps(self, names: Sequence[str]) -> pl.DataFrame:
        """Return a row per pair of segments that have anybody: how many are in both, what share of the smaller one."""
        members = [f"select '{name}' as segment, person_id from {self.relation(name)}" for name in names]
        return self._rows(_OVERLAPS.format(members=" union all ".join(members)))

    def save(self, name: str, labels: tuple[str, str], question: Asked, kind: Kind, days: Days = "fixed") -> Segment:
        """Keep a question's persons under a new name; a `UsageError` for a name that cannot be, or where nobody is."""
        files.check_name(self._workspace, name)
        snapshot, persons = self._reader.snapshot, self._rows(f"from {self.persons_of(question)}")
        if persons.height == 0:
            raise UsageError("nobody is in this list: there is nothing to save")
        segment = Segment(
            name=name,
            label_en=labels[0] or name,
            label_zh=labels[1] or labels[0] or name,
            kind=kind,
            days=days,
            question=question,
            saved=Saved(
                snapshot=snapshot.id, as_of=snapshot.as_of, as_of_date=snapshot.as_of_date, persons=persons.height
            ),
        )
        files.save(self._workspace, segment, persons)
        self.remember(name)
        return segment

    def remember(self, name: str) -> None:
        """Keep the size of a segment on this snapshot."""
        snapshot = self._reader.snapshot
        row = {"snapshot": snapshot.id, "as_of_date": snapshot.as_of_date, **self.size(name)}
        files.remember(self._workspace, name, pl.DataFrame([row], schema=files.SIZES))

    def _rows(self, sql: str) -> pl.DataFrame:
        """The rows of a statement; what a snapshot cannot answer is told in one line."""
        import duckdb

        try:
            return self._reader.rows(sql)
        except duckdb.Error as error:
            told = " ".join(str(error).split())
            raise OpsloopError(f"segment: snapshot {self._reader.snapshot.id} cannot answer it: {told}") from None

    def _resolved(self, name: str) -> str:
        path = str(files.persons_file(self._workspace, name)).replace("'", "''")
        return _RESOLVED.format(file=f"'{path}'")


def remember_sizes(workspace: Workspace, snapshot_id: str) -> list[str]:
    """Keep the size of every segment on a snapshot; what cannot be answered is told in one line each."""
    problems: list[str] = []
    names = files.names(workspace)
    if not names:
        return problems
    warehouse = Warehouse(Snapshot.find(workspace, snapshot_id))
    for name in names:
        try:
            Segments(workspace, warehouse).remember(name)
        except OpsloopError as error:
            problems.append(str(error))
    warehouse.close()
    return problems
