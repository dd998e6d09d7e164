"""What is an id: words for nobody never are, and one address or number is one id however it is written."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from ingestion.hashing import keyed_hashes
from opsloop.personal import NOT_IDS, plain

MACRO = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "identity.sql"


@pytest.mark.parametrize("word", ["", " ", "null", "NULL", "0", "undefined", "(not set)", " None "])
def test_a_word_for_nobody_has_no_hash(word: str) -> None:
    """D3: hashed like an address it would make one person of everybody without one."""
    assert keyed_hashes(pl.Series([word, None, "ann@shop.example"]), b"key").null_count() == 2


def test_the_models_know_the_same_words() -> None:
    """D3: ids that are not hashed are sifted in SQL."""
    text = MACRO.read_text(encoding="utf-8").split("macro real_id")[1].split("endmacro")[0]
    assert set(re.findall(r"'([^']*)'", text)) == NOT_IDS


@pytest.mark.parametrize("phone", ["13800138000", "+86 138 0013 8000", "0086-138-0013-8000", "86 13800138000"])
def test_a_chinese_mobile_number_is_one_id_with_and_without_its_countrys_code(phone: str) -> None:
    """D2: hashed phones meet only if they are written alike."""
    assert plain(phone, "phone") == "13800138000"


def test_other_numbers_keep_their_digits_and_addresses_their_letters() -> None:
    """D2: nothing but writing is evened out."""
    assert plain("+49 30 901820", "phone") == "4930901820"
    assert plain(" Ann@Shop.example ", "email") == "ann@shop.example"
    assert plain("ext.", "phone") is None
