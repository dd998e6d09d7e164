"""Which rows came from the company's own networks (I10): told on the way in, since an address lands only as a hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from ingestion.contract import OWN, Stream
from opsloop.networks import Networks


def with_own_marked(frame: pl.DataFrame, stream: Stream, networks: Sequence[str]) -> pl.DataFrame:
    """The rows with `is_internal` true where their address lies in one of the networks, and else as it was."""
    if stream.address is None or not networks:
        return frame
    own = Networks(networks)
    distinct = frame[stream.address].drop_nulls().unique()
    found = pl.Series([address in own for address in distinct], dtype=pl.Boolean())
    is_own = pl.col(stream.address).replace_strict(distinct, found, default=False, return_dtype=pl.Boolean())
    return frame.with_columns(pl.when(is_own).then(statement=True).otherwise(pl.col(OWN)).alias(OWN))


def fingerprint(stream: Stream, networks: Sequence[str]) -> str:
    """A mark that changes with the networks, so that files that still lie ready are read anew; else nothing."""
    if stream.address is None or not networks:
        return ""
    return hashlib.sha256(" ".join(sorted(set(networks))).encode()).hexdigest()[:16]
