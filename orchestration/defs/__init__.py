"""Dagster's assets, checks and schedules, one file per stage."""
