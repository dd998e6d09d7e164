"""One chunk against its stream's contract: good rows in the lake's types, bad rows aside with the reason (I4, X8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ingestion import engine
from ingestion.casting import cast
from ingestion.contract import SOURCE_NAME, Rule, Stream
from ingestion.hashing import ADDRESS, MASK, is_personal, keyed_hashes, masked, with_personal_hashed
from ingestion.own_networks import with_own_marked
from ingestion.readers import Chunk, FileRefused
from ingestion.readers.chunk import ROW
from ingestion.types import plain_name

BAD = {ROW: pl.Int64, "reason": pl.String, "column_name": pl.String, "detail": pl.String, "raw": pl.String}
FLAGS = "_time_flags"
AT = "_at"


@dataclass(frozen=True, slots=True)
class Conformed:
    """A chunk's rows split in two: those that land and those that do not; each row is in exactly one.

    `hashed` counts the values of each undeclared column that looked personal.
    """

    good: pl.DataFrame
    hashed: dict[str, int]
    bad: pl.DataFrame


class _Problems:
    """The first problem of each row, if any."""

    def __init__(self, rows: pl.Series) -> None:
        self.rows = rows
        self.is_bad = _none_of(rows.len())
        self.noted: list[pl.DataFrame] = []

    def add(self, mask: pl.Series, reason: str, column: str, expected: str, found: pl.Series | None = None) -> None:
        """Note a problem for the rows under the mask that have none yet, and the text that was found in them."""
        new = (mask & ~self.is_bad).arg_true()
        if new.is_empty():
            return
        self.is_bad = self.is_bad | mask
        detail = pl.lit(expected) if found is None else pl.lit(f"{expected}, found ") + pl.lit(found.gather(new))
        named = (pl.lit(reason).alias("reason"), pl.lit(column).alias("column_name"), detail.alias("detail"))
        self.noted.append(new.alias(AT).to_frame().with_columns(named))

    def row(self, mask: pl.Series) -> int:
        """The number of the first row under the mask."""
        return int(self.rows.filter(mask)[0])

    def found(self) -> pl.DataFrame:
        """One row per bad row, in the rows' order."""
        return pl.concat(self.noted).sort(AT).drop(AT)


def conform(chunk: Chunk, stream: Stream, secret: bytes, networks: Sequence[str] = ()) -> Conformed:
    """Split the chunk's rows, those from the company's own networks marked; raises FileRefused where it says freeze."""
    named = chunk.frame.rename({v: lake for v, lake in stream.rename.items() if v in chunk.frame.columns})
    problems = _Problems(chunk.frame[ROW])
    frame = _declared(named, stream, problems, is_sparse=chunk.is_sparse)
    frame = _typed(frame, stream, problems)
    required = [Rule.not_null(c) for c in stream.grain if c != SOURCE_NAME and c not in stream.optional]
    for rule in [*required, *(rule for rule in stream.rules if rule.required)]:
        if rule.column in frame.columns and frame[rule.column].null_count():
            _require(frame, rule, stream, problems)
    frame = _ruled(frame, stream, problems)
    bad = pl.DataFrame(schema=BAD)
    if problems.noted:
        raw = _raw(chunk.frame.filter(problems.is_bad), stream)
        bad = pl.concat([problems.found(), raw], how="horizontal").select(pl.col(n).cast(d) for n, d in BAD.items())
        frame = frame.filter(~problems.is_bad)
    frame = with_own_marked(frame, stream, networks)
    return Conformed(*_landed(frame, stream, secret), bad=_with_broken(bad, chunk, stream))


def _none_of(length: int) -> pl.Series:
    """A mask of that length under which nothing is."""
    return pl.Series([False], dtype=pl.Boolean()).new_from_index(0, length)


def _declared(frame: pl.DataFrame, stream: Stream, problems: _Problems, *, is_sparse: bool) -> pl.DataFrame:
    """The frame with every declared column, and those undeclared ones that the policy keeps."""
    for column, vendor in stream.vendor_names.items():
        if column not in frame.columns:
            if not _may_miss(column, stream, is_sparse=is_sparse):
                _miss(column, vendor, stream, problems)
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(column))
    unknown = [column for column in frame.columns if column not in stream.schema and column != ROW]
    for column in unknown:
        frame = _unknown(frame, column, stream, problems)
    return frame


def _may_miss(column: str, stream: Stream, *, is_sparse: bool) -> bool:
    """Whether a file need not have the column: an object leaves out what it has not, a key column excepted."""
    return column in stream.optional or (is_sparse and column not in stream.grain)


def _miss(column: str, vendor: str, stream: Stream, problems: _Problems) -> None:
    """Do what the policy says of a column that is not there."""
    is_key = column in stream.grain
    if stream.policy.missing_column == "freeze" or is_key:
        raise FileRefused(f"line 1: column {vendor!r} is missing; expected it in every file of {stream.name}")
    if stream.policy.missing_column == "quarantine_row":
        problems.add(~_none_of(problems.rows.len()), "missing_column", column, f"expected a column {vendor!r}")


def _unknown(frame: pl.DataFrame, column: str, stream: Stream, problems: _Problems) -> pl.DataFrame:
    """Do what the policy says of a column that nobody declared."""
    action = stream.policy.unknown_column
    if action == "freeze":
        raise FileRefused(f"line 1: column {column!r} is not in the contract of {stream.name}; declare or drop it")
    if action == "quarantine_row":
        problems.add(frame[column].is_not_null(), "unknown_column", column, f"expected no column {column!r}")
    if action != "evolve":
        return frame.drop(column)
    clean = _clean(column)
    if clean in frame.columns and clean != column:
        return frame.drop(column)
    return frame.rename({column: clean})


def _clean(column: str) -> str:
    """A vendor's column name as a lake name: small letters, digits and underscores, and Chinese as it is."""
    clean = re.sub(r"\W+", "_", column.strip().lower()).strip("_")
    return clean or "unnamed"


def _typed(frame: pl.DataFrame, stream: Stream, problems: _Problems) -> pl.DataFrame:
    """Declared columns in their types, others as text; flags of local times in `_time_flags`."""
    extra = [name for name in frame.columns if name not in stream.schema and name != ROW and _is_flat(frame, name)]
    done = cast(frame, {**stream.schema, **dict.fromkeys(extra, pl.String())}, stream.times, stream.time_zone)
    added = [
        series for name, wrong in done.wrong.items() for series in _misfit(frame[name], wrong, name, stream, problems)
    ]
    flags = pl.DataFrame([flag.alias(name) for name, flag in done.flags.items()])
    texts = [pl.format("{}:{}", pl.lit(name), name) for name in flags.columns]
    joined = flags.select(pl.concat_str(texts, separator=";", ignore_nulls=True).alias(FLAGS)) if texts else None
    noted = pl.lit(None, dtype=pl.String).alias(FLAGS) if joined is None else joined[FLAGS]
    typed = done.typed.with_columns(frame[ROW], noted, *added)
    return typed.with_columns(pl.when(pl.col(FLAGS) != "").then(FLAGS).alias(FLAGS)) if texts else typed


def _is_flat(frame: pl.DataFrame, column: str) -> bool:
    """Whether an undeclared column can be kept as text."""
    return not frame.schema[column].is_nested() and frame.schema[column] != pl.Binary


def _misfit(given: pl.Series, wrong: pl.Series, column: str, stream: Stream, problems: _Problems) -> list[pl.Series]:
    """Do what the policy says of values that do not fit; the columns that this adds."""
    expected = f"expected {plain_name(stream.schema[column])}"
    vendor = stream.vendor_names[column]
    action = stream.policy.wrong_type
    if action == "freeze":
        raise FileRefused(f"row {problems.row(wrong)}, column {vendor!r}: {expected}")
    if action == "quarantine_row":
        problems.add(wrong, "wrong_type", column, expected, _found(given, wrong, column, stream))
    if action == "evolve" and column not in stream.pii:
        kept = pl.DataFrame({"v": given}).select(pl.when(wrong).then(pl.col("v").cast(pl.String)))
        return [kept.to_series().alias(f"{column}_text")]
    return []


def _found(given: pl.Series, mask: pl.Series, column: str, stream: Stream) -> pl.Series | None:
    """The text of the values under the mask, nothing where they may be personal or are nested."""
    if column in stream.pii or given.dtype.is_nested():
        return None
    found = pl.when(mask).then(pl.lit(given)).cast(pl.String)
    clear = pl.when(found.str.contains(ADDRESS)).then(pl.lit(MASK)).otherwise(found.str.slice(0, 60))
    return pl.select(clear.fill_null("nothing")).to_series()


def _ruled(frame: pl.DataFrame, stream: Stream, problems: _Problems) -> pl.DataFrame:
    """Check the rules on values, all of them at once."""
    found = [(rule, *_broken(rule)) for rule in stream.rules]
    rules = [(rule, broken, expected) for rule, broken, expected in found if broken is not None]
    if not rules:
        return frame
    masks = frame.select(broken.fill_null(value=False).alias(str(i)) for i, (_, broken, _) in enumerate(rules))
    for mask, (rule, _, expected) in zip(masks.iter_columns(), rules, strict=True):
        if mask.any():
            frame = _break(frame, mask, rule, expected, stream, problems)
    return frame


def _break(
    frame: pl.DataFrame, mask: pl.Series, rule: Rule, expected: str, stream: Stream, problems: _Problems
) -> pl.DataFrame:
    """Do what the policy says of values that break the rule."""
    action = stream.policy.broken_rule
    if action == "freeze":
        vendor = stream.vendor_names[rule.column]
        raise FileRefused(f"row {problems.row(mask)}, column {vendor!r}: {expected}")
    if action == "quarantine_row":
        problems.add(mask, "broken_rule", rule.column, expected, _found(frame[rule.column], mask, rule.column, stream))
    if action == "null_value":
        return frame.with_columns(pl.when(~mask).then(pl.col(rule.column)).alias(rule.column))
    return frame


def _require(frame: pl.DataFrame, rule: Rule, stream: Stream, problems: _Problems) -> None:
    """Set rows aside whose required value is empty; raises FileRefused where rules are frozen."""
    mask = frame[rule.column].is_null()
    if stream.policy.broken_rule == "freeze" and mask.any():
        vendor = stream.vendor_names[rule.column]
        raise FileRefused(f"row {problems.row(mask)}, column {vendor!r}: expected a value, found nothing")
    reason = "missing_key" if rule.column in stream.grain else "missing_value"
    problems.add(mask, reason, rule.column, "expected a value, found nothing")


def _broken(rule: Rule) -> tuple[pl.Expr | None, str]:
    """Where a value breaks the rule, and what was expected."""
    value = pl.col(rule.column)
    if rule.values:
        return ~value.cast(pl.String).is_in(rule.values), f"expected one of {rule.values_named}"
    if rule.pattern is not None:
        return ~value.cast(pl.String).str.contains(rule.pattern), f"expected text like {rule.pattern}"
    if rule.minimum is None and rule.maximum is None:
        return None, ""
    low = pl.lit(value=False) if rule.minimum is None else value < rule.minimum
    high = pl.lit(value=False) if rule.maximum is None else value > rule.maximum
    ends = (("at least", rule.minimum), ("at most", rule.maximum))
    bounds = [f"{word} {end:g}" for word, end in ends if end is not None]
    return low | high, f"expected {' and '.join(bounds)}"


def _landed(frame: pl.DataFrame, stream: Stream, secret: bytes) -> tuple[pl.DataFrame, dict[str, int]]:
    """The lake's columns: personal ones hashed or dropped, then kept unknown ones, row number and flags."""
    for column, kind in stream.pii.items():
        if kind != "text":
            frame = frame.with_columns(keyed_hashes(frame[column], secret, kind).alias(f"{column}_hash"))
    declared = list(stream.lake_schema)
    extra = sorted(set(frame.columns) - set(declared) - set(stream.pii) - {ROW, FLAGS})
    hashed = {}
    for column in extra:
        values, count = with_personal_hashed(frame[column], secret)
        if count:
            frame, hashed[column] = frame.with_columns(values), count
    return frame.select(*declared, *extra, ROW, FLAGS), hashed


def _raw(bad: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """The number of each row, and the row as JSON of what the file said, personal columns masked."""
    vendors = stream.vendor_names
    hidden = {vendors[column] for column in stream.pii} | set(stream.pii)
    known = {*vendors.values(), *stream.schema}
    numbers = bad[ROW]
    bad = bad.drop(ROW)
    bad = bad.with_columns(_hidden(name, dtype, name in hidden, name in known) for name, dtype in bad.schema.items())
    con = engine.cursor()
    con.register("given", bad.to_arrow())
    texts = con.sql("select cast(to_json(_whole) as varchar) as raw from given as _whole").pl()
    con.close()
    return texts.with_columns(numbers)


def _hidden(name: str, dtype: pl.DataType, is_declared_personal: bool, is_known: bool) -> pl.Expr:
    """The column with what is personal masked: all of it where declared so, else what looks like it."""
    column = pl.col(name)
    if is_declared_personal:
        return pl.when(column.is_not_null()).then(pl.lit(MASK)).alias(name)
    if dtype != pl.String:
        return column
    looks = column.str.contains(ADDRESS) if is_known else is_personal(name)
    return pl.when(looks).then(pl.lit(MASK)).otherwise(column).alias(name)


def _with_broken(bad: pl.DataFrame, chunk: Chunk, stream: Stream) -> pl.DataFrame:
    """Rows that break the contract and those that no reader could split, in the shape of `BAD`."""
    rows = [(b.row, b.reason, None, b.detail, masked(b.raw, stream)) for b in chunk.broken]
    broken = pl.DataFrame(rows, schema=BAD, orient="row")
    return pl.concat([bad, broken])
