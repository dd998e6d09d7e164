"""What a line of the reconciliation says of itself, in the reader's language (X2, U4)."""

from __future__ import annotations

import re
from functools import cache

from dashboards.components.i18n import Translator, words

_SAID, _PART = "explained.", "explained_part."
_NUMBER = r"(-?[\d.]+)"
_COUNTED = re.compile(r"(\d+) (.+)")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Each text of the marts, which is the English one, as a pattern with a group for every number in it."""
    texts = {key: text for key, text in words("en").items() if key.startswith(_SAID)}
    return {key: re.compile(re.sub(r"\\\{\d\\\}", lambda _: _NUMBER, re.escape(text))) for key, text in texts.items()}


def explained(t: Translator, text: str | None) -> str | None:
    """Return what an explanation says; counts of what was left out each by its word, what is not known as it is."""
    if text is None:
        return None
    for key, pattern in _patterns().items():
        if found := pattern.fullmatch(text):
            return words(t.lang)[key].format(*found.groups())
    return t.listing([_counted(t, part) for part in text.split(", ")])


def _counted(t: Translator, part: str) -> str:
    found = _COUNTED.fullmatch(part)
    name = found and t.maybe(_PART + found[2].replace(" ", "_"))
    return part if not found or name is None else f"{found[1]} {name}"
