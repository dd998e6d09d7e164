"""Opens pages of a running dashboards server as a browser would, over its own protocol, and tells which answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from opsloop.errors import OpsloopError

PAGES = Path(__file__).resolve().parent / "app_pages"
DEFAULT = "overview"  # the page that opens at the bare address
PATIENCE_SECONDS = 120.0


# Once filtered, a page finds its questions compiled for any other value.
FILTERED = "&channel=direct"


def pages(address: str) -> Iterator[str]:
    """Open every page in both languages, the first page first: a line for each, `OpsloopError` for one that breaks.

    After the first line neither the first page nor its first filter is slow any more.
    """
    names = [path.stem for path in PAGES.glob("*.py") if not path.stem.startswith("_")]
    for page in sorted(names, key=lambda name: (name != DEFAULT, name)):
        for lang in ("en", "zh"):
            elements = opened(address, page, lang)
            if (page, lang) == (DEFAULT, "en"):
                opened(address, page, lang, FILTERED)
            yield f"page {page} ({lang}), {elements} elements"


def opened(address: str, page: str = DEFAULT, lang: str = "en", query: str = "") -> int:
    """How many elements the page drew; an `OpsloopError` where it broke."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(url, subprotocols=[Subprotocol("streamlit")], origin=None, max_size=None) as socket:
        request = BackMsg()
        request.rerun_script.page_name = "" if page == DEFAULT else page
        request.rerun_script.query_string = f"lang={lang}{query}"
        socket.send(request.SerializeToString())
        elements = 0
        while True:
            message = ForwardMsg()
            message.ParseFromString(_bytes(socket.recv(timeout=PATIENCE_SECONDS)))
            kind = message.WhichOneof("type")
            if kind == "delta":
                elements += 1
                if message.delta.new_element.WhichOneof("type") == "exception":
                    problem = message.delta.new_element.exception.message
                    raise OpsloopError(f"page {page} ({lang}) broke: {' '.join(problem.split())}")
            if kind == "page_not_found":
                raise OpsloopError(f"page {page} is not in the navigation")
            if kind == "script_finished" and elements:
                return elements


def _bytes(received: str | bytes) -> bytes:
    return received.encode() if isinstance(received, str) else received
