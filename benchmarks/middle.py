"""The middle of the product against bare floors of the same run: sessions, funnels, retention, attribution, identity."""

from __future__ import annotations

from benchmarks.figures import Work

SCAN, HASH, SORT, WIDE, WRITE = "scan", "hash by visitor", "sort", "sort of all columns", "write Parquet"
NODES = "hash of nodes"

FLOORS = (
    Work(SCAN, "floors:scan"),
    Work(HASH, "floors:hash_by_visitor"),
    Work(SORT, "floors:sort_by_visitor_and_time"),
    Work(WIDE, "floors:sort_of_all_columns"),
    Work(WRITE, "floors:write_parquet"),
)
LOW_MEMORY = {"memory_limit": "300MB"}

SESSIONS = (
    Work("sessions", "sessions:product", SORT, 2.5, growth=1.1),
    Work("sessions, low memory", "sessions:product", "sessions", 1.5, LOW_MEMORY, {10_000_000: 300, 50_000_000: 750}),
)

WORKS = (*FLOORS, *SESSIONS)
MODELS = ("int_sessions__sessions",)
