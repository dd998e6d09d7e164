"""The demo company: a seeded simulator of one believable tea shop that writes exports in its vendors' own shapes."""

from __future__ import annotations

from opsloop.demo.company import demo_settings
from opsloop.demo.make import make_demo
from opsloop.demo.manifest import DemoReport

__all__ = ["DemoReport", "demo_settings", "make_demo"]
