"""Server access logs: one line per request, in the common or combined format of Apache and nginx.

A server never restates a line. A log that has grown, or was rotated, is dropped again whole: its old lines add nothing.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Policy, Rule, Source, Stream, Time

REQUESTS = Stream(
    name="requests",
    description="What browsers, robots and others asked of a web server, and what it answered.",
    grain=("visitor_hash", "requested_at", "method", "target", "status", "bytes_sent", "repeat"),
    schema={
        "server": pl.String(),
        "visitor": pl.String(),
        "remote_host": pl.String(),
        "remote_user": pl.String(),
        "requested_at": TIMESTAMP,
        "method": pl.String(),
        "target": pl.String(),
        "protocol": pl.String(),
        "status": pl.Int64(),
        "bytes_sent": pl.Int64(),
        "referrer": pl.String(),
        "user_agent": pl.String(),
        "repeat": pl.Int64(),
        "is_internal": pl.Boolean(),
    },
    time_column="requested_at",
    times={"requested_at": Time(("%d/%b/%Y:%H:%M:%S %z",))},
    pii={"visitor": "id", "remote_host": "id", "remote_user": "text"},
    address="remote_host",
    rename={"time": "requested_at"},
    rules=(Rule.not_null("remote_host"), Rule.between("status", 100, 599)),
    optional=("method", "target", "bytes_sent", "is_internal"),
    policy=Policy(unknown_column="freeze"),
)

SOURCE = Source(
    name="access_logs",
    title="Server access logs",
    owner="web analytics",
    licence="The company's own data; addresses in it are personal",
    streams=(REQUESTS,),
)
