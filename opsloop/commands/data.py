"""`sources` and `quarantine`: what comes in, whether it fits, and what was set aside."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from opsloop.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

    from ingestion.trial import Trial

ROWS_SHOWN = 20
WITH_WARNINGS = 3


def sources_list(options: argparse.Namespace) -> int:
    """Print every stream: whether it is on, what a row of it is, who owns it, what it restates."""
    from ingestion.registry import discover

    workspace = Workspace.open(options.workspace)
    switched_on = {*workspace.settings.sources, *(["mapped"] if workspace.settings.mappings else [])}
    for source in discover():
        state = "on " if source.name in switched_on else "off"
        for stream in source.streams:
            restates = f", restates {stream.restates_days} days" if stream.restates_days else ""
            owner = stream.owner or source.owner
            print(
                f"{state}  {source.name}/{stream.name}: one row per {', '.join(stream.grain)}; owner {owner}{restates}"
            )
    return 0


def sources_schema(options: argparse.Namespace) -> int:
    """Print a stream's contract: columns, types, rules and policies."""
    from ingestion.registry import stream as find

    source, stream = find(options.stream)
    print(f"{source.name}/{stream.name}: {stream.description or source.title}")
    print(f"one row per {', '.join(stream.grain)}; owner {stream.owner or source.owner}; licence {source.licence}")
    rules = {column: [rule for rule in stream.rules if rule.column == column] for column in stream.schema}
    for column, dtype in stream.schema.items():
        vendor = stream.vendor_names[column]
        named = f" (in the file: {vendor})" if vendor != column else ""
        personal = f", personal ({stream.pii[column]})" if column in stream.pii else ""
        shown = "".join(f", {text}" for rule in rules[column] for text in _rule(rule))
        print(f"  {column}{named}: {dtype}{personal}{shown}")
    policy = stream.policy
    print(
        f"unknown column: {policy.unknown_column}; missing column: {policy.missing_column};"
        f" wrong type: {policy.wrong_type}; broken rule: {policy.broken_rule}"
    )
    return 0


def _rule(rule: object) -> list[str]:
    """A rule in words, one for each condition that it sets."""
    conditions = {
        "required": "required",
        "minimum": "at least {}",
        "maximum": "at most {}",
        "values": "one of {}",
        "pattern": "like {}",
    }
    found = {name: getattr(rule, name) for name in conditions}
    texts = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in found.items()}
    return [conditions[name].format(texts[name]) for name, value in found.items() if value not in (None, False, ())]


def sources_map(options: argparse.Namespace) -> int:
    """Try a mapping file: the first rows as they would land, and the rows that would be set aside and why (I3)."""
    from ingestion.mapping import dry_run

    return _tried(dry_run(Workspace.open(options.workspace), options.file))


def sources_check(options: argparse.Namespace) -> int:
    """Try a file against its stream's contract without landing it (I4)."""
    from ingestion.trial import check_file

    return _tried(check_file(Workspace.open(options.workspace), options.file, options.stream))


def _tried(trial: Trial) -> int:
    """Print what landing would do; status 1 where a file would be refused, 3 where rows would be set aside."""
    aside = trial.quarantined.height
    print(f"{trial.stream}: {len(trial.files)} file(s), {trial.read:,} rows read, {aside:,} would be set aside")
    for name, count in (("left out by the filter", trial.filtered), ("repeated in the file", trial.repeated)):
        if count:
            print(f"  {count:,} {name}")
    for message in trial.messages:
        print(f"  refused: {message}")
    if trial.first.height:
        _table(trial.first)
    if trial.quarantined.height:
        print("set aside:")
        _table(trial.quarantined.drop("raw", strict=False).head(ROWS_SHOWN))
    if trial.messages:
        return 1
    return WITH_WARNINGS if trial.quarantined.height else 0


def quarantine_list(options: argparse.Namespace) -> int:
    """Print every row that is set aside, by its id, with the reason (X8)."""
    from ingestion import quarantine

    rows = quarantine.rows(Workspace.open(options.workspace))
    if rows.is_empty():
        print("nothing is set aside")
        return 0
    for row in rows.to_dicts():
        column = f" [{row['column_name']}]" if row["column_name"] else ""
        where = f"{row['source']}/{row['stream']}  {row['file']}:{row['row']}"
        print(f"{row['quarantine_id']}  {where}  {row['reason']}{column}")
    print(f"{rows.height:,} row(s); `opsloop quarantine show ID` shows one")
    return 0


def quarantine_show(options: argparse.Namespace) -> int:
    """Print one row that is set aside, all of it, personal values masked."""
    from ingestion import quarantine

    row = quarantine.show(Workspace.open(options.workspace), options.id)
    width = max(map(len, row))
    for key, value in row.items():
        print(f"{key:<{width}}  {value}")
    return 0


def _table(frame: pl.DataFrame) -> None:
    import polars as pl

    with pl.Config(
        tbl_rows=ROWS_SHOWN, tbl_cols=-1, tbl_width_chars=160, fmt_str_lengths=40, tbl_hide_dataframe_shape=True
    ):
        print(frame)
