"""A company's own export becomes a canonical stream by a YAML file, and can be tried first (I3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion import quarantine
from ingestion.landing import land
from ingestion.mapping import dry_run, load
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Rows = Callable[..., list[dict[str, Any]]]
ORDERS = """
source: till
stream: orders
files: [sales*.csv]
format: {delimiter: ";"}
time_zone: America/Sao_Paulo
currency: BRL
filter: [{column: Kind, not_in: [training]}]
lookups:
  - {file: people.csv, on: {Card: card_no}, take: {person: person_no}}
  - {file: lines.csv, on: {No: order_no}, take: {freight: freight}, combine: sum}
columns:
  order_id: {join: [Shop, No], with: "/"}
  customer_id: {first_of: [person, Card]}
  ordered_at: Sold
  status: State
  is_cancelled: State
  shipping: freight
constants: {is_test: false}
values:
  status: {A: paid, B: cancelled, "": unknown}
  is_cancelled: {B: true, "*": false}
dates:
  ordered_at: {format: ["%d/%m/%Y %H:%M", iso]}
"""
SALES = (
    "Shop;No;Card;Sold;State;Kind\n"
    "N;1;c1;31/01/2018 22:00;A;sale\n"
    "N;2;c9;2018-02-01;B;sale\n"
    "N;3;c1;31/01/2018 09:00;A;training\n"
    "N;4;c1;soon;A;sale\n"
    "N;5;c1;01/02/2018 10:00;;sale\n"
)


@pytest.fixture
def company(ws: Workspace, tmp_path: Path) -> Workspace:
    """A company with three files of its own and one mapping."""
    data = tmp_path / "files"
    data.mkdir()
    (data / "sales1.csv").write_text(SALES)
    (data / "people.csv").write_text("card_no,person_no\nc1,p1\n")
    (data / "lines.csv").write_text("order_no,freight\n1,1.10\n1,2.20\n2,5\n")
    ws.settings.data_folder = str(data)
    ws.settings.mappings = ["maps/*.yaml"]
    (ws.root / "maps").mkdir()
    (ws.root / "maps" / "orders.yaml").write_text(ORDERS)
    return ws


def test_renames_joins_looks_up_sums_maps_and_parses(company: Workspace, rows: Rows) -> None:
    """Every part of a mapping does what it says."""
    report = land(company)
    assert (report.read, report.quarantined, report.landed) == (4, 1, 3)
    assert report.messages == ["sales1.csv: 1 row(s) left out by the mapping's filter"]
    first, second, fifth = rows("orders", "mapped")
    assert (first["order_id"], first["customer_id"], first["shipping"]) == ("N/1", "p1", Decimal("3.3"))
    assert (second["customer_id"], second["status"], second["is_cancelled"]) == ("c9", "cancelled", True)
    assert (first["status"], first["is_cancelled"], fifth["status"]) == ("paid", False, "unknown")
    assert first["ordered_at"] == dt.datetime(2018, 2, 1, 0, 0)
    assert second["ordered_at"] == dt.datetime(2018, 2, 1, 2, 0)
    assert (first["currency"], first["is_test"], first["_source_name"], first["_row"]) == ("BRL", False, "till", 1)


def test_an_amount_in_an_unknown_currency_is_set_aside(company: Workspace) -> None:
    """A code that no currency has cannot be converted; the message names some that it may be (X4)."""
    (company.data_folder() / "sales1.csv").write_text("no,sold,cur\n1,2018-01-01,BRL\n2,2018-01-01,XQX\n")
    (company.root / "maps" / "orders.yaml").write_text(
        "source: till\nstream: orders\nfiles: [sales1.csv]\ncolumns: {order_id: no, ordered_at: sold, currency: cur}\n"
    )
    report = land(company)
    assert (report.landed, report.quarantined) == (1, 1)
    (aside,) = quarantine.rows(company).to_dicts()
    assert (aside["reason"], aside["column_name"], aside["row"]) == ("broken_rule", "currency", 2)
    assert aside["detail"].startswith("expected one of AED, AFN, ")
    assert aside["detail"].endswith("in all), found XQX")


def test_a_dry_run_shows_first_rows_and_rows_set_aside_and_lands_nothing(company: Workspace, rows: Rows) -> None:
    """The same rows and reasons as landing gives, without landing."""
    trial = dry_run(company, company.root / "maps" / "orders.yaml")
    assert (trial.read, trial.filtered, trial.first.height) == (4, 1, 3)
    assert trial.quarantined.select("row", "reason", "column_name").rows() == [(4, "wrong_type", "ordered_at")]
    assert not trial.fits
    assert rows("orders", "mapped") == []
    land(company)
    assert quarantine.rows(company)["row"].to_list() == [4]


def test_a_changed_mapping_reads_the_files_again(company: Workspace, rows: Rows) -> None:
    """What the change does to a row is a new version; rows it does not touch are duplicates (I5)."""
    land(company)
    path = company.root / "maps" / "orders.yaml"
    path.write_text(ORDERS.replace("A: paid", "A: settled"))
    report = land(company)
    assert (report.landed, report.duplicates) == (1, 2)
    assert {row["status"] for row in rows("orders", "mapped") if row["order_id"] == "N/1"} == {"paid", "settled"}
    assert not land(company).changed


def test_a_changed_lookup_reads_the_files_again(company: Workspace, rows: Rows) -> None:
    """A card whose owner is known at last gets its owner."""
    land(company)
    (company.data_folder() / "people.csv").write_text("card_no,person_no\nc1,p1\nc9,p9\n")
    assert land(company).landed == 1
    assert rows("orders", "mapped")[-1]["customer_id"] == "p9"


def test_distinct_rows_and_line_numbers_run_over_the_whole_file(company: Workspace, rows: Rows) -> None:
    """Orders can be made from their lines; rows that repeat are duplicates in the sums (X2)."""
    (company.data_folder() / "lines2.csv").write_text("o,p,at\n1,x,2018-01-01\n1,x,2018-01-01\n2,y,2018-01-02\n")
    maps = company.root / "maps"
    (maps / "orders.yaml").write_text(
        "source: till\nstream: orders\nfiles: [lines2.csv]\ndistinct: [o]\ncolumns: {order_id: o, ordered_at: at}\n"
    )
    (maps / "items.yaml").write_text(
        "source: till\nstream: order_items\nfiles: [lines2.csv]\nline_number: {within: [o], as: line}\n"
        'columns: {order_item_id: {join: [o, line], with: "-"}, order_id: o, product_id: p}\n'
    )
    orders, items = sorted(land(company).streams[-2:], key=lambda part: part.read - part.landed, reverse=True)
    assert (orders.read, orders.duplicates, orders.landed) == (3, 1, 2)
    assert (items.read, items.landed) == (3, 3)
    assert [row["order_item_id"] for row in rows("order_items", "mapped")] == ["1-1", "1-2", "2-1"]


MISTAKES = {
    "unknown canonical column": (
        "status: State",
        "stat: State",
        "has no column 'stat'; did you mean status",
    ),
    "key left out": ('order_id: {join: [Shop, No], with: "/"}', "", "'order_id' is part of the key of mapped/orders"),
    "unknown stream": ("stream: orders", "stream: order", "source mapped has no stream 'order'; it has"),
    "unknown time zone": ("America/Sao_Paulo", "Brazil/Sao", "unknown time zone 'Brazil/Sao'; use an IANA name"),
    "unknown currency": ("currency: BRL", "currency: REAL", "unknown currency 'REAL'; use an ISO 4217 code"),
    "unknown setting": ("currency:", "curency:", "curency: Extra inputs are not permitted"),
    "no files": ("files: [sales*.csv]", "files: []", "files: List should have at least 1 item"),
    "not YAML": ("source: till", "source: [till", "not readable YAML"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_mapping_is_one_clear_line(mistake: str, company: Workspace) -> None:
    """The line names the file, what is wrong and what there is instead."""
    old, new, message = MISTAKES[mistake]
    path = company.root / "maps" / "orders.yaml"
    path.write_text(ORDERS.replace(old, new, 1))
    with pytest.raises(OpsloopError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ") or mistake == "unknown stream"
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_that_the_file_lacks_refuses_the_file(company: Workspace) -> None:
    """The message names the column, who takes it, and what the file has."""
    (company.data_folder() / "sales1.csv").write_text("Shop;No;Card;Sold;Kind\nN;1;c1;2018-01-01;sale\n")
    (line,) = land(company).messages
    assert line.startswith("sales1.csv: line 1: column 'State' is missing, which columns: status takes; the file has")


def test_files_that_are_not_there_stop_only_their_own_mapping(company: Workspace) -> None:
    """A mapping without files is one line; sources go on (X8)."""
    (company.data_folder() / "sales1.csv").unlink()
    folder = company.landing / "small" / "visits"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("visitor,day,pages\nann,2024-01-31,3\n")
    report = land(company)
    assert report.landed == 1
    assert any("orders.yaml: no file matches sales*.csv" in line for line in report.messages)


def test_a_pattern_that_matches_no_mapping_is_one_clear_error(company: Workspace) -> None:
    """A typing mistake in the settings is not silence."""
    company.settings.mappings = ["mps/*.yaml"]
    with pytest.raises(OpsloopError, match=r"'mps/\*.yaml' matches no file"):
        land(company)
