"""What the client answers, refuses and prints."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import polars as pl
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest

from dashboards.components.view import MODELS
from dashboards.metrics import Metrics, render
from dashboards.metrics_cli import list_metrics, query_metrics, show_metric
from dashboards.metrics_layer.engine import engine_of
from dashboards.metrics_layer.periods import last_days
from dashboards.metrics_layer.question import Asked
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Iterator[Metrics]:
    """The demo company's metrics."""
    client = Metrics.open(demo)
    yield client
    client.close()


def test_nothing_published_is_one_clear_line(empty: Workspace) -> None:
    """A workspace that never ran says so, and what to do."""
    with pytest.raises(OpsloopError, match=r"nothing is published .* `opsloop run`"):
        Metrics.open(empty)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"metrics": ["ordrs"]}, "did you mean orders"),
        ({"metrics": []}, "no metric asked for"),
        ({"metrics": ["search_positions"]}, "unknown metric"),
        ({"metrics": ["orders"], "by": ["platform"]}, "orders has no dimension 'platform': it has .*channel"),
        ({"metrics": ["orders", "leads"], "by": ["channel"]}, "leads has no dimension 'channel'"),
        ({"metrics": ["orders"], "where": "person = 'p_1'"}, "no dimension 'person'"),
        ({"metrics": ["orders"], "by": ["device", "product_category"]}, "ask for them apart"),
        ({"metrics": ["orders"], "grain": "hour"}, "day, week, month, quarter, year"),
        ({"metrics": ["orders"], "start": dt.date(2026, 2, 1), "end": dt.date(2026, 1, 1)}, "ends before it starts"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_wrong_use(metrics: Metrics, question: dict, message: str) -> None:  # type: ignore[type-arg]
    """Exit status 2 with what could be asked instead."""
    with pytest.raises(UsageError, match=message):
        metrics.query(**question)


def test_attributed_numbers_always_name_their_model(metrics: Metrics) -> None:
    """The one asked for, else the workspace's default, in the answer's own column."""
    default = metrics.query(["attributed_revenue", "orders"], grain="month")
    assert default.columns == ["period", "attribution_model", "attributed_revenue", "orders"]
    assert default["attribution_model"].unique().to_list() == ["last"]
    asked = metrics.query(["return_on_ad_spend"], where="attribution_model = 'first'")
    every = metrics.query(["return_on_ad_spend"], by=["attribution_model"])
    assert asked["attribution_model"].to_list() == ["first"]
    assert every["attribution_model"].to_list() == sorted(MODELS)
    assert every.filter(attribution_model="first").rows() == asked.select(every.columns).rows()
    assert metrics.query(["attributed_revenue"], where="attribution_model = 'of_nobody'").height == 0


def test_weeks_begin_on_the_day_the_company_says(demo: Workspace, metrics: Metrics) -> None:
    """X3: any first day of the week; weeks share out the days of the range."""
    weeks = metrics.query(["orders"], grain="week")
    assert all(demo.week_of(day) == day for day in weeks["period"])
    assert weeks["orders"].sum() == metrics.value("orders")


def test_running_totals_stand_on_the_last_day_of_each_period(metrics: Metrics) -> None:
    """A month's active customers are those of the 90 days up to its last day, or to the end of the range."""
    end = metrics.snapshot.as_of_date - dt.timedelta(days=10)
    start = end - dt.timedelta(days=75)
    months = metrics.query(["active_customers", "orders"], grain="month", start=start, end=end)
    for month, last in last_days(start, end, "month", "monday").items():
        found = months.filter(pl.col("period") == month)["active_customers"].item()
        assert found == metrics.value("active_customers", start, last)


def test_rows_come_in_order_with_empty_values_last(metrics: Metrics) -> None:
    """The same question gives the same table."""
    answer = metrics.query(["sessions"], by=["campaign", "channel"], grain="month")
    assert answer.equals(answer.sort("period", "campaign", "channel", nulls_last=True))


def test_threads_get_the_same_answers_as_one(demo: Workspace, metrics: Metrics) -> None:
    """Streamlit asks from many threads at once."""
    asked = [("orders", "channel"), ("sessions", "device"), ("revenue_net", "currency"), ("ad_spend", "platform")] * 4
    fresh = Metrics.open(demo)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda one: fresh.query([one[0]], by=[one[1]]), asked))
    for (name, dimension), answer in zip(asked, found, strict=True):
        assert answer.equals(metrics.query([name], by=[dimension]))
    fresh.close()


def test_of_those_who_ask_the_same_at_once_one_finds_it_for_all(
    demo: Workspace, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U7: ten readers of a new snapshot cost one reader's questions; what failed is asked again."""
    fresh, asked = Metrics.open(demo), list[str]()
    rows = fresh._warehouse.rows

    def slowly(sql: str) -> pl.DataFrame:
        asked.append(sql)
        time.sleep(0.2)
        if len(asked) == 1:
            raise OpsloopError("not now")
        return rows(sql)

    monkeypatch.setattr(fresh._warehouse, "rows", slowly)
    with pytest.raises(OpsloopError, match="not now"):
        fresh.query(["orders"])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: fresh.value("orders"), range(8)))
    assert found == [metrics.value("orders")] * 8
    assert len(asked) == 2
    monkeypatch.undo()
    fresh.close()


def test_json_is_one_array_of_objects_with_plain_numbers(demo: Workspace) -> None:
    """The spec's format: ISO days, numbers at full precision, nothing as null."""
    text = query_metrics(demo, ["revenue_net", "ad_spend", "bounce_rate"], grain="month", format="json")
    rows = json.loads(text, parse_float=Decimal)
    assert all(list(row) == ["period", "revenue_net", "ad_spend", "bounce_rate"] for row in rows)
    assert all(dt.date.fromisoformat(row["period"]).day == 1 for row in rows)
    exact = Metrics.open(demo).exact(["revenue_net"], grain="month")["revenue_net"]
    assert [Decimal(str(row["revenue_net"])) for row in rows] == exact.to_list()


def test_every_format_holds_the_same_rows(demo: Workspace) -> None:
    """Table, CSV, Parquet and SQL tell the same story."""
    question = {"metrics": ["orders", "revenue_gross"], "by": ["channel"]}
    csv = pl.read_csv(io.StringIO(str(query_metrics(demo, **question, format="csv"))))  # type: ignore[arg-type]
    parquet = query_metrics(demo, **question, format="parquet")  # type: ignore[arg-type]
    assert isinstance(parquet, bytes)
    stored = pl.read_parquet(io.BytesIO(parquet))
    table = str(query_metrics(demo, **question, format="table"))  # type: ignore[arg-type]
    sql = str(query_metrics(demo, **question, format="sql"))  # type: ignore[arg-type]
    again = Metrics.open(demo).rows(sql)
    assert csv["orders"].to_list() == stored["orders"].to_list() == [int(n) for n in again["orders"]]
    assert len(table.splitlines()) == stored.height + 2
    with pytest.raises(UsageError, match="unknown format"):
        render(stored, "xml")


def test_a_value_that_json_cannot_write_is_null() -> None:
    """Neither NaN nor infinity is JSON; a long decimal keeps every digit."""
    frame = pl.DataFrame(
        {"a": [float("nan")], "b": [Decimal("12345678901234567.123456")], "c": ["搜\n索"], "d": [True]}
    )
    assert render(frame, "json") == '[{"a": null, "b": 12345678901234567.123456, "c": "搜\\n索", "d": true}]\n'


def test_the_list_and_one_metric_speak_both_languages(demo: Workspace) -> None:
    """Y3: what it means, formula, lineage, where it comes from."""
    assert "Bounce rate" in list_metrics(demo, "en")
    assert "跳出率" in list_metrics(demo, "zh")
    shown = show_metric(demo, "bounce_rate", "zh")
    assert "bounced_sessions / sessions" in shown
    assert "fct_sessions" in shown
    with pytest.raises(UsageError, match="did you mean bounce_rate"):
        show_metric(demo, "bounce_rat")


def test_values_are_shown_rounded_once_with_their_unit(metrics: Metrics) -> None:
    """A reader sees percent, currency and units; nothing is a dash."""
    catalogue = metrics.catalogue()
    assert catalogue["bounce_rate"].format(0.2345, "en", "CNY") == "23.4%"
    assert catalogue["revenue_net"].format(-1234.5, "en", "EUR") == "-€1,234.50"
    assert catalogue["revenue_net"].format(1234567.8, "zh", "PLN") == "PLN 1,234,568"
    assert catalogue["orders"].format(12345.0, "en", "CNY") == "12,345"
    assert catalogue["payback_months"].format(3.0, "zh", "CNY") == "3个月"
    assert catalogue["orders"].format(None, "en", "CNY") == "–"


def test_at_least_five_metrics_reach_across_marts(metrics: Metrics) -> None:
    """Shared dimensions hold across marts (Y1)."""
    wide = [one for one in metrics.catalogue().values() if len(one.tables) > 1]
    assert len(wide) >= 5
    assert {"channel", "channel_class"} <= set(metrics.catalogue()["customer_acquisition_cost"].dimensions)


# Of one shape each, and told apart by nothing but their values.
OTHER_VALUES: list[list[Asked]] = [
    [Asked(start=dt.date(2026, month, 2), end=dt.date(2026, month, 20)) for month in (3, 4)],
    [
        Asked(where=f"channel in ('{name}', 'direct') and device = '{device}'")
        for name, device in (("email", "mobile"), ("organic_search", "desktop"))
    ],
    [Asked(where=f"channel = '{value}'") for value in ("⟦end⟧", "⟦value_0⟧", "it''s", "email")],
    [Asked(grain="month", start=dt.date(2026, 1, 1), where=f"channel != '{name}'") for name in ("email", "direct")],
]


@pytest.mark.parametrize("questions", OTHER_VALUES)
def test_a_question_of_other_values_is_answered_by_them(
    demo: Workspace, metrics: Metrics, questions: list[Asked]
) -> None:
    """X1, U7: what an earlier question left compiled is what compiling anew makes."""
    asked = [metrics.sql(["orders", "sessions"], **question) for question in questions]
    assert len(set(asked)) == len(questions)
    for question, sql in zip(questions, asked, strict=True):
        engine_of.cache_clear()
        anew = Metrics.open(demo)
        assert anew.sql(["orders", "sessions"], **question) == sql
        anew.close()


def test_each_value_of_a_filter_stands_where_it_was_asked(metrics: Metrics) -> None:
    """X1: a filter says what keeping the rows of its values says."""
    rows = metrics.query(["sessions"], by=["channel", "device"])
    for channels, device in ((["email", "direct"], "mobile"), (["organic_search"], "desktop")):
        named = ", ".join(f"'{channel}'" for channel in channels)
        kept = rows.filter(pl.col("channel").is_in(channels), device=device)
        found = metrics.value("sessions", where=f"channel in ({named}) and device = '{device}'")
        assert found == kept["sessions"].sum() > 0


def test_running_totals_of_other_days_are_those_of_their_days(demo: Workspace, metrics: Metrics) -> None:
    """X1: the last days of periods are values too."""
    for month in (3, 4):
        asked = Asked(grain="week", start=dt.date(2026, month, 1), end=dt.date(2026, month, 28))
        engine_of.cache_clear()
        anew = Metrics.open(demo)
        assert anew.query(["revenue_gross_last_28_days"], **asked).equals(
            metrics.query(["revenue_gross_last_28_days"], **asked)
        )
        anew.close()


def test_other_days_and_values_compile_nothing(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """U7: a change of a filter, or the next snapshot of the same definitions, waits for the engine alone."""
    engine_of.cache_clear()
    metrics, compiled = Metrics.open(demo), []
    explain = MetricFlowEngine.explain

    def counted(engine: MetricFlowEngine, asked: MetricFlowQueryRequest) -> object:
        compiled.append(asked)
        return explain(engine, asked)

    monkeypatch.setattr(MetricFlowEngine, "explain", counted)
    for day, channel in ((1, "email"), (2, "direct"), (3, "of_nobody")):
        metrics.query(["orders"], start=dt.date(2026, 5, day), where=f"channel = '{channel}'")
    assert len(compiled) == 1
    metrics.query(["orders"], start=dt.date(2026, 5, 1), where="channel != 'email'")
    assert len(compiled) == 2
    metrics.close()
    later = Metrics.open(demo)
    later.query(["orders"], start=dt.date(2026, 5, 4), where="channel != 'direct'")
    assert len(compiled) == 2
    later.close()


def test_metrics_go_by_columns_of_days(metrics: Metrics) -> None:
    """X1, U7: a day is not cut off a time of day, so there must be none."""
    days = {item for lineage in metrics._manifest.lineages.values() for item in lineage.tables.items()}
    columns = metrics.rows(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
    )
    types = {(table, column): kind for table, column, kind in columns.iter_rows()}
    assert {(table, day): types[table, day] for table, day in days} == dict.fromkeys(days, "DATE")
    assert len(days) > 10


@pytest.mark.parametrize("where", [None, "channel = 'email'"])
def test_totals_asked_for_together_are_those_of_each_alone(metrics: Metrics, where: str | None) -> None:
    """X1, Y5: however many metrics one statement holds."""
    names = [name for name, one in metrics.catalogue().items() if where is None or "channel" in one.dimensions]
    asked = Asked(start=dt.date(2026, 4, 1), end=dt.date(2026, 5, 31), where=where)
    together = metrics.exact(names, **asked)
    assert together.height == 1
    assert len(names) > 20
    for name in names:
        assert together[name].to_list() == metrics.exact([name], **asked)[name].to_list(), name
