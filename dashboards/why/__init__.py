"""Why a metric changed between two periods (N3): what its segments add, mix and rate apart, exact to the total."""

from dashboards.why.explain import Change, Comparison, explain
from dashboards.why.split import Part, Split

__all__ = ["Change", "Comparison", "Part", "Split", "explain"]
