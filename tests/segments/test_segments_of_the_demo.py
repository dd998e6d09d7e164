"""Segments of the demo company against plain SQL over its marts (S10, R6, M3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards.metrics import Metrics
from dashboards.questions.funnel import FunnelQuestion, Funnels
from dashboards.segments import files
from dashboards.segments.asked import Asked, CustomerPersons, FunnelPersons, RetentionPersons, StagePersons
from dashboards.segments.members import Segments, remember_sizes
from opsloop.workspace import Workspace

pytestmark = pytest.mark.timeout(900)
START, END = dt.date(2026, 4, 1), dt.date(2026, 6, 15)
CARTS = FunnelPersons.model_validate(
    {
        "funnel": {"steps": [{"event": "add_to_cart"}, {"event": "purchase"}]},
        "from": START,
        "to": END,
        "step": 2,
        "who": "lost",
    }
)
# Who added to a cart and bought nothing within seven days of any of it.
CARTS_SQL = """
    with carts as (
        select person_id, event_at from marts.fct_events
        where event_name = 'add_to_cart' and event_date between date '2026-04-01' and date '2026-06-15'
            and person_id is not null
    ),
    buyers as (
        select distinct carts.person_id from carts
        inner join marts.fct_events as bought
            on carts.person_id = bought.person_id and bought.event_name = 'purchase'
            and bought.event_at between carts.event_at and carts.event_at + interval 7 day
    )
    select distinct person_id from carts where person_id not in (select person_id from buyers)
"""
ORDERS = RetentionPersons(starts="order", returns="order", grain="month", cohort=dt.date(2026, 3, 1), periods=(2, 2))
ORDERS_SQL = """
    select person_id from marts.fct_orders where person_id is not null
    group by person_id
    having date_trunc('month', min(order_date)) = date '2026-03-01'
        and bool_or(date_trunc('month', order_date) = date '2026-05-01')
"""
WITHIN_SQL = f"""
    with firsts as (
        select person_id, date_trunc('month', min(order_date)) as month from marts.fct_orders
        where person_id in ({CARTS_SQL}) group by person_id
    )
    select person_id from firsts where month = date '2026-03-01'
"""


@pytest.fixture(scope="module")
def workspace(demo: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo company's snapshot in a workspace that may be written to."""
    root = tmp_path_factory.mktemp("segments") / "ws"
    left_out = shutil.ignore_patterns("lake", "landing", "warehouse", "packs", "dagster", "truth", "segments")
    shutil.copytree(demo.root, root, ignore=left_out)
    return Workspace.open(root)


@pytest.fixture(scope="module")
def metrics(workspace: Workspace) -> Iterator[Metrics]:
    """The snapshot's metrics client."""
    opened = Metrics.open(workspace)
    yield opened
    opened.close()


def _listed(metrics: Metrics, sql: str) -> list[str]:
    return sorted(metrics.rows(sql)["person_id"].to_list())


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        (CARTS, CARTS_SQL),
        (ORDERS, ORDERS_SQL),
        (CustomerPersons(group="loyal"), "select person_id from marts.dim_customers where segment = 'loyal'"),
        (
            CustomerPersons(churn_band="high"),
            "select person_id from marts.fct_customer_scores where is_current and churn_band = 'high'",
        ),
    ],
    ids=["carts", "orders", "loyal", "high"],
)
def test_a_questions_persons_are_those_of_plain_sql(
    question: Asked, sql: str, workspace: Workspace, metrics: Metrics
) -> None:
    """S10, D7: names and not only numbers; whoever has no consent to scores is in no band."""
    expected = _listed(metrics, sql)
    assert len(expected) > 20
    assert _listed(metrics, f"from {Segments(workspace, metrics).persons_of(question)}") == expected


def test_every_cell_of_the_matrix_of_stages_has_as_many_persons_as_it_counts(
    workspace: Workspace, metrics: Metrics
) -> None:
    """R6, S10: weeks that are over and the one that runs, everybody who was not there before included."""
    segments = Segments(workspace, metrics)
    weeks = metrics.rows("select distinct week_start from marts.fct_stage_moves_weekly order by 1 desc limit 3")
    cells = metrics.rows(
        "select * from marts.fct_stage_moves_weekly where week_start in (select unnest(?))",
        [[*weeks["week_start"].to_list(), dt.date(2026, 1, 5)]],
    )
    assert "unseen" in cells["stage_before"].to_list()
    for week, before, stage, persons in cells.select("week_start", "stage_before", "stage", "persons").iter_rows():
        question = StagePersons(week=week, stage_before=before, stage=stage)
        assert len(_listed(metrics, f"from {segments.persons_of(question)}")) == persons, (week, before, stage)


def test_a_saved_segment_answers_as_its_persons_do_and_the_snapshot_stays(
    workspace: Workspace, metrics: Metrics
) -> None:
    """S10, U5, M3: static and living agree on the snapshot they were saved from, which nothing writes to."""
    published = [path for path in sorted(workspace.published.rglob("*")) if path.is_file()]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in published]
    segments = Segments(workspace, metrics)
    segments.save("carts", ("Left a cart", "放弃购物车"), CARTS, "static")
    segments.save("living_carts", ("Leave a cart", "放弃购物车者"), CARTS, "living", "moving")
    expected = _listed(metrics, CARTS_SQL)
    steps = []
    for name in ("carts", "living_carts"):
        assert _listed(metrics, f"from {segments.relation(name)}") == expected
        question = FunnelQuestion(CARTS.funnel, START, END, among=segments.relation(name))
        steps.append(Funnels(metrics, "Asia/Shanghai").steps(question)["units"].to_list())
    assert steps == [[len(expected), 0]] * 2
    cohort = RetentionPersons(
        starts="order", returns="order", grain="month", cohort=dt.date(2026, 3, 1), periods=(0, 0), within="carts"
    )
    assert _listed(metrics, f"from {segments.persons_of(cohort)}") == _listed(metrics, WITHIN_SQL)
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in published] == before
    written = {path.parent for path in workspace.root.rglob("*carts*")}
    assert written == {workspace.segments}


def test_publishing_measures_every_segment_and_tells_which_it_could_not(workspace: Workspace, metrics: Metrics) -> None:
    """M3, O3: a file that is wrong stops neither the publishing nor the measuring of others."""
    segments = Segments(workspace, metrics)
    segments.save("measured", ("X", "X"), CARTS, "living")
    (workspace.segments / "measured.sizes.csv").unlink()
    (workspace.segments / "broken.yaml").write_text("kind: dead", encoding="utf-8")
    problems = remember_sizes(workspace, metrics.snapshot.id)
    (workspace.segments / "broken.yaml").unlink()
    assert [problem.split(":")[0] for problem in problems] == ["segments/broken.yaml"]
    found = files.sizes(workspace, "measured")
    assert found.select("snapshot", "size").rows() == [(metrics.snapshot.id, len(_listed(metrics, CARTS_SQL)))]


def test_a_workspace_without_segments_costs_nothing(tmp_path: Path) -> None:
    """M3: where none is saved, nothing is opened."""
    assert remember_sizes(Workspace.create(tmp_path / "ws", {}), "no such snapshot") == []
