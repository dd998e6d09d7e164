"""The truth is true: ids belong to one person, hazards come to pass, effects are what would be missing."""

from __future__ import annotations

import numpy as np
import polars as pl

from opsloop.demo.buying import true_churn
from opsloop.demo.company import CHANNEL, CHANNELS
from opsloop.demo.people import BASE_CONVERSION, TOUCHES, journeys
from opsloop.demo.plan import DAY
from opsloop.demo.world import World
from opsloop.workspace import Workspace


def _truth(company: Workspace, name: str) -> pl.DataFrame:
    return pl.read_parquet(company.root / "truth" / f"{name}.parquet")


def test_the_files_of_the_truth_have_their_documented_columns(company: Workspace) -> None:
    """Tests of other stations rely on these columns."""
    assert _truth(company, "identity").schema == {
        "person": pl.Int64,
        "id_kind": pl.String,
        "id_value": pl.String,
        "source_name": pl.String,
        "owned_from": pl.Datetime("us"),
        "owned_to": pl.Datetime("us"),
        "has_login": pl.Boolean,
        "is_shared": pl.Boolean,
    }
    assert _truth(company, "churn_hazard").schema == {
        "person": pl.Int64,
        "as_of": pl.Date,
        "probability": pl.Float64,
        "has_left": pl.Boolean,
    }
    assert set(_truth(company, "channel_effect").columns) >= {"channel", "incremental_conversions"}


def test_every_id_but_a_shared_browser_belongs_to_one_person(company: Workspace) -> None:
    """Identity can be judged pair by pair (D2)."""
    identity = _truth(company, "identity")
    assert set(identity["id_kind"]) == {"user_id", "email", "crm_contact", "customer_id", "visitor_id"}
    owners = identity.filter(~pl.col("is_shared").fill_null(value=False)).group_by("id_kind", "id_value")
    assert owners.agg(pl.col("person").n_unique())["person"].max() == 1
    shared = identity.filter("is_shared").group_by("id_value").agg(pl.col("person").n_unique())
    assert len(shared) > 3
    assert (shared["person"] > 1).all()


def test_persons_have_several_ids_and_some_several_browsers(company: Workspace) -> None:
    """There is something to resolve."""
    identity = _truth(company, "identity")
    kinds = identity.group_by("person").agg(pl.col("id_kind").n_unique())
    assert (kinds["id_kind"] >= 3).sum() > 100
    browsers = identity.filter(pl.col("id_kind") == "visitor_id").group_by("person").len()
    assert (browsers["len"] > 1).sum() > 0.05 * len(browsers)


def test_every_address_that_buys_is_in_the_truth(company: Workspace, orders: list[dict[str, str]]) -> None:
    """However it is written, trimmed and in lower case an address is an id of the truth."""
    identity = _truth(company, "identity").filter(pl.col("id_kind") == "email")
    written = {order["email"] for order in orders if order["email"] and not order["test"]}
    assert any(text != text.strip().lower() for text in written)
    assert {text.strip().lower() for text in written} <= set(identity["id_value"])


def test_true_hazards_come_to_pass(world: World) -> None:
    """In each band of the true probability, about that share does not order in the next 90 days (L1)."""
    day = world.plan.days - 1 - 90
    known, chance = true_churn(world.customers, day)
    at = world.orders["start"].to_numpy()
    back = np.isin(world.customers.person, world.orders["person"].to_numpy()[(at >= (day + 1) * DAY)])
    for low, high in ((0.0, 0.35), (0.35, 0.6), (0.6, 0.999), (0.999, 1.1)):
        band = known & (chance >= low) & (chance < high)
        assert band.sum() > 100
        assert abs((~back[band]).mean() - chance[band].mean()) < 0.06


def test_a_channel_without_effect_causes_nothing_and_the_others_what_they_add(world: World) -> None:
    """Direct visits have no effect; the first orders that remain without any effect are the base's share (X2)."""
    again = journeys(world.plan, world.people)
    assert again.incremental == world.journey.incremental
    assert again.incremental["direct"] == 0
    assert all(
        again.incremental[channel.name] > 0
        for channel in CHANNELS
        if channel.china + channel.abroad > 3 and channel.effect
    )
    consumers = world.people.kind == 0
    assert again.made.shape == (len(world.people), TOUCHES)
    base = BASE_CONVERSION * consumers.sum()
    caused = sum(again.incremental.values())
    assert base + caused <= again.converts.sum() * 1.05


def test_effects_grow_with_the_strength_of_a_channel(world: World) -> None:
    """Per person reached, an article in WeChat adds more than a post on Weibo."""

    def per_person(name: str) -> float:
        reached = (world.journey.made & (world.journey.channel == CHANNEL[name])).any(axis=1).sum()
        return float(world.journey.incremental[name] / reached)

    assert per_person("wechat_article") > 1.5 * per_person("weibo")
    assert per_person("wecom") > per_person("ocean_engine")


def test_the_small_demo_is_enough_for_scores(world: World) -> None:
    """Thousands of customers, repeat purchases, orders without a visit, three currencies (L3)."""
    orders = world.orders
    per_person = orders.group_by("person").len()["len"]
    assert len(per_person) > 3000
    assert (per_person >= 3).sum() > 500
    assert (orders["place"] != 0).sum() > 0.1 * len(orders)
    assert set(orders["currency"]) == {"CNY", "USD", "EUR"}
    assert (orders["currency"] == "CNY").sum() > 0.6 * len(orders)
