"""Sessions against a walk through each visitor's events."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import session_oracle
import session_sql
from hypothesis import given, settings
from hypothesis import strategies as st
from session_sql import at

START = at("2026-03-08 05:00:00")
# Around the timeout, around the longest session, and far from both.
GAPS = st.sampled_from(
    [
        *(dt.timedelta(), dt.timedelta(microseconds=1), dt.timedelta(minutes=29), dt.timedelta(minutes=30)),
        *(dt.timedelta(minutes=30, microseconds=1), dt.timedelta(minutes=60), dt.timedelta(hours=5)),
    ]
)
BAIDU = {"source": "baidu", "medium": "cpc"}
ORIGINS = st.sampled_from(
    [
        *({}, {}, {**BAIDU, "campaign": "a"}, {**BAIDU, "campaign": "b"}),
        *({"medium": "email"}, {"referrer_host": "weibo.com"}, {"referrer_host": "shop.example"}),
    ]
)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of two visitors, in any order."""
    events: list[dict[str, Any]] = []
    for visitor in ("ann", "bob"):
        moment = START
        for _ in range(draw(st.integers(0, 12))):
            moment += draw(GAPS)
            events.append(
                {
                    "event_id": f"{draw(st.integers(0, 999)):03}-{len(events)}",
                    "visitor_id": visitor,
                    "event_at": moment,
                    "event_name": draw(st.sampled_from(["page_view", "scroll", "purchase"])),
                    "page_host": "shop.example",
                    "page_path": draw(st.sampled_from([None, "/a", "/b"])),
                    "engaged_seconds": 1.5,
                    **draw(ORIGINS),
                }
            )
    return draw(st.permutations(events))


@settings(max_examples=60, deadline=None)
@given(events=histories(), max_hours=st.sampled_from([1, 24]), split=st.booleans())
def test_sessions_are_those_of_a_walk_through_each_visitors_events(
    events: list[dict[str, Any]], max_hours: int, split: bool
) -> None:
    """S1: the timeout, the longest session, the change of campaign; what a session sums and where it came from."""
    expected = session_oracle.sessions(events, max_hours=max_hours, split=split, zone="Asia/Shanghai")
    found = session_sql.sessions(events, session_max_hours=max_hours, session_split_on_campaign=split)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected if expected else found == []
    assert len({row["session_id"] for row in found}) == len(found)


def _event(number: int, moment: dt.datetime, **more: Any) -> dict[str, Any]:
    return {
        **{"event_id": f"e{number:03}", "visitor_id": "v", "event_at": moment, "event_name": "page_view"},
        **more,
    }


def test_a_gap_of_exactly_the_timeout_keeps_the_session() -> None:
    """S1: 30 minutes without an event end it, not a microsecond less."""
    minutes = [0, 30, 60]
    events = [_event(n, START + dt.timedelta(minutes=m)) for n, m in enumerate(minutes)]
    late = _event(9, START + dt.timedelta(minutes=90, microseconds=1))
    assert [row["events"] for row in session_sql.sessions([*events, late])] == [3, 1]


def test_a_visit_that_never_pauses_is_cut_every_24_hours_from_its_first_event() -> None:
    """S1: 24 hours at most, the first of them whole."""
    events = [_event(n, START + dt.timedelta(minutes=20 * n)) for n in range(200)]
    found = session_sql.sessions(events)
    assert [row["events"] for row in found] == [73, 72, 55]
    assert max(row["session_ended_at"] - row["session_started_at"] for row in found) == dt.timedelta(hours=24)


def test_another_campaign_starts_a_session_only_where_that_is_configured() -> None:
    """S1: the run's first campaign names it, the same again and a page without one split nothing."""
    named = [None, "a", None, "a", "b", None, "a"]
    events = [
        _event(n, START + dt.timedelta(minutes=n), **({"source": "baidu", "campaign": name} if name else {}))
        for n, name in enumerate(named)
    ]
    assert [row["events"] for row in session_sql.sessions(events)] == [7]
    split = session_sql.sessions(events, session_split_on_campaign=True)
    assert [(row["campaign"], row["events"]) for row in split] == [("a", 4), ("b", 2), ("a", 1)]


def test_a_session_across_midnight_counts_once_on_the_day_it_began() -> None:
    """S1: in the reporting zone, whatever UTC says."""
    found = session_sql.sessions([_event(1, at("2026-03-01 15:50:00")), _event(2, at("2026-03-01 16:10:00"))])
    assert [(row["session_date"], row["events"]) for row in found] == [(dt.date(2026, 3, 1), 2)]


def test_a_late_event_reopens_its_whole_session_in_any_order_of_arrival() -> None:
    """S2: two sessions become one, with the landing page, the origin and the sums of the whole."""
    early = [
        _event(1, START, page_path="/a"),
        _event(2, START + dt.timedelta(minutes=50), page_path="/b", source="weibo", medium="social"),
        _event(3, START + dt.timedelta(minutes=55), event_name="purchase", page_path="/c"),
    ]
    late = _event(4, START + dt.timedelta(minutes=25), page_path="/d", source="baidu", medium="organic")
    before = session_sql.sessions(early)
    assert [(row["landing_page"], row["source"], row["events"]) for row in before] == [
        ("/a", "(direct)", 1),
        ("/b", "weibo", 2),
    ]
    after = session_sql.sessions([*early, late])
    assert [(row["landing_page"], row["source"], row["events"], row["conversions"]) for row in after] == [
        ("/a", "baidu", 4, 1)
    ]
    assert after[0]["session_id"] == before[0]["session_id"]
    shuffled = [*early, late]
    random.Random(7).shuffle(shuffled)
    assert session_sql.sessions(shuffled) == after


def test_days_of_23_and_of_25_hours_lose_no_event_and_count_none_twice() -> None:
    """X3: each quarter of an hour over both changes of New York's clocks, a visitor each."""
    for day, hours in ((dt.date(2026, 3, 8), 23), (dt.date(2026, 11, 1), 25)):
        first = dt.datetime.combine(day, dt.time()) - dt.timedelta(hours=12)
        events = [_event(n, first + dt.timedelta(minutes=15 * n), visitor_id=f"v{n:03}") for n in range(4 * 60)]
        found = session_sql.sessions(events, time_zone="America/New_York")
        assert sum(row["events"] for row in found) == len(events)
        assert sum(row["session_date"] == day for row in found) == 4 * hours
        assert [row["session_date"] for row in found] == [
            row["session_date"] for row in session_oracle.sessions(events, zone="America/New_York")
        ]


def test_a_clock_that_jumps_back_or_into_another_century_changes_only_its_own_session() -> None:
    """S1: each visitor's events stand in order of their own times."""
    normal = [_event(n, START + dt.timedelta(minutes=n)) for n in range(3)]
    jumps = [_event(7, at("1970-01-01 00:00:00")), _event(8, START - dt.timedelta(days=400))]
    assert session_sql.sessions([*normal, *jumps])[2:] == session_sql.sessions(normal)


def test_engaged_is_two_views_or_ten_seconds_or_a_conversion() -> None:
    """S3: every combination around its bounds."""
    cases = [(v, s, c) for v in (0, 1, 2, 3) for s in (0.0, 9.999, 10.0) for c in (0, 1)]
    types = {
        **dict.fromkeys(("session_id", "visitor_id", "person_id", "landing_page", "source", "medium"), "varchar"),
        **dict.fromkeys(("campaign", "channel", "channel_class", "device", "country"), "varchar"),
        **dict.fromkeys(("session_started_at", "session_ended_at"), "timestamp"),
        **{"session_date": "date", "pageviews": "bigint", "events": "bigint", "conversions": "bigint"},
        "engaged_seconds": "double",
    }
    rows = [
        {"session_id": f"{n:02}", "pageviews": v, "engaged_seconds": s, "conversions": c, "session_date": "2026-03-01"}
        for n, (v, s, c) in enumerate(cases)
    ]
    select = session_sql.render("fct_sessions")
    with session_sql.connect() as connection:
        session_sql.table(connection, "int_sessions__resolved", types, rows)
        found = connection.sql(f"select is_engaged from ({select}) order by session_id").fetchall()
    assert [engaged for (engaged,) in found] == [v >= 2 or s >= 10 or c > 0 for v, s, c in cases]


def test_campaigns_of_one_instant_follow_each_other_by_source_medium_and_campaign() -> None:
    """S1: so the last of the two is baidu's, and baidu's next event changes nothing."""
    moment = dt.datetime(2026, 3, 8, 5)
    event = {"visitor_id": "ann", "event_name": "page_view", "page_host": "shop.example", "engaged_seconds": 1.5}
    baidu = {"source": "baidu", "medium": "cpc", "campaign": "a"}
    events = [
        event | baidu | {"event_id": "1", "event_at": moment},
        event | {"medium": "email", "event_id": "2", "event_at": moment},
        event | baidu | {"event_id": "3", "event_at": moment + dt.timedelta(minutes=1)},
    ]
    found = session_sql.sessions(events, session_max_hours=24, session_split_on_campaign=True)
    assert [row["events"] for row in found] == [3]
