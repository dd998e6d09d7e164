"""Other products' shapes of the same questions, written anew as SQL for the product's own engine."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task

STEPS = ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase")
WINDOW = "interval 7 days"


def funnel_of_nested_windows(task: Task) -> dict[str, Any]:
    """PostHog's shape: at each event the earliest later event of each step, one nested query per pair of steps."""
    marks = ", ".join(f"case when event_name = '{step}' then event_at end as at_{n}" for n, step in enumerate(STEPS))
    source = f"select person_id, event_at, {marks} from events where event_name in {STEPS}"
    for first in range(1, len(STEPS)):
        later = range(first, len(STEPS))
        soonest = ", ".join(f"min(at_{n}) over soonest as at_{n}" for n in later)
        before = ", ".join(f"at_{n}" for n in range(first))
        window = (
            "window soonest as (partition by person_id order by event_at desc "
            "range between unbounded preceding and current row)"
        )
        source = f"select person_id, event_at, {before}, {soonest} from ({source}) {window}"
        in_order = ", ".join(f"case when at_{n} >= at_{n - 1} then at_{n} end as at_{n}" for n in later if n > 1)
        if in_order:
            kept = ", ".join(f"at_{n}" for n in range(max(first, 2)))
            source = f"select person_id, event_at, {kept}, {in_order} from ({source})"
    return _levels(task, source)


def funnel_by_self_joins(task: Task) -> dict[str, Any]:
    """Each step joined to all later events of the next: as found in many tutorials, quadratic in a person's events."""
    joins = " ".join(
        f"left join (select person_id, event_at from events where event_name = '{step}') as s{n} "
        f"on s{n}.person_id = s0.person_id and s{n}.event_at >= s{n - 1}.event_at "
        f"and s{n}.event_at <= s0.event_at + {WINDOW}"
        for n, step in enumerate(STEPS[1:], start=1)
    )
    counts = ", ".join(f"count(distinct case when s{n}.event_at is not null then s0.person_id end)" for n in range(5))
    start = f"(select person_id, event_at from events where event_name = '{STEPS[0]}') as s0"
    row = _fetched(task, f"select {counts} from {start} {joins}")[0]
    return {f"step {n}": int(count) for n, count in enumerate(row, start=1)}


def retention_by_distinct(task: Task) -> dict[str, Any]:
    """Weeks counted as distinct persons over the raw events, joined to their first week."""
    week = "(event_date - date '1970-01-05') // 7"
    rows = _fetched(
        task,
        f"""
        with firsts as (select person_id, min({week}) as first from events group by person_id)
        select {week} - first as week, count(distinct events.person_id)
        from events inner join firsts on events.person_id = firsts.person_id
        where {week} - first between 0 and 12 group by 1 order by 1
        """,
    )
    return {f"week {index}": int(persons) for index, persons in rows}


def rules_by_string_paths(task: Task) -> dict[str, Any]:
    """Snowplow's shape: each conversion's touches as one text of channels, split again for every model."""
    rows = _fetched(
        task,
        """
        with paths as (
            select order_id, any_value(revenue_gross) as revenue,
                string_agg(channel, ' > ' order by session_started_at, session_id) as path,
                string_agg(cast(epoch(ordered_at - session_started_at) / 86400 as varchar), ' > '
                    order by session_started_at, session_id) as days
            from orders_mart inner join sessions_mart using (person_id)
            where session_started_at between ordered_at - interval 30 days and ordered_at
            group by order_id
        ),
        split as (
            select revenue, unnest(string_split(path, ' > ')) as channel, len(string_split(path, ' > ')) as touches,
                pow(0.5, cast(unnest(string_split(days, ' > ')) as double) / 7) as decay,
                list_sum(list_transform(string_split(days, ' > '), lambda day: pow(0.5, cast(day as double) / 7)))
                    as decays,
                generate_subscripts(string_split(path, ' > '), 1) as place
            from paths
        )
        select channel,
            sum(case when place = 1 then revenue end), sum(case when place = touches then revenue end),
            sum(revenue / touches),
            sum(revenue * case when touches = 1 then 1 when touches = 2 then .5
                when place in (1, touches) then .4 else .2 / (touches - 2) end),
            sum(revenue * decay / decays)
        from split group by channel
        """,
    )
    row = next(row for row in rows if row[0] == "search")
    names = ("first", "last", "linear", "position", "decay")
    return {f"{name} search": round(float(value), 2) for name, value in zip(names, row[1:], strict=True)}


def _levels(task: Task, source: str) -> dict[str, Any]:
    """Persons who reached each step: the steps' instants in order and within the window of the first."""
    conditions = [
        " and ".join(
            [f"at_{step} is not null", *(f"at_{n} <= at_{n + 1}" for n in range(step)), f"at_{step} <= at_0 + {WINDOW}"]
        )
        for step in range(len(STEPS))
    ]
    counts = ", ".join(f"count(distinct case when {one} then person_id end)" for one in conditions)
    row = _fetched(task, f"select {counts} from ({source})")[0]
    return {f"step {n}": int(count) for n, count in enumerate(row, start=1)}


def _fetched(task: Task, query: str) -> list[tuple[Any, ...]]:
    connection = task.connect()
    with task.measured():
        return connection.execute(query).fetchall()
