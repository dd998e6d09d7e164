"""The weekly loop on the page: what due actions did, what is carried over, forms to add and close, and the playbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from dashboards.actions.action import OUTCOMES, Action, found
from dashboards.actions.ledger import Ledger
from dashboards.actions.weekly import Measured, Weekly, add
from dashboards.actions.words import Words
from dashboards.components import filters
from dashboards.components.desk import Desk
from dashboards.components.i18n import NOTHING
from dashboards.components.panels import row, table_panel
from dashboards.components.tables import show_prose
from dashboards.proposals import Proposal, proposals
from dashboards.proposals.words import Told
from dashboards.weeks import week_of
from opsloop.errors import OpsloopError

_WEEKS_OFFERED = 26
_DUE_BY_DEFAULT = 4
_TRIES, _SAID = "action_tries", "action_said"
Write = Callable[[Measured], str]


class Loop:
    """The actions of a workspace beside the snapshot that a desk reads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.t = desk.t
        self.ledger = Ledger(desk.workspace)
        self.weekly = Weekly(desk.workspace, desk.metrics, desk.facts)
        self.words = Words(desk.workspace, desk.catalogue, desk.t)
        self.actions = self.ledger.all()

    def standing(self, status: str) -> list[Measured]:
        """The actions of a status, with their effects."""
        today = self.desk.today
        chosen = [one for one in self.actions if one.status(self.desk.workspace, today) == status]
        return [self.weekly.measured(one, today) for one in chosen]

    def table(self, shown: Sequence[Measured], **written: Write) -> pl.DataFrame:
        """One row per action, in the reader's words."""
        columns: dict[str, Write] = {
            "action": lambda one: self.words.name(one.action),
            "narrowed_metric": lambda one: self.words.metric(one.action),
            "owner": lambda one: one.action.owner,
            "due_week": lambda one: one.action.due,
            "expected_effect": lambda one: self.words.expected(one.action),
            **written,
        }
        cells = {key: [write(one) for one in shown] for key, write in columns.items()}
        return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))

    def measures(self) -> dict[str, Write]:
        """The columns that tell what was measured."""
        return {
            "baseline_shown": self.words.baseline,
            "value_due": self.words.due_value,
            "effect_shown": self.words.effect,
            "result": lambda one: self.words.result(one.effect),
        }


def loop(desk: Desk) -> None:
    """Show the loop; the numbers of actions are the metrics layer's (X1), whatever week the page shows."""
    try:
        shown = Loop(desk)
    except OpsloopError as error:
        st.error(str(error))
        return
    t = desk.t
    if said := st.session_state.pop(_SAID, None):
        st.success(said)
    due = shown.table(shown.standing("due"), **shown.measures())
    none_due, none_open = t("actions.none_due"), t("actions.none_open")
    note = t("actions.due_note") if due.height else None
    table_panel(desk, "actions_due", due, title=t("actions.due"), note=note, when_empty=none_due, show=show_prose)
    carried = shown.table(shown.standing("open"))
    table_panel(desk, "actions_open", carried, title=t("actions.open"), when_empty=none_open, show=show_prose)
    if desk.may("write"):
        _propose(shown)
        _forms(shown)
    _playbook(shown)


def _forms(shown: Loop) -> None:
    """Offer to add an action and to close one."""
    t = shown.t
    left, right = row(shown.desk, 1, 1)
    # An expander of a key stays as it is, so that the one with a proposal in it has another.
    taken = "_taken" if st.session_state.get(_key("finding")) else ""
    with left, st.expander(t("actions.add"), bool(taken), icon=":material/add_task:", key=f"expander_add{taken}"):
        _add(shown)
    with right, st.expander(t("actions.close"), icon=":material/task_alt:", key="expander_close"):
        _close(shown)


def _key(name: str) -> str:
    """A widget's key, which is another after each success, so that a form is empty again."""
    return f"action_{name}_{st.session_state.get(_TRIES, 0)}"


def _propose(shown: Loop) -> None:
    """Propose actions from the data where asked for, as it takes seconds, and offer each for the form below."""
    t, desk = shown.t, shown.desk
    if not st.toggle(t("proposals.look"), key="w_proposals"):
        return
    week = week_of(desk.view.span.end, desk.workspace)
    found = proposals(desk.metrics, desk.facts, week, int(desk.workspace.settings.minimum_sample))
    told = Told(shown.words, desk.value_label)
    table = pl.DataFrame(
        {
            "proposal": [told.finding(one) for one in found],
            "evidence": [told.evidence(one) for one in found],
            "expected_effect": [told.effect(one) for one in found],
        },
        schema=dict.fromkeys(("proposal", "evidence", "expected_effect"), pl.String),
    )
    title, note, none = (t(f"proposals.{key}") for key in ("title", "note", "none"))
    table_panel(desk, "proposals", table, title=title, note=note, when_empty=none, show=show_prose)
    with st.container(horizontal=True):
        for at, one in enumerate(found):
            label = t("proposals.take", what=told.what(one))
            st.button(label, icon=":material/add_task:", key=f"take_{at}", on_click=_take, args=(shown, told, one))


def _take(shown: Loop, told: Told, one: Proposal) -> None:
    """Fill the form with a proposal."""
    metric = shown.desk.catalogue[one.metric]
    filled = {
        "finding": told.finding(one),
        "metric": one.metric,
        "condition": one.condition or "",
        "expected": one.expected(metric.unit),
        "owner": shown.desk.value_label("owner", metric.owner),
    }
    for name, value in filled.items():
        st.session_state[_key(name)] = value
    st.session_state[_SAID] = shown.t("proposals.taken")


def _add(shown: Loop) -> None:
    t, desk = shown.t, shown.desk
    names = sorted(desk.known(list(desk.catalogue)), key=desk.label)
    first = week_of(desk.today, desk.workspace)
    weeks = {one.label: one for one in (first.earlier(-n, desk.workspace) for n in range(_WEEKS_OFFERED))}
    with st.form(_key("add"), border=False):
        finding = st.text_area(t("actions.finding"), key=_key("finding"))
        metric = st.selectbox(t("actions.metric"), names, format_func=desk.label, key=_key("metric"))
        condition = st.text_input(t("actions.condition"), help=t("actions.condition_help"), key=_key("condition"))
        expected = st.text_input(t("actions.expected"), help=t("actions.expected_help"), key=_key("expected"))
        owner = st.text_input(t("actions.owner"), key=_key("owner"))
        due = st.selectbox(
            t("actions.due_week"),
            list(weeks),
            index=_DUE_BY_DEFAULT,
            format_func=lambda label: f"{label} · {t.span(weeks[label].start, weeks[label].end)}",
            key=_key("due"),
        )
        pressed = st.form_submit_button(t("actions.add_button"), type="primary", key=_key("add_button"))
    if pressed:
        written = {"finding": finding, "metric": str(metric), "condition": condition, "owner": owner}
        _written(lambda: _added(shown, add(shown.ledger, shown.weekly, expected=expected, due=str(due), **written)))


def _added(shown: Loop, action: Action) -> str:
    return shown.t("actions.added", id=action.id, due=action.due)


def _close(shown: Loop) -> None:
    t = shown.t
    names = {one.id: shown.words.name(one) for one in shown.actions if one.closed_at is None}
    if not names:
        st.caption(t("actions.nothing_to_close"))
        return
    with st.form(_key("close"), border=False):
        number = st.selectbox(t("actions.action"), list(names), format_func=names.__getitem__, key=_key("number"))
        learning = st.text_area(t("actions.learning"), key=_key("learning"))
        outcome = st.segmented_control(
            t("actions.outcome"),
            OUTCOMES,
            format_func=lambda name: t(f"actions.outcomes.{name}"),
            default=OUTCOMES[-1],
            required=True,
            key=_key("outcome"),
        )
        pressed = st.form_submit_button(t("actions.close_button"), type="primary", key=_key("close_button"))
    if pressed and number is not None:
        _written(lambda: t("actions.closed", id=shown.ledger.close(number, learning, str(outcome)).id))


def _written(write: Callable[[], str]) -> None:
    """Write, and draw the page anew with what there is to say; where it cannot be, say why and keep the form."""
    try:
        st.session_state[_SAID] = write()
    except OpsloopError as error:
        st.error(str(error))
        return
    st.session_state[_TRIES] = st.session_state.get(_TRIES, 0) + 1
    st.rerun()


def _playbook(shown: Loop) -> None:
    """Closed actions that hold the words of the address, which an alert can link to."""
    t, desk = shown.t, shown.desk
    asked = st.query_params.get("playbook", "")
    search = st.text_input(
        t("actions.playbook_search"), asked, icon=":material/search:", help=t("actions.playbook_help"), key="w_playbook"
    )
    filters.write_address("playbook", search, "")
    closed = [one for one in shown.actions if one.closed_at is not None]
    kept = reversed(found(closed, search, desk.catalogue))
    table = shown.table(
        [shown.weekly.measured(one, desk.today) for one in kept],
        effect_shown=shown.words.effect,
        outcome_shown=lambda one: shown.words.outcome(one.action),
        learning=lambda one: one.action.learning or NOTHING,
    )
    empty = t("actions.none_closed" if closed else "actions.none_closed_yet")
    table_panel(desk, "playbook", table, title=t("actions.playbook"), when_empty=empty, show=show_prose)
