"""Brings data in: sources, contracts, readers, landing; knows nothing of Dagster."""
