"""WeCom (企业微信): how each employee talked with customers on a day.

The vendor keeps 180 days, and early zeros of a day are filled in within 3 days; `stat_time` is Beijing's midnight.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream, Time

CONTACT_DAILY = Stream(
    name="contact_daily",
    description="Applications, new contacts, chats, replies and losses per employee and day.",
    grain=("stat_time", "employee_id"),
    schema={
        "stat_time": TIMESTAMP,
        "employee_id": pl.String(),
        "new_apply_cnt": pl.Int64(),
        "new_contact_cnt": pl.Int64(),
        "chat_cnt": pl.Int64(),
        "message_cnt": pl.Int64(),
        "reply_percentage": pl.Float64(),
        "avg_reply_time": pl.Float64(),
        "negative_feedback_cnt": pl.Int64(),
    },
    time_column="stat_time",
    time_zone="Asia/Shanghai",
    times={"stat_time": Time(("epoch_s",))},
    restates_days=3,
    rename={"userid": "employee_id"},
    rules=(
        Rule.between("new_apply_cnt", minimum=0),
        Rule.between("new_contact_cnt", minimum=0),
        Rule.between("reply_percentage", minimum=0, maximum=100),
        Rule.between("avg_reply_time", minimum=0),
        Rule.between("negative_feedback_cnt", minimum=0),
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
