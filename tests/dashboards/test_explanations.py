"""What a line of the reconciliation says is said in both languages (X2, U4)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest

import dashboards
from dashboards.components.explanations import explained
from dashboards.components.i18n import Translator, words
from opsloop.workspace import Workspace

DBT = Path(dashboards.__file__).parent.parent / "dbt_project"
CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("all of them", "all of them", "全部"),
        ("0 at or after as_of, 12 lines without an order", None, "晚于截止时点 0 行，无订单的明细 12 行"),
        ("2.5 % matched no channel rule", None, "2.5% 没有匹配任何渠道规则"),
        ("7 internal_traffic, 3 robot", "7 marked as internal by the source, 3 robot by its user agent", None),
        ("4 robot file, 1 not answered", None, "4 爬虫文件、1 未成功返回的请求"),
        ("9 of a new kind", "9 of a new kind", "9 of a new kind"),
    ],
)
def test_an_explanation_keeps_its_numbers_in_either_language(
    text: str, english: str | None, chinese: str | None
) -> None:
    """U4: the marts write one language; a reader gets the page's, and what nobody translated as it stands."""
    if english is not None:
        assert explained(Translator("en"), text) == english
    if chinese is not None:
        assert explained(Translator("zh"), text) == chinese


def test_every_rule_that_leaves_rows_out_has_a_word() -> None:
    """I10: what each rule removed is said by the rule's own word."""
    for seed, column in (("traffic_rules", "rule"), ("request_rules", "reason")):
        with (DBT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            rules = {row[column] for row in csv.DictReader(file)}
        for lang in ("en", "zh"):
            assert {rule for rule in rules if f"explained_part.{rule}" not in words(lang)} == set()


def test_every_explanation_of_the_demo_is_said_in_chinese(demo: Workspace) -> None:
    """X2: no line of the demo company's reconciliation is left in English."""
    with duckdb.connect(str(demo.work_db), read_only=True) as con:
        found = con.sql("select distinct explanation from marts.fct_reconciliation where explanation <> ''").fetchall()
    assert found
    assert [text for (text,) in found if not CHINESE.search(explained(Translator("zh"), text) or "")] == []
