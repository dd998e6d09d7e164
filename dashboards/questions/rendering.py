"""Renders the macros of `dbt_project/macros/questions/` without dbt."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "questions"


@cache
def _macros() -> str:
    """Every macro of every question, as dbt sees them: one space of names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql")))


@cache
def _template(call: str) -> Template:
    environment = Environment(undefined=StrictUndefined)  # SQL is no markup: nothing is escaped for HTML
    return environment.from_string(_macros() + "\n" + call)


def render(call: str, **values: Any) -> str:
    """Return the SQL of a template that calls macros, such as `{{ funnel_counts(q) }}`; check values before."""
    return _template(call).render(values).strip()
