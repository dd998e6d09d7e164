"""What a reader of the pack meets: words, marks, what changed since, and what is missing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import polars as pl
import pypdf
import pytest

from dashboards.metrics import Metrics
from dashboards.packs import closing, list_packs, make_pack
from dashboards.packs.cells import cells, tone
from dashboards.packs.desk import Desk
from dashboards.packs.headlines import headlines
from dashboards.packs.reach import leads
from dashboards.packs.restated import _days_changed, cause_of, restated
from dashboards.weeks import Week, named_week
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
CODES = re.compile(
    r"\b(page_view|add_to_cart|begin_checkout|wechat_official|douyin|ocean_engine|PAID_SOCIAL|DIRECT_TRAFFIC|rows_landed"
    r"|credit_of_revenue|costs_by_channel|missing_key|broken_rule|few_recent_visits|web_analytics|customer_insight)\b"
)


def _desk(workspace: Workspace, lang: str = "en", week: str = "2026-W26") -> Desk:
    return Desk(workspace, Metrics.open(workspace), named_week(week, workspace), lang)


def _text(folder: Path) -> str:
    reader = pypdf.PdfReader(next(folder.glob("*.pdf")))
    return "\n".join(page.extract_text() for page in reader.pages)


@LANGS
def test_a_reader_meets_words_and_no_codes(packs: dict[str, Path], lang: str) -> None:
    """W1: steps, platforms, origins, checks, reasons and owners have names in both languages."""
    page = next(packs[lang].glob("*.html")).read_text(encoding="utf-8")
    shown = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert CODES.findall(shown) == []
    assert CODES.findall(_text(packs[lang])) == []


@LANGS
def test_no_page_of_the_pdf_is_nearly_empty_and_no_heading_stands_alone(packs: dict[str, Path], lang: str) -> None:
    """W1: a section's heading and answer stay with what they announce."""
    pages = [page.extract_text() for page in pypdf.PdfReader(next(packs[lang].glob("*.pdf"))).pages]
    assert 6 <= len(pages) <= 12
    assert all(len(text.split("\n")) >= 15 for text in pages)


def test_a_rate_of_few_cases_is_grey_and_one_of_enough_is_not(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """X9: under the minimum sample a rate is set off; at the minimum it is not."""
    desk = _desk(demo)
    table = leads(desk).tables[0]
    at = [column.key for column in table.columns].index("lead_win_rate")
    counts = [row["leads"] if row["lead_win_rate"] is not None else desk.minimum for row in table.rows]
    assert [row[at].is_faint for row in cells(desk, table)] == [count < desk.minimum for count in counts]
    most = max(row["leads"] for row in table.rows)
    monkeypatch.setattr(desk.workspace.settings, "minimum_sample", most)
    faint = [row[at].is_faint for row in cells(desk, table)]
    assert any(faint)
    assert not faint[[row["leads"] for row in table.rows].index(most)]


def test_a_headline_number_that_can_still_change_is_marked_and_not_judged(demo: Workspace) -> None:
    """X5: the newest week's orders are open, those of a year ago are settled."""
    now = {row["metric"]: row for row in headlines(_desk(demo)).to_dicts()}
    then = {row["metric"]: row for row in headlines(_desk(demo, week="2025-W26")).to_dicts()}
    assert (now["orders"]["maturity"], now["orders"]["_good"]) == ("maturing", "none")
    assert (then["orders"]["maturity"], then["orders"]["_good"]) == ("mature", "up")
    partial = {row["metric"]: row for row in headlines(_desk(demo, week="2026-W27")).to_dicts()}
    assert partial["orders"]["maturity"] == "partial"


@pytest.mark.parametrize(
    ("good", "change", "expected"),
    [
        ("up", 0.1, "good"),
        ("up", -0.1, "bad"),
        ("down", 0.1, "bad"),
        ("none", 1.0, ""),
        ("up", 0.0, ""),
        ("up", None, ""),
    ],
)
def test_a_change_is_judged_by_the_metrics_good_direction(good: str, change: float | None, expected: str) -> None:
    """W2."""
    assert tone(good, change) == expected


def _earlier(demo: Workspace, folder: Path, **manifest: object) -> tuple[Path, float]:
    """A pack of the week before that said one order more than there is, and what the truth is."""
    before = _desk(demo, week="2026-W25")
    rows = [{"metric": row["metric"], "this_week": row["this_week"]} for row in headlines(before).to_dicts()]
    truth = next(row["this_week"] for row in rows if row["metric"] == "orders")
    said = [{**row, "this_week": truth + 1} if row["metric"] == "orders" else row for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["metric", "this_week"])
    writer.writeheader()
    writer.writerows(said)
    path = folder / "weekly-review-2026-W25-en.zip"
    snapshot = before.metrics.snapshot
    metrics = {name: {"version": metric.version} for name, metric in before.catalogue.items()}
    facts = {"last_batch": snapshot.meta["last_batch"], "metrics": metrics, **manifest}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("csv/headlines.csv", text.getvalue())
        archive.writestr("manifest.json", json.dumps(facts))
    return path, truth


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ({}, "settings or definitions changed"),
        ({"last_batch": 0}, "landed since: .*shopify/orders"),
        ({"metrics": {"orders": {"version": 0}}}, "definition changed: version 0"),
    ],
)
def test_a_number_that_changed_since_its_pack_is_told_with_the_reason(
    demo: Workspace, tmp_path: Path, manifest: dict[str, object], why: str
) -> None:
    """X6: one line per number that changed, and none for the others."""
    earlier, truth = _earlier(demo, tmp_path, **manifest)
    section = restated(_desk(demo), earlier)
    (row,) = section.tables[0].rows
    assert (row["then"], row["now"], row["difference"]) == (truth + 1, truth, -1)
    assert re.search(why, row["why"])


@pytest.mark.parametrize(
    ("said", "known", "now", "cause"),
    [(6, 5, 5, (False, True)), (5, 5, 6, (True, False)), (6, 5, 4, (True, True)), (0, None, None, (False, False))],
)
def test_a_cause_is_read_from_what_the_data_knew(
    said: float, known: float | None, now: float | None, cause: tuple[bool, bool]
) -> None:
    """X6: data where the data of then says something else than today's, anything else where it contradicts the pack."""
    assert cause_of("orders", {"orders": said}, {"orders": known}, {"orders": now}) == cause
    assert cause_of("sessions", {"sessions": said}, {"orders": known}, {"sessions": now}) is None


def test_what_was_known_then_tells_data_from_definitions(demo: Workspace, tmp_path: Path) -> None:
    """X6: asked as of the earlier pack's cut-off, a number that is the same as now is no doing of what landed since."""
    cut_off = _desk(demo).metrics.snapshot.meta["cut_off"]
    earlier, _ = _earlier(demo, tmp_path, last_batch=0, data_cut_off=cut_off)
    (row,) = restated(_desk(demo), earlier).tables[0].rows
    assert "the data known then says otherwise" in row["why"]
    assert "landed since" not in row["why"]
    assert row["days"] == ""
    earlier, _ = _earlier(demo, tmp_path, last_batch=0, data_cut_off="2020-01-01T00:00:00")
    (row,) = restated(_desk(demo), earlier).tables[0].rows
    assert "landed since" in row["why"]
    assert row["days"] == ", ".join(f"{day} Jun" for day in range(15, 22))


def test_the_days_that_changed_are_those_whose_numbers_did() -> None:
    """X6: one day that grew, one that is new, and one that stands."""
    first, second, third = (dt.date(2026, 6, day) for day in (15, 16, 17))
    then = pl.DataFrame({"period": [first, second], "orders": [5.0, 7.0]})
    now = pl.DataFrame({"period": [first, second, third], "orders": [5.0, 8.0, 1.0]})
    metrics = SimpleNamespace(query=lambda names, as_of, **asked: now if as_of is None else then)
    desk, week = cast(Desk, SimpleNamespace(metrics=metrics)), Week("2026-W25", first)
    at = dt.datetime(2026, 6, 22, tzinfo=dt.UTC)
    assert _days_changed(desk, week, at, ["orders"]) == {"orders": [second, third]}
    assert _days_changed(desk, week, None, ["orders"]) == {}


def test_without_an_earlier_pack_the_section_says_so(demo: Workspace, tmp_path: Path) -> None:
    """X6."""
    section = restated(_desk(demo), tmp_path / "none.zip")
    assert section.tables == ()
    assert "No pack was made" in section.answer


@pytest.mark.parametrize("week", ["2026-W28", "2031-W01"])
def test_a_week_that_the_data_has_not_reached_is_refused(demo: Workspace, tmp_path: Path, week: str) -> None:
    """W1, X10: and no file is left."""
    with pytest.raises(UsageError, match="after the data's last day 2026-06-30"):
        make_pack(demo, week, "en", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_kept_packs_are_listed_the_newest_week_first(empty: Workspace) -> None:
    """W5: other files in the folder are no packs."""
    for name in ("weekly-review-2025-W52-en.zip", "weekly-review-2026-W02-en.zip", "weekly-review-2026-W02-zh.zip"):
        (empty.packs / name).write_bytes(b"zip")
    (empty.packs / "notes.zip").write_bytes(b"zip")
    (empty.packs / "weekly-review-2026-W03-en.part").write_bytes(b"zip")
    assert [(pack.week, pack.lang, pack.size) for pack in list_packs(empty)] == [
        ("2026-W02", "zh", 3),
        ("2026-W02", "en", 3),
        ("2025-W52", "en", 3),
    ]


WEB = {
    "fct_sessions", "fct_touches", "fct_attribution", "fct_funnel_daily", "fct_ad_performance_daily",
    "fct_content_daily", "fct_search_performance_daily", "fct_social_posts_daily", "fct_mentions", "fct_messages",
    "fct_contact_daily",
}  # fmt: skip
KEPT_WHEN_EMPTY = {"metricflow_time_spine", "dim_dates", "settings"}
Maker = Callable[[Callable[[str], bool]], Workspace]


@LANGS
def test_a_company_without_web_data_and_ads_gets_a_pack_that_says_what_is_missing(
    without: Maker, tmp_path: Path, lang: str
) -> None:
    """W2: what there is stays, what there is not is named with how to add it."""
    company = without(lambda table: table in WEB or table == "fct_acquisition_daily")
    with zipfile.ZipFile(make_pack(company, "2026-W26", lang, tmp_path)) as archive:
        page = archive.read(f"weekly-review-2026-W26-{lang}.html").decode()
        names = archive.namelist()
    for hint in ("landing/ga4/events/", "ad_performance", "landing/search_console/", "landing/social/posts/"):
        assert hint in page
    assert "csv/by_origin.csv" in names
    assert "csv/funnel_purchase.csv" not in names


@LANGS
def test_an_empty_company_gets_a_pack_that_says_so(without: Maker, tmp_path: Path, lang: str) -> None:
    """W2, X8: nothing breaks where nothing has landed."""
    company = without(lambda table: table not in KEPT_WHEN_EMPTY)
    with zipfile.ZipFile(make_pack(company, "2026-W26", lang, tmp_path)) as archive:
        page = archive.read(f"weekly-review-2026-W26-{lang}.html").decode()
        pdf = pypdf.PdfReader(io.BytesIO(archive.read(f"weekly-review-2026-W26-{lang}.pdf")))
    assert _desk(company, lang).say("answer_none") in page
    assert len(pdf.pages) >= 2


def test_money_of_several_currencies_is_never_added_in_the_reconciliation(demo: Workspace) -> None:
    """X4: the table to read counts checks; each line with its amounts stands in the files."""
    tables = {table.name: table for table in closing.health(_desk(demo)).tables}
    assert "expected" not in tables["reconciliation"].frame.columns
    assert tables["reconciliation_lines"].show == "file"
    total = sum(row["checks"] for row in tables["reconciliation"].rows)
    assert tables["reconciliation_lines"].frame.height == total


def test_a_real_company_without_web_data_and_ads_gets_its_pack(olist: Workspace, tmp_path: Path) -> None:
    """W2, X1, X9: orders and reviews of Olist are told, what it lacks is named, a stream that ended is no news."""
    path = make_pack(olist, None, "en", tmp_path)
    assert path.name == "weekly-review-2018-W34-en.zip"
    with zipfile.ZipFile(path) as archive:
        page = archive.read("weekly-review-2018-W34-en.html").decode()
    week = named_week("2018-W34", olist)
    orders = Metrics.open(olist).value("orders", week.start, week.end)
    assert f"Orders {orders:,.0f}" in page
    assert "Leads 0" not in page
    assert "Leads" not in page[page.index('class="answer"') : page.index('class="tiles"')]
    assert '<table id="business_leads"' not in page
    assert '<table id="business_orders"' in page
    assert "landing/ga4/events/" in page
    assert "missing_value" not in page
