"""The same questions in pandas, as commonly written."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task

GAP, CUT = 30 * 60, 24 * 3600


def sessions(task: Task) -> dict[str, Any]:
    """Sort, difference by visitor, cumulative count of gaps, then an aggregate by session."""
    import pandas as pd

    columns = ["visitor_id", "event_at", "event_name", "page_path", "source"]
    with task.measured():
        events = pd.read_parquet(task.data / "events.parquet", columns=columns)
        events = events.sort_values(["visitor_id", "event_at"], ignore_index=True)
        gap = events.groupby("visitor_id", sort=False)["event_at"].diff()
        events["run"] = (gap.isna() | (gap > pd.Timedelta(seconds=GAP))).cumsum()
        since = events["event_at"] - events.groupby("run", sort=False)["event_at"].transform("first")
        events["cut"] = ((since.astype("int64") - 1).clip(lower=0)) // (CUT * _per_second(since))
        events["is_view"] = events["event_name"] == "page_view"
        found = events.groupby(["run", "cut"], sort=False).agg(
            visitor_id=("visitor_id", "first"), started=("event_at", "first"), ended=("event_at", "last"),
            events=("event_at", "size"), pageviews=("is_view", "sum"), landing_page=("page_path", "first"),
            source=("source", "first"),
        )  # fmt: skip
    micros = int(((found["ended"] - found["started"]).dt.total_seconds() * 1e6).round().sum())
    return {
        "sessions": len(found),
        "events": int(found["events"].sum()),
        "pageviews": int(found["pageviews"].sum()),
        "micros": micros,
    }


def rules(task: Task) -> dict[str, Any]:
    """Five rule models: a loop over conversions, looking up each person's sessions of the 30 days before."""
    import pandas as pd

    with task.measured():
        sessions = pd.read_parquet(task.data / "sessions.parquet").sort_values("session_started_at")
        orders = pd.read_parquet(task.data / "orders.parquet")
        of_person = dict(list(sessions[sessions.person_id.isin(orders.person_id)].groupby("person_id")))
        totals: dict[str, dict[str, float]] = {name: {} for name in ("first", "last", "linear", "position", "decay")}
        for order in orders.itertuples(index=False):
            mine = of_person[order.person_id]
            earliest = order.ordered_at - pd.Timedelta(days=30)
            before = mine[(mine.session_started_at <= order.ordered_at) & (mine.session_started_at >= earliest)]
            days = (order.ordered_at - before.session_started_at).dt.total_seconds().to_numpy() / 86400
            for name, weights in _weights(len(before), days).items():
                for channel, weight in zip(before.channel, weights, strict=True):
                    totals[name][channel] = totals[name].get(channel, 0.0) + weight * float(order.revenue_gross)
    return {f"{name} search": round(channels["search"], 2) for name, channels in totals.items()}


def _per_second(series: Any) -> int:
    return {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[series.dt.unit]


def _weights(n: int, days: Any) -> dict[str, Any]:
    """Each touch's share under the five models; nothing for no touch."""
    import numpy as np

    if n == 0:
        return {}
    place = np.arange(n)
    position = np.full(n, 0.2 / max(n - 2, 1))
    position[[0, -1]] = 0.4 if n > 2 else 0.5
    decay = 0.5 ** (days / 7.0)
    return {
        "first": place == 0, "last": place == n - 1, "linear": np.full(n, 1 / n),
        "position": position if n > 1 else np.ones(1), "decay": decay / decay.sum(),
    }  # fmt: skip
