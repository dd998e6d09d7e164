"""The demo company's changes, computed a second time in plain SQL, and every metric's segments add up (N3, X1)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from fractions import Fraction

import pytest

from dashboards.metrics import Metrics
from dashboards.why import Comparison, explain
from dashboards.why.split import total
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

BEFORE = (dt.date(2026, 1, 14), dt.date(2026, 2, 5))
AFTER = (dt.date(2026, 4, 8), dt.date(2026, 4, 30))
COMPARED = Comparison(BEFORE, AFTER)
# A ratio's parts by segment, for `{above}` and `{below}` from `{facts}`: the formula as the page of the module has it.
RATIO = """
    with amounts as ({amounts}),
    sides as (
        select segment, sum(n0) as n0, sum(n1) as n1, sum(d0) as d0, sum(d1) as d1 from amounts group by segment
    ),
    wholes as (
        select *, sum(n0) over () / sum(d0) over () as r0, sum(n1) over () / sum(d1) over () as r1,
            d0 / sum(d0) over () as w0, d1 / sum(d1) over () as w1,
            n0 / sum(d0) over () as part0, n1 / sum(d1) over () as part1
        from sides
    )
    select segment, part1 - part0 - (w1 - w0) * (r0 + r1) / 2 as contribution,
        case when d0 > 0 and d1 > 0 then (n1 / d1 - n0 / d0) * (w0 + w1) / 2 end as rate
    from wholes
"""
SESSIONS = """
    select device as segment,
        count(*) filter (where session_date between $a and $b and is_converted)::double as n0,
        count(*) filter (where session_date between $c and $d and is_converted)::double as n1,
        count(*) filter (where session_date between $a and $b)::double as d0,
        count(*) filter (where session_date between $c and $d)::double as d1
    from marts.fct_sessions group by device
"""
COSTS = """
    select channel as segment, sum(spend) filter (where date_day between $a and $b)::double as n0,
        sum(spend) filter (where date_day between $c and $d)::double as n1, 0.0 as d0, 0.0 as d1
    from marts.fct_ad_performance_daily group by channel
    union all
    select channel, 0.0, 0.0, coalesce(sum(new_customers) filter (where date_day between $a and $b), 0)::double,
        coalesce(sum(new_customers) filter (where date_day between $c and $d), 0)::double
    from marts.fct_accrual_daily
    where attribution_model = $model and conversion_window = 'all' group by channel
"""


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Iterator[Metrics]:
    """The demo company's metrics."""
    client = Metrics.open(demo)
    yield client
    client.close()


def _by_hand(metrics: Metrics, sql: str, **more: object) -> dict[str | None, tuple[float, float | None]]:
    days = dict(zip("abcd", (*BEFORE, *AFTER), strict=True))
    rows = metrics.rows(sql, {**days, **more}).iter_rows()
    return {segment: (contribution, rate) for segment, contribution, rate in rows}


@pytest.mark.parametrize(
    ("metric", "dimension", "amounts"),
    [("conversion_rate", "device", SESSIONS), ("customer_acquisition_cost", "channel", COSTS)],
)
def test_a_ratios_change_is_what_plain_sql_makes_of_the_snapshot(
    metrics: Metrics, demo: Workspace, metric: str, dimension: str, amounts: str
) -> None:
    """N3, X1: each segment's contribution and its rate, from the marts themselves."""
    more = {"model": demo.settings.attribution.default_model} if "$model" in amounts else {}
    expected = _by_hand(metrics, RATIO.format(amounts=amounts), **more)
    found = explain(metrics, metric, COMPARED, dimension, rows=100)
    assert found is not None
    parts = {part.name: part for part in found.split.parts}
    assert {name for name, (contribution, _) in expected.items() if contribution} <= set(parts)
    for name, part in parts.items():
        contribution, rate = expected[name]
        assert float(part.contribution or 0) == pytest.approx(contribution, abs=1e-9)
        if rate is not None:
            assert float(part.rate or 0) == pytest.approx(rate, abs=1e-9)


def test_a_sums_change_is_what_plain_sql_makes_of_the_snapshot_to_the_cent(metrics: Metrics) -> None:
    """N3, X1: gross revenue by channel, exactly."""
    sql = """
        select channel, sum(revenue_gross) filter (where order_date between $c and $d) as after,
            sum(revenue_gross) filter (where order_date between $a and $b) as before
        from marts.fct_orders group by channel
    """
    days = dict(zip("abcd", (*BEFORE, *AFTER), strict=True))
    expected = {name: (after or 0) - (before or 0) for name, after, before in metrics.rows(sql, days).iter_rows()}
    found = explain(metrics, "revenue_gross", COMPARED, "channel", rows=100)
    assert found is not None
    assert {part.name: part.contribution for part in found.split.parts} == {
        name: value for name, value in expected.items() if name in {part.name for part in found.split.parts}
    }
    assert found.split.change == sum(expected.values())


def test_every_metrics_segments_add_up_to_its_change_by_every_dimension(metrics: Metrics) -> None:
    """N3, X1: values are the metrics layer's own; only what overlaps has an overlap, and nothing else is left."""
    count = 0
    for name, definition in metrics.catalogue().items():
        for dimension in definition.splits:
            found = explain(metrics, name, COMPARED, dimension)
            assert found is not None
            for value, span in ((found.split.before, BEFORE), (found.split.after, AFTER)):
                own = metrics.value(name, *span)
                assert (own or 0.0) == pytest.approx(float(value or 0), rel=1e-9, abs=1e-9), (name, dimension)
            if found.split.change is None:
                continue
            known = [part.contribution for part in found.split.parts if part.contribution is not None]
            assert total(known) == found.split.change, (name, dimension)
            kinds = {part.kind for part in found.split.parts}
            assert not (found.makeup.is_exact and "overlap" in kinds), (name, dimension)
            count += 1
    assert count > 200


@pytest.mark.parametrize(
    ("metric", "dimension", "kind", "is_exact"),
    [
        ("revenue_net", "channel", "sum", True),
        ("orders", "channel", "sum", True),
        ("orders", "product_category", "distinct", False),
        ("revenue_gross", "product_category", "sum", True),
        ("visitors", "device", "distinct", False),
        ("active_customers", "segment", "distinct", False),
        ("orders_year_to_date", "channel", "sum", True),
        ("customer_acquisition_cost", "channel", "ratio", True),
        ("net_promoter_score", "language", "ratio", True),
        ("repeat_rate", "segment", "ratio", False),
        ("first_reply_minutes", "employee", "apart", False),
        ("second_order_rate", "channel", "apart", False),
        ("lifetime_value_to_acquisition_cost", "channel", "apart", False),
    ],
)
def test_the_manifest_says_how_segments_make_up_a_metric(
    metrics: Metrics, metric: str, dimension: str, kind: str, is_exact: bool
) -> None:
    """N3: sums and ratios of sums add up; distinct counts overlap; medians and ratios of ratios stand apart."""
    made = metrics.makeup(metric, dimension)
    assert (made.kind, made.is_exact) == (kind, is_exact)


def test_what_says_how_to_count_is_no_segment(metrics: Metrics) -> None:
    """N3: models, windows and maturity split nothing, all else in the catalogue does."""
    for definition in metrics.catalogue().values():
        left = set(definition.dimensions) - set(definition.splits)
        assert left <= {"attribution_model", "activity", "conversion_window", "maturity"}


def test_a_ratios_parts_are_under_the_conditions_of_the_ratio(metrics: Metrics) -> None:
    """N3, X1: their quotient is the ratio under any model, and what is only a part can be read as one."""
    where = "attribution_model = 'first' and channel != 'email'"
    spend, customers = metrics.parts("customer_acquisition_cost", start=AFTER[0], end=AFTER[1], where=where).row(0)[1:]
    value = metrics.value("customer_acquisition_cost", *AFTER, where)
    assert value is not None
    assert math.isclose(float(Fraction(spend) / Fraction(customers)), value, rel_tol=1e-12)
    assert metrics.parts("search_position").columns == ["search_positions", "search_impressions"]
    with pytest.raises(UsageError, match="unknown metric"):
        metrics.exact(["search_positions"])
    with pytest.raises(UsageError, match="orders is no ratio"):
        metrics.parts("orders")


def test_the_dimension_chosen_is_the_one_that_explains_most_and_the_choice_is_the_same_again(metrics: Metrics) -> None:
    """N3: cohorts, which are of time, are never chosen; a filter leaves its dimension one segment."""
    for name in ("revenue_net", "conversion_rate", "customer_acquisition_cost", "sessions"):
        found = explain(metrics, name, COMPARED)
        assert found is not None
        assert found.dimension != "cohort"
        assert found == explain(metrics, name, COMPARED)
    sliced = explain(metrics, "sessions", Comparison(BEFORE, AFTER, "device = 'mobile'"))
    assert sliced is not None
    assert sliced.dimension != "device"
