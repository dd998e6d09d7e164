"""The Metrics page: the catalogue as its readers search it, and one metric of it with all that is known of it (Y3)."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import polars as pl
import streamlit as st

from dashboards.catalogue import Entry, entries
from dashboards.components import filters
from dashboards.components.desk import Desk
from dashboards.components.i18n import NOTHING
from dashboards.components.scorecard import LAYERS
from dashboards.components.targets import goal
from dashboards.usage import section_title

ANY = "any"
FIRST = "revenue_net"
_COLUMNS = ("metric", "meaning", "layer", "unit", "owner", "target", "fresh_until", "used_on")


def read(desk: Desk) -> Mapping[str, Entry]:
    """Return the catalogue in the order of its layers and labels."""
    found = entries(desk.metrics, desk.facts)

    def place(name: str) -> tuple[int, str]:
        layer = desk.catalogue[name].layer
        return (LAYERS.index(layer) if layer in LAYERS else len(LAYERS), desk.label(name))

    return {name: found[name] for name in sorted(found, key=place)}


def search(desk: Desk, catalogue: Mapping[str, Entry]) -> list[Entry]:
    """Show the words to search for and the layer, both kept in the address, and return the metrics that fit."""
    with st.sidebar:
        if "w_find" not in st.session_state:
            st.session_state["w_find"] = st.query_params.get("find", "")
        words = st.text_input(desk.t("catalogue.find"), key="w_find", help=desk.t("catalogue.find_help"))
        filters.write_address("find", words, "")
        labels = {layer: desk.t(f"layers.{layer}") for layer in LAYERS} | {ANY: desk.t("filters.all")}
        layer = filters.choose("layer", desk.t("columns.layer"), (ANY, *LAYERS), labels, ANY)
    return [entry for entry in catalogue.values() if entry.holds(words) and layer in (ANY, entry.definition.layer)]


def choose(desk: Desk, found: list[Entry]) -> Entry | None:
    """Show the choice of one metric among those found and return it; nothing where none was found."""
    if not found:
        return None
    names = {entry.definition.name: entry for entry in found}
    default = FIRST if FIRST in names else next(iter(names))
    labels = {name: f"{desk.label(name)} · {name}" for name in names}
    return names[filters.choose("metric", desk.t("columns.metric"), list(names), labels, default)]


def sentence(desk: Desk, catalogue: Mapping[str, Entry]) -> str:
    """Return how many metrics there are, how many have data and a target, and which changed last."""
    live = [entry for entry in catalogue.values() if entry.last_day is not None]
    aimed = [entry for entry in catalogue.values() if entry.target is not None]
    newest = max(entry.definition.effective_date for entry in catalogue.values()) if catalogue else NOTHING
    changed = sum(entry.definition.effective_date == newest for entry in catalogue.values())
    late = sorted({stream.name for entry in live for stream in entry.streams if stream.is_late})
    said = desk.t("catalogue.sentence", n=len(catalogue), live=len(live), aimed=len(aimed), day=newest, changed=changed)
    return said + (desk.t("catalogue.late", streams=desk.t.listing(late)) if late else "")


def table(desk: Desk, found: list[Entry]) -> pl.DataFrame:
    """Return one row per metric, written out."""
    return pl.DataFrame([_row(desk, entry) for entry in found], schema=dict.fromkeys(_COLUMNS, pl.String))


def _row(desk: Desk, entry: Entry) -> dict[str, str]:
    one = entry.definition
    return {
        "metric": desk.label(one.name),
        "meaning": one.description(desk.t.lang),
        "layer": desk.t(f"layers.{one.layer}"),
        "unit": desk.t(f"catalogue.units.{one.unit}"),
        "owner": one.owner,
        "target": goal(desk, one.name, entry.target),
        "fresh_until": entry.last_day.isoformat() if entry.last_day else NOTHING,
        "used_on": desk.t.listing(pages(desk, entry)) or NOTHING,
    }


def pages(desk: Desk, entry: Entry) -> list[str]:
    """Return the titles of the pages that use a metric."""
    return [desk.t(f"pages.{page}.title") for page in entry.usage.pages]


def told(desk: Desk, entry: Entry) -> pl.DataFrame:
    """Return all that is known of a metric, one fact per row."""
    one, t = entry.definition, desk.t
    month = f" ({entry.target_month:%Y-%m})" if entry.target_month else ""
    facts = {
        "name": one.name,
        "meaning": one.description(t.lang),
        "formula": one.formula,
        "kind": t(f"catalogue.kinds.{one.kind}"),
        "unit": t(f"catalogue.units.{one.unit}"),
        "good_direction": t(f"catalogue.directions.{one.good_direction}"),
        "layer": t(f"layers.{one.layer}"),
        "owner": one.owner,
        "target": goal(desk, one.name, entry.target) + month,
        "version": t("catalogue.version", version=one.version, day=one.effective_date),
        "history": t("values.yes" if one.has_history else "values.no"),
        "dimensions": t.listing([desk.label(name) for name in one.dimensions]) or NOTHING,
        "marts": t.listing(list(one.tables)),
        "fresh": t("catalogue.fresh", first=t.date(entry.first_day), last=t.date(entry.last_day))
        if entry.last_day
        else t("catalogue.no_data"),
        "settled": t.date(entry.settled_until),
        "pages": t.listing(pages(desk, entry)) or NOTHING,
        "sections": t.listing([section_title(section, t.lang) for section in entry.usage.sections]) or NOTHING,
        "command": f"opsloop metrics show {one.name}",
    }
    rows = [{"fact": t(f"catalogue.facts.{key}"), "fact_value": value} for key, value in facts.items()]
    return pl.DataFrame(rows)


def show_definition(desk: Desk, frame: pl.DataFrame) -> None:
    """Show facts as a list of terms and what is said of them."""
    rows = "".join(
        f"<dt>{escape(row['fact'])}</dt><dd>{escape(row['fact_value'])}</dd>" for row in frame.iter_rows(named=True)
    )
    st.html(f'<dl class="ops-facts" data-testid="definition">{rows}</dl>')


def streams(desk: Desk, entry: Entry) -> pl.DataFrame:
    """Return the streams that a metric comes from, late ones first."""
    rows = [(one.name, one.last_day, one.is_late) for one in entry.streams]
    frame = pl.DataFrame(rows, schema={"stream": pl.String, "last_day": pl.Date, "is_late": pl.Boolean}, orient="row")
    return frame.sort("is_late", "stream", descending=[True, False])
