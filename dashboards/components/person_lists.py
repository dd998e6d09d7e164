"""Lists of persons as pages show them: when each was first seen, and the stage that each has reached."""

from __future__ import annotations

import polars as pl

from dashboards.components.desk import Desk

_WHO = """
    select persons.person_id, persons.first_seen_at, stages.stage, stages.valid_from as stage_since
    from marts.dim_persons as persons
    left join marts.fct_person_stages as stages on persons.person_id = stages.person_id and stages.is_current
    where persons.person_id in (select unnest(?)) order by persons.first_seen_at, persons.person_id
"""


def with_stages(desk: Desk, found: pl.DataFrame) -> pl.DataFrame:
    """Return the persons of a frame with the day each was first seen and the present stage, where marts have them."""
    if not (desk.has_mart("dim_persons") and desk.has_mart("fct_person_stages")):
        return found
    seen = pl.col("first_seen_at").dt.replace_time_zone("UTC").dt.convert_time_zone(desk.workspace.settings.time_zone)
    return desk.rows(_WHO, [found["person_id"].to_list()]).with_columns(seen.dt.date())
