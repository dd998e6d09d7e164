"""How well persons are known, what did not make persons one, and who consents to what (D3, D5, D7, D8)."""

from __future__ import annotations

import polars as pl

from dashboards.components.desk import Desk
from dashboards.components.health import SHOWN
from dashboards.components.i18n import NOTHING

_MEASURES = """
    select measure, part as id_kind, cast(numerator as double) as counted, cast(denominator as double) as of_all
    from marts.fct_identity_health
    order by case measure when 'ids_per_person' then 0 when 'merge_rate' then 1 when 'most_ids_of_a_person' then 2
        else 3 end, measure, part <> 'all', part
"""
_HELD_BACK = """
    select reason as held_back, id_kind,
        case when reason = 'not_an_id' then id_value else left(id_value, 12) || '…' end as id_value,
        other_kind, seen, most, first_seen_at
    from marts.fct_identity_held_back
    order by reason, seen desc nulls last, id_kind, id_value, other_kind, other_value limit ?
"""
_CONSENTS = """
    select month, purpose, policy_version, persons_granted / persons as share_granted, persons_granted, persons
    from marts.fct_consents_monthly order by month desc, purpose, policy_version
"""


def measures(desk: Desk) -> pl.DataFrame:
    """Return each measure of identity with what it was counted from; shares as per cent."""
    if not desk.has_mart("fct_identity_health"):
        return pl.DataFrame()
    found = desk.rows(_MEASURES)
    figures = [_figure(desk, *row) for row in found.select("measure", "counted", "of_all").iter_rows()]
    return found.insert_column(2, pl.Series("figure", figures, dtype=pl.String))


def _figure(desk: Desk, measure: str, counted: float, of_all: float | None) -> str:
    if of_all is None:
        return desk.t.number(counted)
    if not of_all:
        return NOTHING
    return desk.t.number(counted / of_all, 2) if measure == "ids_per_person" else desk.t.percent(counted / of_all)


def held_back(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return what did not make persons one and why; ids in part only, since they are personal."""
    return desk.rows(_HELD_BACK, [shown]) if desk.has_mart("fct_identity_held_back") else pl.DataFrame()


def consents(desk: Desk) -> pl.DataFrame:
    """Return the share of persons who consent, by month, purpose and policy version, the newest month first."""
    return desk.rows(_CONSENTS) if desk.has_mart("fct_consents_monthly") else pl.DataFrame()
