"""HubSpot: contacts and deals, as pages of the CRM's search API.

Both change at any time; the last-modified date orders the versions. A merge leaves the survivor with the merged ids.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, TIMESTAMP, Rule, Source, Stream

LIFECYCLE_STAGES = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)

CONTACTS = Stream(
    name="contacts",
    description="People the CRM knows.",
    grain=("contact_id",),
    schema={
        "contact_id": pl.String(),
        "email": pl.String(),
        "firstname": pl.String(),
        "lifecyclestage": pl.String(),
        "hs_analytics_source": pl.String(),
        "hs_analytics_source_data_1": pl.String(),
        "hs_analytics_first_url": pl.String(),
        "company_user_id": pl.String(),
        "createdate": TIMESTAMP,
        "lastmodifieddate": TIMESTAMP,
        "hs_merged_object_ids": pl.String(),
    },
    time_column="createdate",
    order_by="lastmodifieddate",
    pii={"email": "email", "firstname": "text"},
    rename={
        "id": "contact_id",
        "properties.email": "email",
        "properties.firstname": "firstname",
        "properties.lifecyclestage": "lifecyclestage",
        "properties.hs_analytics_source": "hs_analytics_source",
        "properties.hs_analytics_source_data_1": "hs_analytics_source_data_1",
        "properties.hs_analytics_first_url": "hs_analytics_first_url",
        "properties.company_user_id": "company_user_id",
        "properties.createdate": "createdate",
        "properties.lastmodifieddate": "lastmodifieddate",
        "properties.hs_merged_object_ids": "hs_merged_object_ids",
    },
    rules=(Rule.not_null("createdate"), Rule.accepted("lifecyclestage", *LIFECYCLE_STAGES)),
    optional=("firstname", "company_user_id", "hs_merged_object_ids"),
    records="results",
    glob="*.json*",
)

DEALS = Stream(
    name="deals",
    description="Sales opportunities and what became of them.",
    grain=("deal_id",),
    schema={
        "deal_id": pl.String(),
        "dealname": pl.String(),
        "dealstage": pl.String(),
        "amount": MONEY,
        "currency": pl.String(),
        "createdate": TIMESTAMP,
        "closedate": TIMESTAMP,
        "hs_lastmodifieddate": TIMESTAMP,
        "contact_id": pl.String(),
    },
    time_column="createdate",
    order_by="hs_lastmodifieddate",
    rename={
        "id": "deal_id",
        "properties.dealname": "dealname",
        "properties.dealstage": "dealstage",
        "properties.amount": "amount",
        "properties.deal_currency_code": "currency",
        "properties.createdate": "createdate",
        "properties.closedate": "closedate",
        "properties.hs_lastmodifieddate": "hs_lastmodifieddate",
        "properties.associated_contact_id": "contact_id",
    },
    rules=(
        Rule.not_null("createdate"),
        Rule.accepted("dealstage", "appointmentscheduled", "qualifiedtobuy", "closedwon", "closedlost"),
        Rule.between("amount", minimum=0),
    ),
    records="results",
    glob="*.json*",
)

SOURCE = Source(
    name="hubspot",
    title="HubSpot",
    owner="sales operations",
    licence="The company's own data, under HubSpot's terms",
    streams=(CONTACTS, DEALS),
)
