"""A proposal as a person reads it, in both languages: the finding, the evidence, the expected effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboards.actions.action import Action
from dashboards.actions.words import Words
from dashboards.proposals.rules import Proposal

Name = Callable[[str, object], str]


class Told:
    """Writes proposals in one language; `name` says what a value of a dimension is called."""

    def __init__(self, words: Words, name: Name) -> None:
        self._words = words
        self._t = words.t
        self._name = name

    def what(self, one: Proposal) -> str:
        """The metric, and the segment it is narrowed to."""
        label = self._words.catalogue[one.metric].label(self._t.lang)
        if one.dimension is None:
            return label
        return self._t("proposals.narrowed", metric=label, segment=self._name(one.dimension, one.value))

    def finding(self, one: Proposal) -> str:
        """What slipped, from what to what, and what is to be done."""
        key = "fell" if one.slip.change > 0 else "rose"
        return self._t(
            f"proposals.{key}",
            what=self.what(one),
            recent=self._words.value_of(one.metric, one.slip.recent),
            weeks=len(one.slip.weeks),
            usual=self._words.value_of(one.metric, one.slip.earlier.mean),
            earlier=one.slip.earlier_weeks,
        )

    def evidence(self, one: Proposal) -> str:
        """The limits it left, and how much of the whole's slip the segment accounts for."""
        limits, n = one.slip.limits, len(one.slip.weeks)
        low, high = (self._words.value_of(one.metric, value) for value in (limits.low, limits.high))
        said = self._t("proposals.evidence", low=low, high=high, weeks=n)
        if one.share is None:
            return said
        label = self._words.catalogue[one.metric].label(self._t.lang)
        return said + self._t("proposals.share", share=self._t.percent(one.share, 0), metric=label)

    def effect(self, one: Proposal) -> str:
        """What bringing it back is worth a week, and how far a single week swings by itself."""
        swing = self._words.unsigned_of(one.metric, one.slip.earlier.swing)
        return f"{self._words.signed_of(one.metric, one.slip.change)} ± {swing}"

    def playbook(self, one: Proposal, closed: Sequence[tuple[Action, str]]) -> str:
        """What was learnt of the same metric: each closed action with its outcome."""
        told = [
            self._t(
                "proposals.learnt", action=self._words.name(action), outcome=self._words.outcome(action), effect=effect
            )
            for action, effect in closed
            if action.metric == one.metric
        ]
        return self._t("proposals.between").join(told)
