"""MetricFlow's SQL as DuckDB answers it sooner; imported where an engine is made, as MetricFlow is slow to load."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from metricflow.sql.render.duckdb_renderer import DuckDbSqlExpressionRenderer, DuckDbSqlPlanRenderer


class Expressions(DuckDbSqlExpressionRenderer):
    """A column of days stands for itself, so that a range of days skips what a mart keeps of others.

    Every time dimension is a column of days: a test holds the marts to it.
    """

    def visit_date_trunc_expr(self, node: Any) -> Any:
        """Render a day without cutting it off once more."""
        return (
            self.render_sql_expr(node.arg)
            if node.time_granularity.value == "day"
            else super().visit_date_trunc_expr(node)
        )


class Dialect(DuckDbSqlPlanRenderer):
    """Each part of a query reads a mart by its own filter, where all would read it whole and keep it aside."""

    EXPR_RENDERER = Expressions()

    def visit_cte_node(self, node: Any) -> Any:
        """Render a part that others read, to be merged into each of them."""
        rendered = super().visit_cte_node(node)
        return replace(rendered, sql=rendered.sql.replace(" AS (", " AS NOT MATERIALIZED (", 1))
