"""What a metric is called, means and looks like (Y2)."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = "–"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "BRL": "R$", "HKD": "HK$", "TWD": "NT$"}
SUFFIXES = {"months": {"en": " months", "zh": "个月"}, "minutes": {"en": " min", "zh": "分钟"}}


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """One metric of the catalogue, in both languages; `splits` are those of its dimensions that make segments."""

    name: str
    labels: dict[str, str]
    descriptions: dict[str, str]
    kind: str
    unit: str
    good_direction: str
    layer: str
    owner: str
    effective_date: str
    version: int
    formula: str
    dimensions: tuple[str, ...]
    splits: tuple[str, ...]
    tables: tuple[str, ...]
    has_history: bool = False

    def label(self, lang: str) -> str:
        """What the metric is called in `en` or `zh`."""
        return self.labels[lang]

    def description(self, lang: str) -> str:
        """What the metric means in `en` or `zh`."""
        return self.descriptions[lang]

    def format(self, value: float | None, lang: str = "en", currency: str = "CNY") -> str:
        """The value as a person reads it, rounded once; a dash for nothing."""
        return format_value(value, self.unit, lang, currency)


def format_value(value: float | None, unit: str, lang: str = "en", currency: str = "CNY") -> str:
    """A number of a unit as a person reads it, rounded once; a dash for nothing."""
    if value is None:
        return NOTHING
    if unit == "rate":
        return f"{value:.1%}"
    if unit == "money":
        return _money(value, currency)
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    digits = {"months": 0, "minutes": 1, "position": 1}.get(unit, 2)
    return f"{value:,.{digits}f}" + SUFFIXES.get(unit, {}).get(lang, "")


def _money(value: float, currency: str) -> str:
    digits = 0 if abs(value) >= 10_000 else 2
    sign = "-" if value < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{abs(value):,.{digits}f}"
