"""Opsloop's dashboards: language, navigation, filters and the frame around the page that is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.components import filters, snapshots
from dashboards.components.current import set_desk
from dashboards.components.desk import Desk
from dashboards.components.empty import nothing_published
from dashboards.components.i18n import Translator
from dashboards.components.layout import footer, styles
from dashboards.components.view import Span
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

ICON = Path(__file__).parent / "icon.svg"
# Each page by its file in app_pages/, with its sign.
PAGES: dict[str, dict[str, str]] = {
    "results": {
        "overview": ":material/space_dashboard:",
        "weekly_review": ":material/event_repeat:",
    },
    "growth": {
        "acquisition": ":material/campaign:",
        "funnel": ":material/filter_alt:",
        "attribution": ":material/account_tree:",
        "content": ":material/article:",
        "social": ":material/forum:",
        "private_domain": ":material/contacts:",
        "campaigns": ":material/event:",
    },
    "customers": {
        "retention": ":material/autorenew:",
        "customers": ":material/group:",
    },
    "operations": {"metrics": ":material/menu_book:", "data_health": ":material/monitor_heart:"},
}
# Pages with a period of their own, or none.
UNDATED = ("weekly_review", "data_health")


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Opsloop", page_icon=str(ICON), layout="wide")
    styles()
    lang = filters.choose_language()
    st.query_params["lang"] = lang
    t = Translator(lang)
    try:
        workspace = snapshots.open_workspace()
        desk = _desk(workspace, t)
    except OpsloopError as error:
        _empty(t, str(error))
        return
    page = st.navigation(_pages(t), expanded=True)
    with st.sidebar:
        filters.language_switch(t)
        default = _default(workspace, desk)
        desk.view = filters.read_view(t, default, _model(workspace), desk.today, shown=page.url_path not in UNDATED)
    set_desk(desk)
    page.run()
    footer(desk)


def _desk(workspace: Workspace, t: Translator) -> Desk:
    metrics, facts = snapshots.current_metrics(workspace)
    return Desk(workspace, metrics, facts, t)


def _default(workspace: Workspace, desk: Desk) -> Span:
    """Return the range that pages open with, moved to where the snapshot ends if the clock went on since."""
    span = Span(*workspace.default_range())
    late = (span.end - desk.today).days
    return span.back(late) if late > 0 and workspace.settings.default_range.start is None else span


def _model(workspace: Workspace) -> str:
    return str(workspace.settings.attribution.default_model)


def _pages(t: Translator) -> dict[str, list[st.Page]]:
    return {
        t(f"sections.{section}"): [
            st.Page(
                f"app_pages/{name}.py",
                title=t(f"pages.{name}.title"),
                icon=icon,
                url_path=name,
                default=name == "overview",
            )
            for name, icon in pages.items()
        ]
        for section, pages in PAGES.items()
    }


def _empty(t: Translator, problem: str) -> None:
    page = st.navigation([st.Page(lambda: None, title=t("empty.title"), icon=":material/hourglass_empty:")])
    with st.sidebar:
        filters.language_switch(t)
    page.run()
    nothing_published(t, problem.split(":", maxsplit=1)[0], problem)


main()
