"""The last sections: customers, data health, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboards.components.explanations import explained
from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Section, Table
from dashboards.packs.tables import named

LIST_LENGTH, LIST_READ = 20, 10
STREAMS_NAMED = 3
_AT_RISK = """
    select left(scores.person_id, 6) || '…' || right(scores.person_id, 4) as person,
        scores.churn_probability, cast(scores.ltv_expected as double) as ltv_expected, customers.last_order_date,
        coalesce(reasons.label_{lang}, scores.churn_reason_1) as reason
    from work.marts.fct_customer_scores as scores
    inner join work.marts.dim_customers as customers on scores.person_id = customers.person_id
    left join work.marts.dim_churn_reasons as reasons on scores.churn_reason_1 = reasons.reason
    where scores.is_current and scores.churn_band = 'high'
    order by scores.churn_probability * scores.ltv_expected desc, scores.person_id
    limit ?
"""
_SCORED = """
    select max(scored_on) as scored_on, count(churn_band) as scored,
        count(*) filter (where churn_band = 'high') as risk
    from work.marts.fct_customer_scores where is_current
"""
_CHECKS = """
    select check_name, count(*) as checks, count(*) filter (where is_balanced) as balanced,
        cast(max(abs(residual)) as double) as residual
    from work.marts.fct_reconciliation
    group by check_name order by count(*) filter (where not is_balanced) desc, check_name
"""
_CHECKED = """
    select check_name, source_name, stream, cast(expected as double) as expected, cast(actual as double) as actual,
        cast(residual as double) as residual, is_balanced, explanation
    from work.marts.fct_reconciliation order by all
"""
_ASIDE = """
    select reason, source || '/' || stream as stream, column_name, count(*) as rows
    from work.workspace.quarantine group by all order by reason, stream, column_name
"""


def customers(desk: Desk) -> Section:
    """Who is likely to leave, and what they are worth."""
    title = desk.say("customers")
    now = desk.metrics.rows(_SCORED).row(0, named=True)
    if not now["scored"]:
        refusals = desk.metrics.snapshot.score_refusals(desk.lang)
        return Section("customers", title, "", (), " ".join([desk.say("customers_unscored"), *refusals]))
    frame = desk.metrics.rows(_AT_RISK.format(lang=desk.lang), [LIST_LENGTH])
    columns = (
        Column("person", desk.say("person")),
        Column("churn_probability", desk.say("probability"), "rate"),
        Column("ltv_expected", desk.say("ltv"), "money"),
        Column("last_order_date", desk.say("last_order"), "date"),
        Column("reason", desk.say("reason")),
    )
    note = desk.say("churn_note", shown=frame.height, risk=desk.show(now["risk"], "count"))
    table = Table("churn_list", desk.say("churn_list"), columns, frame, note, most=LIST_READ)
    answer = desk.say(
        "customers_answer",
        risk=desk.show(now["risk"], "count"),
        scored=desk.show(now["scored"], "count"),
        day=desk.day(now["scored_on"]),
    )
    return Section("customers", title, answer, (table,))


def not_recorded(desk: Desk) -> Section:
    """What a review asks for and nothing here records, said plainly."""
    return Section("not_recorded", desk.say("not_recorded"), "", (), desk.say("not_recorded_said"))


def health(desk: Desk) -> Section:
    """Whether the numbers can be trusted: reconciliation, quarantine, lateness."""
    checks, aside = desk.metrics.rows(_CHECKS), desk.metrics.rows(_ASIDE)
    late = desk.metrics.rows("select count(*) as n from work.marts.fct_freshness where is_late")["n"][0]
    answer = desk.say(
        "health_answer",
        balanced=int(checks["balanced"].sum()),
        checks=int(checks["checks"].sum()),
        quarantined=desk.show(int(aside["rows"].sum()), "count"),
        late=late,
    )
    tables = (*_balance(desk, checks), *_lines(desk), *_quarantine(desk, aside))
    return Section("health", desk.say("health"), answer, tables)


def _balance(desk: Desk, checks: pl.DataFrame) -> tuple[Table, ...]:
    """Checks that do not add up for the reader, all of them for the files."""
    columns = (
        Column("check_name", desk.say("check")),
        Column("checks", desk.say("checks"), "count"),
        Column("balanced", desk.say("balanced"), "count"),
        Column("residual", desk.say("residual"), "count"),
    )
    frame = checks.with_columns(named(desk, checks, "check_name"))
    title = desk.say("health_reconciliation")
    open_ = frame.filter(pl.col("balanced") < pl.col("checks"))
    return (
        Table("reconciliation_open", title, columns, open_, show="read"),
        Table("reconciliation", title, columns, frame, show="file"),
    )


def _lines(desk: Desk) -> tuple[Table, ...]:
    """Every line of the reconciliation, for the files."""
    frame = desk.metrics.rows(_CHECKED)
    columns = (
        Column("check_name", desk.say("check")),
        Column("source_name", desk.say("source")),
        Column("stream", desk.say("stream")),
        Column("expected", desk.say("expected"), "ratio"),
        Column("actual", desk.say("actual"), "ratio"),
        Column("residual", desk.say("difference"), "ratio"),
        Column("explanation", desk.say("explanation")),
    )
    said = [explained(desk.translator, text) for text in frame["explanation"]]
    shown = frame.with_columns(named(desk, frame, "check_name"), pl.Series("explanation", said, dtype=pl.String))
    return (Table("reconciliation_lines", desk.say("reconciliation_lines"), columns, shown, show="file"),)


def _quarantine(desk: Desk, aside: pl.DataFrame) -> tuple[Table, ...]:
    """Rows kept aside by reason for the reader, by stream and column for the files."""
    lines = aside.with_columns(named(desk, aside, "reason"), pl.col("rows").cast(pl.Float64))
    grouped = lines.group_by("reason", maintain_order=True).agg(pl.col("rows").sum(), pl.col("stream").n_unique())
    grouped = grouped.rename({"stream": "streams"}).sort("rows", "reason", descending=[True, False])
    grouped = grouped.with_columns(pl.Series("most", [_most(lines, reason) for reason in grouped["reason"]]))
    reason, rows = Column("reason", desk.say("why")), Column("rows", desk.say("rows"), "count")
    stream, column = Column("stream", desk.say("stream")), Column("column_name", desk.say("column"))
    streams, most = Column("streams", desk.say("streams"), "count"), Column("most", desk.say("most"))
    return (
        Table("quarantine", desk.say("health_quarantine"), (reason, rows, streams, most), grouped),
        Table("quarantine_lines", desk.say("quarantine_lines"), (reason, stream, column, rows), lines, show="file"),
    )


def _most(lines: pl.DataFrame, reason: str) -> str:
    """The streams with the most rows of a reason, each with its rows."""
    found = lines.filter(pl.col("reason") == reason).group_by("stream").agg(pl.col("rows").sum())
    first = found.sort("rows", "stream", descending=[True, False]).head(STREAMS_NAMED)
    return ", ".join(f"{stream} ({rows:.0f})" for stream, rows in first.iter_rows())


def definitions(desk: Desk, headlines: Sequence[str]) -> Section:
    """What each number means: the headline metrics to read, the whole catalogue in the files."""
    rows = [
        {
            "metric": name,
            "label": metric.label(desk.lang),
            "description": metric.description(desk.lang),
            "formula": metric.formula,
            "unit": desk.value("unit", metric.unit),
            "owner": desk.value("owner", metric.owner),
            "version": metric.version,
        }
        for name, metric in sorted(desk.catalogue.items())
    ]
    frame = pl.DataFrame(rows)
    keys = ("label", "description", "formula", "unit", "owner", "version")
    headings = {"label": "metric"}
    every = tuple(Column(key, desk.say(headings.get(key, key))) for key in keys)
    order = {name: at for at, name in enumerate(headlines)}
    main = frame.filter(pl.col("metric").is_in(list(order))).sort(pl.col("metric").replace_strict(order, default=0))
    title = desk.say("definitions")
    read = Table("definitions_read", desk.say("definitions_table"), (every[0], every[1], every[4]), main, show="read")
    return Section(
        "definitions",
        title,
        desk.say("definitions_answer"),
        (read, Table("definitions", title, every, frame, show="file")),
    )
