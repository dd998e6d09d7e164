"""Times as vendors write them become UTC instants or days; impossible and ambiguous local times are flagged (X3)."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from ingestion.contract import TIMESTAMP, Time

EPOCH_UNITS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
OFFSET = r"(?:[+-]\d{2}:?\d{2}|Z)$"
TO_THE_SECOND = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f")
TO_THE_MINUTE = "%Y-%m-%d %H:%M"
DAY = "%Y-%m-%d"
SHIFTED = "shifted"
AMBIGUOUS = "ambiguous"
# Longer than any gap that a change of zone has made (a whole day, in Samoa), so that the time before it exists.
BEFORE_GAP = pl.duration(hours=25)


class Instants(NamedTuple):
    """UTC instants, null where there is none, and a flag where a local time was shifted or ambiguous."""

    values: pl.Series
    flags: pl.Series


def to_utc(values: pl.Series, time: Time, stream_zone: str | None) -> Instants:
    """Instants of text, epoch numbers, dates or datetimes; what fits no format is null."""
    zone = time.zone or stream_zone or "UTC"
    frame = pl.DataFrame({"v": values})
    if values.dtype == pl.String:
        return _text_to_utc(frame, time, zone)
    if values.dtype == pl.Date:
        return _localized(frame.select(pl.col("v").cast(TIMESTAMP)).to_series(), zone)
    if isinstance(values.dtype, pl.Datetime):
        aware = values.dtype.time_zone is not None
        if aware:
            values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        values = values.cast(TIMESTAMP)
        return Instants(values, _no_flags(values.len())) if aware else _localized(values, zone)
    units = [EPOCH_UNITS[form] for form in time.formats if form in EPOCH_UNITS]
    if units and values.dtype.is_numeric():
        instants = (values.cast(pl.Float64, strict=False) * units[0]).round().cast(pl.Int64, strict=False)
        return Instants(instants.cast(TIMESTAMP), _no_flags(values.len()))
    return Instants(pl.Series([None], dtype=TIMESTAMP).new_from_index(0, values.len()), _no_flags(values.len()))


def to_date(values: pl.Series, time: Time) -> pl.Series:
    """Days of text, dates or datetimes, as written; what fits no format is null."""
    if values.dtype == pl.Date:
        return values
    if isinstance(values.dtype, pl.Datetime):
        return values.dt.date()
    if values.dtype != pl.String:
        return pl.Series([None] * values.len(), dtype=pl.Date())
    text = pl.col("v").str.strip_chars()
    forms = [text.str.to_date("%Y-%m-%d", strict=False) if form == "iso" else _day(text, form) for form in time.formats]
    if "iso" in time.formats:
        pattern = r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}"
        forms.append(text.str.extract(pattern).str.to_date("%Y-%m-%d", strict=False))
    return pl.DataFrame({"v": values}).select(pl.coalesce(forms)).to_series()


def _day(text: pl.Expr, form: str) -> pl.Expr:
    """Days in a strptime format, which may hold a time of day too."""
    if any(part in form for part in ("%H", "%T", "%I")):
        return text.str.to_datetime(form, time_unit="us", strict=False).dt.date()
    return text.str.to_date(form, strict=False)


def _text_to_utc(frame: pl.DataFrame, time: Time, zone: str) -> Instants:
    """Text in the first format that fits; a local time takes the zone."""
    text = frame["v"].str.strip_chars()
    absolute = pl.Series([None], dtype=TIMESTAMP).new_from_index(0, text.len())
    local = absolute.clone()
    for form in time.formats:
        left = (absolute.is_null() & local.is_null() & text.is_not_null()).arg_true()
        if left.is_empty():
            break
        found = _iso(text.gather(left)) if form == "iso" else _formatted(text.gather(left), form)
        absolute = absolute.scatter(left, found.absolute)
        local = local.scatter(left, found.local)
    instants, flags = _localized(local, zone)
    return Instants(absolute.fill_null(instants) if instants.null_count() < text.len() else absolute, flags)


class _Parsed(NamedTuple):
    """Instants of text that says its offset, and wall times of text that does not; each null where the other is not."""

    absolute: pl.Series
    local: pl.Series


def _formatted(text: pl.Series, form: str) -> _Parsed:
    """Text in one format other than ISO 8601."""
    frame = pl.DataFrame({"v": text})
    none = pl.lit(None, dtype=TIMESTAMP)
    if form in EPOCH_UNITS:
        absolute = (pl.col("v").cast(pl.Int64, strict=False) * EPOCH_UNITS[form]).cast(TIMESTAMP)
        return _Parsed(*frame.select(absolute.alias("a"), none.alias("l")).get_columns())
    if "%z" in form:
        aware = pl.col("v").str.to_datetime(form, time_unit="us", strict=False, time_zone="UTC")
        return _Parsed(*frame.select(aware.dt.replace_time_zone(None).alias("a"), none.alias("l")).get_columns())
    return _Parsed(*frame.select(none.alias("a"), _local(pl.col("v"), form).alias("l")).get_columns())


def _iso(text: pl.Series) -> _Parsed:
    """ISO 8601: the usual shapes, in UTC or without an offset, at once; what is left by the general way."""
    parsed = _moments(text.str.strip_suffix("Z").str.replace("T", " ", literal=True), TO_THE_SECOND)
    is_utc = text.str.ends_with("Z")
    usual = pl.DataFrame({"p": parsed, "z": is_utc}).select(
        pl.when("z").then("p").alias("a"), pl.when(~pl.col("z")).then("p").alias("l")
    )
    left = (parsed.is_null() & text.is_not_null()).arg_true()
    if left.is_empty():
        return _Parsed(usual["a"], usual["l"])
    rest = _iso_rest(text.gather(left))
    return _Parsed(usual["a"].scatter(left, rest["a"]), usual["l"].scatter(left, rest["l"]))


def _iso_rest(text: pl.Series) -> pl.DataFrame:
    """ISO 8601 with another offset, to the minute, or of days only."""
    found = text.str.extract(OFFSET, 0)
    length = pl.col("v").str.len_chars() - pl.col("f").str.len_chars().fill_null(0)
    body = pl.DataFrame({"v": text, "f": found}).select(pl.col("v").str.slice(0, length)).to_series()
    moment = _moments(body.str.replace("T", " ", literal=True), (*TO_THE_SECOND, TO_THE_MINUTE, DAY))
    frame = pl.DataFrame({"m": moment, "o": _offset(found), "h": text.str.contains(r"\d[T ]\d")})
    return frame.select(
        pl.when("h").then(pl.col("m") - pl.col("o")).alias("a"),
        pl.when(~pl.col("h") | pl.col("o").is_null()).then("m").alias("l"),
    )


def _local(text: pl.Expr, form: str) -> pl.Expr:
    """Wall times in a strptime format; one of days only is midnight."""
    if any(part in form for part in ("%H", "%T", "%I")):
        return text.str.to_datetime(form, time_unit="us", strict=False)
    return text.str.to_date(form, strict=False).cast(TIMESTAMP)


def _moments(body: pl.Series, forms: tuple[str, ...]) -> pl.Series:
    """Wall times in the first of the formats that fits; each is tried on what is left only."""
    found = pl.Series([None], dtype=TIMESTAMP).new_from_index(0, body.len())
    for form in forms:
        left = (found.is_null() & body.is_not_null()).arg_true()
        if left.is_empty():
            break
        text = body.gather(left)
        if form == DAY:
            part = text.str.to_date(form, strict=False).cast(TIMESTAMP)
        else:
            part = text.str.to_datetime(form, time_unit="us", strict=False)
        found = found.scatter(left, part)
    return found


def _offset(found: pl.Series) -> pl.Series:
    """How far a written offset is ahead of UTC; `Z` is nothing, and where none is written is none."""
    text = pl.col("f")
    minutes = text.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + text.str.tail(2).cast(pl.Int64, strict=False)
    signed = pl.when(text.str.starts_with("-")).then(-minutes).otherwise(minutes)
    ahead = pl.when(text.is_not_null()).then(pl.duration(minutes=signed.fill_null(0)))
    return found.alias("f").to_frame().select(ahead).to_series()


def _localized(local: pl.Series, zone: str) -> Instants:
    """Wall times of a zone as UTC; one within a gap moves forward by the gap, one that occurs twice is the first."""
    if zone == "UTC" or local.null_count() == local.len():
        return Instants(local, _no_flags(local.len()))
    wall = pl.col("l")
    first = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    unambiguous = wall.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    before = (wall - BEFORE_GAP).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    offset = before.dt.base_utc_offset() + before.dt.dst_offset()
    result = pl.DataFrame({"l": local}).select(
        first.dt.convert_time_zone("UTC").dt.replace_time_zone(None).alias("u"),
        (wall - offset).cast(TIMESTAMP).alias("s"),
        pl.when(wall.is_not_null() & first.is_null())
        .then(pl.lit(SHIFTED))
        .when(first.is_not_null() & unambiguous.is_null())
        .then(pl.lit(AMBIGUOUS))
        .alias("f"),
    )
    return Instants(result.select(pl.coalesce("u", "s")).to_series(), result["f"])


def _no_flags(length: int) -> pl.Series:
    """No flag for any row."""
    return pl.Series([None], dtype=pl.String()).new_from_index(0, length)
