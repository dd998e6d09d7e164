"""The YAML beside the marts says of every metric all that a reader needs, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

MARTS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "marts"
FILES = sorted(MARTS.rglob("sem_*.yml"))
PARSED = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
MODELS = [model for content in PARSED.values() for model in content["semantic_models"]]
METRICS: dict[str, dict[str, Any]] = {m["name"]: m for content in PARSED.values() for m in content.get("metrics", [])}
SHOWN = {name: metric for name, metric in METRICS.items() if not metric["config"]["meta"].get("is_helper")}
UNITS = {"count", "rate", "money", "months", "minutes", "ratio", "position", "score"}

SPEC_METRICS = """
sessions visitors pageviews views_per_session bounce_rate engaged_session_rate conversion_rate search_impressions
search_clicks search_click_rate search_position ad_spend ad_impressions ad_clicks ad_click_rate cost_per_click
ad_conversions_claimed leads deals_won lead_win_rate deal_value orders customers new_customers repeat_customers
repeat_rate items_sold revenue_gross refunds revenue_net payments average_order_value gross_margin
customer_acquisition_cost customer_acquisition_cost_paid return_on_ad_spend marketing_efficiency_ratio
attributed_conversions attributed_revenue retention_rate active_customers customers_at_risk lifetime_value_predicted
lifetime_value_to_acquisition_cost payback_months social_reach social_engagement_rate mentions negative_mention_rate
share_of_voice messages_sent message_click_rate unsubscribe_rate satisfaction_mean net_promoter_score
first_reply_minutes private_contacts_new private_contacts_lost orders_cancelled revenue_cancelled
""".split()
SPEC_DIMENSIONS = """
channel channel_class origin platform campaign source medium landing_page device country segment product_category
attribution_model cohort currency
""".split()


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_says_all_about_itself_in_both_languages(name: str) -> None:
    """Y2, G4: label, description, owner, unit, good direction, layer, date and version; a missing one fails."""
    metric, meta = METRICS[name], METRICS[name]["config"]["meta"]
    assert metric["label"]
    assert metric["description"].endswith(".")
    assert meta["description_zh"].endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", meta["label_zh"])
    assert re.fullmatch(r"[a-z_]+", meta["owner"])
    assert meta["unit"] in UNITS
    assert meta["good_direction"] in {"up", "down", "none"}
    assert meta["layer"] in {"visibility", "engagement", "value"}
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", meta["effective_date"])
    assert meta["version"] >= 1
    assert name == meta.get("finer", "") or "__" not in name


def test_labels_are_unique_in_each_language() -> None:
    """Two metrics of one name cannot be told apart on a page."""
    for labels in ([m["label"] for m in METRICS.values()], [m["config"]["meta"]["label_zh"] for m in METRICS.values()]):
        assert [label for label, times in Counter(labels).items() if times > 1] == []


def test_every_name_of_the_spec_is_a_metric_or_a_dimension() -> None:
    """Other programs rely on these names."""
    assert set(SPEC_METRICS) <= set(SHOWN)
    assert set(SPEC_DIMENSIONS) <= {entity["name"] for model in MODELS for entity in model["entities"]}


def test_all_kinds_of_metric_are_there() -> None:
    """Y1: simple, ratio, derived, cumulative and conversion metrics."""
    kinds = Counter(metric["type"] for metric in SHOWN.values())
    assert kinds["ratio"] >= 8
    assert kinds["cumulative"] >= 3
    assert kinds["conversion"] >= 2
    assert kinds["derived"] >= 1


def test_a_finer_twin_has_the_same_unit_and_exists() -> None:
    """The twin answers in the metric's stead, so it must measure the same."""
    twins = {name: m["config"]["meta"]["finer"] for name, m in METRICS.items() if "finer" in m["config"]["meta"]}
    assert twins
    for name, finer in twins.items():
        assert METRICS[finer]["config"]["meta"]["unit"] == METRICS[name]["config"]["meta"]["unit"]


def test_a_semantic_file_is_named_after_its_mart_and_lies_beside_it() -> None:
    """One file per mart, found where the mart is."""
    for path, content in PARSED.items():
        (model,) = content["semantic_models"]
        mart = path.stem.removeprefix("sem_")
        assert model["model"] == f"ref('{mart}')"
        assert (path.parent / f"{mart}.sql").is_file()
        assert "One row per" in model["description"]
