"""What ad platforms report: spend, delivery and the conversions they claim, restated by each later export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.buying import WEB
from opsloop.demo.calendar import season
from opsloop.demo.campaigns import ADS
from opsloop.demo.company import CHANNEL
from opsloop.demo.plan import DAY, Floats, Ints, Plan
from opsloop.demo.world import World
from opsloop.demo.writing import day_text, money, utc, write_csv, write_lines

RESTATED_DAYS = 28
PLATFORMS = {
    "google_ads": ("4471002211", "USD", -15),
    "meta_ads": ("1029384756", "USD", 0),
    "ocean_engine": ("1799001", "CNY", 0),
}
RATES = {"USD": 7.1, "EUR": 7.8, "CNY": 1.0}


def _delivery(plan: Plan, world: World, platform: str) -> pl.DataFrame:
    """Final clicks, impressions and spend of each running ad and day; the platform's day may not be the company's."""
    rng = plan.rng(f"ads {platform}")
    shift = PLATFORMS[platform][2] * 3600
    clicked = world.sessions.filter((pl.col("channel") == CHANNEL[platform]) & ~pl.col("is_staff"))
    day = ((pl.col("start") + shift) // DAY).clip(0, plan.days - 1).alias("day")
    counts = clicked.group_by("ad", day).len("landed")
    ads = [index for index, ad in enumerate(ADS) if ad.platform == platform]
    running = [
        (index, day)
        for index in ads
        for day in range(plan.days)
        if ADS[index].begins <= day / plan.days <= ADS[index].ends
    ]
    grid = pl.DataFrame(running, schema={"ad": pl.Int64, "day": pl.Int64}, orient="row")
    grid = grid.join(counts, on=["ad", "day"], how="left", maintain_order="left").sort("ad", "day")
    landed = grid["landed"].fill_null(0).to_numpy()
    clicks = landed + rng.poisson(0.16 * landed + 0.1 * min(plan.scale, 1.0))
    ad = grid["ad"].to_numpy()
    rate = np.array([item.click_rate for item in ADS])[ad]
    cost = np.array([item.cost for item in ADS])[ad]
    dear = season(plan)[grid["day"].to_numpy()] ** 0.25 * rng.lognormal(0, 0.12, len(ad))
    seen = np.round((clicks + 1) / rate * rng.lognormal(0, 0.1, len(ad))).astype(np.int64)
    spend = np.round(clicks * cost * dear + 0.02 * cost * rng.random(len(ad)), 2)
    return grid.select("ad", "day").with_columns(
        clicks=pl.Series(clicks),
        impressions=pl.Series(np.maximum(seen, clicks)),
        spend=pl.Series(spend),
        wobble=pl.Series(rng.random(len(ad))),
    )


def _claims(plan: Plan, world: World, platform: str) -> pl.DataFrame:
    """Every web order within 28 days of a click, claimed for the click's day, and some that only saw an ad."""
    rng = plan.rng(f"claims {platform}")
    clicked = world.sessions.filter((pl.col("channel") == CHANNEL[platform]) & ~pl.col("is_staff"))
    clicks = clicked.select("person", "ad", at="start", click_day=pl.col("start") // DAY).sort("at")
    rate = pl.col("currency").replace_strict(RATES, return_dtype=pl.Float64)
    value = (pl.col("subtotal") * rate / RATES[PLATFORMS[platform][1]]).round(2)
    bought = world.orders.filter(pl.col("place") == WEB)
    orders = bought.select("order", "person", "at", value=value, order_day=pl.col("at") // DAY).sort("at", "order")
    joined = orders.join_asof(
        clicks, on="at", by="person", strategy="backward", tolerance=RESTATED_DAYS * DAY, check_sortedness=False
    )
    ads = np.array([index for index, ad in enumerate(ADS) if ad.platform == platform])
    saw = rng.random(len(joined)) < 0.03
    views = joined.with_columns(guess=pl.Series(ads[rng.integers(0, len(ads), len(joined))])).filter(
        pl.Series(saw) & pl.col("ad").is_null()
    )
    seen = views.select("order", "value", "order_day", ad="guess", day="order_day")
    hit = joined.filter(pl.col("ad").is_not_null()).select("order", "value", "order_day", "ad", day="click_day")
    return pl.concat([hit, seen]).filter(pl.col("order_day") < plan.days)


def as_known(delivery: pl.DataFrame, claims: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The rows of an export at the end of the day `last`; young days miss conversions and have provisional spend."""
    age = last - pl.col("day")
    amplitude = pl.when(age < 3).then(0.06).when(age < 10).then(0.015).otherwise(0.0)
    window = delivery.filter(pl.col("day").is_between(first, last))
    known = (
        claims.filter(pl.col("order_day") <= last)
        .group_by("ad", "day")
        .agg(conversions=pl.len().cast(pl.Int64), value=pl.col("value").sum().round(2))
    )
    return (
        window.with_columns(spend=(pl.col("spend") * (1 + amplitude * (pl.col("wobble") - 0.4))).round(2))
        .join(known, on=["ad", "day"], how="left", maintain_order="left")
        .with_columns(pl.col("conversions").fill_null(0), pl.col("value").fill_null(0.0))
        .sort("day", "ad")
    )


def _of_ad(name: str) -> pl.Expr:
    values = [getattr(ad, name) for ad in ADS]
    return pl.col("ad").replace_strict(list(range(len(ADS))), values, return_dtype=pl.String)


def _google(plan: Plan, rows: pl.DataFrame, last: int) -> pl.DataFrame:
    columns = {
        "segments.date": day_text(plan, pl.col("day")),
        "customer.id": pl.lit(PLATFORMS["google_ads"][0]),
        "customer.currency_code": pl.lit("USD"),
        "customer.time_zone": pl.lit("America/Los_Angeles"),
        "campaign.id": _of_ad("campaign_id"),
        "campaign.name": _of_ad("campaign"),
        "campaign.advertising_channel_type": _of_ad("kind"),
        "ad_group.id": _of_ad("group_id"),
        "ad_group.name": _of_ad("group"),
        "ad_group_ad.ad.id": _of_ad("ad_id"),
        "metrics.cost_micros": (pl.col("spend") * 1_000_000).round(0).cast(pl.Int64),
        "metrics.impressions": pl.col("impressions"),
        "metrics.clicks": pl.col("clicks"),
        "metrics.conversions": pl.col("conversions").cast(pl.Float64),
        "metrics.conversions_value": pl.col("value"),
    }
    return rows.select(**columns)


def _meta(plan: Plan, rows: pl.DataFrame, last: int) -> pl.DataFrame:
    def action(kind: str, value: pl.Expr) -> pl.Expr:
        return pl.struct(action_type=pl.lit(kind), value=value)

    text = rows.with_columns(money("spend"), money("value"), bought=pl.col("conversions").cast(pl.String))
    clicks = pl.col("clicks").cast(pl.String)
    sold = pl.col("conversions") > 0
    both = pl.concat_list(action("link_click", clicks), pl.when(sold).then(action("purchase", pl.col("bought"))))
    worth = pl.concat_list(pl.when(sold).then(action("purchase", pl.col("value"))))
    return text.select(
        date_start=day_text(plan, pl.col("day")),
        date_stop=day_text(plan, pl.col("day")),
        account_id=pl.lit(PLATFORMS["meta_ads"][0]),
        account_currency=pl.lit("USD"),
        campaign_id=_of_ad("campaign_id"),
        campaign_name=_of_ad("campaign"),
        adset_id=_of_ad("group_id"),
        adset_name=_of_ad("group"),
        ad_id=_of_ad("ad_id"),
        ad_name=_of_ad("name"),
        spend="spend",
        impressions=pl.col("impressions").cast(pl.String),
        clicks=clicks,
        actions=both.list.drop_nulls(),
        action_values=worth.list.drop_nulls(),
        updated_time=utc(plan, pl.lit((last + 1) * DAY - 1800), "%Y-%m-%dT%H:%M:%S+0000"),
    )


def _ocean(plan: Plan, rows: pl.DataFrame, last: int) -> pl.DataFrame:
    columns = {
        "日期": day_text(plan, pl.col("day")),
        "账户ID": pl.lit(PLATFORMS["ocean_engine"][0]),
        "项目ID": _of_ad("campaign_id"),
        "项目名称": _of_ad("campaign"),
        "广告ID": _of_ad("ad_id"),
        "广告名称": _of_ad("name"),
        "消耗": pl.col("spend"),
        "展示数": pl.col("impressions"),
        "点击数": pl.col("clicks"),
        "转化数": pl.col("conversions"),
        "成交金额": pl.col("value"),
    }
    return rows.select(**columns)


def write_ads(plan: Plan, world: World, landing: Path) -> None:
    """Write each platform's monthly exports; each covers its month and the 28 days before, as known on its day."""
    for platform in PLATFORMS:
        delivery, claims = _delivery(plan, world, platform), _claims(plan, world, platform)
        folder = landing / platform / "ad_daily"
        for _, begin, end in plan.months():
            last = end - 1
            rows = as_known(delivery, claims, max(0, begin - RESTATED_DAYS), last)
            stem = f"{platform}_{plan.date(last):%Y%m%d}"
            if platform == "meta_ads":
                write_lines(_meta(plan, rows, last), folder / f"{stem}.jsonl")
            elif platform == "google_ads":
                write_csv(_google(plan, rows, last), folder / f"{stem}.csv")
            else:
                write_csv(_ocean(plan, rows, last), folder / f"{stem}.csv", "gb18030")


def daily_spend(plan: Plan, world: World) -> Floats:
    """Final spend of all platforms per day in CNY, for targets and costs."""
    total: Floats = np.zeros(plan.days)
    for platform, (_, currency, _) in PLATFORMS.items():
        rows = _delivery(plan, world, platform)
        day: Ints = rows["day"].to_numpy()
        np.add.at(total, day, rows["spend"].to_numpy() * RATES[currency])
    return total
