"""How exports are written: times as vendors write them, and files whose bytes depend on nothing but their rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from opsloop.demo.plan import OFFSET_SECONDS, Plan


def local_iso(plan: Plan, second: pl.Expr) -> pl.Expr:
    """Seconds from the first midnight as local time with its offset: 2026-10-01T12:33:10+08:00."""
    return pl.from_epoch(second + plan.midnight + OFFSET_SECONDS).dt.strftime("%Y-%m-%dT%H:%M:%S+08:00")


def utc(plan: Plan, second: pl.Expr, pattern: str = "%Y-%m-%dT%H:%M:%S.000Z") -> pl.Expr:
    """Seconds from the first midnight as UTC in the given pattern."""
    return pl.from_epoch(second + plan.midnight).dt.strftime(pattern)


def day_text(plan: Plan, day: pl.Expr) -> pl.Expr:
    """The position of a day as YYYY-MM-DD."""
    return (pl.lit(plan.start) + pl.duration(days=day)).dt.strftime("%Y-%m-%d")


def month_text(plan: Plan, day: pl.Expr) -> pl.Expr:
    """The position of a day as YYYYMM."""
    return (pl.lit(plan.start) + pl.duration(days=day)).dt.strftime("%Y%m")


def money(column: str) -> pl.Expr:
    """An amount as text with two decimals."""
    cents = (pl.col(column) * 100).round(0).cast(pl.Int64)
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, rest = (cents.abs() // 100).cast(pl.String), (cents.abs() % 100).cast(pl.String).str.zfill(2)
    return (sign + whole + "." + rest).alias(column)


def write_csv(frame: pl.DataFrame, file: Path, encoding: str = "utf-8") -> None:
    """Write comma-separated values with a header."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(frame.write_csv().encode(encoding))


def write_lines(frame: pl.DataFrame, file: Path) -> None:
    """Write one JSON object per line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    frame.write_ndjson(file)


def write_page(frame: pl.DataFrame, file: Path, before: str = "", after: str = "") -> None:
    """Write a JSON array between the given texts, which make it a page object."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + frame.write_json() + after, encoding="utf-8")


def by_month(frame: pl.DataFrame, column: str) -> list[tuple[str, pl.DataFrame]]:
    """The parts of a frame by the text in a column, in order, without that column."""
    parts = frame.partition_by(column, maintain_order=True, as_dict=True, include_key=False)
    return sorted((str(key[0]), part) for key, part in parts.items())
