"""Opens a published snapshot, read-only (U5)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import polars as pl


MODELS = {"churn": {"en": "Churn", "zh": "流失"}, "ltv": {"en": "Lifetime value", "zh": "生命周期价值"}}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published build: its name, what time it shows, and where it lies."""

    id: str
    as_of: dt.datetime
    as_of_date: dt.date
    cut_off: dt.datetime | None
    created_at: dt.datetime
    path: Path
    meta: dict[str, Any]

    @classmethod
    def find(cls, workspace: Workspace, snapshot_id: str | None = None) -> Snapshot:
        """The snapshot of that name, else the one the pointer names; an `OpsloopError` if there is none."""
        name = snapshot_id or _current(workspace)
        file = workspace.published / name / "snapshot.json"
        if not file.is_file():
            raise OpsloopError(f"no snapshot {name} in {workspace.published}: run `opsloop run` first")
        meta = json.loads(file.read_text(encoding="utf-8"))
        cut_off = meta.get("cut_off")
        return cls(
            id=name,
            as_of=dt.datetime.fromisoformat(meta["as_of"]),
            as_of_date=_last_day(meta, workspace),
            cut_off=dt.datetime.fromisoformat(cut_off) if cut_off else None,
            created_at=dt.datetime.fromisoformat(meta["created_at"]),
            path=file.parent,
            meta=meta,
        )

    def score_refusals(self, lang: str) -> list[str]:
        """Why a model scores nobody in this snapshot, one sentence per model that does not (L3, L4)."""
        key = "refusal_zh" if lang == "zh" else "refusal"
        models = self.meta.get("scores", {}).get("models", [])
        return [f"{MODELS[model['model']][lang]}: {model[key]}" for model in models if model.get(key)]


def _current(workspace: Workspace) -> str:
    pointer = workspace.published / "current.json"
    if not pointer.is_file():
        raise OpsloopError(f"nothing is published in {workspace.published} yet: run `opsloop run` first")
    return str(json.loads(pointer.read_text(encoding="utf-8"))["snapshot_id"])


def _last_day(meta: dict[str, Any], workspace: Workspace) -> dt.date:
    if "as_of_date" in meta:
        return dt.date.fromisoformat(meta["as_of_date"])
    instant = dt.datetime.fromisoformat(meta["as_of"]) - dt.timedelta(microseconds=1)
    return instant.astimezone(workspace.zone).date()


class Warehouse:
    """A snapshot's tables; any number of threads may ask at once."""

    def __init__(self, snapshot: Snapshot) -> None:
        import duckdb

        self.snapshot = snapshot
        file = snapshot.path / "warehouse.duckdb"
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(config={"autoinstall_known_extensions": False})
        escaped = str(file).replace("'", "''")
        self._connection.execute(f"attach '{escaped}' as work (read_only)")

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pl.DataFrame:
        """The rows of a statement as a frame; parameters by place or by name."""
        with self._connection.cursor() as cursor:
            cursor.execute("use work")
            return cursor.execute(sql, parameters).pl()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
