"""The catalogue: complete, searchable, and right about where metrics come from and where they are used (Y3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import yaml
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.catalogue import entries
from dashboards.components import snapshots
from dashboards.components.facts import Facts
from dashboards.components.i18n import words
from dashboards.metrics import Metrics
from dashboards.metrics_cli import list_metrics, show_metric
from dashboards.usage import section_title, used_on
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]
APP = Path(dashboards.__file__).parent
PAGES = sorted(path.stem for path in (APP / "app_pages").glob("*.py"))
# Data health asks no metric. The weekly review shows whatever its actions and headlines name.
ASKED_OF = [page for page in PAGES if page not in ("data_health", "weekly_review", "metrics")]
# What filters ask for their values, and what explains a change, are no figures.
UNSHOWN = {"sessions", "orders", "ad_spend", "social_reach", "revenue_net", "customers", "customers_at_risk"}


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Iterator[Metrics]:
    """The demo company's metrics."""
    client = Metrics.open(demo)
    yield client
    client.close()


def _asked(page: str, demo: Workspace, metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The metrics that a page asks of the metrics layer when it is drawn."""
    asked: set[str] = set()
    original = metrics.query

    def query(names: list[str], **rest: Any) -> Any:
        asked.update(names)
        return original(names, **rest)

    monkeypatch.setenv("OPSLOOP_WORKSPACE", str(demo.root))
    monkeypatch.setattr(metrics, "query", query)
    monkeypatch.setattr(snapshots, "current_metrics", lambda _: (metrics, Facts(metrics)))
    # The table of all metrics asks for every one.
    monkeypatch.setattr("dashboards.components.scorecard.measure", lambda *_: {})
    st.cache_data.clear()
    app = AppTest.from_file(APP / "streamlit_app.py", default_timeout=120).run()
    app = app if page == "overview" else _opened(app, page, asked)
    assert not app.exception
    return asked


def _opened(app: AppTest, page: str, asked: set[str]) -> AppTest:
    asked.clear()
    return app.switch_page(f"app_pages/{page}.py").run()


@pytest.mark.parametrize("page", ASKED_OF)
def test_a_page_uses_what_it_asks_of_the_metrics_layer(
    page: str, demo: Workspace, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Y3: where a metric is used, as the catalogue says it, is what the page was seen to ask for."""
    known = frozenset(metrics.catalogue())
    said = {name for name in known if page in used_on(name, known).pages}
    asked = _asked(page, demo, metrics, monkeypatch) & known
    bases = {metrics.catalogue()[name].formula.rpartition(" / ")[2] for name in said}
    targets = {name for (name,) in metrics.rows("select distinct metric from marts.fct_targets").iter_rows()}
    goals = {goal for (goal,) in metrics.rows("select distinct goal from marts.dim_campaigns").iter_rows()}
    parts = {part for name in targets for part in metrics.catalogue()[name].formula.split(" / ")}
    assert asked - said <= bases | targets | parts | (goals if page == "campaigns" else set()) | UNSHOWN
    assert {name for name in said - asked if _has_numbers(metrics, name)} == set()


def _has_numbers(metrics: Metrics, name: str) -> bool:
    facts = Facts(metrics)
    return facts.has_all(metrics.catalogue()[name].tables)


def test_every_entry_says_what_its_marts_hold_and_where_they_come_from(metrics: Metrics) -> None:
    """Y3: lineage reaches the landed streams in use, freshness is the marts' own, for every metric of the demo."""
    found = entries(metrics, Facts(metrics))
    assert set(found) == set(metrics.catalogue())
    assert {name for name, entry in found.items() if not entry.streams} == {"coupon_redemptions"}
    streams = {one.name for one in found["search_clicks"].streams}
    assert streams == {"search_console/search_performance"}
    last = metrics.rows("select max(date_day) from marts.fct_search_performance_daily").item()
    settled = metrics.rows(
        "select max(date_day) from marts.fct_search_performance_daily where maturity = 'mature'"
    ).item()
    assert (found["search_clicks"].last_day, found["search_clicks"].settled_until) == (last, settled)
    newest = "select target from marts.fct_targets where metric = 'orders' order by month desc limit 1"
    assert found["orders"].target == metrics.rows(newest).item()
    assert found["search_clicks"].target is None


def test_streams_that_the_workspace_does_not_use_are_no_source() -> None:
    """Y3: a connector that is off brings nothing."""
    fake = FakeMetrics()
    entry = entries(fake, Facts(fake))["orders"]  # type: ignore[arg-type]
    assert [(one.name, one.last_day, one.is_late) for one in entry.streams] == [
        ("ga4/events", dt.date(2026, 3, 14), False)
    ]


def test_all_words_of_a_search_must_be_held_in_any_order_and_either_language() -> None:
    """Y3: searchable by name, meaning, owner, dimension, mart and source."""
    fake = FakeMetrics()
    found = entries(fake, Facts(fake))  # type: ignore[arg-type]

    def names(text: str) -> set[str]:
        return {name for name, entry in found.items() if entry.holds(text)}

    assert names("rate PRIVATE reply") == {"private_reply_rate"}
    assert names("的含义 reply RATE") == {"private_reply_rate"}
    assert "orders" in names("ga4/events fct_orders")
    assert names("employee") == {name for name in found if "fct_contact_daily" in found[name].definition.tables}
    assert names("") == set(found)
    assert names("reply nonsense") == set()


def test_a_metric_is_used_where_a_function_that_the_page_calls_names_it() -> None:
    """Y3: through components, into the lists they hand to the metrics layer, and no further."""
    files = (APP.parent / "dbt_project" / "models" / "marts").rglob("sem_*.yml")
    known = frozenset(
        one["name"] for file in files for one in yaml.safe_load(file.read_text(encoding="utf-8"))["metrics"]
    )
    assert used_on("new_customers_accrual", known).pages == ("acquisition", "campaigns")
    assert used_on("private_reply_rate", known).pages == ("private_domain",)
    assert used_on("attributed_conversions", known).sections == ("attribution",)
    assert {"headlines", "business", "restated"} <= set(used_on("average_order_value", known).sections)
    assert used_on("messages_sent", known).pages == ("campaigns", "private_domain")
    # Streams and kinds of walks bear names of metrics too.
    assert "data_health" not in used_on("orders", known).pages


def test_the_pack_calls_a_section_by_its_name() -> None:
    """Y3: sections are named as readers of the pack know them."""
    assert section_title("headlines", "zh") != section_title("headlines", "en")
    assert section_title("none of these", "en") == "none of these"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_the_metric_and_the_search_of_the_address(lang: str, open_page: OPEN) -> None:
    """Y3, U2, U4: one metric with all that is known of it, and the table of those that hold the words."""
    app = open_page("metrics", lang, metric="orders", find="orders")
    own = words(lang)
    written = [element.proto.body for element in app.get("html")]
    told = next(text for text in written if "ops-facts" in text)
    for key in ("meaning", "formula", "unit", "owner", "target", "dimensions", "marts", "fresh", "pages", "sections"):
        assert own[f"catalogue.facts.{key}"] in told
    assert own["pages.campaigns.title"] in told
    assert "1,000 (2026-03)" in told
    table = next(text for text in written if "ops-prose" in text)
    assert "sum(search_clicks)" not in table
    none = open_page("metrics", lang, find="zzz")
    assert not none.exception
    assert any(own["catalogue.none"] in caption.value for caption in none.caption)


def test_the_command_line_says_what_the_page_says(demo: Workspace, metrics: Metrics) -> None:
    """Y3, X1: target, sources, reach of the data and pages, from the same catalogue."""
    entry = entries(metrics, Facts(metrics))["net_promoter_score"]
    said = show_metric(demo, "net_promoter_score")
    assert f"{entry.first_day} to {entry.last_day}" in said
    assert all(stream.name in said for stream in entry.streams)
    assert words("en")["pages.social.title"] in said
    assert "20.00 in 2026-06" in said
    listed = list_metrics(demo, "en", "private reply")
    assert "private_reply_rate" in listed
    assert "search_clicks" not in listed
