"""Addresses and numbers of persons as keyed hashes, equal wherever they are written (G1, D2)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

# What tools write where there is no id; the same words as the macro `real_id` of the dbt project.
NOT_IDS = frozenset(
    """0 - -1 null nil none nan n/a na undefined unknown anonymous anon guest true false (none) (null) <null> <nil>
    [] {} 00000000-0000-0000-0000-000000000000""".split()
) | {"", "(not set)", "(not provided)", "not set", "[object object]"}
BLOCK = 64
CHINA = re.compile(r"^86(?=1[3-9]\d{9}$)")


def plain(value: str, kind: str) -> str | None:
    """The value in small letters without blanks around it, a phone as digits; nothing where a word stands for nobody.

    A Chinese mobile number is the same with and without its country's code.
    """
    text = value.strip().lower()
    if text in NOT_IDS:
        return None
    if kind != "phone":
        return text
    digits = re.sub(r"\D", "", text).removeprefix("00")
    return CHINA.sub("", digits) or None


def keyed_hash(value: str, secret: bytes, kind: str = "email") -> str | None:
    """Hex HMAC-SHA256 of the plain value with the workspace's key; nothing for a word that stands for nobody."""
    return keyed_hashes([value], secret, kind)[0]


def keyed_hashes(values: Iterable[str], secret: bytes, kind: str = "email") -> list[str | None]:
    """The keyed hash of each value, by RFC 2104: what the key does to both hashes is done once for all of them."""
    key = (hashlib.sha256(secret).digest() if len(secret) > BLOCK else secret).ljust(BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in key)) for pad in (0x36, 0x5C))
    hashes: list[str | None] = []
    for value in values:
        text = plain(value, kind)
        if text is None:
            hashes.append(None)
            continue
        within, around = inner.copy(), outer.copy()
        within.update(text.encode())
        around.update(within.digest())
        hashes.append(around.hexdigest())
    return hashes
