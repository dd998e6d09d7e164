"""WeCom (企业微信): how each employee talked with customers on a day.

The vendor keeps 180 days, and early zeros of a day are filled in within 3 days; `stat_time` is Beijing's midnight.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream, Time

COUNTS = ("new_apply_cnt", "new_contact_cnt", "chat_cnt", "message_cnt", "negative_feedback_cnt")

CONTACT_DAILY = Stream(
    name="contact_daily",
    description="Applications, new contacts, chats, replies and losses per employee and day.",
    grain=("stat_time", "employee_id"),
    schema={
        "stat_time": TIMESTAMP,
        "employee_id": pl.String(),
        **{column: pl.Int64() for column in COUNTS},
        "reply_percentage": pl.Float64(),
        "avg_reply_time": pl.Float64(),
    },
    time_column="stat_time",
    fresh_days=7,
    time_zone="Asia/Shanghai",
    times={"stat_time": Time(("epoch_s",))},
    restates_days=3,
    rename={"userid": "employee_id"},
    rules=(
        *(Rule.between(column, minimum=0) for column in COUNTS),
        Rule.between("reply_percentage", minimum=0, maximum=100),
        Rule.between("avg_reply_time", minimum=0),
    ),
    optional=("reply_percentage", "avg_reply_time"),
    records="behavior_data",
    glob="*.json*",
)

SOURCE = Source(
    name="wecom",
    title="WeCom (企业微信)",
    owner="private domain",
    licence="The company's own data, under WeCom's API terms",
    streams=(CONTACT_DAILY,),
)
