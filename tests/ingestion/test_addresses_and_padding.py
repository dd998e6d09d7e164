"""Hosts and paths of a mapping's addresses (I3), and text whose columns are padded with zero bytes (I2)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ingestion.mapping_apply import _converted
from ingestion.readers import Hints, read
from ingestion.readers.text import detect

ADDRESSES = {
    "https://www.Shop.example:8080/A/b/?q=1#x": ("shop.example", "/A/b"),
    "google.com": ("google.com", None),
    "github.com/plausible/analytics": ("github.com", None),
    "android-app://com.google.android.gm": ("com.google.android.gm", "/"),
    "/pricing/?plan=a": (None, "/pricing"),
    "/": (None, "/"),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_gives_its_host_and_its_path(address: str) -> None:
    """I3: with or without a scheme; a path alone has no host."""
    host, path = ADDRESSES[address]
    frame = pl.DataFrame({"v": [address, None]})
    assert frame.select(_converted(pl.col("v"), "host")).to_series().to_list() == [host, None]
    if path is not None:
        assert frame.select(_converted(pl.col("v"), "path")).to_series().to_list() == [path, None]


def test_zero_bytes_that_pad_a_column_make_no_file_utf_16(tmp_path: Path) -> None:
    """I2: ClickHouse writes an empty fixed-width text as zero bytes; the file is UTF-8 all the same."""
    file = tmp_path / "dump.csv"
    row = '"2024-03-28 08:45:18","页面","/:dashboard","\x00\x00\x00"\n'
    file.write_text("moment,name,path,currency\n" + row * 500, encoding="utf-8")
    frame = pl.concat(chunk.frame for chunk in read(file, Hints(), tmp_path))
    assert frame.height == 500
    assert frame["name"].unique().to_list() == ["页面"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["a,b\n1,2\n" * 50, "名称,数量\n" + "乌龙茶普洱茶龙井茶铁观音,一\n" * 300])
def test_utf_16_without_a_mark_is_still_known(encoding: str, text: str, tmp_path: Path) -> None:
    """I2: by its zeros, few as they are in Chinese text."""
    file = tmp_path / "export.csv"
    file.write_bytes(text.encode(encoding))
    assert detect(file) == (encoding, True)
