"""Runs one model's SQL on hand-made tables, without dbt."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from built_whole import BUILT_WHOLE

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MACROS = ("identity", "money", "time", "versions")
VARIABLES = {"time_zone": "UTC", "scores_purpose": "profiling"}


class _Adapter:
    """Stands for dbt's adapter: every dispatched macro is its default."""

    macros: dict[str, Any]

    def dispatch(self, name: str, _package: str) -> Any:
        """The default of a macro."""
        return self.macros[f"default__{name}"]


@cache
def sql_of(model: str) -> str:
    """The model, named from the folder of models, over tables called as its inputs are."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"])
    adapter = _Adapter()
    environment.globals.update(
        **BUILT_WHOLE,
        ref=lambda name: name,
        source=lambda _source, table: table,
        var=VARIABLES.__getitem__,
        adapter=adapter,
    )
    texts = [(PROJECT / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in MACROS]
    adapter.macros = dict(vars(environment.from_string("\n".join(texts)).module))
    environment.globals.update({name: macro for name, macro in adapter.macros.items() if not name.startswith("_")})
    text = (PROJECT / "models" / f"{model}.sql").read_text(encoding="utf-8")
    return environment.from_string(text).render()


def rows_of(connection: duckdb.DuckDBPyConnection, model: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Columns of the model's rows, sorted."""
    return connection.execute(f"select {columns} from ({sql_of(model)}) order by all").fetchall()
