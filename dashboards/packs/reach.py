"""The sections on what was found, read and heard: content, social, private domain, and leads."""

from __future__ import annotations

import polars as pl

from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Section, Table
from dashboards.packs.tables import dimension_table, figures, named

CONTACTS = ("private_contacts_new", "private_contacts_lost", "first_reply_minutes")
MESSAGES = ("messages_sent", "message_click_rate", "unsubscribe_rate")
TOP_PAGES = 10
_PAGES = """
    select url_path, topic, sum(pageviews) as pageviews
    from work.marts.fct_content_daily
    where date_day between ? and ?
    group by all
    order by pageviews desc, url_path
    limit ?
"""


def content(desk: Desk) -> Section:
    """What was found and read."""
    title = desk.say("content")
    now = desk.week_of_metrics(["search_impressions", "search_clicks", "search_position"])
    pages = desk.metrics.rows(_PAGES, [desk.week.start, desk.week.end, TOP_PAGES])
    pages = pages.with_columns(named(desk, pages, "topic"), pl.col("pageviews").cast(pl.Float64))
    columns = (
        Column("url_path", desk.say("page_path")),
        Column("topic", desk.say("topic")),
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
    if not any(now.values()):
        return Section("social", title, "", (), desk.say("social_missing"))
    names = ["social_reach", "social_engagement_rate", "mentions", "negative_mention_rate"]
    table = dimension_table(desk, "social", desk.say("by_platform"), "platform", names, "social_reach")
    answer = desk.say(
        "social_answer",
        reach=desk.show(now.get("social_reach"), "count"),
        mentions=desk.show(now.get("mentions"), "count"),
        negative=desk.show(now.get("negative_mention_rate"), "rate"),
    )
    return Section("social", title, answer, (table,))


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
    return Section("private", title, answer, (figures(desk, "private", names),))


def leads(desk: Desk) -> Section:
    """Leads and deals by origin."""
    title = desk.say("leads")
    now = desk.week_of_metrics(["leads", "deals_won"])
    if not any(now.values()):
        return Section("leads", title, "", (), desk.say("leads_missing"))
    names = ["leads", "deals_won", "deal_value", "lead_win_rate"]
    table = dimension_table(desk, "by_origin", desk.say("by_origin"), "origin", names, "leads")
    answer = desk.say(
        "leads_answer", leads=desk.show(now.get("leads"), "count"), won=desk.show(now.get("deals_won"), "count")
    )
    return Section("leads", title, answer, (table,))
