"""Tests of ingestion share the small workspace's fixtures."""

from __future__ import annotations

from small_workspace import drop, rows, ws

__all__ = ["drop", "rows", "ws"]
