"""Arrow as the demo uses it, without static types: its stubs refuse building arrays from numpy and scalars."""

from __future__ import annotations

import importlib
from typing import Any, TypeAlias

Arrow: TypeAlias = Any
pa: Any = importlib.import_module("pyarrow")
pc: Any = importlib.import_module("pyarrow.compute")
pq: Any = importlib.import_module("pyarrow.parquet")
