"""Streamlit's own files: answered from memory, and named in the page so that a browser asks for them at once.

Streamlit's page names the files that it starts with. Those that draw figures, choices and charts a browser would ask
for only when the first of each has arrived, one wave after another. Here the page names them too, and they load while
the server works out the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

STATIC = Path(st.__file__).parent / "static"
SCRIPTS = STATIC / "static" / "js"
PAGES = Path(__file__).parent / "app_pages"
# What every page draws with, by the names of Streamlit's files; a name that a version lacks is passed over.
DRAWN_WITH = (
    "ButtonGroup",
    "Selectbox",
    "DateInput",
    "Html",
    "Metric",
    "DownloadButton",
    "ArrowVegaLiteChart",
    "embed",
    "vega-interpreter",
)
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_NAMED = re.compile(r"static/js/([\w.-]+\.js)")
_FOR_EVER = b"public, immutable, max-age=31536000"


def needed(names: Iterable[str]) -> list[str]:
    """Return the files that begin with these names and all that they import, each once."""
    found: dict[str, None] = {}
    waiting = [file.name for name in names for file in sorted(SCRIPTS.glob(f"{name}.*.js"))]
    while waiting:
        name = waiting.pop()
        if name not in found and (SCRIPTS / name).is_file():
            found[name] = None
            waiting += _IMPORT.findall((SCRIPTS / name).read_text(encoding="utf-8"))
    return list(found)


def page(html: str, files: Iterable[str]) -> str:
    """Return Streamlit's page that also names these files."""
    named = set(_NAMED.findall(html))
    links = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{file}">' for file in files if file not in named
    )
    return html.replace("</head>", f"{links}</head>", 1)


class Assets:
    """Answers requests for the page and for the files that it names, and leaves everything else to Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        html = page((STATIC / "index.html").read_text(encoding="utf-8"), needed(DRAWN_WITH))
        addresses = ["/", *(f"/{path.stem}" for path in PAGES.glob("*.py"))]
        self._answers = {address: (html.encode(), b"text/html; charset=utf-8", b"no-cache") for address in addresses}
        for file in set(_NAMED.findall(html)):
            self._answers[f"/static/js/{file}"] = ((SCRIPTS / file).read_bytes(), b"text/javascript", _FOR_EVER)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = self._answers.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if answer is None:
            await self._app(scope, receive, send)
            return
        body, kind, caching = answer
        headers = [(b"content-type", kind), (b"cache-control", caching), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
