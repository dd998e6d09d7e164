"""Plausible's events through the line, against its files by plain SQL and against the vendor's own sessions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Says = Callable[..., None]
IDS = {"user_id": "ubigint", "session_id": "ubigint"}
PREPARE = """
create table events as
    select row_number() over () as n, *, timestamp::timestamp as moment
    from read_csv('{folder}/plausible_io_events*.csv', types = {ids});
create table vendor as
    select session_id, sum(sign * pageviews) as pageviews, sum(sign * events) as events,
        sum(sign * duration) as seconds, sum(sign * is_bounce) as bounces, max(entry_page) as entry_page
    from read_csv('{folder}/plausible_io_sessions*.csv', types = {ids}) group by session_id;
create table own as
    with gaps as (
        select *, moment - lag(moment) over (partition by user_id order by moment, n) as gap from events
    ), numbered as (
        select *, count(*) filter (where gap > interval 30 minutes) over visitor as number
        from gaps window visitor as (partition by user_id order by moment, n)
    )
    select user_id, number, min(moment) as starts_at, max(moment) as ends_at, count(*) as events,
        count(*) filter (where name = 'pageview') as pageviews, count(distinct session_id) as vendor_ids,
        min(session_id) as session_id, list(moment order by moment, n) as times,
        list(name order by moment, n) as names,
        max(referrer) as referrer, max(utm_source) as utm_source
    from numbered group by user_id, number;
create table pairs as
    select own.*, vendor.* exclude (session_id, pageviews, events), vendor.pageviews as vendor_pageviews
    from own join vendor using (session_id)
    where vendor_ids = 1 and session_id in (select session_id from own group by session_id having count(*) = 1);
"""


@pytest.fixture
def con(marts: duckdb.DuckDBPyConnection, shared_data: Path) -> duckdb.DuckDBPyConnection:
    """The vendor's files as tables, and sessions cut from its events by a rule of half an hour written here."""
    marts.execute(PREPARE.format(folder=shared_data / "plausible_io_500users", ids=IDS))
    marts.execute("create view ours as from work.marts.fct_sessions where session_date >= date '2024-01-01'")
    return marts


def one(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The only row that the query finds."""
    (row,) = con.sql(sql).fetchall()
    return row


def test_sessions_are_those_of_the_rule(con: duckdb.DuckDBPyConnection) -> None:
    """S1: visitor, start, end, events and views of every session, as cut by plain SQL."""
    ours = "select visitor_id, session_started_at, session_ended_at, events, pageviews from ours"
    rule = "select user_id::varchar, starts_at, ends_at, events, pageviews from own"
    assert one(con, f"select count(*) from (({ours}) except all ({rule}))") == (0,)
    assert one(con, f"select count(*) from (({rule}) except all ({ours}))") == (0,)


def test_sessions_and_the_vendors_differ_by_what_the_page_says(con: duckdb.DuckDBPyConnection, page_says: Says) -> None:
    """S1: the same views and events; the counts of sessions and seconds differ by causes that add up."""
    figures = one(con, "select count(*), sum(pageviews), sum(events), count(*) filter (where events = 1) from ours")
    vendor = one(con, "select count(*), sum(pageviews), sum(events), sum(bounces) from vendor")
    words = ("Sessions", "Page views", "Events", "Sessions of one event")
    for word, own, theirs in zip(words, figures, vendor, strict=True):
        page_says(word, int(own), int(theirs))
    seconds = one(con, "select sum(date_diff('second', session_started_at, session_ended_at)) from ours")[0]
    theirs = one(con, "select sum(seconds) from vendor")[0]
    page_says("Seconds from first to last event", int(seconds), int(theirs))

    gaps = """with gaps as (
        select moment - lag(moment) over (partition by session_id order by moment, n) as gap from events
    ) select count(*), sum(epoch(gap))::bigint, max(epoch(gap))::bigint from gaps where gap > interval 30 minutes"""
    bridged, bridged_seconds, longest = one(con, gaps)
    doubled = one(con, "select sum(vendor_ids - 1)::bigint from own")[0]
    unlisted = one(con, "select count(distinct session_id) from events anti join vendor using (session_id)")[0]
    assert vendor[0] + bridged - doubled + unlisted == figures[0]
    page_says("Gaps of more than half an hour that the vendor bridged", f"+{bridged}", f"−{bridged_seconds:,}")
    page_says("Two sessions of one visitor begun in the same second", f"−{doubled}", "0")
    page_says("A session whose event is there but not its row", f"+{unlisted}", "0")
    spans = "select session_id, max(moment) - min(moment) as span from events group by session_id"
    wrong = one(con, f"select sum(seconds - epoch(span))::bigint from vendor join ({spans}) using (session_id)")[0]
    page_says("Rows that are cancelled once and there twice, or count an event that is not there", "0", f"−{wrong:,}")
    assert theirs - bridged_seconds - wrong == seconds
    assert longest < 31 * 60


def test_entry_pages_are_the_vendors_but_for_ties_and_events_without_a_view(
    con: duckdb.DuckDBPyConnection, page_says: Says
) -> None:
    """S1: of sessions that are one to one, the landing page is the entry page unless the page says why not."""
    both = """
        select pairs.*, ours.landing_page from pairs
        join ours on ours.visitor_id = user_id::varchar and session_started_at = starts_at"""
    total, same = one(con, f"select count(*), count(*) filter (where landing_page = entry_page) from ({both})")
    causes = f"""
        select case
            when entry_page is null then 'view'
            when names[1] <> 'pageview' then 'event'
            when times[1] = times[2] then 'tie'
            when vendor_pageviews > pageviews then 'lost'
        end, count(*)
        from ({both}) where landing_page is distinct from entry_page group by all"""
    found = dict(con.sql(causes).fetchall())
    assert sum(found.values()) + same == total
    page_says("Sessions that are one to one", total)
    page_says("Landing page = entry page", same)
    page_says("Two pages in the first second, in another order", found["tie"])
    page_says("An event that is no page view came first", found["event"])
    page_says("No page view, so that the vendor names no entry page", found["view"])
    page_says("The vendor's row counts an event that is not there", found["lost"])


def test_channels_are_those_of_the_referrers(con: duckdb.DuckDBPyConnection, page_says: Says) -> None:
    """S4: no referrer and no campaign is direct; a mail app is no search engine, though its name holds one."""
    rule = r"""
        select case
            when utm_source is not null then 'organic_social'
            when referrer is null then 'direct'
            when referrer = 'android-app://com.google.android.gm' then 'email'
            when regexp_matches(referrer, '^(google|bing|duckduckgo|ecosia|yandex|baidu|search\.brave)\.')
                then 'organic_search'
            else 'referral' end as channel, count(*)
        from own group by channel order by channel"""
    ours = con.sql("select channel, count(*) from ours group by channel order by channel").fetchall()
    assert ours == con.sql(rule).fetchall()
    for channel, sessions in ours:
        page_says(channel, sessions)


def test_the_funnel_counts_who_came_each_day_and_did_it_within_a_day(
    con: duckdb.DuckDBPyConnection, page_says: Says
) -> None:
    """S5, S6: persons by the day of a page view, and those with the event within 24 hours of one of that day."""
    rule = """
        select views.moment::date as day, count(distinct views.user_id), count(distinct goals.user_id)
        from events as views
        left join events as goals on goals.name = 'Filter Menu: Open' and goals.user_id = views.user_id
            and goals.moment between views.moment and views.moment + interval 1 day
        where views.name = 'pageview' group by day order by day"""
    ours = """
        select entry_date, max(persons_entered), min(persons) from work.marts.fct_funnel_daily
        where funnel_name = 'filter' and entry_date >= date '2024-01-01' group by entry_date order by entry_date"""
    found = con.sql(ours).fetchall()
    assert found == con.sql(rule).fetchall()
    for day, entered, done in found:
        page_says(day, entered, done)


def test_retention_by_day_is_who_came_again(con: duckdb.DuckDBPyConnection, page_says: Says) -> None:
    """R1, R3: visitors by their first day, and how many of them were back on each later day, from raw events."""
    rule = """
        with days as (select distinct user_id, moment::date as day from events),
        first as (select user_id, min(day) as cohort from days group by user_id)
        select cohort, day - cohort, count(*) from days join first using (user_id) group by all order by all"""
    ours = """
        with days as (
            select distinct person_id, event_date as day from work.marts.fct_events
            where event_date >= date '2024-01-01'
        ),
        first as (select person_id, min(day) as cohort from days group by person_id)
        select cohort, day - cohort, count(*) from days join first using (person_id) group by all order by all"""
    found = con.sql(ours).fetchall()
    assert found == con.sql(rule).fetchall()
    cohorts: dict[object, list[int]] = {}
    for cohort, _, persons in found:
        cohorts.setdefault(cohort, []).append(persons)
    for cohort, persons in cohorts.items():
        page_says(cohort, *persons, *[""] * (4 - len(persons)))
    week = one(
        con,
        "select sum(cohort_persons) from work.marts.fct_retention where activity = 'session'"
        " and cohort_grain = 'week' and cohort_start = date '2024-03-25' and period_index = 0",
    )
    assert week == one(con, "select count(distinct user_id) from events")
