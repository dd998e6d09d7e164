"""Files that were refused and why, so that each run says so again without reading them again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from ingestion.jobs import Input, Job


@dataclass(frozen=True, slots=True)
class Refusal:
    """One file that was not landed: what it was when it was refused, by which contract, and the line that says why.

    An empty message is a file that brought nothing new under another name; a passing one is tried again each run.
    """

    source: str
    stream: str
    file: str
    size: int
    mtime_ns: int
    contract: str
    message: str
    seen_at: str
    is_passing: bool = False


class Refusals:
    """The refused files of a workspace, as found so far in this run."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.path = ws.state / "ingestion" / "refused.json"
        self.before = {(r.source, r.stream, r.file): r for r in load(ws)}
        self.now: dict[tuple[str, str, str], Refusal] = {}
        self.looked_at: set[tuple[str, str]] = set()

    def look_at(self, job: Job) -> None:
        """From here on, what was known of the job's stream holds only if it is found again."""
        self.looked_at.add((job.source, job.stream.name))

    def known(self, job: Job, given: Input, size: int, mtime_ns: int) -> str | None:
        """The message of an earlier refusal of this very file by this very contract, or nothing."""
        old = self.before.get((job.source, job.stream.name, given.name))
        if old is None or old.is_passing:
            return None
        if (old.size, old.mtime_ns, old.contract) != (size, mtime_ns, _contract(given)):
            return None
        self.now[old.source, old.stream, old.file] = old
        return old.message

    def note(self, job: Job, given: Input, message: str, *, is_passing: bool) -> None:
        """Remember that the file was refused, or with an empty message that it brought nothing."""
        try:
            stat = given.path.stat()
            size, mtime_ns = stat.st_size, stat.st_mtime_ns
        except OSError:
            size, mtime_ns = 0, 0
        seen_at = self.ws.clock().isoformat()
        key = (job.source, job.stream.name, given.name)
        self.now[key] = Refusal(*key, size, mtime_ns, _contract(given), message, seen_at, is_passing)

    def store(self) -> None:
        """Write what holds now: this run's refusals, and earlier ones of streams that it did not look at."""
        kept = {key: old for key, old in self.before.items() if key[:2] not in self.looked_at}
        after = kept | self.now
        if after == self.before:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps([asdict(r) for r in after.values()], ensure_ascii=False, indent=1), "utf-8")
        os.replace(temporary, self.path)  # noqa: PTH105


def load(ws: Workspace) -> list[Refusal]:
    """The files refused at the last landing, those that brought nothing included; none where the list is unreadable."""
    path = ws.state / "ingestion" / "refused.json"
    try:
        return [Refusal(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return []


def _contract(given: Input) -> str:
    """A mark of the contract and the mapping by which the file is judged."""
    return hashlib.sha256(f"{given.stream!r} {given.fingerprint}".encode()).hexdigest()[:16]
