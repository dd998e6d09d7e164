"""What the CRM exports: HubSpot contacts (leads and newsletter readers) and the deals that leads become."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.company import CHANNEL, CHANNELS, SITE
from opsloop.demo.pages import landing_links
from opsloop.demo.people import COUNTRIES, LEAD
from opsloop.demo.plan import DAY, Plan
from opsloop.demo.visits import INQUIRY
from opsloop.demo.world import World
from opsloop.demo.writing import by_month, money, month_text, utc, write_page

ORIGINS = {
    "direct": "DIRECT_TRAFFIC",
    "search": "ORGANIC_SEARCH",
    "paid": "PAID_SOCIAL",
    "social": "SOCIAL_MEDIA",
    "assistant": "AI_REFERRALS",
    "referral": "REFERRALS",
    "private": "OTHER_CAMPAIGNS",
    "email": "EMAIL_MARKETING",
}
WON, LOST, OPEN = 0, 1, 2
STAGES = ("lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
EARLIER_IDS = 40_000_000


def _inquiries(plan: Plan, world: World) -> pl.DataFrame:
    """People who asked on the site, with the channel and landing page of the visit; and those met at trade fairs."""
    rng = plan.rng("inquiries")
    asked = world.sessions.filter(pl.col("depth") == INQUIRY).unique("person", keep="first", maintain_order=True)
    links, position = landing_links(world.pages, asked["landing"].to_numpy(), asked["tag"].to_numpy())
    channel = asked["channel"]
    kinds = pl.Series([item.kind for item in CHANNELS]).gather(channel)
    origin = kinds.replace_strict(ORIGINS, return_dtype=pl.String)
    origin = pl.select(pl.when(channel == CHANNEL["google_ads"]).then(pl.lit("PAID_SEARCH")).otherwise(origin))[:, 0]
    detail = pl.Series([item.source or item.name for item in CHANNELS]).gather(channel)
    web = asked.select("person", at=pl.col("start") + pl.col("stay") + 5).with_columns(
        origin=origin, detail=detail, first_url=pl.Series(links).gather(pl.Series(position))
    )
    person = np.setdiff1d(np.flatnonzero(world.people.kind == LEAD), asked["person"].to_numpy())
    fair = pl.DataFrame({"person": person, "at": world.people.arrival[person] * DAY + 11 * 3600}).with_columns(
        origin=pl.lit("OFFLINE"), detail=pl.lit("trade fair"), first_url=pl.lit(None, pl.String)
    )
    rows = pl.concat([web, fair]).filter(pl.col("at") < plan.end).sort("at", "person")
    unknown = pl.Series(rng.random(len(rows)) < 0.04)
    return rows.with_columns(origin=pl.when(unknown).then(None).otherwise("origin"), stage=pl.lit("lead"))


def _outcomes(plan: Plan, leads: pl.DataFrame) -> pl.DataFrame:
    """What becomes of each lead: whether a deal opens, whether it is won, when, and for how much."""
    rng = plan.rng("deals")
    size = len(leads)
    warm = leads["origin"].fill_null("").is_in(["AI_REFERRALS", "OTHER_CAMPAIGNS", "OFFLINE", "REFERRALS"]).to_numpy()
    opens = rng.random(size) < np.where(warm, 0.62, 0.45)
    wins = rng.random(size) < np.where(warm, 0.55, 0.42)
    opened = leads["at"].to_numpy() + rng.integers(1, 12, size) * DAY + 3600
    closed = opened + np.maximum(rng.gamma(2.2, 14, size), 2).astype(np.int64) * DAY + 7200
    return leads.with_columns(
        has_deal=pl.Series(opens & (opened < plan.end)),
        wins=pl.Series(wins),
        opened=pl.Series(opened),
        closed=pl.Series(closed),
        amount=pl.Series(np.round(rng.lognormal(9.6, 0.7, size), 2)),
    )


def _readers(plan: Plan, world: World) -> pl.DataFrame:
    """Customers whom the shop put into the CRM as newsletter readers, two hours after their first order."""
    customers = world.customers
    chosen = (
        world.people.has_email[customers.person]
        & (customers.person % 3 == 0)
        & (world.people.kind[customers.person] != LEAD)
    )
    frame = pl.DataFrame({"person": customers.person[chosen], "at": customers.first_at[chosen] + 7200})
    return frame.filter(pl.col("at") < plan.end).with_columns(
        origin=pl.lit("EMAIL_MARKETING"),
        detail=pl.lit("newsletter"),
        first_url=pl.lit(SITE + "/"),
        stage=pl.lit("subscriber"),
    )


def draw_contacts(plan: Plan, world: World) -> pl.DataFrame:
    """All contacts in order of creation with what becomes of them; one row per person."""
    leads = _outcomes(plan, _inquiries(plan, world))
    rows = pl.concat([leads, _readers(plan, world)], how="diagonal").sort("at", "person")
    rng = plan.rng("contacts")
    account = world.accounts
    rows = rows.join(account.table, on="person", how="left", maintain_order="left")
    signed = pl.Series(account.signed_up[rows["person"].to_numpy()])
    knows = rows["user_id"].is_not_null() & (signed <= rows["at"]) & pl.Series(rng.random(len(rows)) < 0.85)
    number = pl.int_range(pl.len()) * 3 + 51_000_001
    merged = pl.Series(rng.random(len(rows)) < 0.02) & (pl.col("stage") == "lead")
    return rows.with_columns(
        contact_id=number.cast(pl.String),
        company_user_id=pl.when(knows).then("user_id"),
        merged=pl.when(merged).then((number + EARLIER_IDS).cast(pl.String)),
        country=pl.Series(np.array([row[0] for row in COUNTRIES])[world.people.country[rows["person"].to_numpy()]]),
    )


def _contact_versions(plan: Plan, contacts: pl.DataFrame) -> pl.DataFrame:
    """Each state of each contact: as created, with an open deal, won or back to qualified."""
    new = contacts.with_columns(changed="at", state="stage")
    deal = contacts.filter(pl.col("has_deal").fill_null(value=False))
    opened = deal.with_columns(changed="opened", state=pl.lit("opportunity"))
    done = deal.filter(pl.col("closed") < plan.end)
    state = pl.when("wins").then(pl.lit("customer")).otherwise(pl.lit("marketingqualifiedlead"))
    return pl.concat([new, opened, done.with_columns(changed=pl.col("closed") + 60, state=state)])


def write_contacts(plan: Plan, contacts: pl.DataFrame, folder: Path) -> None:
    """Write a page object per month with every contact created or changed in it."""
    versions = _contact_versions(plan, contacts).sort("changed", "contact_id")
    properties = pl.struct(
        email="email",
        firstname="first_name",
        lifecyclestage="state",
        hs_analytics_source="origin",
        hs_analytics_source_data_1="detail",
        hs_analytics_first_url="first_url",
        company_user_id="company_user_id",
        createdate=utc(plan, pl.col("at")),
        lastmodifieddate=utc(plan, pl.col("changed")),
        hs_merged_object_ids="merged",
    )
    out = versions.select(month=month_text(plan, pl.col("changed") // DAY), id="contact_id", properties=properties)
    _write_pages(out, "contacts", folder)


def _deal_versions(plan: Plan, contacts: pl.DataFrame) -> pl.DataFrame:
    """Each state of each deal: new, qualified a week later, closed."""
    deals = contacts.filter(pl.col("has_deal").fill_null(value=False))
    deals = deals.with_columns(deal_id=(pl.col("contact_id").cast(pl.Int64) + 900_000_000).cast(pl.String))
    new = deals.with_columns(changed="opened", state=pl.lit("appointmentscheduled"), end=pl.lit(None, pl.Int64))
    step = deals.with_columns(
        changed=pl.col("opened") + DAY, state=pl.lit("qualifiedtobuy"), end=pl.lit(None, pl.Int64)
    )
    state = pl.when("wins").then(pl.lit("closedwon")).otherwise(pl.lit("closedlost"))
    last = deals.filter(pl.col("closed") < plan.end).with_columns(changed="closed", state=state, end="closed")
    return pl.concat([new, step.filter(pl.col("changed") < plan.end), last])


def write_deals(plan: Plan, contacts: pl.DataFrame, folder: Path) -> None:
    """Write a page object per month with every deal created or changed in it."""
    versions = _deal_versions(plan, contacts).sort("changed", "deal_id")
    foreign = ~pl.col("country").is_in(["CN", "HK", "SG"])
    amount = pl.when(foreign).then((pl.col("amount") / 7.1).round(2)).otherwise("amount")
    versions = versions.with_columns(amount=amount).with_columns(money("amount"))
    properties = pl.struct(
        dealname=pl.lit("Wholesale ") + pl.col("first_name") + " " + pl.col("country"),
        dealstage="state",
        amount="amount",
        deal_currency_code=pl.when(foreign).then(pl.lit("USD")).otherwise(pl.lit("CNY")),
        createdate=utc(plan, pl.col("opened")),
        closedate=utc(plan, pl.col("end")),
        hs_lastmodifieddate=utc(plan, pl.col("changed")),
        associated_contact_id="contact_id",
    )
    out = versions.select(month=month_text(plan, pl.col("changed") // DAY), id="deal_id", properties=properties)
    _write_pages(out, "deals", folder)


def _write_pages(out: pl.DataFrame, stem: str, folder: Path) -> None:
    for month, part in by_month(out, "month"):
        write_page(part, folder / f"{stem}_{month}.json", '{"results":', "}")
