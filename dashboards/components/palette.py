"""Colours that colour-blind readers can tell apart, the same for the same thing on every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# Okabe and Ito's set, one hue for each class of channel.
CLASSES = {"owned": "#0072b2", "paid": "#d55e00", "earned": "#009e73", "private": "#b5629a"}
NEUTRAL = "#8b97a3"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#b5629a", "#c08a00", "#4a9cc9", "#7a5230", "#5b6770")
NOW = "#0072b2"
BANDS = {"high": "#d55e00", "medium": "#c08a00", "low": "#009e73"}
SENTIMENTS = {"negative": "#d55e00", "neutral": "#8b97a3", "positive": "#009e73"}


def shade(colour: str, step: int, steps: int) -> str:
    """Return a shade of a colour mixed with white: step 0 is the colour itself."""
    white = 0.62 * step / max(steps, 1)
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)


def channel_colours(classes: Mapping[str, str | None]) -> dict[str, str]:
    """Return one colour per channel: the hue of its class, a shade of its own; without a class, grey."""
    colours: dict[str, str] = {}
    for kind, hue in CLASSES.items():
        members = sorted(name for name, own in classes.items() if own == kind)
        colours |= {name: shade(hue, step, len(members)) for step, name in enumerate(members)}
    return dict.fromkeys(classes, NEUTRAL) | colours


def series_colours(names: Iterable[str]) -> dict[str, str]:
    """Return one colour per name in alphabetical order, so that a filter changes nobody's colour by chance."""
    return {name: SERIES[index % len(SERIES)] for index, name in enumerate(sorted(names))}
