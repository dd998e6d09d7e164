"""Which requests of a server log are page views: the model's own SQL and the default rules, in plain DuckDB (I10)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODEL = PROJECT / "models" / "intermediate" / "web" / "int_web__access_log_requests.sql"
SEED = PROJECT / "seeds" / "request_rules.csv"
CASES = [
    ("GET", 200, "/", None),
    ("GET", 304, "/blog/post-1?ref=style.css", None),
    ("GET", 206, "/docs/page.html", None),
    ("GET", 301, "/", "not_answered"),
    ("GET", 404, "/style.css", "not_answered"),
    ("HEAD", 200, "/", "other_method"),
    ("POST", 200, "/a.css", "other_method"),
    (None, 400, r"\x16\x03", "no_request"),
    ("GET", 200, "/Style/Site.CSS?v=3", "asset"),
    ("GET", 200, "/sitemap.xml", "asset"),
    ("GET", 200, "/files/feed.tar.gz", "download"),
    ("GET", 200, "/robots.txt", "robot_file"),
    ("GET", 200, "/about/robots.txt.html", None),
    ("GET", 200, "/?flav=atom", "feed"),
    ("GET", 200, "/blog/feed/", "feed"),
    ("GET", 200, "/feedback", None),
]


def reasons(cases: list[tuple[str | None, int, str, str | None]], rules: Path = SEED) -> list[str | None]:
    """Why each request is no page view, by the model's SQL with its inputs as tables."""
    sql = re.sub(r"\{#.*?#\}", "", MODEL.read_text(encoding="utf-8"), flags=re.DOTALL)
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)
    with duckdb.connect() as con:
        con.execute("create table stg_access_logs__requests (n int, method varchar, status int, target varchar)")
        rows = [(n, method, status, target) for n, (method, status, target, _) in enumerate(cases)]
        con.executemany("insert into stg_access_logs__requests values (?, ?, ?, ?)", rows)
        con.execute(f"create table request_rules as from read_csv('{rules}', all_varchar = false)")
        return [reason for _, reason in con.sql(f"select n, left_out_reason from ({sql}) order by n").fetchall()]


def test_a_page_view_is_an_answered_get_that_no_rule_names() -> None:
    """I10: method and answer first, then the rules, case aside, over the whole target."""
    assert reasons(CASES) == [expected for *_, expected in CASES]


def test_the_first_rule_that_matches_names_the_reason(tmp_path: Path) -> None:
    """I10: by priority, whatever the order of the file."""
    rules = tmp_path / "rules.csv"
    rules.write_text("priority,reason,target_pattern\n20,second,/a.*\n30,third,.*\n10,first,/ab.*\n")
    targets = ("/abc", "/ac", "/b")
    assert reasons([("GET", 200, target, None) for target in targets], rules) == ["first", "second", "third"]


with SEED.open(encoding="utf-8") as file:
    RULES = list(csv.DictReader(file))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["reason"])
def test_each_default_rule_is_reached_by_its_example(rule: dict[str, str]) -> None:
    """I10: an example that meets an earlier rule, or none, shows a rule out of place."""
    assert reasons([("GET", 200, rule["example_target"], None)]) == [rule["reason"]]
