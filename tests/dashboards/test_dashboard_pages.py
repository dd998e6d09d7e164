"""Each page answers its question in both languages, whatever data the company has (U1, U4, X5, X9)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import vl_convert
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components.desk import Desk
from dashboards.components.figures import change_text, measure
from dashboards.components.i18n import words
from dashboards.components.topics import TOPICS
from opsloop.workspace import Workspace

PAGES = sorted(path.stem for path in (Path(dashboards.__file__).parent / "app_pages").glob("*.py"))
OPEN = Callable[..., AppTest]
COMPANIES = {
    "no_web_and_no_ads": ("orders", "payments", "leads", "deals", "retention", "scores", "cohorts", "surveys"),
    "only_leads": ("leads", "deals"),
    "nothing": (),
}


def charts(app: AppTest) -> list[dict[str, Any]]:
    """The Vega-Lite specifications on a page, with the data that Streamlit sends beside them."""
    specs = []
    for element in app.get("vega_lite_chart"):
        spec = json.loads(element.proto.spec)
        sent = {one.name: one.data.data for one in element.proto.datasets}
        spec["datasets"] = {name: pl.read_ipc_stream(io.BytesIO(data)).to_dicts() for name, data in sent.items()}
        if element.proto.data.data:
            spec["data"] = {"values": pl.read_ipc_stream(io.BytesIO(element.proto.data.data)).to_dicts()}
        specs.append(spec)
    return specs


def text(app: AppTest) -> str:
    """All words that a page writes outside its charts and tables."""
    written = [*app.title, *app.markdown, *app.caption, *app.get("html")]
    return "\n".join(str(getattr(element, "value", None) or element.proto.body) for element in written)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_page_renders_without_error_and_every_chart_draws_marks(page: str, lang: str, open_page: OPEN) -> None:
    """U4: every page exists in English and in 简体中文, and Vega accepts every chart on it."""
    app = open_page(page, lang)
    assert not app.exception
    assert app.title[0].value == words(lang)[f"pages.{page}.title"]
    assert charts(app) or page == "data_health"
    for spec in charts(app):
        svg = vl_convert.vegalite_to_svg(spec)
        assert re.search(r'aria-roledescription="(bar|line mark|rect mark|point|symbol|arc)', svg), spec


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("page", PAGES)
def test_a_company_without_some_data_gets_a_page_that_says_what_is_missing(
    page: str, company: str, open_page: OPEN
) -> None:
    """A company without web data, spend or orders is told what to add, and nothing breaks."""
    app = open_page(page, "en", FakeMetrics(COMPANIES[company]))
    assert not app.exception
    said = text(app)
    assert "None" not in said
    assert "nan" not in said.split()
    if page == "acquisition":
        assert words("en")["topics.ads.missing"] in said
        assert "`ad_performance`" in said


def test_every_topic_says_in_both_languages_what_is_missing_and_what_it_would_show() -> None:
    """A topic without words would break the page of a company that lacks it."""
    for lang in ("en", "zh"):
        for topic in TOPICS:
            assert words(lang)[f"topics.{topic.name}.missing"]
            assert words(lang)[f"topics.{topic.name}.shows"]


def test_headline_figures_are_the_metrics_layers_own_numbers(open_page: OPEN) -> None:
    """X1: a figure is what the metrics layer says for the period, written as the definition writes it."""
    app, fake = open_page("overview"), FakeMetrics()
    definition = fake.catalogue()["orders"]
    shown = {metric.label: metric.value for metric in app.metric}
    start, end = app.session_state["desk"].view.span.start, app.session_state["desk"].view.span.end
    expected = definition.format(fake.value("orders", start, end), "en", "CNY")
    assert shown["orders"] == expected


def test_an_empty_workspace_says_how_to_fill_it(workspace: Workspace) -> None:
    """Nothing published is a friendly page with the command to run, in the reader's language."""
    app = AppTest.from_file(Path(dashboards.__file__).parent / "streamlit_app.py", default_timeout=60)
    app.query_params["lang"] = "zh"
    app.run()
    assert not app.exception
    assert app.title[0].value == words("zh")["empty.title"]
    assert any("opsloop run" in block.value for block in app.code)
    assert str(workspace.root) in text(app)


def test_the_address_chooses_period_comparison_slice_and_model(open_page: OPEN) -> None:
    """U2: a view can be shared as an address."""
    app = open_page("attribution", start="2026-01-01", end="2026-01-28", compare="year", model="first")
    view = app.session_state["desk"].view
    assert (str(view.span.start), str(view.span.end)) == ("2026-01-01", "2026-01-28")
    assert (view.compare, view.model) == ("year", "first")
    assert str(view.before.start) == "2025-01-02"


def test_a_chosen_filter_goes_into_the_address_and_the_default_comes_out(open_page: OPEN) -> None:
    """U2: what is chosen is in the address, and only that."""
    app = open_page("overview")
    assert "compare" not in app.query_params
    select(app, "w_compare", "year")
    assert app.query_params["compare"] in ("year", ["year"])
    select(app, "w_compare", "previous")
    assert "compare" not in app.query_params


def test_a_slice_narrows_every_metric_that_has_the_dimension(open_page: OPEN) -> None:
    """U2: the channel in the address filters the figures."""
    app = open_page("overview", channel="email")
    desk = app.session_state["desk"]
    assert desk.where("orders") == "channel = 'email'"
    assert desk.totals(["orders"]) == {
        "orders": FakeMetrics().value("orders", desk.view.span.start, desk.view.span.end, "channel = 'email'")
    }


def test_an_address_that_makes_no_sense_falls_back_to_the_defaults(open_page: OPEN) -> None:
    """U2: a mistyped address shows the default view, not an error."""
    app = open_page("overview", start="yesterday", end="2026-99-01", compare="moon", channel="' or 1=1")
    view = app.session_state["desk"].view
    assert not app.exception
    assert (view.span.days, view.compare, dict(view.slices)) == (84, "previous", {})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_switching_the_language_changes_the_words_and_the_address(lang: str, open_page: OPEN) -> None:
    """U4: the switch wins over the language of the address."""
    other = {"en": "zh", "zh": "en"}[lang]
    app = open_page("overview", lang)
    app.get("button_group")[0].set_value(other).run()
    assert app.title[0].value == words(other)["pages.overview.title"]
    assert app.query_params["lang"] in (other, [other])


def select(app: AppTest, key: str, value: str) -> None:
    """Choose an option of a select box."""
    next(box for box in app.selectbox if box.key == key).set_value(value).run()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_data_health_says_of_each_stream_how_many_times_a_change_of_clocks_made_doubtful(
    lang: str, open_page: OPEN
) -> None:
    """X3: rows with a skipped local time and with a doubled one, beside the rows of the stream."""
    labels = [words(lang)[f"columns.{name}"] for name in ("rows", "rows_shifted", "rows_ambiguous")]
    tables = [table.value for table in open_page("data_health", lang).dataframe if labels[1] in table.value.columns]
    assert [table[labels].to_numpy().tolist() for table in tables] == [[[10, 2, 3]]]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("page", "metric"), [("overview", "revenue_net"), ("acquisition", "customer_acquisition_cost")]
)
def test_the_panel_on_why_compares_what_its_figure_compares_and_its_rows_add_up(
    page: str, metric: str, lang: str, open_page: OPEN, open_table: Callable[[AppTest, str], AppTest]
) -> None:
    """N3, X1, X5, U3: a sentence, bars, a table behind them whose CSV adds up exactly, over the settled days."""
    app = open_page(page, lang)
    desk = app.session_state["desk"]
    figure = measure(desk, [metric])[metric]
    said = next(element.proto.body for element in app.get("html") if 'data-testid="why"' in element.proto.body)
    assert desk.show(metric, figure.now) in said
    assert str(change_text(desk, figure)).lstrip("+-") in said
    note = desk.t("why.days", after=desk.t.span(figure.compared.start, figure.compared.end), before="~").split("~")[0]
    assert any(f">{note}" in element.proto.body for element in app.get("html"))
    table = next(
        element.proto.body for element in open_table(app, "why").get("html") if "ops-table" in element.proto.body
    )
    assert desk.t("why.total") in table


def test_a_chosen_metric_and_dimension_are_in_the_address(open_page: OPEN) -> None:
    """U2: what is explained, and by what, can be shared."""
    app = open_page("overview", why="sessions", why_by="device")
    chosen = {box.key: box.value for box in app.selectbox}
    assert (chosen["w_why"], chosen["w_why_by"]) == ("sessions", "device")
    select(app, "w_why_by", "country")
    assert app.query_params["why_by"] in ("country", ["country"])
    assert words("en")["why.title"].format(what="sessions") in text(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_no_dimension_splits_is_said_and_not_called_a_lack_of_values(
    lang: str, open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N3: a company with one channel and one segment has nothing to tell apart."""
    monkeypatch.setattr("dashboards.components.why.explain", lambda *_: None)
    app = open_page("overview", lang)
    what = app.session_state["desk"].label("revenue_net")
    assert words(lang)["why.one_segment"].format(what=what) in text(app)


def test_without_a_comparison_nothing_is_explained(open_page: OPEN) -> None:
    """U2: there is no change where nothing is compared."""
    assert 'data-testid="why"' not in text(open_page("overview", compare="none"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", ["overview", "weekly_review"])
def test_figures_are_compared_with_the_targets_of_their_days_and_a_slice_has_none(
    page: str, lang: str, open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U2: the change is against what the targets ask of the settled days; targets are the whole company's."""
    asked: list[tuple[object, object]] = []

    def due(_: object, names: list[str], start: object, end: object) -> dict[str, float | None]:
        asked.append((start, end))
        return {name: 50.0 if name == "orders" else None for name in names}

    monkeypatch.setattr("dashboards.components.figures.due", due)
    monkeypatch.setattr(
        Desk, "has_mart", lambda self, table: table == "fct_targets" or self.facts.has_table("marts", table)
    )
    app = open_page(page, lang, compare="target")
    desk = app.session_state["desk"]
    figure = measure(desk, ["orders"])["orders"]
    assert figure.before == 50.0
    assert (figure.compared.start, figure.compared.end) in asked
    assert figure.now is not None
    assert figure.change == pytest.approx(figure.now / 50 - 1)
    said = [element.proto.body for element in app.get("html") if "ops-figure-foot" in element.proto.body]
    assert any(desk.show("orders", 50.0) in line for line in said)
    assert words(lang)["layout.against_target"] in desk.period_line()
    desk.view = replace(desk.view, slices={"channel": "email"})
    assert measure(desk, ["orders"])["orders"].before is None
