"""Campaigns of the calendar beside what came in their days, and what each campaign by name cost and brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import plain, time_axis
from dashboards.components.charts import BAR_STEP
from dashboards.components.desk import Desk
from dashboards.components.figures import change_text, compare
from dashboards.components.panels import table_panel
from dashboards.components.periods import LATE, MATURE, MATURING, PARTIAL
from dashboards.components.tables import show_texts
from dashboards.components.view import Span

PLANNED = "planned"
# Days after the period that the calendar shows, for what is planned.
AHEAD = 60
BY_NAME = (
    "ad_spend",
    "ad_impressions",
    "sessions",
    "orders",
    "revenue_gross",
    "new_customers_accrual",
    "customer_acquisition_cost",
    "return_on_ad_spend",
)
CAME = ("sessions", "orders", "revenue_net", "new_customers", "ad_spend")
# A campaign is there on a day with spend or visits.
ACTIVE = ("ad_spend", "sessions")
NO_NAME = ("", "(not set)", "(none)")
_CALENDAR = """
    select campaign_id, name, name_zh, kind, channel as calendar_channel, starts_on, ends_on,
        cast(cost as double) as cost, goal, owner, recipients, redeemers
    from marts.dim_campaigns where ends_on >= ? and starts_on <= ? order by starts_on, name
"""
_FESTIVALS = """
    select promotion as name, promotion, 'festival' as kind, min(date_day) as starts_on, max(date_day) as ends_on
    from marts.dim_dates where promotion is not null and date_day between ? and ?
    group by promotion, year order by starts_on
"""
_CHANGES = """
    select title as name, title_zh as name_zh, 'platform_change' as kind, changed_on as starts_on, changed_on as ends_on
    from marts.fct_platform_changes where changed_on between ? and ? order by changed_on, title
"""


def planned(desk: Desk) -> pl.DataFrame:
    """Return the calendar's campaigns that run in the period or begin soon after it, by their first day."""
    frame = desk.rows(_CALENDAR, [desk.view.span.start, _last(desk)])
    return _named(desk, frame)


def calendar(desk: Desk, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return campaigns, shopping festivals and changes of platforms of the same days, by their first day."""
    days = [desk.view.span.start, _last(desk)]
    others = [
        _named(desk, desk.rows(sql, days))
        for mart, sql in (("dim_dates", _FESTIVALS), ("fct_platform_changes", _CHANGES))
        if desk.has_mart(mart)
    ]
    columns = ["name", "campaign_kind", "starts_on", "ends_on"]
    rows = [frame.select(columns) for frame in (campaigns, *others) if frame.height]
    return pl.concat(rows).sort("starts_on", "name") if rows else pl.DataFrame()


def _last(desk: Desk) -> dt.date:
    return desk.view.span.end + dt.timedelta(days=AHEAD)


def _named(desk: Desk, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with the name in the reader's language."""
    if frame.height == 0:
        return frame.rename({"kind": "campaign_kind"})
    if desk.t.lang == "zh" and "name_zh" in frame.columns:
        frame = frame.with_columns(pl.coalesce("name_zh", "name").alias("name"))
    if "promotion" in frame.columns:
        names = [desk.value_label("promotion", name) for name in frame["promotion"]]
        frame = frame.with_columns(pl.Series("name", names))
    return frame.drop("name_zh", "promotion", strict=False).rename({"kind": "campaign_kind"})


def calendar_chart(desk: Desk, frame: pl.DataFrame) -> theme.Drawing | None:
    """Return a bar from the first day to the last of each entry, coloured by its kind, and a line for today."""
    if frame.height == 0:
        return None
    kinds = palette.series_colours(frame["campaign_kind"].unique().to_list())
    labels = {kind: desk.value_label("campaign_kind", kind) for kind in kinds}
    drawn = frame.with_columns(
        (pl.col("ends_on") + pl.duration(days=1)).alias("until"),
        pl.Series("line", [f"{row['name']} · {row['starts_on']:%Y}" for row in frame.iter_rows(named=True)]),
        pl.Series("shown", [desk.t.span(row["starts_on"], row["ends_on"]) for row in frame.iter_rows(named=True)]),
        pl.Series("kind", [labels[kind] for kind in frame["campaign_kind"]]),
    )
    first, last = _day(frame["starts_on"].min()), _day(frame["ends_on"].max())
    weeks = pl.Series([first + dt.timedelta(days=n) for n in range(0, (last - first).days + 1, 7)])
    bar = (
        alt.Chart(plain(drawn))
        .mark_bar(size=13, cornerRadius=2)
        .encode(
            x=alt.X("starts_on:T", axis=time_axis(desk, "week", weeks)),
            x2="until:T",
            y=alt.Y("line:N", sort=None, axis=alt.Axis(title=None, labelLimit=220)),
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(labels.values()), range=list(kinds.values()))),
            tooltip=[
                alt.Tooltip("line:N", title=desk.label("name")),
                alt.Tooltip("kind:N", title=desk.label("campaign_kind")),
                alt.Tooltip("shown:N", title=desk.label("period")),
            ],
        )
    )
    return theme.dressed(bar.properties(height=max(90, BAR_STEP * drawn["line"].n_unique() + 30)))


def outcome(desk: Desk, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return for each campaign its goal, what came of it in its days and in as many days before, and the company's.

    The days before are the same weekdays, whole weeks earlier; a campaign that has not begun has only its plan.
    """
    return pl.DataFrame([_outcome(desk, one) for one in campaigns.iter_rows(named=True)], infer_schema_length=None)


def _outcome(desk: Desk, one: dict[str, object]) -> dict[str, object]:
    span = Span(_day(one["starts_on"]), _day(one["ends_on"]))
    kept = ("name", "campaign_kind", "starts_on", "ends_on", "cost", "goal", "owner", "recipients", "redeemers")
    goal = str(one["goal"]) if one["goal"] in desk.known([str(one["goal"])]) else None
    row = {key: one[key] for key in kept} | {"maturity": _state(desk, goal, span)}
    part = span.until(desk.today)
    if part is None:
        return row
    names = [*dict.fromkeys([*([goal] if goal else []), *CAME])]
    now, before = desk.totals(names, part), desk.totals(names, part.back(-(-part.days // 7) * 7))
    row |= {name: now.get(name) for name in CAME}
    return row | ({"goal_value": now[goal], "goal_before": before[goal]} if goal else {})


def _day(value: object) -> dt.date:
    assert isinstance(value, dt.date)
    return value


def _state(desk: Desk, goal: str | None, span: Span) -> str:
    """Whether a campaign is still to come, runs, lacks days that are over, can still change, or is settled (X5)."""
    if span.start > desk.today:
        return PLANNED
    if span.end > desk.today:
        return PARTIAL
    if goal is None:
        return MATURE
    if span.end > desk.arrived(goal):
        return LATE
    return MATURE if span.end <= desk.settled(goal) else MATURING


def show_outcome(desk: Desk, found: pl.DataFrame) -> None:
    """Show plan against what came, written out; its numbers are what is saved."""
    table_panel(
        desk,
        "campaign_outcome",
        written(desk, found),
        title=desk.t("campaigns.outcome"),
        note=desk.t("campaigns.outcome_note"),
        when_empty=desk.t("campaigns.none"),
        show=show_texts,
        of=("ads", "web", "orders"),
        whole=lambda: found,
    )


def written(desk: Desk, found: pl.DataFrame) -> pl.DataFrame:
    """Return plan and result as the reader reads them, each goal in the unit of its metric."""
    return pl.DataFrame([_written(desk, row) for row in found.iter_rows(named=True)])


def _written(desk: Desk, row: dict[str, object]) -> dict[str, str]:
    goal = row.get("goal_value") is not None
    name = str(row["goal"])
    texts = {
        "name": str(row["name"]),
        "campaign_kind": desk.value_label("campaign_kind", row["campaign_kind"]),
        "days": desk.t.span(_day(row["starts_on"]), _day(row["ends_on"])),
        "campaign_cost": desk.show("campaign_cost", _number(row["cost"])),
        "goal": desk.label(name) if row["goal"] else "–",
        "goal_value": desk.show(name, _number(row["goal_value"])) if goal else "–",
        "goal_before": desk.show(name, _number(row["goal_before"])) if goal else "–",
        "change_shown": (change(desk, row) or "–"),
    }
    texts |= {"maturity": desk.value_label("maturity", row["maturity"])}
    texts |= {key: desk.show(key, _number(row.get(key))) for key in CAME if key in desk.catalogue}
    return texts | {"recipients": desk.t.number(_number(row["recipients"])), "owner": str(row["owner"] or "–")}


def change(desk: Desk, row: dict[str, object]) -> str | None:
    """Return how a campaign's goal moved against the days before, or nothing where that is not known."""
    if row.get("goal_value") is None or row.get("goal_before") is None:
        return None
    now, before = _number(row["goal_value"]), _number(row["goal_before"])
    return change_text(desk, compare(desk, str(row["goal"]), now, before))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def sentence(desk: Desk, found: pl.DataFrame) -> str:
    """Return which campaigns ran, what the last of them came to, and which is next."""
    rows = list(found.iter_rows(named=True))
    ran = [row for row in rows if row["maturity"] != PLANNED]
    coming = [row for row in rows if row["maturity"] == PLANNED]
    parts = []
    if ran:
        parts.append(desk.t("campaigns.ran", n=len(ran)))
        told = [row for row in ran if change(desk, row)]
        if told:
            last = told[-1]
            goal = str(last["goal"])
            values = {key: desk.show(goal, _number(last[key])) for key in ("goal_value", "goal_before")}
            parts.append(
                desk.t("campaigns.last", name=last["name"], what=desk.label(goal), change=change(desk, last), **values)
            )
    if coming:
        parts.append(desk.t("campaigns.next", name=coming[0]["name"], day=desk.t.date(coming[0]["starts_on"])))
    return "".join(parts) if desk.t.lang == "zh" else " ".join(parts)


def by_name(desk: Desk) -> pl.DataFrame:
    """Return what campaigns by the name that ads and links carry cost and brought, with how settled that is.

    One without ads has no cost per customer and no return, rather than ones of zero.
    """
    names = desk.by(BY_NAME, "campaign")
    if not desk.by(ACTIVE, "campaign"):
        return pl.DataFrame()
    frame = desk.frame(names, by=["campaign"]).drop_nulls("campaign").filter(~pl.col("campaign").is_in(NO_NAME))
    if frame.height == 0:
        return pl.DataFrame()
    last, settled = _last_days(desk), min(desk.settled(name) for name in names)
    states = [_settled(desk, names[0], last.get(name, desk.view.span.end), settled) for name in frame["campaign"]]
    if "ad_spend" in names:
        costs = [name for name in ("customer_acquisition_cost", "return_on_ad_spend") if name in names]
        has_ads = pl.col("ad_spend").fill_null(0) > 0
        frame = frame.with_columns(pl.when(has_ads).then(pl.col(name)).alias(name) for name in costs)
    order = [name for name in ACTIVE if name in names]
    frame = frame.with_columns(pl.Series("maturity", states, dtype=pl.String))
    return frame.sort(*order, descending=True, nulls_last=True)


def _settled(desk: Desk, name: str, last: dt.date, settled: dt.date) -> str:
    """How settled a campaign is whose last day of the period that was; its first matters to nobody."""
    state = _state(desk, name, Span(last, last))
    return MATURING if state == MATURE and last > settled else state


def _last_days(desk: Desk) -> dict[str, dt.date]:
    """The last day of the period on which each campaign had spend or visits."""
    names = desk.by(ACTIVE, "campaign")
    daily = desk.frame(names, by=["campaign"], grain="day")
    active = daily.filter(pl.any_horizontal(pl.col(name).fill_null(0) > 0 for name in names))
    return dict(active.group_by("campaign").agg(pl.col("period").max()).iter_rows())


def paying(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Return the campaigns that cost something and have the metrics named."""
    if frame.height == 0 or not {"ad_spend", *names} <= set(frame.columns):
        return pl.DataFrame()
    return frame.filter(pl.col("ad_spend") > 0)
