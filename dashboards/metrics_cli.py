"""What `opsloop metrics list`, `show` and `query` print (Y3, Y5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from dashboards.catalogue import Entry, Stream, entries
from dashboards.components.facts import Facts
from dashboards.components.i18n import NOTHING, Translator
from dashboards.metrics import Metrics, render
from dashboards.metrics_layer.question import near
from dashboards.pacing import rounded
from dashboards.usage import section_title
from opsloop.errors import UsageError
from opsloop.workspace import Workspace


def list_metrics(workspace: Workspace, lang: str = "en", words: str = "") -> str:
    """Every metric whose catalogue entry holds all words, with its label, unit, layer and owner, as a table."""
    import polars as pl

    metrics = Metrics.open(workspace)
    found = [entry.definition for entry in entries(metrics, Facts(metrics)).values() if entry.holds(words)]
    columns = ("metric", "label", "kind", "unit", "layer", "owner")
    rows = [(one.name, one.label(lang), one.kind, one.unit, one.layer, one.owner) for one in found]
    return str(render(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), "table"))


def show_metric(workspace: Workspace, name: str, lang: str = "en") -> str:
    """What a metric means, how it is computed, from what, how far its data reaches, and where it is used."""
    metrics = Metrics.open(workspace)
    catalogue = metrics.catalogue()
    if name not in catalogue:
        raise UsageError(f"unknown metric {name!r}{near(name, catalogue)}: see `opsloop metrics list`")
    one, entry = catalogue[name], entries(metrics, Facts(metrics))[name]
    t = Translator(lang)
    lines = {
        "metric": one.name,
        "label": one.label(lang),
        "meaning": one.description(lang),
        "formula": one.formula,
        "kind": one.kind,
        "unit": one.unit,
        "good direction": one.good_direction,
        "layer": one.layer,
        "owner": one.owner,
        "target": _target(entry, workspace, lang),
        "version": f"{one.version}, in effect since {one.effective_date}",
        "by": ", ".join(one.dimensions) or "–",
        "from": ", ".join(one.tables),
        "sources": ", ".join(map(_stream, entry.streams)) or NOTHING,
        "data": f"{entry.first_day} to {entry.last_day}" if entry.last_day else "none",
        "settled until": str(entry.settled_until or NOTHING),
        "pages": t.listing([t(f"pages.{page}.title") for page in entry.usage.pages]) or NOTHING,
        "pack": t.listing([section_title(section, lang) for section in entry.usage.sections]) or NOTHING,
        "as of earlier": "yes, with --as-of DATE" if one.has_history else "no: what it reads keeps no versions",
        "snapshot": f"{metrics.snapshot.id}, data as of {metrics.snapshot.as_of_date}",
    }
    width = max(map(len, lines))
    return "".join(f"{key:<{width}}  {text}\n" for key, text in lines.items())


def _target(entry: Entry, workspace: Workspace, lang: str) -> str:
    if entry.target is None:
        return NOTHING
    target = rounded(entry.definition.unit, entry.target)
    shown = entry.definition.format(target, lang, str(workspace.settings.currency))
    return f"{shown} in {entry.target_month:%Y-%m}"


def _stream(stream: Stream) -> str:
    """A stream with its newest day, and whether more is overdue."""
    return f"{stream.name} ({stream.last_day or NOTHING}{', late' if stream.is_late else ''})"


def query_metrics(
    workspace: Workspace,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    grain: str | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    where: str | None = None,
    as_of: dt.date | dt.datetime | None = None,
    format: str = "table",
    tell: Callable[[str], None] = lambda _: None,
) -> str | bytes:
    """The answer in a format: text, or bytes for Parquet; `sql` gives the statement itself, `tell` takes remarks."""
    client = Metrics.open(workspace)
    if format == "sql":
        return client.sql(metrics, by=by, grain=grain, start=start, end=end, where=where, as_of=as_of) + "\n"
    answer = client.exact(metrics, by=by, grain=grain, start=start, end=end, where=where, as_of=as_of)
    first = client.knew_nothing(as_of) if as_of is not None else None
    if first is not None:
        tell(f"nothing had landed by {as_of}: the first data arrived {first:%Y-%m-%d %H:%M:%S} UTC")
    return render(answer, format)
