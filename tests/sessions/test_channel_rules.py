"""Channels by ordered rules, against the rules tried one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import session_sql
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = ("source", "medium", "campaign")
RULES = {
    "rule_rank": "bigint",
    **dict.fromkeys(("source_pattern", "medium_pattern", "campaign_pattern", "channel", "channel_class"), "varchar"),
}
OWN = {"rule_rank": 1, "source_pattern": r"partner\.example|baidu", "medium_pattern": "cpc", "channel": "partners"}
HOST = re.compile(r"([^.]+)\.(?:(?:com?|net|org|gov|edu|ac|ne|or)\.)?[a-z]{2,}$")
SOURCES = (
    *("(direct)", "google", "www.google.co.uk", "BAIDU", "m.baidu.com", "tieba.baidu.com", "notbaidu.com", "sm.cn"),
    *("detail.tmall.com", "xiaohongshu.com", "chat.deepseek.com", "gemini.google.com", "yuanbao.tencent.com", "wecom"),
    *("v.youku.com", "partner.example", "baidu.com.trap.example", "mail.qq.com", "sms", "firebase", "newsletter"),
)
MEDIA = (
    "(none)",
    "(not set)",
    "cpc",
    "CPM",
    "referral",
    "organic",
    "social",
    "email",
    "公众号",
    "kol",
    "web_push",
    "odd",
)
CAMPAIGNS = ("(not set)", "2026 Cross-network spring", "all_shopping", "shopping", "workshop")


@pytest.fixture(scope="module")
def warehouse() -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], dict[str, str]]]:
    """A warehouse with one rule of the company's own before the defaults."""
    with session_sql.connect() as connection:
        session_sql.seed(connection, "channel_rules", priority="bigint")
        session_sql.seed(connection, "source_categories")
        found = connection.sql(f"select {', '.join(list(RULES)[1:])} from channel_rules order by priority")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        rules = [OWN, *({**row, "rule_rank": rank} for rank, row in enumerate(rows, start=2))]
        session_sql.table(connection, "int_channels__rules", {**RULES, "is_default": "boolean"}, rules)
        categories = dict(connection.sql("select name, category from source_categories").fetchall())
        yield connection, rules, categories


def _category(source: str, categories: dict[str, str]) -> str | None:
    """The category of the longest name that fits."""
    host = source.lower()
    found = HOST.search(host)
    names = {host, found.group(1) if found else host}
    parts = host.split(".")
    names |= {name for name in (".".join(parts[n:]) for n in range(len(parts))) if "." in name}
    fitting = [name for name in names if name in categories]
    return categories[max(fitting, key=len)] if fitting else None


def _channel(combination: tuple[str, str, str], rules: list[dict[str, Any]], categories: dict[str, str]) -> str:
    """The channel of the first rule whose patterns all match."""
    category = f"@{_category(combination[0], categories)}"
    for rule in rules:
        patterns = [rule.get(f"{field}_pattern") for field in FIELDS]
        if all(
            pattern is None or pattern == category or re.fullmatch(pattern, text, re.IGNORECASE) is not None
            for pattern, text in zip(patterns, combination, strict=True)
        ):
            return str(rule["channel"])
    return "unassigned"


def _found(connection: duckdb.DuckDBPyConnection, combinations: list[tuple[str, str, str]]) -> dict[Any, str]:
    """What the product's SQL says of each combination."""
    rows = [dict(zip(FIELDS, combination, strict=True)) for combination in combinations]
    session_sql.table(connection, "combinations", dict.fromkeys(FIELDS, "varchar"), rows)
    sql = session_sql.called("channel_of('combinations')")
    found = connection.sql(f"select source, medium, campaign, channel from ({sql})").fetchall()
    assert len(found) == len(combinations)
    return {row[:3]: row[3] for row in found}


@settings(max_examples=15, deadline=None)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(MEDIA), st.sampled_from(CAMPAIGNS)),
        min_size=1,
        max_size=60,
        unique=True,
    )
)
def test_the_first_rule_that_matches_gives_the_channel(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], dict[str, str]],
    drawn: list[tuple[str, str, str]],
) -> None:
    """S4: the company's own rules first, then the defaults in their order, and unassigned where none matches."""
    connection, rules, categories = warehouse
    assert _found(connection, drawn) == {one: _channel(one, rules, categories) for one in drawn}


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("(direct)", "(none)", "(not set)", "direct"),
        ("google", "cpc", "spring cross-network", "cross_network"),
        ("amazon", "cpc", "(not set)", "paid_shopping"),
        ("bing", "ppc", "(not set)", "paid_search"),
        ("facebook.com", "paid_social", "(not set)", "paid_social"),
        ("youtube", "cpv-cpc", "(not set)", "paid_video"),
        ("news.example", "banner", "(not set)", "display"),
        ("news.example", "retargeting", "(not set)", "paid_other"),
        ("etsy.com", "referral", "(not set)", "organic_shopping"),
        ("forum.example", "social network", "(not set)", "organic_social"),
        ("vimeo.com", "referral", "(not set)", "organic_video"),
        ("duckduckgo.com", "referral", "(not set)", "organic_search"),
        ("blog.example", "app", "(not set)", "referral"),
        ("crm", "e-mail", "(not set)", "email"),
        ("shop.example", "affiliate", "(not set)", "affiliates"),
        ("pod.example", "audio", "(not set)", "audio"),
        ("crm", "sms", "(not set)", "sms"),
        ("firebase", "x", "(not set)", "mobile_push"),
        ("chatgpt.com", "referral", "(not set)", "ai_assistants"),
        ("www.perplexity.ai", "referral", "(not set)", "ai_assistants"),
        ("claude.ai", "referral", "(not set)", "ai_assistants"),
        ("copilot.microsoft.com", "referral", "(not set)", "ai_assistants"),
        ("www.doubao.com", "referral", "(not set)", "ai_assistants"),
        ("kimi.moonshot.cn", "referral", "(not set)", "ai_assistants"),
        ("yiyan.baidu.com", "referral", "(not set)", "ai_assistants"),
        ("tongyi.aliyun.com", "referral", "(not set)", "ai_assistants"),
        ("yuanbao.tencent.com", "referral", "(not set)", "ai_assistants"),
        ("m.sm.cn", "referral", "(not set)", "organic_search"),
        ("www.so.com", "referral", "(not set)", "organic_search"),
        ("sogou.com", "referral", "(not set)", "organic_search"),
        ("zhihu.com", "referral", "(not set)", "organic_social"),
        ("www.bilibili.com", "referral", "(not set)", "organic_social"),
        ("shop123.youzan.com", "referral", "(not set)", "organic_shopping"),
        ("mobile.yangkeduo.com", "referral", "(not set)", "organic_shopping"),
        ("wechat", "小程序", "(not set)", "private_domain"),
        ("wechat", "公众号", "(not set)", "private_domain"),
        ("work.weixin.qq.com", "referral", "(not set)", "private_domain"),
        ("who.example", "odd", "(not set)", "unassigned"),
    ],
)
def test_the_default_rules_know_each_channel_of_ga4_and_chinese_platforms(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], dict[str, str]],
    source: str,
    medium: str,
    campaign: str,
    channel: str,
) -> None:
    """S4: one visit per channel, as Google's documentation of the default channel group names them."""
    assert _found(warehouse[0], [(source, medium, campaign)]) == {(source, medium, campaign): channel}


def test_every_channel_of_a_rule_has_the_class_that_the_list_of_channels_gives() -> None:
    """S4: owned, paid, earned or private."""
    with session_sql.connect() as connection:
        session_sql.seed(connection, "channel_rules")
        session_sql.seed(connection, "channels")
        classes = dict(connection.sql("select channel, channel_class from channels").fetchall())
        rules = connection.sql("select channel, channel_class from channel_rules").fetchall()
    assert {kind for _, kind in rules} == {"owned", "paid", "earned", "private"}
    assert [(channel, kind) for channel, kind in rules if classes[channel] != kind] == []


def test_each_source_that_google_lists_has_its_category(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]], dict[str, str]], shared_data: Path
) -> None:
    """S4: GA4's default channel group in full, against Google's list of sources."""
    path = shared_data / "ga4_channel_grouping" / "ga4_source_categories.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = {row["source"]: row["source_category"].rpartition("_")[2].lower() for row in csv.DictReader(file)}
    found = _found(warehouse[0], [(source, "referral", "(not set)") for source in listed])
    assert len(listed) > 800
    assert {source for (source, _, _), channel in found.items() if channel != f"organic_{listed[source]}"} == set()
