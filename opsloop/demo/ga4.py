"""What web analytics exports: GA4's events, one Parquet file per day in the shape of its BigQuery tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.arrow import Arrow, pa, pc, pq
from opsloop.demo.calendar import outage
from opsloop.demo.company import CHANNEL, CHANNELS, PRODUCTS, SITE
from opsloop.demo.pages import ITEM, Pages, landing_links
from opsloop.demo.people import COUNTRIES, People
from opsloop.demo.plan import DAY, OFFSET_SECONDS, Bools, Ints, Plan
from opsloop.demo.visits import ANONYMOUS, LOGGED_IN
from opsloop.demo.web import EVENT, EVENTS, Events, unroll

FORMS = ("mobile", "desktop", "tablet")
SYSTEMS = ("Android", "Windows", "iOS")
BROWSERS = ("Chrome", "Edge", "Safari")
KEYS = ("page_location page_referrer page_title engagement_time_msec ga_session_id traffic_type item_id method").split()
VALUE = pa.struct([("string_value", pa.string()), ("int_value", pa.int64()), ("double_value", pa.float64())])
PARAM = pa.struct([("key", pa.string()), ("value", VALUE)])


@dataclass(slots=True)
class Site:
    """What the export needs to know besides the sessions: people, pages, user ids by person, orders' ids and sums."""

    people: People
    pages: Pages
    user_ids: pl.Series
    order_ids: pl.Series
    order_totals: pl.Series
    order_items: pl.Series


def _texts(values: list[str], codes: Ints) -> Arrow:
    """Strings by code; an empty string and a code of −1 are null."""
    pool = pa.array([value or None for value in values] + [None], pa.string())
    return pool.take(pa.array(np.where(codes < 0, len(values), codes)))


def _struct(columns: dict[str, Arrow]) -> Arrow:
    return pa.StructArray.from_arrays(list(columns.values()), names=list(columns))


def _codes(site: Site, sessions: pl.DataFrame, events: Events) -> tuple[list[str], Ints]:
    """A pool of strings and, for each event, the positions of its text parameters (−1 without)."""
    pages, session = site.pages, events.session
    links, link = landing_links(pages, sessions["landing"].to_numpy(), sessions["tag"].to_numpy())
    own = [SITE + path for path in pages.paths]
    items = [item.product_id for item in PRODUCTS]
    pool = [*own, *links, *[channel.referrer for channel in CHANNELS], *pages.titles, *items]
    pool += ["internal", "password", "wechat"]
    starts = np.cumsum([0, len(own), len(links), len(CHANNELS), len(pages.titles), len(items)])
    landing = events.place == 0
    location = np.where(landing, starts[1] + link[session], events.page)
    outside = starts[2] + sessions["channel"].to_numpy()[session]
    referrer = np.where(landing, outside, events.before)
    bare = np.array([not channel.referrer for channel in CHANNELS])[sessions["channel"].to_numpy()[session]]
    referrer = np.where(landing & bare, -1, referrer)
    shows = (events.name == EVENT["view_item"]) | (events.name == EVENT["purchase"])
    number = np.where(
        events.name == EVENT["purchase"], sessions["product"].to_numpy()[session], events.page - pages.begins[ITEM]
    )
    item = np.where(shows, starts[4] + number, -1)
    staff = np.where(sessions["is_staff"].to_numpy()[session], starts[5], -1)
    method = np.where(
        (events.name == EVENT["login"]) | (events.name == EVENT["sign_up"]), starts[5] + 1 + session % 2, -1
    )
    none = np.full(len(session), -1)
    return pool, np.stack([location, referrer, starts[3] + events.page, none, none, staff, item, method], axis=1)


def _params(plan: Plan, site: Site, sessions: pl.DataFrame, events: Events) -> Arrow:
    """The list of parameters of each event, only those that it has, as GA4 writes them."""
    pool, codes = _codes(site, sessions, events)
    numbers = np.zeros_like(codes)
    numbers[:, 3] = events.gap
    numbers[:, 4] = sessions["start"].to_numpy()[events.session] + plan.midnight
    has = codes >= 0
    has[:, 3] = events.gap > 0
    has[:, 4] = True
    column = np.nonzero(has)[1]
    is_number = (column == 3) | (column == 4)
    whole = pa.array(numbers[has], mask=~is_number)
    value = pa.StructArray.from_arrays(
        [_texts(pool, codes[has]), whole, pa.nulls(len(column), pa.float64())], fields=list(VALUE)
    )
    pairs = pa.StructArray.from_arrays([_texts(KEYS, column), value], fields=list(PARAM))
    offsets = np.concatenate([[0], np.cumsum(has.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pairs)


def _place_and_device(people: People, sessions: pl.DataFrame, session: Ints) -> tuple[Arrow, Arrow]:
    person = np.minimum(sessions["person"].to_numpy(), len(people) - 1)
    staff = sessions["is_staff"].to_numpy()
    country = np.where(staff, 0, people.country[person])[session]
    city = np.where(staff, 0, people.city[person])[session]
    form = sessions["form"].to_numpy()[session]
    length = np.array([len(row[2]) for row in COUNTRIES])
    town = (np.cumsum(length) - length)[country] + city % length[country]
    towns = _texts([name for row in COUNTRIES for name in row[2]], town)
    languages = ["zh-cn" if row[3] == "CNY" else "de-de" if row[0] == "DE" else "en-us" for row in COUNTRIES]
    device = {
        "category": _texts(list(FORMS), form),
        "operating_system": _texts(list(SYSTEMS), form),
        "language": _texts(languages, country),
        "browser": _texts(list(BROWSERS), form),
    }
    geo = {"country": _texts([row[1] for row in COUNTRIES], country), "region": towns, "city": towns}
    return _struct(device), _struct(geo)


def _traffic(site: Site, sessions: pl.DataFrame, session: Ints, landing: Bools) -> Arrow:
    """What the landing's link carried; empty on every other event."""
    tag = np.where(landing, sessions["tag"].to_numpy()[session], -1)
    parts = [_texts([item[position] for item in site.pages.tags], tag) for position in range(4)]
    is_google = landing & (sessions["channel"].to_numpy()[session] == CHANNEL["google_ads"])
    click = (
        pl.Series(sessions["session"].to_numpy()[session]).cast(pl.String).str.zfill(12).to_arrow().cast(pa.string())
    )
    gclid = pc.if_else(
        pa.array(is_google), pc.binary_join_element_wise("CjwKCAi", click, ""), pa.scalar(None, pa.string())
    )
    names = ("manual_source", "manual_medium", "manual_campaign_name", "manual_content")
    columns = dict(zip(names, parts, strict=True))
    return _struct({**columns, "manual_term": pa.nulls(len(session), pa.string()), "gclid": gclid})


def _user_ids(site: Site, sessions: pl.DataFrame, events: Events) -> Arrow:
    """The user id from the login on, or on all events where the person was still logged in."""
    auth = sessions["auth"].to_numpy()[events.session]
    acts = (events.name == EVENT["login"]) | (events.name == EVENT["sign_up"])
    total = np.cumsum(acts)
    start = np.flatnonzero(events.place == 0)
    before = (total - acts)[start]
    passed = total - np.repeat(before, np.diff(np.append(start, len(total))))
    knows = (auth == LOGGED_IN) | ((auth != ANONYMOUS) & (passed > 0))
    person = np.minimum(sessions["person"].to_numpy(), len(site.user_ids) - 1)[events.session]
    knows &= ~sessions["is_staff"].to_numpy()[events.session]
    users = site.user_ids.gather(person).to_arrow().cast(pa.string())
    return pc.if_else(pa.array(knows), users, pa.scalar(None, pa.string()))


def _ecommerce(site: Site, sessions: pl.DataFrame, events: Events) -> Arrow:
    order = np.where(events.name == EVENT["purchase"], sessions["order"].to_numpy()[events.session], -1)
    index = pl.Series(order).replace(-1, None)
    return _struct(
        {
            "transaction_id": site.order_ids.gather(index).to_arrow().cast(pa.string()),
            "purchase_revenue": site.order_totals.gather(index).to_arrow(),
            "total_item_quantity": site.order_items.gather(index).to_arrow(),
        }
    )


def to_table(plan: Plan, site: Site, sessions: pl.DataFrame, events: Events) -> Arrow:
    """The events in the columns of the BigQuery export."""
    session = events.session
    device, geo = _place_and_device(site.people, sessions, session)
    day = (events.at // 1_000_000 + OFFSET_SECONDS) // DAY
    first = int(day.min())
    texts = [str(np.datetime64(value, "D")).replace("-", "") for value in range(first, int(day.max()) + 1)]
    return pa.table(
        {
            "event_date": _texts(texts, day - first),
            "event_timestamp": pa.array(events.at),
            "event_name": _texts(EVENTS, events.name),
            "event_params": _params(plan, site, sessions, events),
            "user_pseudo_id": sessions["visitor_id"].gather(session).to_arrow().cast(pa.string()),
            "user_id": _user_ids(site, sessions, events),
            "event_bundle_sequence_id": pa.array(sessions["session"].to_numpy()[session]),
            "batch_event_index": pa.array(events.place),
            "device": device,
            "geo": geo,
            "collected_traffic_source": _traffic(site, sessions, session, events.place == 0),
            "ecommerce": _ecommerce(site, sessions, events),
        }
    )


def write_events(plan: Plan, site: Site, sessions: pl.DataFrame, folder: Path) -> int:
    """Write a file per day, month by month, and return the number of events."""
    folder.mkdir(parents=True, exist_ok=True)
    seen = sessions.filter("is_seen")
    start = seen["start"].to_numpy()
    broken = [(second + plan.midnight) * 1_000_000 for second in outage(plan)]
    rest: Arrow = None
    total = 0
    for month, first, last in plan.months():
        low, high = np.searchsorted(start, [first * DAY, last * DAY])
        if high > low:
            part = seen.slice(int(low), int(high - low))
            rng = plan.rng(f"events {month}")
            table = to_table(plan, site, part, unroll(plan, part, site.pages, rng))
            rest = table if rest is None else pa.concat_tables([rest, table])
        if rest is None:
            continue
        lost = pc.and_(
            pc.greater_equal(rest["event_timestamp"], broken[0]), pc.less(rest["event_timestamp"], broken[1])
        )
        rest = rest.filter(pc.invert(lost)).sort_by("event_timestamp")
        at = rest["event_timestamp"].to_numpy()
        edges = [(plan.midnight + day * DAY) * 1_000_000 for day in range(first, last + 1)]
        cuts = np.searchsorted(at, edges)
        for day, low, high in zip(range(first, last), cuts[:-1], cuts[1:], strict=True):
            if high > low:
                name = f"events_{plan.date(day):%Y%m%d}.parquet"
                of_day = rest.slice(int(low), int(high - low)).combine_chunks()
                pq.write_table(of_day, folder / name, compression="snappy")
                total += len(of_day)
        rest = rest.slice(int(cuts[-1]))
    return total
