"""Who may be scored: persons with a present yes to the purpose of scores, where consents are kept at all (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

if TYPE_CHECKING:
    from opsloop.workspace import Workspace

_KEPT = "select count(*) > 0 from marts.fct_consents"
_GRANTED = "select distinct person_id from marts.fct_consents where is_current and is_granted and purpose = ?"


def consenting(workspace: Workspace, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose `person_id` consents; all of them where the company keeps no consents."""
    if not workspace.work_db.is_file():
        return rows
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        try:
            if connection.execute(_KEPT).fetchall() == [(False,)]:
                return rows
        except duckdb.CatalogException:
            return rows
        purpose = workspace.settings.consent.scores_purpose
        granted = connection.execute(_GRANTED, [purpose]).pl()
    return rows.join(granted, on="person_id", how="semi", maintain_order="left")
