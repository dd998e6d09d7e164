"""Words, numbers and dates of the pages in English and 简体中文."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LOCALES = Path(__file__).parent.parent / "locales"
FILES = {"en": "en.yaml", "zh": "zh-CN.yaml"}
LANGUAGES = {"en": "English", "zh": "中文"}
NOTHING = "–"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def language_of(tag: str | None) -> str | None:
    """Return `en` or `zh` for a language tag such as `zh-CN`, and nothing for any other."""
    start = (tag or "").lower().replace("_", "-").split("-")[0]
    return start if start in FILES else None


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


@cache
def words(lang: str) -> dict[str, str]:
    """Return every text of a language by its dotted key."""
    return _flatten(yaml.safe_load((LOCALES / FILES[lang]).read_text(encoding="utf-8")))


class Translator:
    """Speaks one language: texts by key, dates and plain numbers in its manner."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its places filled; an unknown key is an error."""
        return words(self.lang)[key].format(**values)

    def maybe(self, key: str) -> str | None:
        """Return the text of a key, or nothing where the language has none."""
        return words(self.lang).get(key)

    def pick(self, english: str, chinese: str) -> str:
        """Return the one of two texts that is in this language."""
        return chinese if self.lang == "zh" else english

    def date(self, day: dt.date | None, *, year: bool = True) -> str:
        """Return a day as `3 Mar 2026` or `2026年3月3日`."""
        if day is None:
            return NOTHING
        if self.lang == "zh":
            return (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")

    def month(self, day: dt.date, *, year: bool = True) -> str:
        """Return a month as `Mar 2026` or `2026年3月`."""
        if self.lang == "zh":
            return (f"{day.year}年" if year else "") + f"{day.month}月"
        return _MONTHS[day.month - 1] + (f" {day.year}" if year else "")

    def span(self, start: dt.date, end: dt.date) -> str:
        """Return a range of days without saying the year twice."""
        if start == end:
            return self.date(start)
        dash = "至" if self.lang == "zh" else " – "
        if start.year != end.year:
            return f"{self.date(start)}{dash}{self.date(end)}"
        if self.lang == "zh":
            return f"{self.date(start)}{dash}{self.date(end, year=False)}"
        return f"{self.date(start, year=False)}{dash}{self.date(end)}"

    def moment(self, instant: dt.datetime | None) -> str:
        """Return a day and time of day."""
        return NOTHING if instant is None else f"{self.date(instant.date())} {instant:%H:%M}"

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number with thousands separated."""
        return NOTHING if value is None else f"{value:,.{decimals}f}"

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """Return a share of one as per cent."""
        return NOTHING if share is None else f"{share * 100:,.{decimals}f}%"

    def listing(self, parts: list[str]) -> str:
        """Return several texts as one enumeration."""
        return ("、" if self.lang == "zh" else ", ").join(parts)
