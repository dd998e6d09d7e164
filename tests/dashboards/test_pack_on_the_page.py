"""The Weekly review page makes the week's pack and lists those that are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import review
from dashboards.components.i18n import words
from dashboards.packs import list_packs
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGS
def test_the_button_makes_the_weeks_pack_in_the_readers_language_and_it_is_listed(
    workspace: Workspace, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """W5: the week that the page shows; what was kept before is offered from the start."""
    (workspace.packs / "weekly-review-2026-W05-en.zip").write_bytes(b"kept")
    asked: list[tuple[str, str]] = []

    def make(_: Workspace, week: str, chosen: str, out: Path | None) -> Path:
        asked.append((week, chosen))
        path = workspace.packs / f"weekly-review-{week}-{chosen}.zip"
        path.write_bytes(b"made")
        return path

    monkeypatch.setattr(review, "_packs", lambda: (make, list_packs))
    app = open_page("weekly_review", lang, week="2026-W09")
    offered = [button.proto.label for button in app.get("download_button")]
    assert any("weekly-review-2026-W05-en.zip" in label for label in offered)
    app.button(key="make_pack").click().run()
    assert not app.exception
    assert asked == [("2026-W09", lang)]
    assert app.success[0].value == words(lang)["review.made"].format(name=f"weekly-review-2026-W09-{lang}.zip")
    offered = [button.proto.label for button in app.get("download_button")]
    assert any(f"weekly-review-2026-W09-{lang}.zip" in label for label in offered)


def test_a_pack_that_cannot_be_made_is_said(open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    """W5, X8: one clear line, and the page goes on."""

    def make(*_: object) -> Path:
        raise UsageError("week 2026-W09 begins after the data's last day")

    monkeypatch.setattr(review, "_packs", lambda: (make, list_packs))
    app = open_page("weekly_review", week="2026-W09")
    app.button(key="make_pack").click().run()
    assert app.error[0].value == "week 2026-W09 begins after the data's last day"
    assert not app.exception
