"""Who gets the credit for a path table, under one model: totals by channel that conserve conversions and value (T2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models_ml.attribution import rules, shapley
from models_ml.attribution.allocate import largest_remainder
from models_ml.attribution.markov import Chain
from models_ml.attribution.table import Amounts, PathTable, Touches
from opsloop.errors import OpsloopError

MODELS = (*rules.RULES, "markov", "shapley")
GAMES = ("coverage", "rate")
# Credit in conversions has twelve places at least, credit in money cents at least.
CONVERSION_PLACES = 12
MONEY_PLACES = 2

# A channel's exact credit in units of 10^-places.
Credit = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class ChannelCredit:
    """What one channel gets; the removal effect where the model is Markov's."""

    channel: str
    conversions: Decimal
    value: Decimal
    removal_effect: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Credit by channel, the largest first, and what a reader has to know about it."""

    credits: tuple[ChannelCredit, ...]
    notes: tuple[str, ...] = ()


def attribute(
    table: PathTable, model: str, *, order: int = 1, game: str = "coverage", half_life: float = rules.HALF_LIFE
) -> Answer:
    """Share all conversions and their value among the channels; the sums are kept exactly.

    `order` is Markov's, 1 to 4; `game` is Shapley's; `half_life` is decay's, in touches. The rules and Shapley's game
    of coverage share out each path by itself; Markov and the game of rates share out the total.
    """
    notes: tuple[str, ...] = ()
    effects: Mapping[str, float] = {}
    if model == "markov":
        effects = removal_effects(table, order)
        weights = {channel: Fraction(effect) for channel, effect in effects.items()}
        credit = [_of_total(weights, amounts) for amounts in (table.conversions, table.values)]
    elif model == "shapley" and game == "rate":
        weights, notes = _rate_weights(table)
        credit = [_of_total(weights, amounts) for amounts in (table.conversions, table.values)]
    elif model == "shapley":
        credit = [_of_distinct(table, amounts) for amounts in (table.conversions, table.values)]
    else:
        credit = [_of_touches(table, amounts, model, half_life) for amounts in (table.conversions, table.values)]
    places = table.places_of_touch()
    channels = sorted(places, key=lambda channel: (places[channel], channel))
    conversions = _given(credit[0], table.conversions, channels, CONVERSION_PLACES)
    values = _given(credit[1], table.values, channels, MONEY_PLACES)
    rows = [ChannelCredit(c, conversions[c], values[c], effects.get(c)) for c in channels]
    return Answer(tuple(sorted(rows, key=lambda row: (-row.conversions, row.channel))), notes)


def removal_effects(table: PathTable, order: int) -> dict[str, float]:
    """Each channel's removal effect under Markov's model of the order."""
    channels = table.channels
    chain = Chain.of(Touches.of(table), order, len(channels))
    effects = chain.removal_effects(table.conversions.floats(), table.nulls.floats())
    return dict(zip(channels, map(float, effects), strict=True))


def _rate_weights(table: PathTable) -> tuple[dict[str, Fraction], tuple[str, ...]]:
    channels = table.channels
    has = shapley.membership(Touches.of(table), len(channels))
    found = shapley.rate_values(has, table.conversions.floats(), table.nulls.floats())
    weights = {channel: Fraction(float(value)) for channel, value in zip(channels, found.values, strict=True)}
    if not found.samples:
        return weights, ()
    rate = float(sum(weights.values()))
    share = found.largest_error / rate if rate > 0 else 0.0
    note = (
        f"{len(channels)} channels: Shapley values are sampled over {found.samples} orders, "
        f"standard error at most {share:.2%} of all conversions"
    )
    return weights, (note,)


def _of_total(weights: Mapping[str, Fraction], amounts: Amounts) -> Credit:
    """The total in proportion to the weights."""
    whole = sum(weights.values())
    if whole == 0:
        if amounts.total:
            raise OpsloopError("no path converts, so there is nothing by which to share out the value: check the table")
        return {channel: Fraction(0) for channel in weights}
    return {channel: amounts.total * weight / whole for channel, weight in weights.items()}


def _of_touches(table: PathTable, amounts: Amounts, model: str, half_life: float) -> Credit:
    """Each path's amount by the rule's shares of its touches."""
    sums: dict[int, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for path, units in zip(table.paths, amounts.units, strict=True):
        of_length = sums[len(path)]
        for place, channel in enumerate(path):
            of_length[channel, place] += units
    credit: Credit = defaultdict(Fraction)
    for length, of_length in sums.items():
        share = rules.shares(model, length, half_life=half_life)
        for (channel, place), units in of_length.items():
            credit[channel] += units * share[place]
    return credit


def _of_distinct(table: PathTable, amounts: Amounts) -> Credit:
    """Each path's amount in equal parts to its distinct channels, which is Shapley's value of the game of coverage."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for path, units in zip(table.paths, amounts.units, strict=True):
        distinct = set(path)
        for channel in distinct:
            sums[channel, len(distinct)] += units
    credit: Credit = defaultdict(Fraction)
    for (channel, parts), units in sums.items():
        credit[channel] += Fraction(units, parts)
    return credit


def _given(credit: Credit, amounts: Amounts, channels: Sequence[str], least_places: int) -> dict[str, Decimal]:
    """The credit in whole units; equal remainders go to the channel that comes earlier in the paths."""
    places = max(amounts.places, least_places)
    scale = 10 ** (places - amounts.places)
    exact = [credit.get(channel, Fraction(0)) * scale for channel in channels]
    units = largest_remainder(exact, amounts.total * scale, range(len(channels)))
    return {channel: Decimal(n).scaleb(-places) for channel, n in zip(channels, units, strict=True)}
