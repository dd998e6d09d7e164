"""What others do with the same files, side by side with the product; results are compared before times are."""

from __future__ import annotations

from benchmarks import middle
from benchmarks.figures import Work
from benchmarks.fresh import PEERS

SMALL = 1_000_000

WORKS = (
    Work("sessions: chdb", "peers.clickhouse:sessions", middle.SORT, agrees_with="sessions", python=PEERS),
    Work("sessions: pandas", "peers.frames:sessions", middle.SORT, agrees_with="sessions", python=PEERS),
)
