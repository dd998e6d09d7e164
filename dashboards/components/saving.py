"""Saving a list of persons as a segment: a name, labels, whether it stays or is asked anew (S10, M3)."""

from __future__ import annotations

import streamlit as st

from dashboards.components.desk import Desk
from dashboards.segments import files
from dashboards.segments.asked import Asked, CustomerPersons
from dashboards.segments.definition import LONGEST_NAME, Days, Kind
from dashboards.segments.members import Segments
from opsloop.errors import OpsloopError

KINDS: dict[str, tuple[Kind, Days]] = {
    "static": ("static", "fixed"),
    "fixed": ("living", "fixed"),
    "moving": ("living", "moving"),
}


def offer(desk: Desk, key: str, question: Asked, persons: int) -> None:
    """Offer to save the persons of a question under a name, where there are any; what is wrong is said in one line."""
    if not persons or not desk.may("segments"):
        return
    with (
        st.popover(desk.t("segments.save"), icon=":material/group_add:"),
        st.form(f"save_{key}", border=False),
    ):
        name = st.text_input(
            desk.t("segments.name"), key=f"w_save_{key}_name", help=desk.t("segments.name_help"), max_chars=LONGEST_NAME
        )
        labels = (_label(desk, key, "en"), _label(desk, key, "zh"))
        kind = st.radio(
            desk.t("segments.kind"),
            [one for one in KINDS if one != "moving" or not isinstance(question, CustomerPersons)],
            format_func=lambda one: desk.t(f"segments.kind_{one}"),
            key=f"w_save_{key}_kind",
        )
        st.caption(desk.t("segments.use"))
        if st.form_submit_button(desk.t("segments.save_now"), type="primary"):
            _save(desk, key, name.strip(), labels, question, KINDS[kind])
    saved = st.session_state.pop(f"saved_{key}", None)
    if saved:
        st.success(desk.t("segments.saved", **saved))


def _label(desk: Desk, key: str, lang: str) -> str:
    return st.text_input(desk.t(f"segments.label_{lang}"), key=f"w_save_{key}_{lang}").strip()


def _save(
    desk: Desk, key: str, name: str, labels: tuple[str, str], question: Asked, kind_and_days: tuple[Kind, Days]
) -> None:
    """Save, and draw the page anew so that every choice of segments has the new one."""
    problem = files.problem_of(desk.workspace, name)
    if problem:
        st.error(desk.t(f"segments.name_{problem}", name=name))
        return
    try:
        segment = Segments(desk.workspace, desk.metrics).save(name, labels, question, *kind_and_days)
    except OpsloopError as error:
        st.error(str(error))
        return
    except OSError as error:
        st.error(desk.t("segments.cannot_write", why=error.strerror))
        return
    persons = segment.saved.persons if segment.saved else 0
    st.session_state[f"saved_{key}"] = {"name": name, "n": desk.t.number(persons)}
    st.rerun()
