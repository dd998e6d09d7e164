"""Mailchimp: each e-mail sent and what became of it.

A message's row is exported again when it is opened or clicked; the file that arrives last counts.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream

MESSAGES = Stream(
    name="messages",
    description="E-mails with the times they were sent, delivered, opened, clicked and unsubscribed from.",
    grain=("message_id",),
    schema={
        "message_id": pl.String(),
        "campaign_id": pl.String(),
        "campaign_title": pl.String(),
        "email_address": pl.String(),
        "sent_at": TIMESTAMP,
        "delivered_at": TIMESTAMP,
        "opened_at": TIMESTAMP,
        "clicked_at": TIMESTAMP,
        "unsubscribed_at": TIMESTAMP,
    },
    time_column="sent_at",
    pii={"email_address": "email"},
    rules=(Rule.not_null("sent_at"),),
    glob="*.csv*",
)

SOURCE = Source(
    name="mailchimp",
    title="Mailchimp",
    owner="customer marketing",
    licence="The company's own data, under Mailchimp's terms",
    streams=(MESSAGES,),
)
