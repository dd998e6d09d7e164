"""The later sections: content, social, private domain, leads, customers, restated numbers and data health."""

from __future__ import annotations

import polars as pl

from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Section, Table
from dashboards.packs.sections import _dimension_table

CONTACTS = ("private_contacts_new", "private_contacts_lost", "first_reply_minutes")
MESSAGES = ("messages_sent", "message_click_rate", "unsubscribe_rate")
LIST_LENGTH = 20
TOP_PAGES = 10


def content(desk: Desk) -> Section:
    """What was found and read."""
    title = desk.say("content")
    now = desk.week_of_metrics(["search_impressions", "search_clicks", "search_position"])
    pages = desk.metrics.rows(
        """
        select url_path, topic, sum(pageviews) as pageviews
        from work.marts.fct_content_daily
        where date_day between ? and ?
        group by all
        order by pageviews desc, url_path
        limit ?
        """,
        [desk.week.start, desk.week.end, TOP_PAGES],
    )
    columns = (
        Column("url_path", desk.say("page_path")),
        Column("topic", "Topic" if desk.lang == "en" else "主题"),
        Column("pageviews", desk.say("pageviews"), "count"),
    )
    table = Table("top_content", desk.say("top_content"), columns, pages)
    if not now.get("search_impressions"):
        return Section("content", title, "", (table,), desk.say("search_missing"))
    answer = desk.say(
        "content_answer",
        clicks=desk.show(now["search_clicks"], "count"),
        impressions=desk.show(now["search_impressions"], "count"),
        position=desk.show(now["search_position"], "position"),
    )
    return Section("content", title, answer, (table,))


def social(desk: Desk) -> Section:
    """How far posts reached, and what was said of the brand."""
    title = desk.say("social")
    now = desk.week_of_metrics(["mentions", "negative_mention_rate", "social_reach"])
    names = ["social_reach", "social_engagement_rate", "mentions", "negative_mention_rate"]
    table = _dimension_table(desk, "platform", names, "by_platform", bar="social_reach")
    if not any(now.values()):
        return Section("social", title, "", (), desk.say("social_missing"))
    answer = desk.say(
        "social_answer",
        mentions=desk.show(now.get("mentions"), "count"),
        negative=desk.show(now.get("negative_mention_rate"), "rate"),
    )
    return Section(
        "social", title, answer, (Table("social", table.title, table.columns, table.frame, table.note, table.chart),)
    )


def private(desk: Desk) -> Section:
    """Private contacts and messages."""
    title = desk.say("private")
    names = [*CONTACTS, *MESSAGES]
    now = desk.week_of_metrics(names)
    if not any(now.values()):
        return Section("private", title, "", (), desk.say("private_missing"))
    answer = desk.say(
        "private_answer",
        new=desk.show(now.get("private_contacts_new"), "count"),
        lost=desk.show(now.get("private_contacts_lost"), "count"),
        messages=desk.show(now.get("messages_sent"), "count"),
    )
    return Section("private", title, answer, (_figures(desk, "private", names),))


def leads(desk: Desk) -> Section:
    """Leads and deals by origin."""
    title = desk.say("leads")
    now = desk.week_of_metrics(["leads", "deals_won"])
    table = _dimension_table(
        desk, "origin", ["leads", "deals_won", "deal_value", "lead_win_rate"], "by_origin", bar="leads"
    )
    if not any(now.values()):
        return Section("leads", title, "", (), desk.say("leads_missing"))
    answer = desk.say(
        "leads_answer", leads=desk.show(now.get("leads"), "count"), won=desk.show(now.get("deals_won"), "count")
    )
    return Section("leads", title, answer, (table,))


def _figures(desk: Desk, name: str, names: list[str]) -> Table:
    """A few metrics, this week and last, one row each."""
    now, before = desk.week_of_metrics(names), desk.week_of_metrics(names, desk.week.earlier(1, desk.workspace))
    rows = [
        {"label": desk.label(n), "this_week": now[n], "last_week": before[n], BY_ROW: desk.catalogue[n].unit}
        for n in now
    ]
    schema = {"label": pl.String, "this_week": pl.Float64, "last_week": pl.Float64, BY_ROW: pl.String}
    columns = (
        Column("label", desk.say("metric")),
        Column("this_week", desk.say("this_week"), BY_ROW),
        Column("last_week", desk.say("last_week"), BY_ROW),
    )
    return Table(name, desk.say("figures"), columns, pl.DataFrame(rows, schema=schema))


def customers(desk: Desk) -> Section:
    """Who is likely to leave, and what they are worth."""
    title = desk.say("customers")
    frame = desk.metrics.rows(
        f"""
        select left(person_id, 6) || '…' || right(person_id, 4) as person, churn_probability, ltv_expected,
            last_order_date, churn_reason_{desk.lang} as reason
        from (
            select customers.*, scores.churn_reason_1 as churn_reason_en, scores.churn_reason_1 as churn_reason_zh
            from work.marts.dim_customers as customers
            inner join work.marts.fct_customer_scores as scores
                on customers.person_id = scores.person_id and scores.is_current
        )
        where churn_band = 'high'
        order by churn_probability * ltv_expected desc, person_id
        limit ?
        """,
        [LIST_LENGTH],
    )
    risk = desk.metrics.rows("select count(*) as n from work.marts.dim_customers where churn_band = 'high'")["n"][0]
    scored = desk.metrics.rows("select count(churn_band) as n from work.marts.dim_customers")["n"][0]
    if not scored:
        return Section("customers", title, desk.say("customers_unscored", why=desk.say("no_scores")))
    columns = (
        Column("person", desk.say("person")),
        Column("churn_probability", desk.say("probability"), "rate"),
        Column("ltv_expected", desk.say("ltv"), "money"),
        Column("last_order_date", desk.say("last_order"), "date"),
        Column("reason", desk.say("reason")),
    )
    table = Table("churn_list", desk.say("churn_list"), columns, frame, desk.say("churn_note"))
    return Section("customers", title, desk.say("customers_answer", risk=desk.show(risk, "count")), (table,))


def health(desk: Desk) -> Section:
    """Whether the numbers can be trusted: reconciliation, quarantine, lateness."""
    checks = desk.metrics.rows(
        """
        select check_name, count(*) as checks, sum(expected) as expected, sum(actual) as actual,
            sum(residual) as residual
        from work.marts.fct_reconciliation group by all order by check_name
        """
    )
    aside = desk.metrics.rows(
        """
        select source || '/' || stream as stream, reason, count(*) as rows
        from work.workspace.quarantine group by all order by rows desc, stream, reason
        """
    )
    late = desk.metrics.rows("select count(*) as n from work.marts.fct_freshness where is_late")["n"][0]
    counted = desk.metrics.rows(
        "select count(*) filter (where is_balanced) as b, count(*) as n from work.marts.fct_reconciliation"
    )
    answer = desk.say(
        "health_answer",
        balanced=counted["b"][0],
        checks=counted["n"][0],
        quarantined=desk.show(int(aside["rows"].sum()), "count"),
        late=late,
    )
    columns = (
        Column("check_name", desk.say("check")),
        Column("checks", desk.say("checks"), "count"),
        Column("expected", desk.say("expected"), "count"),
        Column("actual", desk.say("actual"), "count"),
        Column("residual", desk.say("residual"), "count"),
    )
    rows = (
        Column("stream", desk.say("stream")),
        Column("reason", desk.say("why")),
        Column("rows", desk.say("rows"), "count"),
    )
    tables = (
        Table("reconciliation", desk.say("health_reconciliation"), columns, checks),
        Table("quarantine", desk.say("health_quarantine"), rows, aside),
    )
    return Section("health", desk.say("health"), answer, tables, desk.say("not_yet"))
