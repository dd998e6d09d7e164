"""The company's weeks, under the name by which packs know them."""

from __future__ import annotations

from dashboards.weeks import Week, last_week, named_week, week_of

__all__ = ["Week", "last_week", "named_week", "week_of"]
