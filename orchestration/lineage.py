"""Which landed streams each mart is made from, as dbt's manifest says (Y3); exchange rates aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LANDING = "landing_"
# They say how mature a row is and what a currency is worth, from the days of all streams, and give a mart no rows.
LOOKED_UP = ("fct_arrivals", "int_money__fx_daily")


def streams_of_marts(manifest: Mapping[str, object]) -> dict[str, list[str]]:
    """Return for each mart the streams it is made from, as `source/stream` in order; a mart made from none has none."""
    nodes: Mapping[str, Mapping[str, object]] = manifest["nodes"]  # type: ignore[assignment]
    sources: Mapping[str, Mapping[str, object]] = manifest["sources"]  # type: ignore[assignment]
    parents: Mapping[str, Sequence[str]] = manifest["parent_map"]  # type: ignore[assignment]
    marts = {str(node["name"]): key for key, node in nodes.items() if "/marts/" in str(node["original_file_path"])}
    found = {}
    for name, key in marts.items():
        above = _above(key, parents) & sources.keys()
        landed = [sources[one] for one in above if str(sources[one]["schema"]).startswith(LANDING)]
        found[name] = sorted(f"{one['source_name']}/{one['name']}" for one in landed)
    return {name: found[name] for name in sorted(found) if str(nodes[marts[name]]["resource_type"]) == "model"}


def _above(key: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    """All that a node is made from, directly or not."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found and parent.rpartition(".")[2] not in LOOKED_UP:
                found.add(parent)
                waiting.append(parent)
    return found
