"""What pages by question compute beside their figures: targets, lost searches, campaigns, slices (U1, A6, C1, X5)."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components import campaigns, figures, found, people, targets
from dashboards.components.answers import answer
from dashboards.components.desk import Desk
from dashboards.components.facts import Facts
from dashboards.components.figures import measure
from dashboards.components.i18n import Translator
from dashboards.components.scorecard import scorecard
from dashboards.components.view import Span, View
from dashboards.pacing import Month, Pace
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]
PERIOD = Span(dt.date(2025, 12, 22), dt.date(2026, 3, 15))
# Those of the spec's row; experiments have no data yet.
QUESTIONS = {
    *("overview", "acquisition", "attribution", "funnel", "retention", "customers", "content", "social"),
    *("private_domain", "campaigns", "weekly_review", "metrics", "data_health"),
}


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    """A desk over made-up numbers, on 2026-03-15."""
    fake = FakeMetrics()
    return Desk(workspace, fake, Facts(fake), Translator("en"), View(PERIOD))  # type: ignore[arg-type]


def _course(desk: Desk, *paces: Pace, last_day: dt.date = dt.date(2026, 3, 14)) -> targets.Course:
    return targets.Course(desk, Month(dt.date(2026, 3, 1), dt.date(2026, 3, 31), last_day), paces)


def _pace(metric: str, target: float, forecast: float | None, actual: float = 10.0, due: float = 5.0) -> Pace:
    return Pace(metric, target, due, actual, forecast, dt.date(2026, 3, 14))


def test_each_question_of_the_spec_has_its_page_and_its_place_in_the_navigation() -> None:
    """U1: pages by question, none that the navigation forgets."""
    root = Path(dashboards.__file__).parent
    files = {path.stem for path in (root / "app_pages").glob("*.py")}
    tree = ast.parse((root / "streamlit_app.py").read_text(encoding="utf-8"))
    assigned = next(node for node in tree.body if isinstance(node, ast.AnnAssign))
    shown = {name for pages in ast.literal_eval(assigned.value or ast.Dict()).values() for name in pages}
    assert files == shown == QUESTIONS


def test_a_desk_that_is_narrowed_leaves_the_other_as_it_was(desk: Desk) -> None:
    """U2, X1: figures of a group are of its slice only, and the metrics layer's own numbers."""
    private = desk.narrowed(channel_class="private")
    where = "channel_class = 'private'"
    assert measure(private, ["orders"])["orders"].value == FakeMetrics().value(
        "orders", PERIOD.start, PERIOD.end, where
    )
    assert (desk.where("orders"), private.where("orders")) == (None, where)


@pytest.mark.parametrize(
    ("metric", "forecast", "verdict"),
    [
        ("orders", 99.0, targets.BEHIND),
        ("orders", 100.0, targets.ON_COURSE),
        ("customer_acquisition_cost", 99.0, targets.ON_COURSE),
        ("customer_acquisition_cost", 101.0, targets.BEHIND),
        ("orders", None, targets.NO_VERDICT),
    ],
)
def test_a_target_is_missed_on_the_wrong_side_only(
    metric: str, forecast: float | None, verdict: str, desk: Desk
) -> None:
    """A6: more orders than planned are good, a dearer customer is not; without a forecast nothing is said."""
    assert _course(desk, _pace(metric, 100.0, forecast)).verdicts == {metric: verdict}


def test_a_ratio_without_a_forecast_is_judged_by_what_there_is(desk: Desk) -> None:
    """A6: a ratio does not add up over days, so all of its target is due at any time."""
    assert _course(desk, _pace("orders", 100.0, None, actual=120.0, due=100.0)).verdicts["orders"] == targets.ON_COURSE


def test_the_sentence_counts_targets_and_names_the_furthest_off(desk: Desk) -> None:
    """A6: how many are reached at this pace, and which misses by the largest share; of a past month, were reached."""
    paces = (_pace("orders", 100.0, 90.0), _pace("sessions", 100.0, 40.0), _pace("customers", 100.0, 300.0))
    said = _course(desk, *paces).sentence()
    assert said == "At this pace 1 of 3 targets of 2026-03 are reached; furthest off: sessions with 40, 40% of 100."
    over = _course(desk, *paces, last_day=dt.date(2026, 3, 31)).sentence()
    assert over.startswith("1 of 3 targets of 2026-03 were reached;")
    assert _course(desk).sentence() == ""


def test_the_overviews_figures_stand_in_three_layers_with_their_targets(open_page: OPEN) -> None:
    """U1, A6: visibility, engagement and value in this order, and what a target says under its figure."""
    app = open_page("overview")
    written = [element.proto.body for element in app.get("html")]
    groups = [text for text in written if 'class="ops-group"' in text]
    assert [text.split(">")[1].split("<")[0] for text in groups] == ["1 Visibility", "2 Engagement", "3 Value"]
    assert any("target 2026-03: 1,000" in text for text in written)


def _searches(clicks: dict[str, tuple[int, int, float]]) -> pl.DataFrame:
    rows = [(query, *values) for query, values in clicks.items()]
    return pl.DataFrame(
        rows, schema=["query", "search_clicks", "search_impressions", "search_position"], orient="row"
    ).with_columns(pl.col("search_clicks", "search_impressions").cast(pl.Float64))


def test_lost_searches_are_those_that_bring_less_on_settled_days_the_worst_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C1, X5, X9: what is shown too seldom has no position, what is not settled is not compared."""
    n, asked = desk.minimum, []
    now = {"tea": (5, n, 9.0), "cup": (1, n, 4.0), "pot": (9, n, 2.0), "rare": (0, n - 1, 3.0)}
    then = {"tea": (9, n, 3.0), "cup": (8, n, 4.5), "pot": (8, n, 2.0), "rare": (9, n, 3.0)}

    def frame(_: object, *, by: list[str], span: Span) -> pl.DataFrame:
        asked.append(span)
        return _searches(now if len(asked) == 1 else then)

    clicks = measure(desk, ["search_clicks"])["search_clicks"]
    monkeypatch.setattr(desk, "frame", frame)
    lost = found.lost(desk, clicks)
    settled = Span(PERIOD.start, dt.date(2026, 2, 20))
    assert asked == [settled, settled.back(PERIOD.days)]
    assert lost["query"].to_list() == ["cup", "tea"]
    assert lost["position_change"].to_list() == [-0.5, 6.0]
    assert "“cup”: 1 after 8" in found.worst(desk, lost)


def test_a_campaigns_goal_is_compared_with_the_same_weekdays_before(desk: Desk) -> None:
    """E1, X1: seven days against the seven before; nine days against those two weeks earlier."""
    days = (dt.date(2026, 1, 10), dt.date(2026, 1, 16)), (dt.date(2026, 2, 2), dt.date(2026, 2, 10))
    rows = [_campaign(start, end) for start, end in days]
    outcome = campaigns.outcome(desk, pl.DataFrame(rows))
    for (start, end), weeks, row in zip(days, (1, 2), outcome.iter_rows(named=True), strict=True):
        back = dt.timedelta(weeks=weeks)
        assert row["goal_value"] == FakeMetrics().value("orders", start, end)
        assert row["goal_before"] == FakeMetrics().value("orders", start - back, end - back)


def _campaign(start: dt.date, end: dt.date) -> dict[str, Any]:
    named = {"name": "a", "campaign_kind": "promotion", "cost": 5.0, "goal": "orders", "owner": "marketing"}
    return {**named, "starts_on": start, "ends_on": end, "recipients": 1, "redeemers": 0}


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("2026-01-10", "2026-01-16", "mature"),
        ("2026-02-18", "2026-02-21", "maturing"),
        ("2026-03-10", "2026-03-20", "partial"),
        ("2026-03-20", "2026-03-25", "planned"),
    ],
)
def test_a_campaign_says_whether_its_result_can_still_change(start: str, end: str, state: str, desk: Desk) -> None:
    """X5: settled on 20 February; a campaign that runs or is to come is no result."""
    row = _campaign(dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    assert campaigns.outcome(desk, pl.DataFrame([row]))["maturity"].to_list() == [state]


def test_a_campaign_without_ads_has_no_cost_per_customer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A1: what costs nothing is not a campaign with a CAC of zero; a name that is none is no campaign."""
    free = {"ad_spend": [0.0, 8.0, None], "customer_acquisition_cost": [0.0, 4.0, None], "sessions": [3.0, 2.0, 9.0]}
    free["return_on_ad_spend"] = [None, 2.0, None]
    frame = pl.DataFrame({"campaign": ["letter", "ads", "(not set)"], **free})
    monkeypatch.setattr(desk, "frame", lambda _, by, grain=None: _daily(frame) if grain else frame)
    by_name = campaigns.by_name(desk)
    assert by_name["campaign"].to_list() == ["ads", "letter"]
    assert by_name["customer_acquisition_cost"].to_list() == [4.0, None]
    assert by_name["maturity"].to_list() == ["maturing", "maturing"]


def _daily(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(dt.date(2026, 3, 9)).alias("period"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_kind_of_search_in_the_address_narrows_searches_and_leaves_content(lang: str, open_page: OPEN) -> None:
    """U2: own brand or not can be shared as an address."""
    app = open_page("content", lang, query_kind="brand")
    assert not app.exception
    desk = app.session_state["desk"]
    shown = {metric.label: metric.value for metric in app.metric}
    start, end = desk.view.span.start, desk.view.span.end
    for name, where in (("search_clicks", "query_kind = 'brand'"), ("content_views", None)):
        assert shown[desk.label(name)] == desk.show(name, FakeMetrics().value(name, start, end, where))


def test_what_a_slice_does_not_hold_is_marked_and_no_part_of_its_answer(desk: Desk) -> None:
    """U2, X1: a figure over all platforms is not told as one platform's."""
    narrowed = desk.narrowed(platform="meta")
    assert narrowed.unsliced("orders") == ["platform"]
    assert narrowed.unsliced("social_reach") == []
    shown = measure(narrowed, ["orders", "social_reach"])
    assert figures.foot(narrowed, shown["orders"]).endswith("not by platform")
    assert "not by" not in figures.foot(narrowed, shown["social_reach"])
    assert "not by" not in figures.foot(desk, shown["orders"])
    assert "social reach" in answer(narrowed, shown)
    assert "orders" not in answer(narrowed, shown)
    assert "orders" in answer(desk, shown)
    listed = [scorecard(one)["metric"].to_list() for one in (desk, narrowed)]
    assert "orders" in listed[0]
    assert "orders" not in listed[1]
    assert "social reach" in listed[1]


def test_a_slice_has_no_targets(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A6, U2: targets are the whole company's."""
    monkeypatch.setattr(
        Desk, "has_mart", lambda self, table: table == "fct_targets" or self.facts.has_table("marts", table)
    )
    assert targets.course(desk).paces
    assert not targets.course(desk.narrowed(channel="email")).paces


def test_customers_of_a_segment_are_those_whose_churn_is_shown(desk: Desk) -> None:
    """U2: the made-up customers all repeat."""
    bands = people.churn_bands(desk)
    assert bands["customers"].sum() > 0
    assert people.churn_bands(desk.narrowed(segment="repeat")).equals(bands)
    assert people.churn_bands(desk.narrowed(segment="lapsed")).height == 0
    assert people.warning_list(desk.narrowed(segment="repeat")).equals(people.warning_list(desk))
    assert people.warning_list(desk.narrowed(segment="lapsed")).height == 0


def test_a_filter_goes_along_to_every_page_that_has_it(open_page: OPEN) -> None:
    """U2: a widget does not outlive its page, the choice does, over a page without it as well."""
    app = open_page("overview")
    app.selectbox(key="w_channel").select("email").run()
    for page in ("acquisition", "funnel", "campaigns", "overview", "acquisition"):
        app.switch_page(f"app_pages/{page}.py").run()
        slices = app.session_state["desk"].view.slices
        assert slices.get("channel") == (None if page == "funnel" else "email")
    app.selectbox(key="w_channel").select("").run()
    app.switch_page("app_pages/overview.py").run()
    assert app.session_state["desk"].view.slices == {}
