"""Proposed actions: what slipped beyond its natural limits, what accounts for it, what bringing it back is worth."""

from dashboards.proposals.rules import RULES, Proposal, proposals

__all__ = ["RULES", "Proposal", "proposals"]
