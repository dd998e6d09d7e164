"""Figures of the bench: works measured in turn, medians, ratios to a floor of the same run, and the table of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import fresh
from benchmarks.fresh import Measured


@dataclass(frozen=True, slots=True)
class Work:
    """A work to measure: its name, where it is, the floor it is a ratio to and the goals set for it.

    `goal` is the most that it may cost as a ratio to `floor` (another work's name); `most_mb` the most memory by
    number of events; `growth` the largest exponent between the smallest size and the largest; `agrees_with` another
    work that must find the same, `because` why it may not; `most_cpu` a goal in
    seconds; `most_events` its largest size.
    """

    name: str
    call: str
    floor: str = ""
    goal: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    most_mb: Mapping[int, float] = field(default_factory=dict)
    growth: float | None = None
    agrees_with: str = ""
    because: str = ""
    python: Path | None = None
    most_events: int | None = None
    most_cpu: float | None = None

    def fits(self, events: int) -> bool:
        """Whether it is measured at this size."""
        return self.most_events is None or events <= self.most_events


@dataclass(frozen=True, slots=True)
class Against:
    """A goal between two works: the CPU of `work` is at most so many times that of `other`, by number of events."""

    name: str
    work: str
    other: str
    most: Mapping[int, float]

    def line(self, events: int, figures: Figures) -> str | None:
        """The ratio beside its goal; nothing where either was not measured or no goal is set for the size."""
        one, two = figures.get((self.work, events)), figures.get((self.other, events))
        if one is None or two is None or one.error or two.error or not two.cpu or events not in self.most:
            return None
        ratio, most = one.cpu / two.cpu, self.most[events]
        text = f"{ratio:.2f} × (≤ {most:g})"
        return (
            f"{self.name:<52} {events:>11,} {'':>8} {text:>24} {'':>15} {'':>13}  {'ok' if ratio <= most else 'over'}"
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of a work's runs at one size."""

    cpu: float
    peak_mb: float
    found: Mapping[str, Any]
    runs: int
    error: str = ""

    @classmethod
    def of(cls, runs: Sequence[Measured]) -> Figure:
        """The median of the runs, or the first error among them."""
        errors = [run.error for run in runs if run.error]
        cpu, peak = (median(getattr(run, name) for run in runs) for name in ("cpu", "peak_mb"))
        return cls(cpu, peak, runs[0].found, len(runs), errors[0] if errors else "")


Figures = dict[tuple[str, int], Figure]


def measure(
    works: Sequence[Work], data: Mapping[int, Path], options: Mapping[str, Any], rounds: int, say: Callable[[str], None]
) -> Figures:
    """Run every work at every size, all works in turn in each round, so that a busy minute spreads over them."""
    figures: Figures = {}
    for events, folder in sorted(data.items()):
        runs: dict[str, list[Measured]] = {}
        for number in range(rounds):
            for work in works:
                if work.fits(events) and not (number and runs[work.name][0].error):
                    say(f"{events:,} events, round {number + 1} of {rounds}: {work.name}")
                    run = fresh.run(work.call, folder, {**options, **work.options}, work.python)
                    runs.setdefault(work.name, []).append(run)
        figures |= {(name, events): Figure.of(made) for name, made in runs.items()}
    return figures


def lines(works: Iterable[Work], figures: Figures, against: Iterable[Against] = ()) -> list[str]:
    """The table: one line per work and size, with the goal beside each figure and whether it is kept."""
    sizes = sorted({events for _, events in figures})
    between = [one.line(events, figures) for one in against for events in sizes]
    head = f"{'work':<52} {'events':>11} {'CPU s':>8} {'ratio':>24} {'peak MB':>15} {'growth':>13}  result"
    return [
        head,
        *(_line(work, events, figures) for work in works for events in _sizes(work.name, figures)),
        *filter(None, between),
    ]


def _sizes(name: str, figures: Figures) -> list[int]:
    return sorted(events for work, events in figures if work == name)


def _line(work: Work, events: int, figures: Figures) -> str:
    figure = figures[work.name, events]
    if figure.error:
        return f"{work.name:<52} {events:>11,} FAILED: {figure.error}"
    ratio, ratio_kept = _ratio(work, events, figures)
    memory, memory_kept = _memory(work, events, figure)
    growth, growth_kept = _growth(work, events, figures)
    cpu_kept = None if work.most_cpu is None else figure.cpu <= work.most_cpu
    verdicts = [kept for kept in (ratio_kept, memory_kept, growth_kept, cpu_kept) if kept is not None]
    result = "" if not verdicts else "ok" if all(verdicts) else "over"
    agrees = _agrees(work, events, figures)
    text = f"{work.name:<52} {events:>11,} {_cpu(work, figure):>8} {ratio:>24} {memory:>15} {growth:>13}"
    return f"{text}  {' '.join(filter(None, [result, agrees]))}".rstrip()


def _cpu(work: Work, figure: Figure) -> str:
    return f"{figure.cpu:.2f}" if work.most_cpu is None else f"{figure.cpu:.2f}≤{work.most_cpu:g}"


def _ratio(work: Work, events: int, figures: Figures) -> tuple[str, bool | None]:
    floor = figures.get((work.floor, events))
    if floor is None or floor.error or not floor.cpu:
        return "", None
    ratio = figures[work.name, events].cpu / floor.cpu
    text = f"{ratio:.2f} × {work.floor.split(':')[0]}"
    if work.goal is None:
        return text, None
    return f"{text} (≤ {work.goal:g})", ratio <= work.goal


def _memory(work: Work, events: int, figure: Figure) -> tuple[str, bool | None]:
    most = work.most_mb.get(events)
    text = f"{figure.peak_mb:.0f}"
    return (text, None) if most is None else (f"{text} (≤ {most:g})", figure.peak_mb <= most)


def _growth(work: Work, events: int, figures: Figures) -> tuple[str, bool | None]:
    """The exponent from the smallest size to this one."""
    least = _sizes(work.name, figures)[0]
    small, large = figures[work.name, least], figures[work.name, events]
    if least == events or min(small.cpu, large.cpu) <= 0:
        return "", None
    exponent = math.log(large.cpu / small.cpu) / math.log(events / least)
    text = f"n^{exponent:.2f}"
    return (text, None) if work.growth is None else (f"{text} (≤ {work.growth:g})", exponent <= work.growth)


def _agrees(work: Work, events: int, figures: Figures) -> str:
    """Whether it found what the other work found."""
    other = figures.get((work.agrees_with, events))
    if other is None or other.error:
        return ""
    found = figures[work.name, events].found
    pairs = {key: (value, other.found.get(key)) for key, value in found.items()}
    differing = {key: pair for key, pair in pairs.items() if not _same(*pair)}
    if not differing:
        return "same numbers"
    key, (one, two) = max(differing.items(), key=lambda item: _apart(*item[1]))
    widest = f"{key} {_shown(one)} against {_shown(two)}"
    return f"differs, {work.because}: {widest} at most" if work.because else f"DIFFERS: {widest}"


def _same(one: Any, two: Any) -> bool:
    """Whether two figures are the same, sums of floats within a hundred-thousandth."""
    if isinstance(one, float) and isinstance(two, int | float):
        return math.isclose(one, two, rel_tol=1e-5)
    return bool(one == two)


def _apart(one: Any, two: Any) -> float:
    """How far two figures are from each other, as a share; without end where one is missing."""
    return math.inf if two is None else abs(one - two) / max(abs(one), abs(two), 1e-9)


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
