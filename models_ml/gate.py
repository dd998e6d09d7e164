"""Whether there is enough to learn from: what is missing, in both languages, before any model is fitted (L3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from models_ml.table import CustomerTable, largest

if TYPE_CHECKING:
    from opsloop.sections import ScoreSettings

LEAST_HISTORY_OF_A_CUTOFF = 60
LEAST_OF_EACH_OUTCOME = 30
MOSTLY_ONE_TIME = 0.9
WORDS = {
    "customers": (
        "{found} customers with orders, at least {needed} are needed",
        "有订单的客户只有 {found} 位，至少需要 {needed} 位",
    ),
    "history": (
        "{found} days of order history, at least {needed} are needed",
        "订单历史只有 {found} 天，至少需要 {needed} 天",
    ),
    "recent_order": (
        "the last order is {found} days old, one within {needed} days is needed",
        "最近一笔订单在 {found} 天前，需要 {needed} 天内有订单",
    ),
    "repeat_customer": (
        "no customer has {needed} orders, the most is {found}",
        "没有客户下过 {needed} 单，最多的只有 {found} 单",
    ),
    "horizon": (
        "{found} days of history are too short to learn and to test a horizon this long, {needed} are needed: "
        "set scores.horizon_days lower",
        "{found} 天的历史不足以学习并检验这么长的预测期，需要 {needed} 天：请调低 scores.horizon_days",
    ),
    "outcomes": (
        "the rarer outcome (stayed or left) was seen {found} times, at least {needed} are needed",
        "较少的一种结果（留下或流失）只出现 {found} 次，至少需要 {needed} 次",
    ),
    "no_margin": (
        "customers brought no margin in total ({found}), more than {needed} is needed",
        "客户带来的毛利合计为 {found}，需要大于 {needed}",
    ),
    "consent": (
        "{found} customers consent to the purpose of scores, at least {needed} is needed",
        "同意评分用途的客户有 {found} 位，至少需要 {needed} 位",
    ),
    "one_time_buyers": (
        "{found} of customers have bought only once (from {needed} on, recency and cohort say nearly all there is)",
        "{found} 的客户只购买过一次（达到 {needed} 时，最近购买时间与同期群几乎已包含全部信息）",
    ),
    "not_better": (
        "on the hold-out the gain over the naive baseline is {found}, and its interval must lie above {needed}",
        "在留出期上相对朴素基线的增益为 {found}，其区间须高于 {needed}",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a model does not score: what was found and what would be needed."""

    code: str
    found: str
    needed: str

    def text(self, lang: str) -> str:
        """The reason as a sentence in English (`en`) or Chinese (`zh`)."""
        return WORDS[self.code][lang == "zh"].format(found=self.found, needed=self.needed)


def thin_data(table: CustomerTable, settings: ScoreSettings) -> tuple[Reason, ...]:
    """What is missing for any score; empty when there is enough of everything."""
    known = table.rows("score")
    if known.is_empty():
        return (Reason("customers", "0", str(settings.min_customers)),)
    history = largest(known["tenure_days"])
    recency = -largest(-known["recency_days"])
    most = largest(known["orders"])
    checks = (
        (known.height >= settings.min_customers, "customers", known.height, settings.min_customers),
        (history >= settings.min_history_days, "history", history, settings.min_history_days),
        (recency <= settings.max_days_since_order, "recent_order", recency, settings.max_days_since_order),
        (most >= settings.min_repeat_orders, "repeat_customer", most, settings.min_repeat_orders),
    )
    thin = tuple(Reason(code, str(found), str(needed)) for enough, code, found, needed in checks if not enough)
    return thin or _unlearnable(table, history)


def _unlearnable(table: CustomerTable, history: int) -> tuple[Reason, ...]:
    """What is missing to learn from one part of the past and to test on a later one."""
    if table.rows("train").is_empty():
        needed = 2 * table.horizon_days + LEAST_HISTORY_OF_A_CUTOFF
        return (Reason("horizon", str(history), str(needed)),)
    counts = [_rarer(table.rows("train")), _rarer(table.rows("holdout"))]
    if min(counts) < LEAST_OF_EACH_OUTCOME:
        return (Reason("outcomes", str(min(counts)), str(LEAST_OF_EACH_OUTCOME)),)
    return ()


def _rarer(rows: pl.DataFrame) -> int:
    churned = int(rows["label_churned"].sum())
    return min(churned, rows.height - churned)


def mostly_one_time(table: CustomerTable) -> tuple[Reason, ...]:
    """What explains that a model learned little: nearly everybody has bought only once (L6)."""
    share = float(table.rows("score").select((pl.col("order_days") == 1).mean()).item())
    return (Reason("one_time_buyers", f"{share:.1%}", f"{MOSTLY_ONE_TIME:.0%}"),) if share >= MOSTLY_ONE_TIME else ()


def no_margin(table: CustomerTable) -> tuple[Reason, ...]:
    """What is missing to learn a value: customers must have brought a margin in total, before and in the hold-out."""
    totals = [table.rows("train")["label_margin"].sum(), table.rows("holdout")["label_margin"].sum()]
    return (Reason("no_margin", f"{min(totals):.2f}", "0"),) if min(totals) <= 0 else ()
