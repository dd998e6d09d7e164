"""A file of marketing touches: a table of paths for the command, and the whole line, against formulas written here."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from opsloop.cli import main

ROOT = Path(__file__).parents[2]
CHANNELS = ("Facebook", "Instagram", "Online Display", "Online Video", "Paid Search")
Journey = tuple[tuple[str, ...], int, float]


@pytest.fixture(scope="module")
def journeys(shared_data: Path) -> list[Journey]:
    """Each customer's touches in order of time, cut after a conversion: channels, converted, value."""
    file = shared_data / "attribution_touchpoints" / "attribution_data.csv"
    touches: dict[str, list[tuple[str, str, int, float]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        value = float(row["conversion_value"])
        touches[row["customer_id"]].append((row["time"], row["channel"], int(row["conversion"]), value))
    found: list[Journey] = []
    for history in touches.values():
        path: list[str] = []
        for _, channel, converted, value in sorted(history):
            path.append(channel)
            if converted:
                found.append((tuple(path), 1, value))
                path = []
        if path:
            found.append((tuple(path), 0, 0.0))
    return found


@pytest.fixture(scope="module")
def paths(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table that the example's SQL makes of the file."""
    target = tmp_path_factory.mktemp("paths") / "paths.csv"
    sql = (ROOT / "examples" / "touches" / "paths.sql").read_text(encoding="utf-8")
    with duckdb.connect() as con:
        con.execute(f"set file_search_path = '{shared_data / 'attribution_touchpoints'}'")
        con.execute(sql.replace("/dev/stdout", str(target)))
    return target


def test_the_table_of_paths_holds_every_touch_and_conversion(paths: Path, journeys: list[Journey]) -> None:
    """T2, X2: paths with their conversions, values and failures are the journeys'."""
    expected: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0])
    for path, converted, value in journeys:
        row = expected[" > ".join(path)]
        row[0] += converted
        row[1] += value
        row[2] += 1 - converted
    with paths.open(encoding="utf-8") as file:
        found = {
            row["path"]: [float(row[name]) for name in ("conversions", "value", "nulls")]
            for row in csv.DictReader(file)
        }
    assert found == expected


def shares(path: tuple[str, ...], model: str) -> list[float]:
    """What each touch of a path gets by a rule."""
    count = len(path)
    if model == "position":
        if count <= 2:
            return [1 / count] * count
        return [0.4, *[0.2 / (count - 2)] * (count - 2), 0.4]
    if model == "decay":
        weights = [2 ** (-(count - 1 - place) / 7) for place in range(count)]
        return [weight / sum(weights) for weight in weights]
    chosen = {"first": [0], "last": [count - 1], "linear": range(count)}[model]
    return [1 / len(chosen) if place in chosen else 0 for place in range(count)]


def by_rule(journeys: list[Journey], model: str) -> dict[str, float]:
    """Conversions of each channel under a rule."""
    credit = dict.fromkeys(CHANNELS, 0.0)
    for path, converted, _ in journeys:
        for channel, share in zip(path, shares(path, model), strict=True):
            credit[channel] += converted * share
    return credit


def by_shapley(journeys: list[Journey]) -> dict[str, float]:
    """The coverage game is a sum of unanimity games: a path's conversion goes evenly to its distinct channels."""
    credit = dict.fromkeys(CHANNELS, 0.0)
    for path, converted, _ in journeys:
        for channel in set(path):
            credit[channel] += converted / len(set(path))
    return credit


def by_markov(journeys: list[Journey]) -> dict[str, float]:
    """Removal effects by solving for the chance to convert, with each channel in turn sent to nothing."""
    states = ("start", *CHANNELS, "conversion", "null")
    index = {name: place for place, name in enumerate(states)}
    counts = np.zeros((len(states), len(states)))
    for path, converted, _ in journeys:
        steps = ("start", *path, "conversion" if converted else "null")
        for left, right in itertools.pairwise(steps):
            counts[index[left], index[right]] += 1
    moves = counts[:6] / counts[:6].sum(axis=1, keepdims=True)

    def chance(removed: int | None) -> float:
        inner = moves[:, :6].copy()
        if removed is not None:
            inner[:, removed] = 0
        return float(np.linalg.solve(np.eye(6) - inner, moves[:, 6])[0])

    effects = {name: 1 - chance(index[name]) / chance(None) for name in CHANNELS}
    total = sum(converted for _, converted, _ in journeys)
    return {name: total * effect / sum(effects.values()) for name, effect in effects.items()}


MODELS: dict[str, Callable[[list[Journey]], dict[str, float]]] = {
    **{name: lambda rows, name=name: by_rule(rows, name) for name in ("first", "last", "linear", "position", "decay")},
    "markov": by_markov,
    "shapley": by_shapley,
}


@pytest.mark.parametrize("model", MODELS)
def test_the_command_gives_what_the_formula_gives(
    model: str,
    paths: Path,
    journeys: list[Journey],
    capsys: pytest.CaptureFixture[str],
    page_says: Callable[..., None],
) -> None:
    """T1, T2: every channel's conversions by each model, which sum to those of the file."""
    assert main(["attribute", str(paths), "--model", model, "--format", "json"]) == 0
    found = {row["channel"]: float(row["conversions"]) for row in json.loads(capsys.readouterr().out)}
    expected = MODELS[model](journeys)
    assert found == pytest.approx(expected, abs=1e-5)
    assert sum(found.values()) == pytest.approx(sum(converted for _, converted, _ in journeys), abs=1e-6)
    page_says(model.capitalize(), *(f"{expected[channel]:,.1f}" for channel in CHANNELS))


SESSIONS = """
create table touches as select *, time::timestamp as moment from '{file}';
create table visits as
    with gaps as (
        select *, moment - lag(moment) over (partition by customer_id order by moment) as gap from touches
    ), numbered as (
        select *, count(*) filter (where gap > interval 30 minutes) over visitor as number
        from gaps window visitor as (partition by customer_id order by moment)
    )
    select customer_id, number, min(moment) as moment, arg_min(channel, gaps.moment) as channel
    from numbered as gaps group by customer_id, number;
create table credits as
    with reached as (
        select t.customer_id, t.moment as converted_at, t.conversion_value as value, v.channel,
            row_number() over (partition by t.customer_id, t.moment order by v.moment) as place,
            count(*) over (partition by t.customer_id, t.moment) as places
        from touches as t join visits as v on v.customer_id = t.customer_id
            and v.moment between t.moment - interval 30 days and t.moment
        where t.conversion = 1
    )
    select model, channel, sum(share) as conversions, sum(share * value) as value
    from reached, (values ('first', 1), ('last', 2), ('linear', 3)) as models (model, kind),
        lateral (select case kind
            when 1 then (place = 1)::int when 2 then (place = places)::int else 1 / places end as share)
    group by model, channel;
"""


def test_the_marts_give_what_the_file_gives(marts: duckdb.DuckDBPyConnection, shared_data: Path) -> None:
    """T1, T2, T3, X2: touches within half an hour are one; 30 days back; conversions and value sum to the file's."""
    file = shared_data / "attribution_touchpoints" / "attribution_data.csv"
    marts.execute(SESSIONS.format(file=file))
    ours = marts.sql("""
        select attribution_model, channel, sum(attributed_conversions), sum(attributed_revenue)
        from work.marts.fct_attribution
        where conversion_kind = 'order' and attribution_model in ('first', 'last', 'linear') group by all order by all
    """).fetchall()
    rule = marts.sql("""
        select model, replace(lower(channel), ' ', '_') as channel, conversions, value from credits order by all
    """).fetchall()
    assert [row[:2] for row in ours] == [row[:2] for row in rule]
    for (_, _, conversions, revenue), (_, _, expected, value) in zip(ours, rule, strict=True):
        assert float(conversions) == pytest.approx(expected, abs=0.01)
        assert float(revenue) == pytest.approx(value, abs=5)
    totals = "select count(*), sum(conversion_value) from touches where conversion = 1"
    ((count, value),) = marts.sql(totals).fetchall()
    for model in ("first", "last", "linear"):
        of_model = [row for row in ours if row[0] == model]
        assert (float(sum(row[2] for row in of_model)), float(sum(row[3] for row in of_model))) == (count, value)


def test_touches_merge_into_visits_as_the_page_says(
    marts: duckdb.DuckDBPyConnection, shared_data: Path, page_says: Callable[..., None]
) -> None:
    """S1: so many touches, so many visits of half an hour, each customer a person."""
    file = shared_data / "attribution_touchpoints" / "attribution_data.csv"
    marts.execute(SESSIONS.format(file=file))
    counts = (
        "select (select count(*) from touches), (select count(*) from visits), count(distinct customer_id) from touches"
    )
    (found,) = marts.sql(counts).fetchall()
    (ours,) = marts.sql(
        "select sum(events)::bigint, count(*), count(distinct person_id) from work.marts.fct_sessions"
        " where year(session_date) = 2018"
    ).fetchall()
    assert ours == found
    page_says("Touches, visits, customers", *found)
