"""Opsloop's dashboards: language, navigation, filters and the frame around the page that is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import streamlit as st

from dashboards.components import faces, filters, snapshots
from dashboards.components.current import set_desk
from dashboards.components.desk import Desk
from dashboards.components.empty import nothing_published, unreadable
from dashboards.components.i18n import Translator
from dashboards.components.layout import footer, speak, styles
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
# Those among them that compare all the same.
COMPARING = ("weekly_review",)


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Opsloop", page_icon=str(ICON), layout="wide")
    styles()
    lang = filters.choose_language()
    st.query_params["lang"] = lang
    speak(lang)
    t = Translator(lang)
    desk = _opened(t)
    if desk is None:
        return
    workspace = desk.workspace
    page = st.navigation(_pages(t), expanded=True)
    with st.sidebar:
        filters.language_switch(t)
        default = _default(workspace, desk)
        shown, compares = page.url_path not in UNDATED, page.url_path in COMPARING
        desk.view = filters.read_view(t, default, _model(workspace), desk.today, shown=shown, compares=compares)
    set_desk(desk)
    faces.banners(desk)
    page.run()
    footer(desk)


def _opened(t: Translator) -> Desk | None:
    """Return the desk over the newest snapshot; where there is none, or it cannot be read, say so instead."""
    try:
        workspace = snapshots.open_workspace()
        _ = workspace.role
        metrics, facts = snapshots.current_metrics(workspace)
        _ = facts.extent
    except snapshots.NothingPublishedError as error:
        where, problem = str(workspace.published), str(error)
        _instead(t, lambda: nothing_published(t, where, problem))
    except (OpsloopError, duckdb.Error, OSError, ValueError, KeyError) as error:
        problem = " ".join(str(error).split())
        _instead(t, lambda: unreadable(t, problem))
    else:
        return Desk(workspace, metrics, facts, t)
    return None


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


def _instead(t: Translator, say: Callable[[], None]) -> None:
    """Show, in place of the pages, what is said."""
    page = st.navigation([st.Page(lambda: None, title=t("empty.page"), icon=":material/hourglass_empty:")])
    with st.sidebar:
        filters.language_switch(t)
    page.run()
    say()


main()
