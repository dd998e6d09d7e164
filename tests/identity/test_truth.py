"""Identity against the demo company's truth: who really is who."""

from __future__ import annotations

import hashlib
import hmac

import duckdb
import polars as pl
import pytest

from opsloop.workspace import Workspace

COUNTED_BY_SOURCE = ("crm_contact", "customer_id")


def _true_ids(workspace: Workspace) -> pl.DataFrame:
    """Each known id, as identity writes it, with its true person."""
    truth = pl.read_parquet(workspace.root / "truth" / "identity.parquet")

    def hashed(address: str) -> str:
        return hmac.new(workspace.secret, address.strip().lower().encode(), hashlib.sha256).hexdigest()

    value = pl.col("id_value")
    written = (
        pl.when(pl.col("id_kind") == "email")
        .then(value.map_elements(hashed, return_dtype=pl.String))
        .when(pl.col("id_kind").is_in(COUNTED_BY_SOURCE))
        .then(pl.col("source_name") + ":" + value)
        .otherwise(value)
    )
    ids = truth.filter(pl.col("id_kind") != "visitor_id").with_columns(id_value=written)
    return ids.select("person", pl.col("id_kind").replace("email", "email_hash"), "id_value").unique()


def _resolved_ids(workspace: Workspace) -> pl.DataFrame:
    found = pl.read_parquet(workspace.config / "person_ids.parquet").select("id_kind", "id_value", "person_id")
    return _true_ids(workspace).join(found, on=["id_kind", "id_value"], how="left")


def _resolved_browsers(workspace: Workspace) -> pl.DataFrame:
    """Each browser that one person logged in on, with its true person and the person of most of its sessions."""
    truth = pl.read_parquet(workspace.root / "truth" / "identity.parquet")
    browsers = truth.filter((pl.col("id_kind") == "visitor_id") & pl.col("has_login") & ~pl.col("is_shared"))
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        owners = connection.sql(
            "select visitor_id as id_value, mode(person_id) as person_id from marts.fct_sessions group by visitor_id"
        ).pl()
    return browsers.select("person", "id_kind", "id_value").join(owners, on="id_value", how="left")


def _precision_and_recall(ids: pl.DataFrame) -> tuple[float, float]:
    """Of pairs put together how many belong together, and the other way round; an id nobody owns is alone."""
    ids = ids.with_columns(pl.coalesce("person_id", pl.concat_str(pl.lit("alone "), "id_kind", "id_value")))

    def pairs(*keys: str) -> int:
        return int(ids.group_by(*keys).len().select((pl.col("len") * (pl.col("len") - 1) // 2).sum()).item())

    both = pairs("person", "person_id")
    return both / pairs("person_id"), both / pairs("person")


def test_ids_put_together_belong_together_and_few_are_left_apart(demo: Workspace) -> None:
    """D2: pairwise precision at least .99 and recall at least .95 over the ids that exports show."""
    precision, recall = _precision_and_recall(_resolved_ids(demo))
    assert precision >= 0.99
    assert recall >= 0.95


def test_browsers_go_to_the_person_who_logged_in_on_them(demo: Workspace) -> None:
    """D1, D2: the same holds with the browsers that somebody logged in on, sessions before the login included."""
    ids = pl.concat([_resolved_ids(demo), _resolved_browsers(demo)], how="diagonal")
    precision, recall = _precision_and_recall(ids)
    assert precision >= 0.99
    assert recall >= 0.95


@pytest.mark.parametrize(("found", "expected"), [(["a", "a", "b"], (1.0, 1.0)), (["a", "b", "b"], (0.0, 0.0))])
def test_the_measure_itself_tells_right_from_wrong(found: list[str], expected: tuple[float, float]) -> None:
    """Two ids of one person and one of another."""
    ids = pl.DataFrame({"person": [1, 1, 2], "id_kind": "user_id", "id_value": ["x", "y", "z"], "person_id": found})
    assert _precision_and_recall(ids) == expected
