"""What the company keeps itself: campaign calendar, exchange rates, monthly targets, platform changes, costs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl

from opsloop.demo.ads import daily_spend
from opsloop.demo.calendar import ALGORITHM_DAYS_BACK, NEW_YEAR
from opsloop.demo.campaigns import promotions
from opsloop.demo.plan import DAY, Floats, Plan
from opsloop.demo.visits import PURCHASE
from opsloop.demo.world import World
from opsloop.demo.writing import by_month, write_csv

RATES = (("USD", 7.14, 0.0012), ("EUR", 7.78, 0.0016), ("HKD", 0.914, 0.0012))
FX_LEAD = 10


def missing_fx_days(plan: Plan) -> list[dt.date]:
    """Days without an exchange rate: some weekends and the new year's holiday; never more than 7 in a row."""
    gaps = [(plan.date(index), 2) for index in range(45, plan.days - 3, 97)]
    gaps += [(dt.date.fromisoformat(text), 6) for text in NEW_YEAR]
    days = {first + dt.timedelta(days=step) for first, length in gaps for step in range(length)}
    return sorted(day for day in days if plan.start <= day < plan.until)


def _write_fx(plan: Plan, folder: Path) -> None:
    rng = plan.rng("fx")
    missing = set(missing_fx_days(plan))
    days = [plan.date(index) for index in range(-FX_LEAD, plan.days)]
    rows: list[tuple[str, str, str, str, float]] = []
    for currency, start, step in RATES:
        path = start * np.exp(np.cumsum(rng.normal(0, step, len(days)) * 0.7))
        rows += [
            (f"{day:%Y}", f"{day}", currency, "CNY", round(float(rate), 6))
            for day, rate in zip(days, path, strict=True)
            if day not in missing
        ]
    frame = pl.DataFrame(rows, schema=["year", "date_day", "from_currency", "to_currency", "rate"], orient="row")
    for year, part in by_month(frame.sort("date_day", "from_currency"), "year"):
        write_csv(part, folder / "fx_rates" / f"fx_rates_{year}.csv")


def _write_calendar(plan: Plan, folder: Path) -> None:
    rows = [
        (
            p.campaign_id,
            p.name,
            p.name_zh,
            p.kind,
            p.channel,
            f"{p.starts}",
            f"{p.ends}",
            round(p.cost, 2),
            "CNY",
            p.goal,
            "marketing",
        )
        for p in promotions(plan)
    ]
    header = "campaign_id name name_zh kind channel starts_on ends_on cost currency goal owner".split()
    write_csv(pl.DataFrame(rows, schema=header, orient="row"), folder / "campaign_calendar" / "campaign_calendar.csv")


def _monthly(plan: Plan, day: pl.Series) -> Floats:
    """How many rows fall into each month."""
    counts = np.bincount(np.clip(day.to_numpy(), 0, plan.days - 1), minlength=plan.days)
    return np.array([counts[first:last].sum() for _, first, last in plan.months()], dtype=float)


def _write_targets(plan: Plan, world: World, folder: Path) -> None:
    """Write targets as a planner would set them: near what the month came to, mostly a little above."""
    rng = plan.rng("targets")
    rate = pl.col("currency").replace_strict({"USD": 7.1, "EUR": 7.8, "CNY": 1.0}, return_dtype=pl.Float64)
    revenue = world.orders.select(pl.col("subtotal") * rate)[:, 0].to_numpy()
    day = np.clip(world.orders["at"].to_numpy() // DAY, 0, plan.days - 1)
    income, spend = np.bincount(day, revenue, minlength=plan.days), daily_spend(plan, world)
    months = plan.months()
    new = _monthly(plan, world.orders.filter("is_first")["at"] // DAY)
    paid = np.array([spend[first:last].sum() for _, first, last in months])
    seen = world.sessions.filter(pl.col("is_seen") & ~pl.col("is_staff"))
    converts = float((seen["depth"] >= PURCHASE).cast(pl.Float64).sum()) / len(seen)
    actual = {
        "sessions": _monthly(plan, seen["start"] // DAY),
        "orders": _monthly(plan, world.orders["at"] // DAY),
        "new_customers": new,
        "revenue_net": np.array([income[first:last].sum() for _, first, last in months]) * 0.94,
        "ad_spend": paid,
        "customer_acquisition_cost": paid / np.maximum(new, 1),
        "conversion_rate": np.full(len(months), round(converts, 2)),
        "net_promoter_score": np.full(len(months), 20.0),
    }
    rows: list[tuple[str, str, str, float]] = []
    for metric, values in actual.items():
        fixed = metric in {"conversion_rate", "net_promoter_score"}
        wish = np.ones(len(months)) if fixed else rng.normal(1.05, 0.09, len(months))
        for (month, _, _), value, factor in zip(months, values, wish, strict=True):
            first = f"{month[:4]}-{month[4:]}-01"
            rows.append((month[:4], first, metric, round(float(value * factor), 4)))
    frame = pl.DataFrame(rows, schema=["year", "month", "metric", "target"], orient="row").sort("month", "metric")
    for year, part in by_month(frame, "year"):
        write_csv(part, folder / "targets" / f"targets_{year}.csv")


def algorithm_change(plan: Plan) -> dt.date:
    """The day on which organic search drops."""
    return plan.date(plan.back(ALGORITHM_DAYS_BACK))


def _write_changes(plan: Plan, folder: Path) -> None:
    rows = [
        (
            f"{plan.date(plan.days // 5)}",
            "meta",
            "Attribution setting changed to 7-day click",
            "归因窗口改为点击后 7 天",
        ),
        (f"{plan.date(plan.days // 2)}", "xiaohongshu", "Links in notes need approval", "笔记外链需审核"),
        (f"{algorithm_change(plan)}", "google", "Core search update", "搜索核心算法更新"),
    ]
    header = ["changed_on", "platform", "title", "title_zh"]
    write_csv(pl.DataFrame(rows, schema=header, orient="row"), folder / "platform_changes" / "platform_changes.csv")


def _write_costs(plan: Plan, folder: Path) -> None:
    """Salaries and tools by month, some of them tied to a channel."""
    kinds = (
        ("salaries", "", 9000.0),
        ("salaries", "email", 1500.0),
        ("salaries", "wecom", 2600.0),
        ("tools", "", 1100.0),
        ("tools", "email", 420.0),
        ("tools", "google_ads", 260.0),
    )
    rows = [
        (
            month[:4],
            f"{month[:4]}-{month[4:]}-01",
            kind,
            channel,
            round(amount * plan.scale * (1 + 0.15 * (index >= 12)), 2),
            "CNY",
        )
        for index, (month, _, _) in enumerate(plan.months())
        for kind, channel, amount in kinds
    ]
    header = ["year", "month", "kind", "channel", "amount", "currency"]
    for year, part in by_month(pl.DataFrame(rows, schema=header, orient="row"), "year"):
        write_csv(part.with_columns(pl.col("channel").replace("", None)), folder / "costs" / f"costs_{year}.csv")


def write_company(plan: Plan, world: World, folder: Path) -> None:
    """Write all tables that the company keeps itself."""
    _write_fx(plan, folder)
    _write_calendar(plan, folder)
    _write_targets(plan, world, folder)
    _write_changes(plan, folder)
    _write_costs(plan, folder)
