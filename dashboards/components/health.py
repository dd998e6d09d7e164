"""Whether the numbers can be trusted: do they add up, are they fresh, what was kept aside, did the checks pass."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import polars as pl
import streamlit as st

from dashboards.components import theme
from dashboards.components.axes import number_axis, plain
from dashboards.components.desk import Desk
from dashboards.components.explanations import explained
from dashboards.components.exports import Rows
from dashboards.components.faces import refused
from dashboards.components.layout import local
from dashboards.components.panels import table_panel

_RECONCILIATION = """
    select is_balanced, check_name, source_name, stream, expected, actual, residual, explanation
    from marts.fct_reconciliation order by is_balanced, abs(residual) desc, check_name, source_name, stream
"""
_REMOVALS = """
    select label_{lang} as traffic_rule, kind as removed_as, sum(events) as events_removed,
        sum(sessions) as sessions_removed, sum(orders) as orders_removed, max(date_day) as last_removed_on
    from marts.fct_rule_removals group by rule_rank, label_{lang}, kind
    order by sum(events) + sum(orders) desc, rule_rank
"""
_FRESHNESS = """
    select is_late, source, stream, last_day, last_landed_at, rows, rows_shifted, rows_ambiguous, expected_lag
    from marts.fct_freshness where coalesce(rows, 0) > 0 or is_late order by is_late desc, source, stream
"""
_BATCHES = """
    select batch, landed_at, source_name, source, stream, rows_read, duplicates, refused, quarantined, landed
    from workspace.batches order by batch desc, source, stream limit ?
"""
_LANDED = """
    select source || '/' || stream as feed, sum(landed) as landed, sum(quarantined) as quarantined,
        sum(duplicates) as duplicates, sum(refused) as refused
    from workspace.batches group by all order by sum(quarantined) + sum(refused) desc, feed limit 20
"""
_REASONS = """
    select source, stream, reason, column_name, count(*) as rows_aside
    from workspace.quarantine group by all order by rows_aside desc, source, stream, reason limit ?
"""
_QUARANTINE = """
    select quarantine_id, source, stream, file, "row", reason, column_name, quarantined_at
    from workspace.quarantine order by quarantined_at desc, quarantine_id limit ?
"""
_EXPECTATIONS = """
    select success, source, stream, expectation, column_name, observed, checked_at
    from workspace.expectations order by success, source, stream, expectation, column_name limit ?
"""
# Rows of a table that the page shows; a file has all of them.
SHOWN = 500
_KINDS = {"quarantined": "#c08a00", "refused": "#d55e00"}


@dataclass(frozen=True, slots=True)
class State:
    """The data's health in numbers; nothing where the snapshot does not tell."""

    checks: int | None
    unbalanced: int | None
    late: int | None
    quarantined: int | None
    read: int | None
    expectations: int | None
    failed: int | None


def state_of(desk: Desk) -> State:
    """Return the counts of what is checked and of what is wrong."""
    checks, unbalanced = _pair(desk, "marts", "fct_reconciliation", "count(*), count(*) filter (where not is_balanced)")
    _, late = _pair(desk, "marts", "fct_freshness", "count(*), count(*) filter (where is_late)")
    read, aside = _pair(desk, "workspace", "batches", "coalesce(sum(rows_read), 0), coalesce(sum(quarantined), 0)")
    tested, failed = _pair(desk, "workspace", "expectations", "count(*), count(*) filter (where not success)")
    return State(checks, unbalanced, late, aside, read, tested, failed)


def _pair(desk: Desk, schema: str, table: str, wanted: str) -> tuple[int | None, int | None]:
    if not desk.facts.has_table(schema, table):
        return None, None
    first, second = desk.rows(f"select {wanted} from {schema}.{table}").row(0)
    return int(first), int(second)


def sentence(desk: Desk, state: State) -> str:
    """Return the verdict in words: all adds up and is fresh, or what does not and is not."""
    wrong = []
    if state.unbalanced:
        wrong.append(desk.t("health.unbalanced", n=state.unbalanced, of=state.checks))
    if state.late:
        wrong.append(desk.t("health.late", n=state.late))
    if state.failed:
        wrong.append(desk.t("health.failed", n=state.failed, of=state.expectations))
    if aside := refused(desk.workspace).height:
        wrong.append(desk.t("health.files_refused", n=aside))
    verdict = (
        desk.t("health.trust") if not wrong else desk.t("health.careful", what=desk.t("answers.joint").join(wrong))
    )
    if state.checks and not state.unbalanced:
        verdict += desk.t("health.balanced", n=state.checks)
    if state.read:
        verdict += desk.t("health.aside", n=desk.t.number(state.quarantined), of=desk.t.number(state.read))
    return verdict


def show_counts(desk: Desk, state: State) -> None:
    """Show the counts side by side."""
    figures = {
        "checks": _of(desk, state.checks, state.unbalanced),
        "expectations": _of(desk, state.expectations, state.failed),
        "late": desk.t.number(state.late),
        "read": desk.t.number(state.read),
        "quarantined": desk.t.number(state.quarantined),
    }
    with st.container(key="figures_health"):
        for name, value in figures.items():
            with st.container(border=True):
                st.metric(desk.t(f"health.figure_{name}"), value, help=desk.t(f"health.help_{name}"))


def _of(desk: Desk, total: int | None, wrong: int | None) -> str:
    if not total or wrong is None:
        return "–"
    return f"{desk.t.number(total - wrong)} / {desk.t.number(total)}"


def _rows(desk: Desk, schema: str, table: str, sql: str, *parameters: object) -> pl.DataFrame:
    return desk.rows(sql, parameters) if desk.facts.has_table(schema, table) else pl.DataFrame()


def table(
    desk: Desk,
    key: str,
    rows: pl.DataFrame,
    *,
    words: str = "health",
    when_empty: str = "health.none",
    whole: Rows | None = None,
) -> None:
    """Show rows under the title that the words have for them, and the note if there is one, or say there are none."""
    title, note = desk.t(f"{words}.{key}"), desk.t.maybe(f"{words}.{key}_note")
    table_panel(desk, key, rows, title=title, note=note, when_empty=desk.t(when_empty), whole=whole)


def reconciliation(desk: Desk) -> pl.DataFrame:
    """Return every conservation check, those that do not add up first (X2)."""
    found = _rows(desk, "marts", "fct_reconciliation", _RECONCILIATION)
    if found.height == 0:
        return found
    said = [explained(desk.t, text) for text in found["explanation"]]
    return found.with_columns(pl.Series("explanation", said, dtype=pl.String))


def removals(desk: Desk) -> pl.DataFrame:
    """Return what each traffic rule removed, those that removed most first (I10)."""
    return _rows(desk, "marts", "fct_rule_removals", _REMOVALS.format(lang=desk.t.lang))


def freshness(desk: Desk) -> pl.DataFrame:
    """Return how far each stream's data reaches, late ones first."""
    return _rows(desk, "marts", "fct_freshness", _FRESHNESS)


def batches(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return the newest landings, one row per batch and stream."""
    return _rows(desk, "workspace", "batches", _BATCHES, shown)


def landed(desk: Desk) -> pl.DataFrame:
    """Return what became of the rows read, by stream."""
    return _rows(desk, "workspace", "batches", _LANDED)


def landed_chart(desk: Desk, frame: pl.DataFrame) -> theme.Drawing | None:
    """Return a bar per stream of the rows kept aside and refused."""
    frame = frame.filter(pl.sum_horizontal(*_KINDS) > 0)
    if frame.height == 0:
        return None
    long = frame.unpivot(list(_KINDS), index="feed", variable_name="kind", value_name="rows")
    long = long.with_columns(pl.Series("line", [desk.t(f"health.{kind}") for kind in long["kind"]]))
    domain = [desk.t(f"health.{kind}") for kind in _KINDS]
    chart = (
        alt.Chart(plain(long.filter(pl.col("rows") > 0)))
        .mark_bar(size=14, cornerRadiusEnd=0)
        .encode(
            x=alt.X("rows:Q", axis=number_axis(desk, "count"), stack=True),
            y=alt.Y("feed:N", sort=frame["feed"].to_list(), axis=alt.Axis(title=None, labelLimit=240)),
            color=alt.Color("line:N", scale=alt.Scale(domain=domain, range=list(_KINDS.values()))),
            tooltip=["feed:N", alt.Tooltip("line:N", title=desk.t("chart.what")), alt.Tooltip("rows:Q", format=",")],
        )
    )
    return theme.dressed(chart.properties(height=24 * frame.height + 50))


def quarantine_reasons(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return how many rows were kept aside for which reason."""
    return _rows(desk, "workspace", "quarantine", _REASONS, shown)


def quarantine(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return the newest rows kept aside: where they came from and why."""
    return _rows(desk, "workspace", "quarantine", _QUARANTINE, shown)


def expectations(desk: Desk, shown: int | None = SHOWN) -> pl.DataFrame:
    """Return the result of each expectation on landed data, failed ones first (I11)."""
    return _rows(desk, "workspace", "expectations", _EXPECTATIONS, shown)


def snapshot(desk: Desk) -> pl.DataFrame:
    """Return what the snapshot says of itself."""
    own = desk.metrics.snapshot
    meta = dict(own.meta)
    facts = {
        "snapshot_id": str(own.id),
        "created_at": desk.t.moment(local(desk, own.created_at)),
        "cut_off": desk.t.moment(local(desk, own.cut_off)),
        "as_of": desk.t.moment(local(desk, own.as_of)),
        "last_batch": str(meta.get("last_batch", "–")),
        "code_version": str(meta.get("code_version", "–")),
        "tables": desk.t.number(len(meta.get("rows", {}))),
        "rows_total": desk.t.number(sum(int(n) for n in meta.get("rows", {}).values())),
        "checks": desk.t.listing([f"{name} {n}" for name, n in meta.get("checks", {}).items()]) or "–",
    }
    return pl.DataFrame({"fact": [desk.t(f"health.fact_{name}") for name in facts], "fact_value": list(facts.values())})
