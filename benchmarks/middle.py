"""The middle of the product against floors of the same run: sessions, funnels, retention, attribution, identity."""

from __future__ import annotations

from benchmarks.figures import Against, Work

SCAN, HASH, SORT, WIDE, WRITE = "scan", "hash by visitor", "sort", "sort of all columns", "write Parquet"
NODES = "hash of nodes"
FIVE, TWENTY, NO_BOTS = "funnel of 5 steps", "funnel of 20 steps", "funnel of 5 steps, no bots"
RETENTION, RULES, PATHS = "retention, 12 weeks", "five rule models", "paths counted"
MARKOV, SHAPLEY, IDENTITY = "Markov, after the counts", "Shapley, after the counts", "identity, an edge per event"
SESSIONS, SMALL_MEMORY = "sessions", "sessions, low memory"

SIZES = (1_000_000, 10_000_000, 50_000_000)
LOW_MEMORY = {"memory_limit": "300MB"}

FLOORS = (
    Work(SCAN, "floors:scan"),
    Work(HASH, "floors:hash_by_visitor"),
    Work(SORT, "floors:sort_by_visitor_and_time"),
    Work(WIDE, "floors:sort_of_all_columns"),
    Work(WRITE, "floors:write_parquet"),
    Work(NODES, "floors:hash_of_nodes"),
)

WORKS = (
    *FLOORS,
    Work(SESSIONS, "sessions:product", SORT, 2.5, growth=1.1),
    Work(SMALL_MEMORY, "sessions:product", SORT, options=LOW_MEMORY, most_mb={SIZES[1]: 300, SIZES[2]: 750}),
    Work("traffic rules", "sessions:removed", HASH),
    Work(FIVE, "funnel:product", HASH, 2),
    Work(TWENTY, "funnel:product", HASH, options={"steps": 20}),
    Work(NO_BOTS, "funnel:product", HASH, options={"bots": False}),
    Work("funnel of 5 steps in any order", "funnel:product", HASH, options={"order": "any"}),
    Work(RETENTION, "retention:product", HASH, 1.2),
    Work(RULES, "attribution:rules", HASH, 1),
    Work("all eight models", "attribution:models", HASH),
    Work(PATHS, "attribution:counts", HASH),
    Work(MARKOV, "attribution:markov", most_cpu=0.1),
    Work(SHAPLEY, "attribution:shapley", most_cpu=0.1),
    Work(IDENTITY, "identity:product", NODES, 4),
)

AGAINST = (
    Against("sessions in little memory, to those in plenty", SMALL_MEMORY, SESSIONS, dict.fromkeys(SIZES, 1.5)),
    Against("20 steps to 5: linear", TWENTY, FIVE, dict.fromkeys(SIZES, 4)),
    Against("5 steps with bots to without", FIVE, NO_BOTS, dict.fromkeys(SIZES, 1.3)),
)
MODELS = ("int_sessions__sessions", "int_traffic__removed")
