"""What pages are made of: words, periods, maturity, small numbers, colours, figures, tables."""

from __future__ import annotations

import datetime as dt
import re
from string import Formatter

import duckdb
import polars as pl
import pytest
from fake_metrics import FakeMetrics

from dashboards.components import charts, cohort_worth, palette
from dashboards.components.axes import plain
from dashboards.components.desk import Desk
from dashboards.components.facts import Facts
from dashboards.components.figures import Figure, change_text, measure
from dashboards.components.i18n import Translator, language_of, words
from dashboards.components.periods import state_of
from dashboards.components.review import iso_name
from dashboards.components.tables import GREY, styled
from dashboards.components.view import Span, View, quoted, read_span
from opsloop.workspace import Workspace

PERIOD = Span(dt.date(2025, 12, 22), dt.date(2026, 3, 15))
WEEK = 7


@pytest.fixture
def desk(workspace: Workspace) -> Desk:
    """A desk over made-up numbers; the last settled day is 2026-02-20."""
    fake = FakeMetrics()
    return Desk(workspace, fake, Facts(fake), Translator("en"), View(PERIOD))  # type: ignore[arg-type]


def places(text: str) -> set[str]:
    """The places of a text that a page fills."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    """U4: nothing is left untranslated, and no place would stay empty."""
    english, chinese = words("en"), words("zh")
    assert set(english) == set(chinese)
    assert {key for key in english if places(english[key]) != places(chinese[key])} == set()


def test_chinese_texts_use_chinese_punctuation_between_chinese_words() -> None:
    """U4: idiomatic 中文 has full-width commas, colons and brackets."""
    wrong = {key: text for key, text in words("zh").items() if re.search(r"[一-鿿][,:;?!(]|[,;?!)][一-鿿]", text)}
    assert wrong == {}


def test_a_span_is_written_as_its_language_does() -> None:
    """U4: dates are written as readers of the language write them."""
    days = (dt.date(2026, 2, 23), dt.date(2026, 3, 1))
    assert Translator("en").span(*days) == "23 Feb – 1 Mar 2026"
    assert Translator("zh").span(*days) == "2026年2月23日至3月1日"


@pytest.mark.parametrize(
    ("tag", "lang"), [("zh-CN", "zh"), ("zh_Hant", "zh"), ("EN-us", "en"), ("fr", None), (None, None)]
)
def test_a_browsers_language_tag_gives_one_of_ours_or_none(tag: str | None, lang: str | None) -> None:
    """U4: the browser's language is the default where the address names none."""
    assert language_of(tag) == lang


@pytest.mark.parametrize(
    ("compare", "start", "end"),
    [("previous", "2025-09-29", "2025-12-21"), ("year", "2024-12-23", "2025-03-16"), ("none", None, None)],
)
def test_the_period_of_comparison_is_as_long_and_keeps_its_weekdays(
    compare: str, start: str | None, end: str | None
) -> None:
    """U2: the period before ends the day before; last year's is 52 weeks back, so weekdays match."""
    before = View(PERIOD, compare).before
    assert (before and (str(before.start), str(before.end))) == (start and (start, end))


def test_a_range_that_ends_before_it_starts_is_not_taken() -> None:
    """U2: a mistyped address shows the default."""
    assert read_span({"from": "2026-03-01", "to": "2026-02-01"}, PERIOD) == PERIOD


def test_a_quote_in_a_value_does_not_end_it() -> None:
    """A channel called O'Brien is a value, not a filter."""
    assert quoted("O'Brien") == "'O''Brien'"


@pytest.mark.parametrize(
    ("period", "state"),
    [
        ("2025-12-15", "partial"),  # begins before the range
        ("2026-02-09", "mature"),  # ends on 15 February
        ("2026-02-16", "maturing"),  # ends after the last settled day
        ("2026-03-09", "partial"),  # not over on the 14th
    ],
)
def test_a_week_is_settled_only_when_its_last_day_is(period: str, state: str) -> None:
    """X5: a period is as mature as its last day."""
    days = Span(dt.date(2025, 12, 16), dt.date(2026, 3, 15))
    found = state_of(dt.date.fromisoformat(period), "week", days, dt.date(2026, 2, 20), dt.date(2026, 3, 14))
    assert found == state


def test_a_figure_is_compared_over_settled_days_only(desk: Desk) -> None:
    """X5: the change leaves out what can still move, on both sides alike."""
    figure = measure(desk, ["orders"])["orders"]
    fake = FakeMetrics()
    days = Span(PERIOD.start, dt.date(2026, 2, 20))
    assert figure.compared == days
    assert figure.value == fake.value("orders", PERIOD.start, PERIOD.end)
    assert figure.now == fake.value("orders", days.start, days.end)
    assert figure.before == fake.value("orders", dt.date(2025, 9, 29), dt.date(2025, 11, 28))
    assert not figure.is_preliminary


def test_a_period_with_nothing_settled_is_called_preliminary(desk: Desk) -> None:
    """X5: a young week is shown beside the week before, without a verdict."""
    week = Span(dt.date(2026, 3, 2), dt.date(2026, 3, 8))
    desk.view = View(week)
    figure = measure(desk, ["orders"])["orders"]
    assert figure.is_preliminary
    assert figure.compared == week


def test_a_change_of_a_rate_is_in_points_and_of_anything_else_relative(desk: Desk) -> None:
    """A rate that goes from 2 % to 4 % rises by two points, not by all; a score may go through zero."""
    rate = Figure("conversion_rate", 0.04, None, 0.04, 0.02, PERIOD, False, False, "rate")
    count = Figure("orders", 150, None, 150, 100, PERIOD, False, False, "count")
    assert change_text(desk, rate) == "+2.0 pp"
    score = Figure("net_promoter_score", -5, None, -5, 10, PERIOD, False, False, "score")
    assert change_text(desk, count) == "+50.0%"
    assert change_text(desk, score) == "-15.0"


def test_a_change_from_nothing_is_no_change(desk: Desk) -> None:
    """A division by zero is not a growth rate."""
    assert change_text(desk, Figure("orders", 5, None, 5, 0, PERIOD, False, False, "count")) is None


def test_a_tenfold_rise_is_a_factor_and_not_a_large_per_cent(desk: Desk) -> None:
    """Nobody reads +17,667 %."""
    assert change_text(desk, Figure("orders", 530, None, 530, 3, PERIOD, False, False, "count")) == "×177"


def test_an_amount_that_nobody_records_is_no_figure(desk: Desk) -> None:
    """A company that states no costs has no margin of zero."""
    assert Figure("gross_margin", 0.0, None, 0.0, 0.0, PERIOD, False, False, "money").is_silent
    assert not Figure("leads", 0, None, 0, 0, PERIOD, False, False, "count").is_silent
    assert not Figure("refunds", 0.0, None, 0.0, 12.0, PERIOD, False, False, "money").is_silent


def test_a_rate_on_few_cases_is_greyed_and_one_on_enough_is_not(desk: Desk) -> None:
    """X9: below the minimum sample a rate is grey; at it, it is not."""
    frame = pl.DataFrame(
        {"channel": ["email", "direct"], "sessions": [desk.minimum - 1, desk.minimum], "conversion_rate": [0.5, 0.5]}
    )
    html = styled(desk, frame).to_html()
    grey_cells = re.findall(r"#T_\w+_row(\d)_col2[^{]*{\s*" + GREY, html)
    assert grey_cells == ["0"]


def test_bars_on_few_cases_are_faint(desk: Desk) -> None:
    """X9: a bar that rests on too few cases is marked so."""
    frame = pl.DataFrame({"channel": ["email", "direct"], "sessions": [3, 300], "conversion_rate": [0.5, 0.5]})
    spec = charts.bars(desk, frame, "conversion_rate", "channel")
    rows = spec["layer"][0].get("data", spec.get("data"))["values"]
    assert [row["few"] for row in rows] == [True, False]


def test_unsettled_periods_are_in_the_dashed_line_only(desk: Desk) -> None:
    """X5: charts draw what is not mature differently."""
    frame = desk.frame(["orders"], grain="week")
    dashed, solid = charts.trend(desk, frame, "orders")["layer"]
    assert dashed["mark"]["strokeDash"]
    assert "strokeDash" not in solid["mark"]
    assert {row["maturity"] for row in solid["data"]["values"]} == {"mature"}
    assert max(row["period"] for row in dashed["data"]["values"]) == "2026-03-09T00:00:00"
    assert min(row["period"] for row in dashed["data"]["values"]) == "2026-02-09T00:00:00"


def test_a_channel_has_its_classes_hue_and_a_shade_of_its_own() -> None:
    """The same channel has the same colour on every page, whatever else is shown."""
    classes = {"email": "owned", "direct": "owned", "ads": "paid", "none": None}
    colours = palette.channel_colours(classes)
    assert colours["ads"] == palette.CLASSES["paid"]
    assert colours["none"] == palette.NEUTRAL
    assert len({colours["email"], colours["direct"]}) == 2
    assert palette.channel_colours(dict(reversed(classes.items()))) == colours


def test_customers_are_worth_what_their_cohorts_brought_each(desk: Desk) -> None:
    """R7: per customer, over the cohorts that are settled by then; a margin only over those whose costs are known."""
    by_channel = {(row["channel"], row["month_index"]): row for row in cohort_worth.worth(desk, "channel").to_dicts()}
    assert list(dict.fromkeys(channel for channel, _ in by_channel)) == ["email", "direct"]
    first, last = by_channel["email", 0], by_channel["email", 12]
    assert (first["customers"], last["customers"]) == (13 * 60, 60)
    assert float(first["revenue_per_customer"]) == (40 * 10 + 20 * 40) / 60
    assert float(last["revenue_per_customer"]) == 13 * (40 * 10 + 20 * 40) / 60
    assert float(last["margin_per_customer"]) == 10


def test_a_month_of_first_orders_is_shown_as_it_stands_and_few_customers_are_grey(desk: Desk) -> None:
    """R7, X5, X9: cohorts that can still change are there, without a fill; so are groups below the minimum."""
    cohorts = cohort_worth.worth(desk, "cohort")
    assert cohorts["cohort"].unique(maintain_order=True).to_list()[-2:] == ["2026-02", "2026-03"]
    assert set(cohorts.filter(pl.col("cohort") == "2026-02")["maturity"]) == {"maturing"}
    for split, month, unsure in (("cohort", 0, {"2026-02 · 65", "2026-03 · 65"}), ("channel", 12, {"Direct · 65"})):
        drawing = cohort_worth.chart(desk, cohort_worth.worth(desk, split), split, "revenue_per_customer")
        assert drawing is not None
        cells = drawing["data"]["values"]
        assert {cell["line"] for cell in cells if cell["month_index"] == month and not cell["sure"]} == unsure


def test_days_reach_vega_as_local_midnights() -> None:
    """X3: a reader west of Greenwich must not see the day before."""
    data = plain(pl.DataFrame({"period": [dt.date(2026, 3, 1)]})).to_dict()
    assert data["values"] == [{"period": "2026-03-01T00:00:00"}]


def test_a_company_week_is_named_by_its_thursday() -> None:
    """`--week 2026-W10` is the company's week that holds the Thursday of that ISO week."""
    assert iso_name(Span(dt.date(2026, 3, 1), dt.date(2026, 3, 7))) == "2026-W10"
    assert iso_name(Span(dt.date(2025, 12, 29), dt.date(2026, 1, 4))) == "2026-W01"


def test_a_sparkline_runs_from_its_lowest_value_at_the_foot_to_its_highest_at_the_top() -> None:
    """A figure's line is drawn to its own scale; one that never moves lies flat instead of failing (U3)."""
    from base64 import b64decode

    from dashboards.components.sparks import HEIGHT, MARGIN, WIDTH, sparkline

    def points(values: list[float]) -> str:
        drawing = b64decode(sparkline(values, "#0072b2").split("base64,")[1].rstrip('">')).decode()
        return drawing.split('<polyline points="')[1].split('"')[0]

    foot, top = HEIGHT - MARGIN, MARGIN
    middle = (foot + top) / 2
    assert points([1.0, 3.0, 2.0]) == f"0.0,{foot:.1f} {WIDTH / 2:.1f},{top:.1f} {WIDTH:.1f},{middle:.1f}"
    assert points([5.0, 5.0]) == f"0.0,{foot:.1f} {WIDTH:.1f},{foot:.1f}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_line_of_the_reconciliation_has_a_name(demo: Workspace, lang: str) -> None:
    """X2: what adds up is said in the reader's words, whichever model a check comes from."""
    with duckdb.connect(str(demo.work_db), read_only=True) as con:
        found = con.sql("select distinct check_name from marts.fct_reconciliation order by all").fetchall()
    assert found
    assert [name for (name,) in found if f"values.check_name.{name}" not in words(lang)] == []
