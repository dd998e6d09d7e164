"""What a segment's question asks, in the reader's words."""

from __future__ import annotations

from dashboards.components.desk import Desk
from dashboards.components.steps import step_label
from dashboards.segments.asked import Asked, CustomerPersons, FunnelPersons, PathPersons, RetentionPersons, StagePersons


def told(desk: Desk, question: Asked, within: str | None = None) -> str:
    """Return the question in one line; `within` is what the segment is called that it is asked within."""
    text = _told(desk, question)
    return desk.t("segments.told_within", what=text, within=within or question.within) if question.within else text


def _told(desk: Desk, question: Asked) -> str:
    if isinstance(question, FunnelPersons):
        return _funnel(desk, question)
    if isinstance(question, RetentionPersons):
        return _retention(desk, question)
    if isinstance(question, PathPersons):
        return _path(desk, question)
    if isinstance(question, StagePersons):
        return _stage(desk, question)
    return _customers(desk, question)


def _funnel(desk: Desk, question: FunnelPersons) -> str:
    steps = [step_label(desk, step.title) for step in question.funnel.steps]
    return desk.t(
        f"segments.told_funnel_{question.who}",
        steps=" → ".join(steps),
        step=steps[question.step - 1],
        days=desk.t.span(question.start, question.end),
    )


def _retention(desk: Desk, question: RetentionPersons) -> str:
    low, high = question.periods
    return desk.t(
        f"segments.told_retention_{question.who}",
        starts=activity_label(desk, question.starts),
        returns=activity_label(desk, question.returns),
        grain=desk.t(f"values.cohort_grain.{question.grain}").lower(),
        day=desk.t.date(question.cohort),
        periods=(str(low) if low == high else f"{low}–{high}") + ("+" if question.back == "after" else ""),
    )


def _path(desk: Desk, question: PathPersons) -> str:
    return desk.t(
        "segments.told_path",
        source=desk.t("paths.begin") if question.source is None else step_label(desk, question.source),
        target=desk.t("paths.end") if question.target is None else step_label(desk, question.target),
        days=desk.t.span(question.start, question.end),
    )


def _stage(desk: Desk, question: StagePersons) -> str:
    return desk.t(
        "segments.told_stage",
        before=desk.value_label("stage", question.stage_before),
        stage=desk.value_label("stage", question.stage),
        day=desk.t.date(question.week),
    )


def _customers(desk: Desk, question: CustomerPersons) -> str:
    named = [("churn_band", question.churn_band), ("segment", question.group)]
    return desk.t.listing([f"{desk.label(name)}: {desk.value_label(name, value)}" for name, value in named if value])


def activity_label(desk: Desk, activity: str) -> str:
    """Return what an activity of retention is called."""
    kind, _, name = activity.partition(":")
    return desk.value_label("step_name", name) if name else desk.t(f"values.activity.{kind}")
