"""Personal values as keyed hashes (G1), and text with personal values masked."""

from __future__ import annotations

import hashlib
import hmac
import re

import polars as pl

from ingestion.contract import Stream

MASK = "***"
HIDDEN = "(hidden: the row may hold personal text; see the file)"
EMAIL = re.compile(r"[^\s,;\"'<>:|]+@[^\s,;\"'<>|]+")
PHONE = re.compile(r"\+?\d[\d ()-]{6,}\d")


def keyed_hash(value: str, secret: bytes) -> str:
    """Hex HMAC-SHA256 of the value in lower case without blanks around it."""
    return hmac.new(secret, value.strip().lower().encode(), hashlib.sha256).hexdigest()


def keyed_hashes(values: pl.Series, secret: bytes) -> pl.Series:
    """The hash of each value, computed once per distinct one; empty stays empty."""
    distinct = values.drop_nulls().unique().to_list()
    hashes = {value: keyed_hash(value, secret) for value in distinct}
    return values.replace_strict(hashes, default=None, return_dtype=pl.String())


def masked(raw: str, stream: Stream) -> str:
    """Text of a row that could not be split, without what may be personal in it."""
    kinds = set(stream.pii.values())
    if not kinds:
        return raw
    if "text" in kinds:
        return HIDDEN
    return PHONE.sub(MASK, EMAIL.sub(MASK, raw))
