"""What a viewer, an analyst and an operator see on each page, in each language (U6, G1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.components import panels
from dashboards.components.exports import Export
from dashboards.components.i18n import words
from dashboards.components.roles import ACTIONS, may
from opsloop.errors import OpsloopError
from opsloop.settings import ROLES
from opsloop.workspace import Workspace

PAGES = sorted(path.stem for path in (Path(dashboards.__file__).parent / "app_pages").glob("*.py"))
OPEN = Callable[..., AppTest]
# Addresses that open every list of persons there is.
LISTS = {"funnel_who": "reached", "named_who": "reached", "stage_move": "customer~customer"}


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[Export]:
    """The files that a page's panels offer, as the page is drawn."""
    found: list[Export] = []
    monkeypatch.setattr(panels, "_menu", lambda _desk, _key, export: found.append(export))
    return found


def persons_of(export: Export) -> list[str]:
    """The ids of persons that a panel's CSV holds."""
    lines = pl.read_csv(export.content("csv")[3:], infer_schema=False)
    return lines["person_id"].to_list() if "person_id" in lines.columns else []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_a_role_sees_the_lists_and_forms_that_it_may(
    page: str, role: str, open_page: OPEN, exports: list[Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    """U6, G1: no person and no form for a viewer, ids cut short for an analyst, forms and whole ids for an operator."""
    monkeypatch.setenv("OPSLOOP_ROLE", role)
    lang = "en" if role == "analyst" else "zh"
    app = open_page(page, lang, **LISTS)
    assert not app.exception
    shown = [one for one in exports if one.desk.page == page]
    ids = [person for one in shown for person in persons_of(one)]
    on_page = [frame for frame in app.dataframe if words(lang)["columns.person_id"] in frame.value.columns]
    forms = [button for button in app.button if button.key and button.key.startswith("FormSubmitter:")]
    keys = {button.key for button in app.button}
    if page in ("customers", "funnel", "retention"):
        assert bool(ids) == bool(on_page) == (role != "viewer")
        assert bool(forms) == (role != "viewer")
        assert all(person.endswith("…") for person in ids) == (role != "operator")
    else:
        assert ids == []
    if page == "weekly_review":
        assert ("action_add_button_0" in keys) == ("make_pack" in keys) == (role == "operator")
    if page == "funnel":
        assert ("w_funnel_steps" in {one.key for one in app.multiselect}) == (role != "viewer")


def test_a_list_of_persons_that_forgets_to_ask_is_not_shown_to_a_viewer(
    open_page: OPEN, exports: list[Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    """G1: the table itself looks whether it holds persons, whichever page made it."""
    monkeypatch.setenv("OPSLOOP_ROLE", "viewer")
    desk = open_page("overview").session_state["desk"]
    exports.clear()
    panels.table_panel(desk, "leak", pl.DataFrame({"person_id": ["p" * 40]}), title="Leak")
    assert exports == []


@pytest.mark.parametrize("action", ACTIONS)
def test_whoever_may_more_may_all_that_one_below_may(action: str) -> None:
    """U6: roles are ordered."""
    allowed = [may(role, action) for role in ROLES]  # type: ignore[arg-type]
    assert allowed == sorted(allowed)
    assert allowed[-1]


def test_the_role_is_a_setting_and_the_environment_says_it_for_one_server(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U6: operator by default; a word that is no role is one clear line, never an open door."""
    assert workspace.role == "operator"
    monkeypatch.setenv("OPSLOOP_ROLE", "viewer")
    assert workspace.role == "viewer"
    monkeypatch.setenv("OPSLOOP_ROLE", "boss")
    with pytest.raises(OpsloopError, match="OPSLOOP_ROLE: 'boss' is no role: use one of viewer, analyst, operator"):
        _ = workspace.role
    assert "role" not in workspace.settings.model_dump()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_viewer_is_told_why_no_packs_are_offered(lang: str, open_page: OPEN, monkeypatch: pytest.MonkeyPatch) -> None:
    """U6: what is missing is said."""
    monkeypatch.setenv("OPSLOOP_ROLE", "viewer")
    app = open_page("weekly_review", lang)
    assert words(lang)["roles.no_packs"] in [caption.value for caption in app.caption]
