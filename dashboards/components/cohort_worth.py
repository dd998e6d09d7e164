"""What the customers of a month, a channel or a first product have brought so far, each, month by month (R7)."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboards.components import filters, palette, theme
from dashboards.components.axes import plain
from dashboards.components.desk import Desk
from dashboards.components.panels import panel, row
from dashboards.components.periods import MATURE

SPLITS = ("cohort", "channel", "first_product_category")
AMOUNTS = ("revenue_per_customer", "margin_per_customer")
# Months that the chart shows; the table has every one of them.
DRAWN = (0, 1, 2, 3, 6, 9, 12)
_GROUPS = 13
# Months of a channel or product are sums over the cohorts that are settled then; a month's own are shown as they stand.
_WORTH = """
    with largest as (
        select {split} as split, sum(customers) as customers, max(cohort_start) as newest
        from marts.fct_cohort_revenue_by_first_order
        where month_index = 0 and cohort_start <= ?
        group by {split}
        order by {order} desc, split limit {groups}
    )
    select worth.{split}, month_index, sum(worth.customers) as customers,
        sum(cumulative_revenue_net) / nullif(sum(worth.customers), 0) as revenue_per_customer,
        sum(cumulative_margin)
            / nullif(sum(worth.customers) filter (where cumulative_margin is not null), 0) as margin_per_customer,
        min(maturity) as maturity
    from marts.fct_cohort_revenue_by_first_order as worth
    inner join largest on worth.{split} = largest.split
    where cohort_start <= ? and month_index <= 12 {settled}
    group by worth.{split}, month_index, largest.customers, largest.newest
    order by {first}, worth.{split}, month_index
"""


def worth(desk: Desk, split: str) -> pl.DataFrame:
    """Return cumulative revenue and margin per customer: a row per group and month since the first order.

    The newest cohorts, the oldest of them first; of channels and products those with most customers, largest first.
    """
    end = desk.view.span.end
    by_month = split == "cohort"
    sql = _WORTH.format(
        split=split,
        order="newest" if by_month else "customers",
        first="largest.newest" if by_month else "largest.customers desc",
        settled="" if by_month else f"and maturity = '{MATURE}'",
        groups=_GROUPS,
    )
    return desk.rows(sql, [end, end])


def show(desk: Desk) -> None:
    """Offer what to split by and which amount to draw, and show both amounts as a grid of groups and months."""
    if not desk.has("orders") or not desk.has_mart("fct_cohort_revenue_by_first_order"):
        return
    left, right, _ = row(desk, 1, 1, 2)
    with left:
        labels = {name: desk.label(name) for name in SPLITS}
        split = filters.choose("worth_by", desk.t("filters.worth_by"), SPLITS, labels, SPLITS[0])
    with right:
        labels = {name: desk.label(name) for name in AMOUNTS}
        amount = filters.choose("worth_of", desk.t("filters.worth_of"), AMOUNTS, labels, AMOUNTS[0])
    found = worth(desk, split)
    title = desk.t("worth.title", what=desk.label(amount), by=desk.label(split).lower(), currency=desk.currency)
    note = desk.t("worth.note" if split == "cohort" else "worth.note_settled", n=desk.minimum)
    panel(desk, "cohort_worth", chart(desk, found, split, amount), found, title=title, note=note, of=("cohorts",))


def chart(desk: Desk, found: pl.DataFrame, split: str, amount: str) -> theme.Drawing | None:
    """Return a heat map of an amount per customer; cells of few customers or not settled are grey."""
    data = found.filter(pl.col("month_index").is_in(DRAWN) & pl.col(amount).is_not_null())
    if data.height == 0:
        return None
    data = _with_texts(desk, data, split, amount)
    lines = data["line"].unique(maintain_order=True).to_list()
    base = alt.Chart(plain(data)).encode(
        x=alt.X("month_index:O", axis=alt.Axis(title=desk.t("columns.month_index"), labelAngle=0, orient="top")),
        y=alt.Y("line:N", sort=lines, axis=alt.Axis(title=None, labelLimit=210)),
        tooltip=[
            alt.Tooltip("line:N", title=desk.label(split)),
            alt.Tooltip("month_index:O", title=desk.t("columns.month_index")),
            alt.Tooltip("money:N", title=desk.label(amount)),
            alt.Tooltip("customers:Q", title=desk.label("customers"), format=","),
            alt.Tooltip("maturity_shown:N", title=desk.t("columns.maturity")),
        ],
    )
    ramp = ["#12242f", "#0b5f8a", "#6cc0ee"] if theme.is_dark() else ["#eef5f9", "#7db8d8", "#0b5f8a"]
    top = _top(data, amount)
    fill = alt.Color(f"{amount}:Q", scale=alt.Scale(domain=[0, top / 2, top], range=ramp, clamp=True), legend=None)
    empty = alt.value(theme.ink()["empty"])
    rect = base.mark_rect(cornerRadius=2).encode(color=alt.condition("datum.sure", fill, empty))
    text = base.mark_text(fontSize=10.5, opacity=theme.fitting(data["month_index"].n_unique())).encode(
        text=alt.Text("shown:N"), color=alt.Color("ink:N", scale=None)
    )
    height = 27 * len(lines) + 30
    return theme.dressed(alt.layer(rect, text).resolve_scale(color="independent").properties(height=height))


def _top(data: pl.DataFrame, amount: str) -> float:
    return float(data.filter(pl.col("sure"))[amount].cast(pl.Float64).quantile(0.95) or 1)


def _with_texts(desk: Desk, data: pl.DataFrame, split: str, amount: str) -> pl.DataFrame:
    """Return the cells with their line, their texts, whether they are sure, and the colour of the text."""
    sizes = dict(data.group_by(split).agg(pl.col("customers").max()).iter_rows())
    lines = [f"{desk.value_label(split, value)} · {desk.t.number(sizes[value])}" for value in data[split]]
    values = data[amount].cast(pl.Float64).to_list()
    data = data.with_columns(
        pl.Series("line", lines),
        pl.Series("shown", [desk.t.number(value) for value in values]),
        pl.Series("money", [desk.show("revenue_net", value) for value in values]),
        pl.Series("maturity_shown", [desk.value_label("maturity", word) for word in data["maturity"]]),
        ((pl.col("maturity") == MATURE) & (pl.col("customers") >= desk.minimum)).alias("sure"),
    )
    dark, top = theme.is_dark(), _top(data, amount)
    return data.with_columns(
        pl.when(~pl.col("sure"))
        .then(pl.lit(palette.NEUTRAL))
        .when(pl.col(amount).cast(pl.Float64) > top * 0.7)
        .then(pl.lit("#0e1620" if dark else "#ffffff"))
        .otherwise(pl.lit(theme.ink()["strong"]))
        .alias("ink")
    )
