"""Personal values as keyed hashes (G1), declared or found by their looks, and text with personal values masked."""

from __future__ import annotations

import re

import polars as pl

from ingestion.contract import Stream
from opsloop import personal

MASK = "***"
HIDDEN = "(hidden: the row may hold personal text; see the file)"
EMAIL = re.compile(r"[^\s,;\"'<>:|]+@[^\s,;\"'<>|]+")
PHONE = re.compile(r"\+?\d[\d ()-]{6,}\d")
# What a value of an undeclared column must not look like to land in clear: text with an e-mail address in it, or a
# phone number with its country's code, of a Chinese mobile, or in groups that begin with 0 or a bracket or go 3, 3, 4.
ADDRESS = r"[^\s,;\"'<>:|@]+(?:@|%40)[^\s,;\"'<>|@]+\.[^\s,;\"'<>|@.]{2,}"
NUMBER = (
    r"^\s*(?:(?:\+|00)[\d ()./-]{8,22}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\(\d{2,5}\)[\d ./-]{5,14}"
    r"|0\d{1,5}[ /-][\d ./-]{4,14}|\d{3}[ .-]\d{3}[ .-]\d{4})\s*$"
)
NAMES = re.compile(
    r"^(.*_)?(e_?mail|mail_address|phone|mobile_?(phone|number|no)|telephone|tel|fax|whatsapp)(_?(address|number|no))?$"
    r"|邮箱|手机|电话"
)


def keyed_hashes(values: pl.Series, secret: bytes, kind: str = "email") -> pl.Series:
    """The hash of each value, computed once per distinct one; empty, and what stands for nobody, is empty (D3)."""
    distinct = values.drop_nulls().unique()
    hashes = pl.Series(personal.keyed_hashes(distinct.to_list(), secret, kind), dtype=pl.String())
    return values.replace_strict(distinct, hashes, default=None, return_dtype=pl.String())


def is_personal(column: str) -> pl.Expr:
    """Whether a text column's value must not be kept in clear though nobody declared it: by its looks or its name."""
    if NAMES.search(column):
        return pl.col(column).is_not_null()
    return pl.col(column).str.contains(ADDRESS) | pl.col(column).str.contains(NUMBER)


def with_personal_hashed(values: pl.Series, secret: bytes) -> tuple[pl.Series, int]:
    """An undeclared column with each personal value as its keyed hash, and how many there were."""
    mask = values.to_frame().select(is_personal(values.name).fill_null(value=False)).to_series()
    if not mask.any():
        return values, 0
    hashes = keyed_hashes(values.set(~mask, None), secret)
    return hashes.zip_with(mask, values).alias(values.name), int(mask.sum())


def masked(raw: str, stream: Stream) -> str:
    """Text of a row that could not be split, without what may be personal in it."""
    kinds = set(stream.pii.values())
    if not kinds:
        return EMAIL.sub(MASK, raw)
    if "text" in kinds:
        return HIDDEN
    return PHONE.sub(MASK, EMAIL.sub(MASK, raw))
