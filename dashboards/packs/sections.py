"""The sections on acquisition and behaviour; each says what is missing where a company has no such data."""

from __future__ import annotations

import polars as pl

from dashboards.packs import charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import Column, Section, Table
from dashboards.packs.tables import bars, dimension_table, named

MODELS = ("first", "last", "linear", "markov")
RETENTION_WEEKS = 8
SALE = "purchase"


def acquisition(desk: Desk) -> Section:
    """What acquisition cost and brought, by channel and platform."""
    title = desk.say("acquisition")
    now = desk.week_of_metrics(["ad_spend", "new_customers", "customer_acquisition_cost"])
    customers = desk.show(now.get("new_customers"), "count")
    names = ["sessions", "ad_spend", "new_customers", "orders", "revenue_gross"]
    channel = dimension_table(desk, "by_channel", desk.say("by_channel"), "channel", names, "new_customers")
    if not now.get("ad_spend"):
        answer = desk.say("acquisition_free", customers=customers) if now.get("new_customers") is not None else ""
        return Section("acquisition", title, answer, (channel,), desk.say("acquisition_missing"))
    ads = ["ad_spend", "ad_impressions", "ad_clicks", "ad_click_rate", "cost_per_click", "ad_conversions_claimed"]
    platform = dimension_table(desk, "by_platform", desk.say("by_ad_platform"), "platform", ads, "ad_spend")
    answer = desk.say(
        "acquisition_answer",
        spend=desk.show(now["ad_spend"], "money"),
        customers=customers,
        cac=desk.show(now.get("customer_acquisition_cost"), "money"),
    )
    return Section("acquisition", title, answer, (channel, platform))


_FUNNELS = """
    select daily.funnel_name, daily.step_index, daily.step_name,
        any_value(named.label_en) as label_en, any_value(named.label_zh) as label_zh,
        sum(daily.persons) as persons, sum(daily.persons) filter (where daily.maturity <> 'mature') as still_open
    from work.marts.fct_funnel_daily as daily
    left join work.workspace.funnels as named
        on daily.funnel_name = named.funnel_name and daily.step_index = named.step_index
    where daily.entry_date between ? and ?
    group by all
    order by daily.funnel_name, daily.step_index
"""


def funnel(desk: Desk) -> Section:
    """How far the week's visitors came, for each named funnel, the one that ends in a sale first."""
    frame = desk.metrics.rows(_FUNNELS, [desk.week.start, desk.week.end])
    title = desk.say("funnel")
    if frame.is_empty():
        return Section("funnel", title, "", (), desk.say("web_missing"))
    found = frame.partition_by("funnel_name", maintain_order=True)
    found.sort(key=lambda steps: (steps["step_name"][-1] != SALE, steps["funnel_name"][0]))
    main = found[0]
    first, last = int(main["persons"][0]), int(main["persons"][-1])
    answer = desk.say(
        "funnel_answer",
        first=desk.show(first, "count"),
        last=desk.show(last, "count"),
        rate=desk.show(last / first if first else None, "rate"),
    )
    return Section("funnel", title, answer, tuple(_steps(desk, steps) for steps in found))


def _steps(desk: Desk, steps: pl.DataFrame) -> Table:
    """One funnel's steps, each beside the first and the one before."""
    persons = pl.col("persons").cast(pl.Float64)
    before = persons.shift(1)
    steps = steps.with_columns(
        named(desk, steps, "step_name"),
        persons,
        pl.when(persons.first() > 0).then(persons / persons.first()).alias("of_first"),
        pl.when(before > 0).then(persons / before).alias("of_previous"),
        persons.first().alias("entered"),
        before.alias("reached_before"),
    )
    columns = (
        Column("step_name", desk.say("step")),
        Column("persons", desk.say("persons"), "count"),
        Column("of_first", desk.say("of_first"), "rate", "entered"),
        Column("of_previous", desk.say("of_previous"), "rate", "reached_before"),
    )
    name = str(steps["funnel_name"][0])
    still_open = steps["still_open"][0]
    note = desk.say("funnel_note", n=desk.show(still_open, "count")) if still_open else ""
    label = steps[f"label_{desk.lang}"][0] or name
    frame = steps.drop("label_en", "label_zh", "still_open")
    return Table(f"funnel_{name}", label, columns, frame, note, _drawn(desk, steps))


def _drawn(desk: Desk, steps: pl.DataFrame) -> tuple[dict[str, object], ...]:
    if steps["step_name"].n_unique() < steps.height:
        return ()
    texts = [desk.show(value, "count") for value in steps["persons"]]
    return (charts.bars(steps, "step_name", "persons", texts, desk.say("persons")),)


_RETENTION = """
    select cohort_start, period_index, cast(cohort_persons as double) as cohort_persons,
        cast(retained_persons as double) as retained_persons
    from work.marts.fct_retention
    where cohort_grain = 'week' and maturity = 'mature' and activity = ?
        and period_index between 1 and ? and cohort_start between ? and ?
    order by cohort_start, period_index
"""
_ACTIVITY = """
    select case when bool_or(activity = 'session') then 'session' else 'order' end as activity
    from work.marts.fct_retention
"""


def retention(desk: Desk) -> Section:
    """Which share of each week's newcomers came back, whole weeks only; by orders where there are no visits."""
    title = desk.say("retention")
    activity = str(desk.metrics.rows(_ACTIVITY)["activity"][0])
    since = desk.week.earlier(RETENTION_WEEKS + 1, desk.workspace).start
    long = desk.metrics.rows(_RETENTION, [activity, RETENTION_WEEKS, since, desk.week.start])
    if long.is_empty():
        return Section("retention", title, "", (), desk.say("retention_missing"))
    next_week = long.filter(pl.col("period_index") == 1)
    persons, back = (float(next_week[name].sum()) for name in ("cohort_persons", "retained_persons"))
    answer = desk.say(
        f"retention_answer_{activity}",
        rate=desk.show(back / persons if persons else None, "rate"),
        persons=desk.show(persons, "count"),
        weeks=next_week.height,
    )
    return Section("retention", title, answer, (_cohorts(desk, long),))


def _cohorts(desk: Desk, long: pl.DataFrame) -> Table:
    """One row per cohort, one column per later week, shaded by the share that came back."""
    rated = long.with_columns((pl.col("retained_persons") / pl.col("cohort_persons")).fill_nan(None).alias("rate"))
    wide = rated.pivot(on="period_index", index=["cohort_start", "cohort_persons"], values="rate")
    weeks = [name for name in wide.columns if name not in {"cohort_start", "cohort_persons"}]
    columns = (
        Column("cohort_start", desk.say("cohort"), "date"),
        Column("cohort_persons", desk.say("persons"), "count"),
        *[
            Column(
                name,
                desk.say("week_n", n=name),
                "rate",
                "cohort_persons",
                group=desk.say("weeks_after"),
                is_shaded=True,
            )
            for name in weeks
        ],
    )
    return Table("retention", desk.say("retention_table"), columns, wide, desk.say("retention_note"))


def attribution(desk: Desk) -> Section:
    """Orders and revenue by channel under each model, side by side."""
    title = desk.say("attribution")
    names = desk.known(["attributed_conversions", "attributed_revenue"])
    default = desk.workspace.settings.attribution.default_model
    models = dict.fromkeys((*MODELS, default)) if names else {}
    frames = {m: desk.by(names, "channel", where=f"attribution_model = '{m}'") for m in models}
    if not frames or all(frame.is_empty() for frame in frames.values()):
        return Section("attribution", title, "", (), desk.say("web_missing"))
    wide = pl.DataFrame({"channel": pl.Series([], dtype=pl.String)})
    columns = [Column("channel", desk.say("channel"))]
    for model, frame in frames.items():
        renamed = frame.select("channel", *[pl.col(name).cast(pl.Float64).alias(f"{name}_{model}") for name in names])
        wide = wide.join(renamed, on="channel", how="full", coalesce=True, nulls_equal=True)
        group = desk.say(f"model_{model}")
        for name, key in zip(names, ("credited", "credited_revenue"), strict=True):
            columns.append(Column(f"{name}_{model}", desk.say(key), desk.catalogue[name].unit, group=group))
    first = f"{names[0]}_{default}"
    wide = wide.fill_null(0).sort(first, "channel", descending=[True, False])
    wide = wide.with_columns(named(desk, wide, "channel"))
    label = desk.say("chart_of", what=desk.label(names[0]), model=desk.say(f"model_{default}"))
    chart = bars(desk, wide, "channel", names[0], first, label)
    table = Table("attribution", desk.say("attribution_table"), tuple(columns), wide, "", chart)
    answer = desk.say("attribution_answer", model=desk.say(f"model_{default}"))
    missing = "" if desk.facts.has("web") else desk.say("web_missing")
    return Section("attribution", title, answer, (table,), missing)
