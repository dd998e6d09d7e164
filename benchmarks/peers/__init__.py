"""What others do with the same files, side by side with the product; results are compared before times are."""

from __future__ import annotations

from benchmarks import middle
from benchmarks.figures import Against, Work
from benchmarks.fresh import PEERS

SMALL = 1_000_000
NO_CUT = "it has no longest session"
WHOLE_CENTS = "the product gives each order away in whole cents"
SIMULATED = "it simulates journeys"
WINDOW_FUNNEL = "funnel of 5 steps: chdb windowFunnel"


def _peer(name: str, call: str, floor: str, same: str, because: str = "", most_events: int | None = None) -> Work:
    return Work(name, f"peers.{call}", floor, agrees_with=same, because=because, python=PEERS, most_events=most_events)


WORKS = (
    _peer("sessions: chdb", "clickhouse:sessions", middle.SORT, middle.SESSIONS),
    _peer("sessions: pandas", "frames:sessions", middle.SORT, middle.SESSIONS),
    _peer("sessions: retentioneering", "retentioneering_sessions:sessions", middle.SORT, middle.SESSIONS, NO_CUT),
    _peer(WINDOW_FUNNEL, "clickhouse:funnel", middle.HASH, middle.FIVE),
    _peer("funnel of 5 steps: PostHog's nested windows", "shapes:funnel_of_nested_windows", middle.HASH, middle.FIVE),
    Work(
        "funnel of 5 steps, no bots: self joins",
        "peers.shapes:funnel_by_self_joins",
        middle.HASH,
        options={"bots": False},
        agrees_with=middle.NO_BOTS,
        python=PEERS,
    ),
    _peer("retention: chdb", "clickhouse:retention", middle.HASH, middle.RETENTION),
    _peer("retention: count distinct on raw events", "shapes:retention_by_distinct", middle.HASH, middle.RETENTION),
    _peer(
        "rule models: Snowplow's string paths", "shapes:rules_by_string_paths", middle.HASH, middle.RULES, WHOLE_CENTS
    ),
    _peer("rule models: pandas, a loop", "frames:rules", middle.HASH, middle.RULES, WHOLE_CENTS, SMALL),
    _peer("Markov: channelattribution", "simulated:markov", "", middle.MARKOV, SIMULATED),
    _peer("identity: scipy and pandas", "graphs:components", middle.NODES, middle.IDENTITY),
)

AGAINST = (
    Against(
        "5 steps to chdb's windowFunnel on Parquet",
        middle.FIVE,
        WINDOW_FUNNEL,
        dict(zip(middle.SIZES, (1.4, 1.4, 1), strict=True)),
    ),
)
