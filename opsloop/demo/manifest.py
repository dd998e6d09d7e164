"""What a drop folder already holds: a demo is made once, never mixed with another, and made anew if it was killed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opsloop.demo.company import SOURCES
from opsloop.demo.plan import Plan
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

FILE = "manifest.json"


@dataclasses.dataclass(frozen=True, slots=True)
class DemoReport:
    """What a demo run wrote, or found in place."""

    start: dt.date
    until: dt.date
    files: int
    events: int
    orders: int
    customers: int
    truth: Path


def read_manifest(ws: Workspace) -> dict[str, Any]:
    """What the last demo run of the workspace noted down; empty where there was none."""
    file = ws.root / "truth" / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def exports(ws: Workspace) -> Iterator[Path]:
    """Every file in the drop folders of the demo's sources."""
    for source in SOURCES:
        yield from sorted(path for path in (ws.landing / source).rglob("*") if path.is_file())


def _asked(plan: Plan) -> dict[str, Any]:
    return {"start": str(plan.start), "until": str(plan.until), "events": plan.events, "seed": plan.seed}


def _simulator() -> str:
    """A digest of the simulator's own code: another one makes another company from the same seed."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def in_place(ws: Workspace, plan: Plan) -> DemoReport | None:
    """The report of an earlier run for the same plan, if its files are all there; raises OpsloopError for another plan.

    Rows already landed are never mixed with those of another company: then files stay, even if the code has changed.
    """
    known = read_manifest(ws)
    landed = any(ws.lake.iterdir())
    if not known:
        if next(exports(ws), None) is not None:
            raise OpsloopError(f"{ws.landing}: already holds exports: choose another folder with --workspace")
        return None
    same = known["asked"] == _asked(plan)
    if landed and not same:
        text = ", ".join(f"{key} {value}" for key, value in known["asked"].items())
        raise OpsloopError(f"{ws.root}: holds another demo company ({text}): choose another folder with --workspace")
    whole = known["state"] == "made" and all((ws.landing / name).exists() for name in known["files"])
    if same and whole and (landed or known["simulator"] == _simulator()):
        counts = known["counts"]
        return DemoReport(plan.start, plan.until, len(known["files"]), **counts, truth=ws.root / "truth")
    return None


def begin(ws: Workspace, plan: Plan) -> None:
    """Take away the files of an earlier run, all of them if it was killed, and note down that a new one has begun."""
    known = read_manifest(ws)
    made = known.get("state") == "made"
    for path in [ws.landing / name for name in known.get("files", [])] if made else list(exports(ws)):
        path.unlink(missing_ok=True)
    _write(ws, {"state": "making", "asked": _asked(plan), "simulator": _simulator(), "files": [], "counts": {}})


def finish(ws: Workspace, plan: Plan, counts: dict[str, int]) -> DemoReport:
    """Note down what was made."""
    files = [path.relative_to(ws.landing).as_posix() for path in exports(ws)]
    known = {"state": "made", "asked": _asked(plan), "simulator": _simulator(), "files": files, "counts": counts}
    _write(ws, known)
    return DemoReport(plan.start, plan.until, len(files), **counts, truth=ws.root / "truth")


def _write(ws: Workspace, known: dict[str, Any]) -> None:
    file = ws.root / "truth" / FILE
    file.parent.mkdir(exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    part.replace(file)
