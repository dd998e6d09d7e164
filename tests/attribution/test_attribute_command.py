"""`opsloop attribute`: what it prints, what it refuses, and a real file of touches against a computation apart."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from attribution_oracle import Row, first_order, removal_effects, shapley

from opsloop.cli import main

TABLE = "path,conversions,value,nulls\nC1 > C2 > C3,1,100,0\nC1,0,0,1\nC2>C3,0,0,1\n"
BAD = [
    ("path,conversions\na,1\n", "expected one column 'value' in the header, found: path, conversions"),
    ("", "expected one column 'path' in the header, found: nothing"),
    ("path,value,value,conversions\na,1,1,1\n", "expected one column 'value'"),
    ("path,conversions,value\n", "no rows under the header"),
    ("path,conversions,value\n ,1,1\n", "row 2: path: expected channels such as 'search > email', found ' '"),
    ("path,conversions,value\na,1,1\na > > b,1,1\n", "row 3: path: expected channels"),
    ("path,conversions,value\na,-1,1\n", "row 2: conversions: expected a number of 0 or more, found '-1'"),
    ("path,conversions,value,nulls\na,1,1,-2\n", "row 2: nulls: expected a number of 0 or more, found '-2'"),
    ("path,conversions,value\na,many,1\n", "row 2: conversions: expected a number, found 'many'"),
    ("path,conversions,value\na,1,nan\n", "row 2: value: expected a number, found 'nan'"),
    ("path,conversions,value\na,1,\n", "row 2: value: expected a number, found ''"),
    ("path,conversions,value\na,1,1e400\n", "row 2: value: expected at most 30 digits"),
    ("path,conversions,value\na,1\n", "row 2: expected 3 fields, found 2"),
    ('path,conversions,value\n"a,1,1\n', "not a CSV table"),
    ("path,conversions,value\na,0,5\n", "no path converts"),
]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The status, what was printed, what was said on standard error."""
    status = main(["attribute", *(str(argument) for argument in arguments)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.fixture
def paths(tmp_path: Path) -> Path:
    """The published example as a file."""
    file = tmp_path / "paths.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_one_row_per_channel_comes_out_the_largest_first(capsys: pytest.CaptureFixture[str], paths: Path) -> None:
    """T1: CSV by default; the removal effect is Markov's alone."""
    assert run(capsys, paths, "--model", "markov") == (
        0,
        "channel,conversions,value,removal_effect\nC2,0.4,40,1.0\nC3,0.4,40,1.0\nC1,0.2,20,0.5\n",
        "",
    )
    _, out, _ = run(capsys, paths, "--model", "linear", "--format", "json")
    assert json.loads(out) == [
        {"channel": "C1", "conversions": 0.333333333334, "value": 33.34},
        {"channel": "C2", "conversions": 0.333333333333, "value": 33.33},
        {"channel": "C3", "conversions": 0.333333333333, "value": 33.33},
    ]


@pytest.mark.parametrize("settings", [["decay", "--half-life", "1"], ["markov", "--order", "2"], ["shapley"]])
def test_the_order_of_rows_and_how_they_are_split_change_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: list[str]
) -> None:
    """T2: the same table shuffled, with one row in two parts, prints the same bytes."""
    rows = ["a > b > a,3,10.01,2", "b,1,0.5,7", "c > a,2.5,-3,0", "b > c > b > a,4,0,1"]
    split = ["b > c > b > a,4,0,0", "b > c > b > a,0,0,1", *rows[:3]]
    printed = set()
    for number, lines in enumerate((rows, split, random.Random(1).sample(rows, 4))):
        file = tmp_path / f"{number}.csv"
        file.write_text("\n".join(["path,conversions,value,nulls", *lines]), encoding="utf-8-sig")
        status, out, _ = run(capsys, file, "--model", *settings)
        assert status == 0
        printed.add(out)
    assert len(printed) == 1
    found = list(csv.DictReader(io.StringIO(printed.pop())))
    assert sum(Decimal(row["conversions"]) for row in found) == Decimal("10.5")
    assert sum(Decimal(row["value"]) for row in found) == Decimal("7.51")


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_a_table_that_cannot_be_read_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, expected: str
) -> None:
    """X8: file, row, column, what was expected; status 1 and nothing printed."""
    file = tmp_path / "bad.csv"
    file.write_text(content, encoding="utf-8")
    status, out, err = run(capsys, file, "--model", "markov")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert expected in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--model", "guess"],
        [],
        ["--model", "markov", "--order", "5"],
        ["--model", "linear", "--order", "2"],
        ["--model", "markov", "--game", "rate"],
        ["--model", "shapley", "--half-life", "2"],
        ["--model", "decay", "--half-life", "0"],
        ["--model", "decay", "--half-life", "soon"],
    ],
)
def test_wrong_use_is_status_2(capsys: pytest.CaptureFixture[str], paths: Path, arguments: list[str]) -> None:
    """T1: an option of another model is a mistake, not a wish to be ignored."""
    status, out, err = run(capsys, paths, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_a_file_that_is_not_there_is_status_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """T1: the message names the file."""
    status, _, err = run(capsys, tmp_path / "none.csv", "--model", "first")
    assert status == 1
    assert "none.csv" in err


@pytest.fixture
def real(shared_data: Path) -> list[Row]:
    """The shared file's journeys, cut after each conversion, values in cents."""
    file = next((shared_data / "attribution_touchpoints").glob("*.csv"))
    with file.open(encoding="utf-8", newline="") as stream:
        touches = sorted(csv.DictReader(stream), key=lambda row: (row["customer_id"], row["time"]))
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for _, journey in groupby(touches, key=lambda row: row["customer_id"]):
        path: list[str] = []
        for touch in journey:
            path.append(touch["channel"])
            if touch["conversion"] == "1":
                cents = int(Decimal(touch["conversion_value"]) * 100)
                counts[tuple(path)].update(conversions=1, value=cents)
                path = []
        if path:
            counts[tuple(path)].update(nulls=1)
    return [(path, n["conversions"], n["value"], n["nulls"]) for path, n in counts.items()]


@pytest.mark.shared_data
def test_a_real_file_of_touches_gets_the_credit_that_a_computation_apart_gives(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, real: list[Row]
) -> None:
    """T1, T2: 1,838 conversions worth 11,423.50 over five channels, whatever the model."""
    file = tmp_path / "paths.csv"
    lines = [f"{' > '.join(path)},{c},{v / 100},{n}" for path, c, v, n in real]
    file.write_text("\n".join(["path,conversions,value,nulls", *lines]), encoding="utf-8")
    effects, second, values = first_order(real), removal_effects(real, 2), shapley(real, "rate")
    for settings, weights in (
        (["markov"], effects),
        (["markov", "--order", "2"], second),
        (["shapley", "--game", "rate"], values),
        (["shapley"], shapley(real, "coverage")),
    ):
        _, out, _ = run(capsys, file, "--model", *settings)
        rows = {row["channel"]: row for row in csv.DictReader(io.StringIO(out))}
        whole = sum(weights.values())
        assert {name: float(row["conversions"]) for name, row in rows.items()} == pytest.approx(
            {name: 1838 * weight / whole for name, weight in weights.items()}, rel=1e-8
        )
    for model in ("first", "last", "linear", "position", "decay", "markov", "shapley"):
        _, out, _ = run(capsys, file, "--model", model)
        found = list(csv.DictReader(io.StringIO(out)))
        assert sum(Decimal(row["conversions"]) for row in found) == 1838
        assert sum(Decimal(row["value"]) for row in found) == Decimal("11423.5")
