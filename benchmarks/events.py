"""Synthetic web events in the shape of `int_web__events`, the same for the same number of events.

Per million events: 60,000 visitors, 171,000 sessions in a year, 9.8 % of the visitors buying once; one bot with 20,000
events for every two million.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

SECOND = 1_000_000
DAY = 86_400 * SECOND
YEAR = 365 * DAY
START = "2025-01-01"
BOT_EVENTS = 20_000
LONGEST_GAP = 25 * 60 * SECOND

# The first five are the short funnel's steps, in order; all twenty the long one's.
NAMES = ("page_view view_item add_to_cart begin_checkout purchase scroll user_engagement search view_item_list "
         "select_item view_cart remove_from_cart add_shipping_info add_payment_info login sign_up share view_promotion "
         "select_promotion add_to_wishlist").split()  # fmt: skip
COMMON = np.array([40, 10, 3, 1.5, 0, 15, 10, 3, 4, 2, 2, 0.5, 0.7, 0.6, 1.5, 0.4, 0.3, 2, 1.5, 2])
FUNNEL = NAMES[:5]
TRAFFIC = (
    *(("google", "organic", "search"), ("google", "cpc", "paid_search"), ("baidu", "organic", "search")),
    *(("baidu", "cpc", "paid_search"), ("wechat", "social", "social"), ("douyin", "paid_social", "paid_social")),
    *(("newsletter", "email", "email"), ("blog.example", "referral", "referral"), ("chatgpt.com", "ai", "ai")),
    (None, None, "direct"),
)

VISITOR = "cast(100000000 + visitor * 7919 % 900000000 as varchar) || '.' || (1700000000 + visitor)"
PERSON = f"case when visitor % 10 = 0 then 'p_' || md5(cast(visitor as varchar)) else 'v_' || {VISITOR} end"
_EVENTS = f"""
copy (
    select
        md5(cast(number as varchar)) as event_id,
        {VISITOR} as visitor_id,
        case when name = 4 then 'u' || visitor end as user_id,
        {PERSON} as person_id,
        timestamp '{START}' + to_microseconds("at") as event_at,
        cast(event_at + interval 8 hours as date) as event_date,
        $names[name + 1] as event_name,
        'shop.example' as page_host,
        '/' || ['home', 'tea', 'cart', 'help', 'blog'][1 + noise % 5] || '/' || noise % 40 as page_path,
        null::varchar as page_title,
        null::varchar as referrer_host,
        $sources[traffic + 1] as source,
        $mediums[traffic + 1] as medium,
        case when $mediums[traffic + 1] = 'cpc' then 'spring' end as campaign,
        null::varchar as content,
        null::varchar as term,
        null::varchar as click_id,
        ['desktop', 'mobile', 'tablet'][1 + visitor % 3] as device,
        ['China', 'Germany', 'United States'][1 + visitor % 7 % 3] as country,
        noise / 1000.0 as engaged_seconds,
        case when name = 4 then 'o' || number end as order_id,
        false as is_internal,
        'ga4' as source_name,
        is_bot = 1 as is_bot,
        session as session_number,
        number
    from raw
) to '{{path}}/events.parquet' (format parquet, compression zstd)
"""
_SESSIONS = f"""
copy (
    select
        arg_min(visitor_id, event_at) || '-' || session_number as session_id,
        any_value(visitor_id) as visitor_id,
        any_value(person_id) as person_id,
        min(event_at) as session_started_at,
        cast(session_started_at + interval 8 hours as date) as session_date,
        $channels[1 + least((session_number * 2654435761) % {2 * len(TRAFFIC)}, {len(TRAFFIC) - 1})] as channel,
        bool_or(order_id is not null) as is_converted
    from '{{path}}/events.parquet'
    group by session_number
) to '{{path}}/sessions.parquet' (format parquet, compression zstd)
"""
_ORDERS = """
copy (
    select
        order_id, person_id, event_at as ordered_at, event_date as order_date,
        cast((hash(number) % 50000 + 100) / 100 as decimal(18, 2)) as revenue_gross
    from '{path}/events.parquet'
    where order_id is not null
) to '{path}/orders.parquet' (format parquet, compression zstd)
"""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Visits:
    """Sessions: whose, from which instant (microseconds since the start), of how many events, buying or not."""

    visitor: Whole
    started: Whole
    events: Whole
    buying: npt.NDArray[np.bool_]


def make(folder: Path, events: int) -> Path:
    """Write `events.parquet`, `sessions.parquet` and `orders.parquet`, unless they are there already."""
    path = folder / f"{events}"
    if (path / "orders.parquet").exists():
        return path
    path.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([7, events])
    bots = max(1, events // 2_000_000)
    size = min(BOT_EVENTS, events // 50)
    visits = _visits(rng, events - bots * size)
    table = _in_order(_people(rng, visits), _bots(rng, visits, bots, size))
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.register("raw", table)
        _write(connection, path)
    return path


def _visits(rng: np.random.Generator, events: int) -> Visits:
    visitors, sessions = round(0.06 * events), round(0.171 * events)
    first = rng.integers(0, YEAR - DAY, visitors)
    again = (visitors * rng.random(sessions - visitors) ** 2).astype(np.int64)
    visitor = np.concatenate([np.arange(visitors), again])
    later = first[again] + (rng.exponential(30 * DAY, len(again)).astype(np.int64) + DAY // 8) % (YEAR - first[again])
    extra = (sessions * rng.random(events - sessions) ** 1.5).astype(np.int64)
    counts = rng.permutation(np.bincount(extra, minlength=sessions)) + 1
    buying = np.zeros(sessions, dtype=np.bool_)
    _, one_each = np.unique(np.where(counts >= len(FUNNEL), visitor, -1), return_index=True)
    buying[rng.choice(one_each[1:], round(0.098 * visitors), replace=False)] = True
    return Visits(visitor, np.concatenate([first, later]), counts, buying)


def _people(rng: np.random.Generator, visits: Visits) -> dict[str, npt.NDArray[np.int64]]:
    """One row per event of a session; a buying session ends with the funnel's last steps."""
    total = int(visits.events.sum())
    session = np.repeat(np.arange(len(visits.events)), visits.events)
    begins = np.concatenate([[0], np.cumsum(visits.events)[:-1]])
    position = np.arange(total) - begins[session]
    gaps = np.minimum(rng.exponential(90 * SECOND, total).astype(np.int64) + SECOND // 10, LONGEST_GAP)
    gaps[begins] = 0
    passed = np.cumsum(gaps)
    to_go = visits.events[session] - 1 - position
    name = rng.choice(len(NAMES), total, p=COMMON / COMMON.sum())
    name[position == 0] = 0
    ending = visits.buying[session] & (to_go < len(FUNNEL) - 1)
    name[ending] = len(FUNNEL) - 1 - to_go[ending]
    return {
        "visitor": visits.visitor[session],
        "session": session,
        "at": visits.started[session] + passed - passed[begins][session],
        "name": name,
        "traffic": np.where(position == 0, _source(session), len(TRAFFIC) - 1),
        "noise": rng.integers(0, 60_000, total),
    }


def _source(session: Whole) -> Whole:
    """Where a session came from: a function of its number, every other one direct."""
    mixed = (session * 2_654_435_761) % (2 * len(TRAFFIC))
    return np.asarray(np.minimum(mixed, len(TRAFFIC) - 1), dtype=np.int64)


def _bots(rng: np.random.Generator, visits: Visits, bots: int, size: int) -> dict[str, npt.NDArray[np.int64]]:
    """Machines that walk the site for forty days, an event every three minutes, and never buy."""
    bot = np.repeat(np.arange(bots), size)
    at = rng.integers(0, 40 * DAY, len(bot)) + (bot * 7 % 300) * DAY
    return {
        "visitor": visits.visitor.max() + 1 + bot,
        "session": len(visits.visitor) + bot * 400 + at // DAY,
        "at": at,
        "name": rng.choice(len(NAMES), len(bot), p=COMMON / COMMON.sum()),
        "traffic": np.full(len(bot), len(TRAFFIC) - 1),
        "noise": rng.integers(0, 60_000, len(bot)),
    }


def _in_order(people: dict[str, Whole], bots: dict[str, Whole]) -> pa.Table:
    """All events in the order of their time, as they would have arrived."""
    order = np.argsort(np.concatenate([people["at"], bots["at"]]), kind="stable")
    columns = {name: np.concatenate([people[name], bots[name]])[order] for name in people}
    columns["is_bot"] = (order >= len(people["at"])).astype(np.int64)
    columns["number"] = np.arange(len(order))
    return pa.table(columns)


def _write(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    sources, mediums, channels = ([row[at] for row in TRAFFIC] for at in range(3))
    connection.execute(_EVENTS.format(path=path), {"names": NAMES, "sources": sources, "mediums": mediums})
    connection.execute(_SESSIONS.format(path=path), {"channels": channels})
    connection.execute(_ORDERS.format(path=path))
