"""Actions and their effects as a person reads them, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dashboards.actions.action import Action
from dashboards.actions.effect import Effect
from dashboards.actions.weekly import Measured
from dashboards.components.i18n import NOTHING, Translator

if TYPE_CHECKING:
    from dashboards.metrics import MetricDefinition
    from opsloop.workspace import Workspace

# What stands around a number: its currency or its unit.
_AROUND = re.compile(r"^\D+|\D+$")


class Words:
    """Writes the parts of an action in one language."""

    def __init__(self, workspace: Workspace, catalogue: Mapping[str, MetricDefinition], translator: Translator) -> None:
        self.workspace = workspace
        self.catalogue = catalogue
        self.t = translator

    def name(self, action: Action) -> str:
        """Its number and what was found."""
        return f"#{action.id} {action.finding}"

    def metric(self, action: Action) -> str:
        """The metric's label, and what it is narrowed to."""
        metric = self.catalogue.get(action.metric)
        label = metric.label(self.t.lang) if metric else action.metric
        if action.condition is None:
            return label
        return self.t("actions.narrowed", metric=label, condition=action.condition)

    def expected(self, action: Action) -> str:
        """The change that was hoped for."""
        text = action.expected.text
        if text[-1].isdigit() and action.metric in self.catalogue:
            return self.signed(action, action.expected.amount)
        return text.replace("pt", self.t("actions.points"))

    def value(self, action: Action, value: float | None) -> str:
        """A value of the action's metric."""
        return self.value_of(action.metric, value)

    def value_of(self, name: str, value: float | None) -> str:
        """A value of a metric."""
        metric = self.catalogue.get(name)
        if metric is None or value is None:
            return NOTHING
        return metric.format(value, self.t.lang, str(self.workspace.settings.currency))

    def signed(self, action: Action, change: float) -> str:
        """A change of the action's metric with its sign."""
        return self.signed_of(action.metric, change)

    def signed_of(self, name: str, change: float) -> str:
        """A change of a metric with its sign: in points for a rate, else in the metric's unit."""
        metric = self.catalogue.get(name)
        if metric is not None and metric.unit == "rate":
            return f"{100 * change:+.1f}{self.t('actions.points')}"
        return f"{'-' if change < 0 else '+'}{self.value_of(name, abs(change))}"

    def unsigned_of(self, name: str, swing: float) -> str:
        """A swing of a metric as a bare number, to stand behind a change."""
        return _AROUND.sub("", self.signed_of(name, swing))

    def baseline(self, one: Measured) -> str:
        """The mean that the due week is compared with."""
        baseline = one.effect.baseline if one.effect else None
        return NOTHING if baseline is None else self.value(one.action, baseline.mean)

    def due_value(self, one: Measured) -> str:
        """What the due week says."""
        return NOTHING if one.effect is None else self.value(one.action, one.effect.due.value)

    def effect(self, one: Measured) -> str:
        """The change, and how far a week swings by itself, in the same unit."""
        effect = one.effect
        if effect is None or effect.change is None or effect.baseline is None:
            return NOTHING
        swing = self.unsigned_of(one.action.metric, effect.baseline.swing)
        return f"{self.signed(one.action, effect.change)} ± {swing}"

    def result(self, effect: Effect | None) -> str:
        """What the effect amounts to, or why there is none."""
        if effect is None:
            return NOTHING
        base = self.t.number(effect.due.base)
        return self.t(f"actions.verdicts.{effect.verdict}", base=base, minimum=self.workspace.settings.minimum_sample)

    def outcome(self, action: Action) -> str:
        """How it was judged when it was closed."""
        return self.t(f"actions.outcomes.{action.outcome}") if action.outcome else NOTHING
