"""The sections of the review after the headlines; each says what is missing where a company has no such data."""

from __future__ import annotations

import polars as pl

from dashboards.packs import charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Section, Table

MODELS = ("first", "last", "linear")
RETENTION_WEEKS = 8


def acquisition(desk: Desk) -> Section:
    """What acquisition cost and brought, by channel and platform."""
    title = desk.say("acquisition")
    now = desk.week_of_metrics(["ad_spend", "new_customers", "customer_acquisition_cost"])
    customers = desk.show(now.get("new_customers"), "count")
    names = ["sessions", "ad_spend", "new_customers", "orders", "revenue_gross"]
    channel = _dimension_table(desk, "channel", names, "by_channel", bar="new_customers")
    ads = ["ad_spend", "ad_impressions", "ad_clicks", "ad_click_rate", "cost_per_click", "ad_conversions_claimed"]
    platform = _dimension_table(desk, "platform", ads, "by_platform", bar="ad_spend")
    if not now.get("ad_spend"):
        answer = desk.say("acquisition_free", customers=customers)
        return Section("acquisition", title, answer, (channel,), desk.say("acquisition_missing"))
    answer = desk.say(
        "acquisition_answer",
        spend=desk.show(now["ad_spend"], "money"),
        customers=customers,
        cac=desk.show(now.get("customer_acquisition_cost"), "money"),
    )
    return Section("acquisition", title, answer, (channel, platform))


def funnel(desk: Desk) -> Section:
    """How far the week's visitors came, for each named funnel."""
    frame = desk.metrics.rows(
        """
        select funnel_name, step_index, step_name, sum(persons) as persons
        from work.marts.fct_funnel_daily
        where entry_date between ? and ?
        group by all
        order by funnel_name, step_index
        """,
        [desk.week.start, desk.week.end],
    )
    title = desk.say("funnel")
    if frame.is_empty():
        return Section("funnel", title, "", (), desk.say("web_missing"))
    persons = pl.col("persons").cast(pl.Float64)
    frame = frame.with_columns(
        (persons / persons.first().over("funnel_name")).alias("of_first"),
        (persons / persons.shift(1).over("funnel_name")).alias("of_previous"),
    )
    main = frame.filter(pl.col("funnel_name") == frame["funnel_name"][-1])
    answer = desk.say(
        "funnel_answer",
        first=desk.show(main["persons"][0], "count"),
        last=desk.show(main["persons"][-1], "count"),
        rate=desk.show(main["of_first"][-1], "rate"),
    )
    texts = [desk.show(value, "count") for value in main["persons"]]
    chart = charts.bars(main, "step_name", "persons", texts)
    columns = (
        Column("funnel_name", desk.say("funnel_name")),
        Column("step_name", desk.say("step")),
        Column("persons", desk.say("persons"), "count"),
        Column("of_first", desk.say("of_first"), "rate"),
        Column("of_previous", desk.say("of_previous"), "rate"),
    )
    return Section("funnel", title, answer, (Table("funnel", title, columns, frame, desk.say("funnel_note"), chart),))


def retention(desk: Desk) -> Section:
    """Which share of each week's newcomers came back, whole weeks only."""
    long = desk.metrics.rows(
        """
        select cohort_start, period_index, cohort_persons, retained_persons / nullif(cohort_persons, 0) as rate
        from work.marts.fct_retention
        where cohort_grain = 'week' and maturity = 'mature' and period_index between 1 and ?
          and activity = (select min(activity) filter (where activity = 'session' or only_orders) from (
            select activity, count(*) filter (where activity = 'session') over () = 0 as only_orders
            from work.marts.fct_retention))
          and cohort_start between ? and ?
        order by cohort_start, period_index
        """,
        [RETENTION_WEEKS, desk.week.earlier(RETENTION_WEEKS + 1, desk.workspace).start, desk.week.start],
    )
    title = desk.say("retention")
    if long.is_empty():
        return Section("retention", title, "", (), desk.say("retention_missing"))
    wide = long.pivot(on="period_index", index=["cohort_start", "cohort_persons"], values="rate")
    weeks = [name for name in wide.columns if name not in {"cohort_start", "cohort_persons"}]
    columns = (
        Column("cohort_start", desk.say("cohort"), "date"),
        Column("cohort_persons", desk.say("persons"), "count"),
        *[Column(name, desk.say("week_n", n=name), "rate") for name in weeks],
    )
    note = desk.say("retention_note", minimum=desk.workspace.settings.minimum_sample)
    chart = charts.heat(
        long.with_columns(pl.col("cohort_start").cast(pl.String)), "cohort_start", "period_index", "rate"
    )
    return Section(
        "retention", title, desk.say("retention_answer"), (Table("retention", title, columns, wide, note, chart),)
    )


def attribution(desk: Desk) -> Section:
    """Orders and revenue by channel under each model, side by side."""
    title = desk.say("attribution")
    names = desk.known(["attributed_conversions", "attributed_revenue"])
    frames = {m: desk.by(names, "channel", where=f"attribution_model = '{m}'") for m in MODELS} if names else {}
    if not frames or all(frame.is_empty() for frame in frames.values()):
        return Section("attribution", title, "", (), desk.say("web_missing"))
    wide = pl.DataFrame({"channel": pl.Series([], dtype=pl.String)})
    columns = [Column("channel", desk.say("channel"))]
    for model, frame in frames.items():
        renamed = frame.select("channel", *[pl.col(name).cast(pl.Float64).alias(f"{name}_{model}") for name in names])
        wide = wide.join(renamed, on="channel", how="full", coalesce=True, nulls_equal=True)
        for name, key in zip(names, ("credited", "credited_revenue"), strict=True):
            heading = desk.say(key, model=desk.say(f"model_{model}"))
            columns.append(Column(f"{name}_{model}", heading, desk.catalogue[name].unit))
    default = desk.workspace.settings.attribution.default_model
    first = f"{names[0]}_{default}"
    wide = _named(desk, wide.fill_null(0).sort(first, "channel", descending=[True, False]), "channel")
    texts = [desk.show(value, "count") for value in wide[first]]
    table = Table("attribution", title, tuple(columns), wide, "", charts.bars(wide, "channel", first, texts))
    answer = desk.say("attribution_answer", model=desk.say(f"model_{default}"))
    return Section("attribution", title, answer, (table,))


def _named(desk: Desk, frame: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """The frame with the reader's words for empty and special values of a dimension."""
    words = {"no_session": desk.say("no_session"), "unattributed": desk.say("unattributed")}
    labels = channel_labels(desk) if dimension == "channel" else {}
    renamed = [
        labels.get(value) or words.get(value, value) if value is not None else desk.say("empty_value")
        for value in frame[dimension]
    ]
    return frame.with_columns(pl.Series(dimension, renamed, dtype=pl.String))


def channel_labels(desk: Desk) -> dict[str, str]:
    """What each channel is called in the reader's language."""
    frame = desk.metrics.rows(f"select channel, label_{desk.lang} as label from work.marts.dim_channels")
    return {row["channel"]: row["label"] for row in frame.to_dicts() if row["label"]}


def _dimension_table(desk: Desk, dimension: str, names: list[str], key: str, bar: str) -> Table:
    """This week's metrics for each value of a dimension, the largest first, with a bar for one of them."""
    frame = desk.by(names, dimension)
    title = desk.say(key)
    if frame.is_empty():
        return Table(key, title, (), frame)
    frame = _named(desk, frame.sort(bar, dimension, descending=[True, False], nulls_last=True), dimension)
    top = frame.filter(pl.col(bar).is_not_null() & (pl.col(bar) != 0))
    texts = [desk.show(value, desk.catalogue[bar].unit) for value in top[bar]]
    chart = charts.bars(top, dimension, bar, texts) if top.height else None
    note = desk.label(bar) if chart else ""
    return Table(key, title, desk.columns_for(frame, dimension, desk.say(dimension)), frame, note, chart)
