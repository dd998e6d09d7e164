"""The customers that scores learn from and speak of, as the feature mart has them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from opsloop.errors import OpsloopError

if TYPE_CHECKING:
    from opsloop.workspace import Workspace

Floats = NDArray[np.float64]
Role = Literal["train", "holdout", "score"]

# How many days a feature looks back; one that looks further than the first training cut-off's history is left out,
# since it would mean less at early cut-offs than at late ones.
LOOKBACK_DAYS = {
    "recency_days": 30,
    "orders_30": 30,
    "orders_90": 60,
    "mean_gap_days": 60,
    "std_gap_days": 60,
    "longest_gap_days": 60,
    "last_gap_days": 60,
    "gap_ratio": 60,
    "revenue_mean": 60,
    "margin_mean": 60,
    "margin_30": 30,
    "margin_90": 60,
    "discount_rate": 60,
    "lost_rate": 60,
    "sessions_30": 30,
    "sessions_90": 60,
    "session_recency_days": 60,
    "orders_180": 180,
    "margin_180": 180,
    "tenure_days": 270,
    "order_days": 270,
    "cancellations": 270,
}
# Training draws whole customers, by the hash of their id, so that it stays fast on any number of them.
MOST_TRAINING_ROWS = 20_000
LEAST_DIFFERENT_CUSTOMERS = 20


@dataclass(frozen=True)
class CustomerTable:
    """Customers at each cut-off, in a fixed order, and the days that the labels look ahead."""

    frame: pl.DataFrame
    horizon_days: int

    def rows(self, *roles: Role) -> pl.DataFrame:
        """The customers at the cut-offs of the given roles."""
        return self.frame.filter(pl.col("cutoff_role").is_in(roles))

    def sample(self, *roles: Role) -> pl.DataFrame:
        """The same, cut down to a fixed draw of customers where there are too many rows to learn from."""
        rows = self.rows(*roles)
        keep = max(MOST_TRAINING_ROWS / max(rows.height, 1), 0)
        return rows if keep >= 1 else rows.filter(pl.col("draw") < keep)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Names of the features that mean the same at every cut-off and tell customers apart."""
        train = self.sample("train")
        first = train.filter(pl.col("cutoff_date") == train["cutoff_date"].min())
        history = largest(first["tenure_days"])
        long_enough = (name for name, days in LOOKBACK_DAYS.items() if days <= history)
        return tuple(name for name in long_enough if _tells_apart(train, name))

    @cached_property
    def digest(self) -> str:
        """Eight hex digits that change with any value of the table."""
        text = self.frame.write_csv(float_precision=9)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def largest(values: pl.Series) -> int:
    """The largest of whole numbers; 0 where there is none."""
    found = values.max()
    return found if isinstance(found, int) else 0


def _tells_apart(rows: pl.DataFrame, name: str) -> bool:
    """Whether enough customers differ from the most common value, so that each fold of a split sees some who do."""
    known = rows.select("person_id", name).drop_nulls()
    if known.is_empty():
        return False
    usual = known[name].mode().sort()[0]
    return known.filter(pl.col(name) != usual)["person_id"].n_unique() >= LEAST_DIFFERENT_CUSTOMERS


def matrix(rows: pl.DataFrame, features: tuple[str, ...]) -> Floats:
    """The features as floats, one row per customer and cut-off; an empty value is NaN."""
    return rows.select(pl.col(features).cast(pl.Float64).fill_null(float("nan"))).to_numpy()


def read_customers(workspace: Workspace) -> CustomerTable:
    """Read the feature mart; an `OpsloopError` where it is not built yet."""
    if not workspace.work_db.is_file():
        raise OpsloopError(f"{workspace.work_db}: no warehouse yet: run `opsloop run --until build` first")
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        try:
            return from_connection(connection, workspace.settings.scores.horizon_days, "marts.fct_customer_features")
        except duckdb.CatalogException:
            problem = f"{workspace.work_db}: fct_customer_features is not built"
            raise OpsloopError(f"{problem}: run `opsloop run --until build` first") from None


def from_connection(
    connection: duckdb.DuckDBPyConnection, horizon_days: int, relation: str = "fct_customer_features"
) -> CustomerTable:
    """Read a feature table; one built with another horizon than the settings' is an `OpsloopError`."""
    frame = connection.sql(f"""
        select *, ('0x' || substr(md5(person_id), 1, 8))::bigint / 4294967296.0 as draw
        from {relation} order by cutoff_date, person_id
    """).pl()
    found = frame["horizon_days"].unique().to_list()
    if found and found != [horizon_days]:
        raise OpsloopError(
            f"{relation} was built for a horizon of {found[0]} days, the settings say {horizon_days}: "
            "run `opsloop run --full-refresh`"
        )
    return CustomerTable(frame, horizon_days)
