"""The desk of the reader whose page is being drawn."""

from __future__ import annotations

from typing import cast

import streamlit as st

from dashboards.components.desk import Desk


def set_desk(desk: Desk) -> None:
    """Keep the desk for the page that runs next."""
    st.session_state["desk"] = desk


def get_desk() -> Desk:
    """Return the desk of this run."""
    return cast(Desk, st.session_state["desk"])
