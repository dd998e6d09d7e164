"""Lifetime value: the net margin expected of a customer within the horizon, with an interval (L2)."""
