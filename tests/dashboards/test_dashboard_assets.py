"""The page names all that it is drawn with, so that nothing is asked for a wave later (U7)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from dashboards.assets import DRAWN_WITH, SCRIPTS, STATIC, Assets, needed, page


def ask(path: str, method: str = "GET") -> list[Message] | str:
    """What is sent for a request, or whose it is when it is left to Streamlit."""
    sent: list[Message] = []
    left: list[str] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        left.append(scope["path"])

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(Assets(streamlit)({"type": "http", "path": path, "method": method}, receive, send))
    return left[0] if left else sent


def test_this_version_of_streamlit_has_every_file_that_pages_are_drawn_with() -> None:
    """U7: a new version that renames its files is seen here, not as a slow page."""
    assert [name for name in DRAWN_WITH if not any(SCRIPTS.glob(f"{name}.*.js"))] == []


def test_the_page_names_each_file_once_and_what_those_import_too() -> None:
    """U7: figures, choices and charts are asked for with the page."""
    html = page((STATIC / "index.html").read_text(encoding="utf-8"), needed(DRAWN_WITH))
    named = re.findall(r"static/js/([\w.-]+\.js)", html)
    assert len(named) == len(set(named))
    imported = {name for file in named for name in re.findall(r'from"\./([\w.-]+\.js)"', (SCRIPTS / file).read_text())}
    assert imported <= set(named)
    assert html.index("modulepreload") < html.index("</head>")


def test_a_page_and_its_files_are_answered_and_the_rest_is_streamlits() -> None:
    """U7: a page by its address, its files as they are on the disk; everything else is left alone."""
    start, body = ask("/retention")
    assert start["status"] == 200  # type: ignore[index]
    assert b"Metric." in body["body"]  # type: ignore[index]
    file = needed(["Metric"])[0]
    assert ask(f"/static/js/{file}")[1]["body"] == (SCRIPTS / file).read_bytes()  # type: ignore[index]
    for path, method in (("/_stcore/health", "GET"), ("/static/js/none.js", "GET"), ("/", "POST")):
        assert ask(path, method) == path
