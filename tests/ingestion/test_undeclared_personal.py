"""What nobody declared as personal does not land in clear for that (G1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion import quarantine
from ingestion.hashing import is_personal
from ingestion.landing import land
from opsloop.personal import keyed_hash
from opsloop.workspace import Workspace

PERSONAL = (
    "ann@shop.example",
    "Ann Lee <Ann.Lee+news@mail.shop.example>",
    "https://x.example/?to=ann%40shop.example&a=1",
    "+49 30 901820",
    "+8613800138000",
    "138 0013 8000",
    "13800138000",
    "0086-10-88886666",
    "010-88886666",
    "(030) 90 18 20",
    "555-123-4567",
)
HARMLESS = (
    "",
    "2024-03-28",
    "2024-03-28 08:45:18",
    "20240328",
    "1711860118",
    "1711860118000000",
    "10000001234",
    "268081295194536186",
    "3.14159265",
    "-120.500",
    "@shop",
    "a@b",
    "/@name/post",
    "0.5",
    "00012",
    "1,234,567.89",
    "Mozilla/5.0 (X11; Linux x86_64)",
    "2024-Q1",
)


@pytest.mark.parametrize("value", PERSONAL)
def test_an_address_or_a_phone_number_is_known_by_its_looks(value: str) -> None:
    """E-mail anywhere in a text, a phone number alone (G1)."""
    assert pl.DataFrame({"note": [value]}).select(is_personal("note")).item()


@pytest.mark.parametrize("value", HARMLESS)
def test_a_date_an_id_and_an_amount_are_no_phone_numbers(value: str) -> None:
    """What is hashed for nothing is lost to whoever wants to read it (G1)."""
    assert not pl.DataFrame({"note": [value]}).select(is_personal("note")).item()


@pytest.mark.parametrize("name", ["email", "buyer_email", "e_mail", "phone_number", "contact_tel", "客户手机"])
def test_a_column_named_for_it_is_personal_whatever_its_values_look_like(name: str) -> None:
    """Names tell what looks cannot (G1)."""
    assert pl.DataFrame({name: ["5551234", None]}).select(is_personal(name)).to_series().to_list() == [True, False]


@pytest.mark.parametrize("name", ["is_mobile", "email_status", "telephony_plan", "hotel", "phones_sold"])
def test_a_column_that_only_sounds_like_it_is_not(name: str) -> None:
    """A flag or a count stays readable (G1)."""
    assert not pl.DataFrame({name: ["5551234"]}).select(is_personal(name)).item()


def test_an_undeclared_column_lands_with_what_is_personal_hashed(
    ws: Workspace, drop: Callable[..., Path], rows: Callable[..., list[dict[str, Any]]]
) -> None:
    """The hash is that of a declared column, nothing in clear is in the lake, and the landing says so (G1)."""
    lines = ["a,2024-01-01,1,ok,7", "b,2024-01-01,1, Ann@Shop.example,8", "c,2024-01-01,1,+49 30 901820,9"]
    drop("visits", "a.csv", "visitor,day,pages,note,size\n" + "\n".join(lines) + "\n")
    report = land(ws)
    landed = rows("visits")
    hashes = [keyed_hash("ann@shop.example", ws.secret), keyed_hash("+49 30 901820", ws.secret)]
    assert [row["note"] for row in landed] == ["ok", *hashes]
    assert [row["size"] for row in landed] == ["7", "8", "9"]
    assert report.messages == ["small/visits/a.csv: 2 value(s) of 'note' look personal and landed hashed"]
    everything = b"".join(path.read_bytes() for path in ws.lake.rglob("*") if path.is_file())
    assert b"hop.example" not in everything
    assert b"901820" not in everything


def test_quarantine_masks_what_looks_personal_too(ws: Workspace, drop: Callable[..., Path]) -> None:
    """A value in the wrong column, an undeclared one, a row that could not be split (G1, X8)."""
    drop(
        "visits",
        "a.csv",
        "visitor,day,pages,note\na,2024-01-01,ann@shop.example,x\nb,2024-01-01,many,138 0013 8000\n"
        "c,2024-01-01,1,ann@shop.example,too,many\n",
    )
    land(ws)
    aside = quarantine.rows(ws).sort("row")
    assert aside["detail"].to_list()[:2] == [
        "expected a whole number, found ***",
        "expected a whole number, found many",
    ]
    assert aside["raw"].to_list() == [
        '{"visitor":"a","day":"2024-01-01","pages":"***","note":"x"}',
        '{"visitor":"b","day":"2024-01-01","pages":"many","note":"***"}',
        "c,2024-01-01,1,***,too,many",
    ]
