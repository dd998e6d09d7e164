"""Finds sources by their folder, in a fixed order, and streams by their name."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache

import ingestion.sources
from ingestion.contract import Source, Stream
from opsloop.errors import OpsloopError


@cache
def discover() -> tuple[Source, ...]:
    """Every source folder's SOURCE, sorted by name; raises OpsloopError where a folder has none or misnames it."""
    folders = sorted(info.name for info in pkgutil.iter_modules(ingestion.sources.__path__) if info.ispkg)
    return tuple(_load(folder) for folder in folders)


def _load(folder: str) -> Source:
    """The SOURCE of one folder."""
    module = importlib.import_module(f"ingestion.sources.{folder}")
    source = getattr(module, "SOURCE", None)
    if not isinstance(source, Source):
        raise OpsloopError(
            f"ingestion/sources/{folder}/__init__.py: no SOURCE; declare one (ingestion.contract.Source)"
        )
    if source.name != folder:
        raise OpsloopError(f"ingestion/sources/{folder}: SOURCE is named {source.name!r}; give both the same name")
    return source


def source(name: str) -> Source:
    """The source of that name; raises OpsloopError with the nearest names."""
    for found in discover():
        if found.name == name:
            return found
    raise OpsloopError(f"unknown source {name!r}{_suggest(name, [found.name for found in discover()])}")


def stream(name: str) -> tuple[Source, Stream]:
    """The stream named `source/stream`, or by a bare name that is unique; raises OpsloopError with suggestions."""
    known = {f"{owner.name}/{found.name}": (owner, found) for owner in discover() for found in owner.streams}
    if name in known:
        return known[name]
    named = [full for full in known if full.split("/")[1] == name]
    if len(named) == 1:
        return known[named[0]]
    if named:
        raise OpsloopError(f"stream {name!r} is in several sources; say which: {', '.join(named)}")
    raise OpsloopError(f"unknown stream {name!r}{_suggest(name, list(known))}")


def _suggest(name: str, known: list[str]) -> str:
    """The end of a message: the nearest known names, or all of them."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known
    return f"; did you mean {', '.join(near)}?" if near else "; there are none"
