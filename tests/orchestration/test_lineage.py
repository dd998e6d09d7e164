"""Lineage: from a mart to the landed streams it is made from (Y3)."""

from __future__ import annotations

from orchestration.lineage import streams_of_marts


def _manifest() -> dict[str, object]:
    def node(name: str, place: str, kind: str = "model") -> dict[str, str]:
        return {"name": name, "original_file_path": f"models/{place}/{name}.sql", "resource_type": kind}

    nodes = {
        "model.opsloop.fct_orders": node("fct_orders", "marts/orders"),
        "model.opsloop.fct_targets": node("fct_targets", "marts/calendar"),
        "model.opsloop.fct_arrivals": node("fct_arrivals", "marts/quality"),
        "model.opsloop.int_orders": node("int_orders", "intermediate"),
        "model.opsloop.int_money__fx_daily": node("int_money__fx_daily", "intermediate"),
    }
    sources = {
        "source.opsloop.shopify.orders": {"source_name": "shopify", "name": "orders", "schema": "landing_shopify"},
        "source.opsloop.company.fx": {"source_name": "company", "name": "fx", "schema": "landing_company"},
        "source.opsloop.workspace.settings": {"source_name": "workspace", "name": "settings", "schema": "workspace"},
    }
    parents = {
        "model.opsloop.fct_orders": [
            "model.opsloop.int_orders",
            "model.opsloop.int_money__fx_daily",
            "model.opsloop.fct_arrivals",
        ],
        "model.opsloop.int_orders": ["source.opsloop.shopify.orders", "source.opsloop.workspace.settings"],
        "model.opsloop.int_money__fx_daily": ["source.opsloop.company.fx"],
        "model.opsloop.fct_arrivals": ["source.opsloop.company.fx"],
    }
    return {"nodes": nodes, "sources": sources, "parent_map": parents}


def test_a_mart_comes_from_the_streams_behind_it_and_not_from_what_it_looks_up() -> None:
    """Y3: through models to landed streams; the workspace's own tables, rates and arrivals are no sources of rows."""
    found = streams_of_marts(_manifest())
    assert found["fct_orders"] == ["shopify/orders"]
    assert found["fct_targets"] == []
    assert "int_orders" not in found
