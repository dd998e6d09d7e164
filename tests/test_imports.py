"""Who may import whom: the house's walls."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("opsloop", "ingestion", "models_ml", "dashboards", "orchestration")
BASE = {
    f"opsloop.{name}" for name in ("workspace", "errors", "settings", "sections", "funnels", "networks", "personal")
}
MAY_IMPORT: dict[str, set[str]] = {
    "opsloop/errors.py": set(),
    "opsloop/any_order.py": {"opsloop.funnels"},
    "opsloop/funnels.py": {"opsloop.any_order"},
    "opsloop/networks.py": set(),
    "opsloop/personal.py": set(),
    "opsloop/sections.py": {"opsloop.funnels"},
    "opsloop/settings.py": {"opsloop.errors", "opsloop.networks", "opsloop.sections"},
    "opsloop/workspace.py": {"opsloop.errors", "opsloop.settings"},
    "opsloop/demo": BASE | {"opsloop.demo"},
    "ingestion": BASE | {"ingestion"},
    "models_ml": BASE | {"models_ml"},
    "dashboards": BASE | {"dashboards"},
    "orchestration": BASE | {"orchestration", "ingestion", "models_ml", "dashboards"},
}


def _imports(path: Path) -> set[str]:
    """Modules of ours that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


def _files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("place", MAY_IMPORT, ids=str)
def test_a_place_imports_only_what_it_may(place: str) -> None:
    """Ingestion knows nothing of Dagster's wiring, orchestration is imported by the command line alone."""
    files = _files(place)
    assert files
    for path in files:
        for name in _imports(path):
            allowed = any(name == one or name.startswith(f"{one}.") for one in MAY_IMPORT[place])
            assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_only_the_workspace_reads_the_clock() -> None:
    """X10: `as_of` is a setting; nothing else asks what time it is."""
    readers = []
    for place in ("opsloop", "ingestion", "models_ml", "dashboards", "orchestration"):
        for path in _files(place):
            text = path.read_text(encoding="utf-8")
            if any(word in text for word in ("datetime.now(", "date.today(", "utcnow(", "time.time(")):
                readers.append(str(path.relative_to(ROOT)))
    assert readers == ["opsloop/workspace.py"]
