"""The persons behind a cell of the matrix of stages (R6, S10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.components import filters, saving
from dashboards.components.desk import Desk
from dashboards.components.panels import table_panel
from dashboards.components.person_lists import with_stages
from dashboards.questions import stages
from dashboards.segments.asked import StagePersons

_BETWEEN = "~"


def pick(cell: Mapping[str, Any]) -> None:
    """Mean the cell that was clicked, as if it had been chosen."""
    filters.mean("stage_move", f"{cell['stage_before']}{_BETWEEN}{cell['stage']}")
    st.session_state["stage_open"] = True


def show(desk: Desk, moves: pl.DataFrame) -> None:
    """Show who moved from one stage to another in the week of the matrix, or stayed, to be saved as a segment."""
    if moves.height == 0 or not desk.may("persons"):
        return
    week: dt.date = moves["week_start"][0]
    # Who moved comes before who stayed, of whom there are far more.
    pairs = moves.sort(
        pl.col("stage_before") == pl.col("stage"),
        pl.col("persons"),
        "stage_before",
        "stage",
        descending=[False, True, False, False],
    )
    labels = {
        f"{before}{_BETWEEN}{stage}": " → ".join(desk.value_label("stage", one) for one in (before, stage))
        for before, stage in pairs.select("stage_before", "stage").iter_rows()
    }
    with st.expander(desk.t("lifecycle.who"), expanded="stage_open" in st.session_state):
        move = filters.choose("stage_move", desk.t("filters.path_move"), list(labels), labels, next(iter(labels)))
        before, stage = move.split(_BETWEEN)
        found = desk.rows(f"{stages.persons_sql(week, before, stage, desk.today)} order by person_id")
        table_panel(
            desk,
            "stage_persons",
            with_stages(desk, found),
            title=desk.t("retention.persons", n=desk.t.number(found.height)),
            when_empty=desk.t("retention.nobody"),
            of=("lifecycle",),
        )
        saving.offer(desk, "stage", StagePersons(week=week, stage_before=before, stage=stage), found.height)
