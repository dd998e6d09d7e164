"""What a page says where a company has no such data: what is missing, what it would show, and how to add it."""

from __future__ import annotations

import streamlit as st

from dashboards.components.desk import Desk
from dashboards.components.i18n import Translator


def missing(desk: Desk, *topics: str) -> list[str]:
    """Say once, for every topic without rows, how to bring it in; return the topics that are missing."""
    absent = [topic for topic in topics if not desk.has(topic)]
    for topic in absent:
        streams = desk.t.listing([f"`{stream}`" for stream in desk.facts.streams(topic)])
        lines = [f"**{desk.t(f'topics.{topic}.missing')}** {desk.t(f'topics.{topic}.shows')}"]
        lines.append(desk.t("empty.add_scores" if topic == "scores" else "empty.add", streams=streams))
        lines += desk.metrics.snapshot.score_refusals(desk.t.lang) if topic == "scores" else []
        with st.container(border=True, key=f"missing_{topic}"):
            st.markdown("  \n".join(lines))
    return absent


def unreadable(t: Translator, problem: str) -> None:
    """Say that what is published cannot be read, that nothing is lost by it, and how to publish anew."""
    st.title(t("empty.broken"))
    st.markdown(t("empty.broken_intro"))
    st.code("opsloop run --full-refresh", language=None)
    st.markdown(t("empty.broken_settings"))
    st.code(problem, language=None, wrap_lines=True)


def nothing_published(t: Translator, where: str, problem: str) -> None:
    """Say how to get from an empty workspace to the first pages."""
    st.title(t("empty.title"))
    st.markdown(t("empty.intro", where=where))
    st.code("opsloop run\nopsloop serve", language=None)
    st.markdown(t("empty.demo"))
    st.code("make run", language=None)
    st.caption(problem)
