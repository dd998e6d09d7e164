"""A model's card: what it learned from, how it did on the hold-out, what it may not be used for (L4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from models_ml.gate import Reason
from models_ml.judging import Gain

OWNER = "Growth analytics"


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is written down about one version of one model."""

    model: str
    version: str
    scored_on: str
    horizon_days: int
    predicts: tuple[str, str]
    kind: str
    candidates: dict[str, float]
    data: dict[str, Any]
    features: tuple[str, ...]
    baseline: str
    judged: Gain
    figures: dict[str, float]
    segments: dict[str, dict[str, float]]
    calibration: list[dict[str, float]]
    limits: tuple[tuple[str, str], ...]
    owner: str = OWNER

    @property
    def passed(self) -> bool:
        """Whether the gain over the baseline is real on the hold-out: only then may the model score."""
        return self.judged.is_real

    def as_dict(self) -> dict[str, Any]:
        """The card as plain values, for JSON."""
        return {**asdict(self), "judged": self.judged.as_dict(), "passed": self.passed}

    def as_markdown(self) -> str:
        """The card as a page: English, with a summary in Chinese."""
        return "\n".join([*self._head(), *self._figures(), *self._tables(), *self._tail()]) + "\n"

    def _head(self) -> list[str]:
        verdict = "passed: it may score" if self.passed else "did not pass: it scores nobody"
        verdict_zh = "通过，可用于评分" if self.passed else "未通过，不用于评分"
        data, judged = self.data, self.judged
        return [
            f"# {self.model} {self.version}",
            "",
            f"{self.predicts[0]} Owner: {self.owner}. On the hold-out it **{verdict}**.",
            "",
            "## 摘要",
            "",
            f"{self.predicts[1]}负责人：{self.owner}。留出期检验{verdict_zh}：{judged.metric} 相对基线的增益为 "
            f"{judged.gain:.4g}（95% 区间 {judged.low:.4g} 至 {judged.high:.4g}）。",
            "",
            "## Data",
            "",
            f"- Trained on {data['training_rows']} rows of {data['training_customers']} customers at the cut-offs "
            f"{', '.join(data['training_cutoffs'])}.",
            f"- Judged on {data['holdout_customers']} customers at the cut-off {data['holdout_cutoff']}, which lies "
            f"at or after the end of every training horizon ({self.horizon_days} days each).",
            f"- Then fitted again with the hold-out included, to score {data['scored_customers']} customers as known "
            f"before {data['score_cutoff']}.",
            f"- Features: {', '.join(self.features)}.",
            "",
        ]

    def _figures(self) -> list[str]:
        judged = self.judged
        lines = [
            "## Hold-out",
            "",
            f"Baseline: {self.baseline}.",
            "",
            f"| {judged.metric} | value |",
            "|---|---|",
            f"| {self.kind} | {judged.model:.5g} |",
            f"| baseline | {judged.baseline:.5g} |",
            f"| gain (95% interval over customers) | {judged.gain:.5g} ({judged.low:.5g} to {judged.high:.5g}) |",
            "",
        ]
        lines += [f"- {name}: {value:.5g}" for name, value in self.figures.items()]
        lines += [f"- {name}, loss on customers not seen: {loss:.5g}" for name, loss in self.candidates.items()]
        return [*lines, ""]

    def _tables(self) -> list[str]:
        lines = ["## Calibration on the hold-out", "", "| customers | predicted | observed |", "|---|---|---|"]
        lines += [f"| {_cells(row)} |" for row in self.calibration]
        lines += ["", "## Segments on the hold-out", "", "| segment | customers | predicted | observed |"]
        lines += ["|---|---|---|---|", *(f"| {name} | {_cells(row)} |" for name, row in self.segments.items())]
        return [*lines, ""]

    def _tail(self) -> list[str]:
        lines = ["## Limits", "", *(f"- {english}" for english, _ in self.limits), ""]
        return [*lines, "## 局限", "", *(f"- {chinese}" for _, chinese in self.limits)]


def _cells(row: dict[str, float]) -> str:
    return f"{row['customers']:.0f} | {row['predicted']:.4g} | {row['observed']:.4g}"


def not_better(judged: Gain) -> Reason:
    """The reason why a model that did not beat its baseline does not score."""
    return Reason("not_better", f"{judged.gain:.4g} ({judged.low:.4g} … {judged.high:.4g})", "0")
