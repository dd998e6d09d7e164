"""What there is to land: for each stream that is switched on, the files that lie ready, in a fixed order."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingestion import mapping, own_networks, readers, registry
from ingestion.contract import Source, Stream
from ingestion.readers import Chunk, Hints
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Read = Callable[[Path], Iterator[Chunk]]
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class Input:
    """One file to land: where it lies, what the lake calls it, and how it is read, given a scratch folder."""

    path: Path
    name: str
    stream: Stream
    read: Read
    fingerprint: str = ""


@dataclass(slots=True)
class Job:
    """The files of one stream of one source (for mapped streams: of the company's own source name)."""

    source: str
    stream: Stream
    source_name: str
    inputs: list[Input] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def switched_on(ws: Workspace) -> list[Source]:
    """The sources that the settings switch on, in registry order; raises OpsloopError for an unknown name."""
    wanted = {registry.source(name).name for name in ws.settings.sources if name != "mapped"}
    if ws.settings.mappings:
        wanted.add("mapped")
    return [source for source in registry.discover() if source.name in wanted]


def streams_on(ws: Workspace) -> set[tuple[str, str]]:
    """Source and name of each stream that is switched on; a mapped one is on where a mapping fills it."""
    on = {
        (source.name, stream.name) for source in switched_on(ws) for stream in source.streams if source.name != "mapped"
    }
    return on | {("mapped", spec.stream) for spec in mapping.load_all(ws)}


def jobs(ws: Workspace, select: Collection[str] | None = None, names: Collection[str] | None = None) -> list[Job]:
    """What there is to land, of the sources or streams in `select` and the file names in `names`, all without them.

    Raises OpsloopError for an unknown source or stream.
    """
    found = [_dropped(ws, source, stream) for source in switched_on(ws) for stream in source.streams]
    found = [job for job in found if job.source != "mapped" or job.inputs]
    found += _mapped(ws)
    if names is not None:
        for job in found:
            job.inputs = [given for given in job.inputs if given.path.name in names]
    if not select:
        return found
    wanted = {name.removeprefix("landing/") for name in select}
    for name in sorted(wanted):
        _check_known(name)
    return [job for job in found if {job.source, job.stream.name, f"{job.source}/{job.stream.name}"} & wanted]


def _check_known(name: str) -> None:
    """Return if a source or a stream has the name; raise OpsloopError otherwise."""
    if name not in {source.name for source in registry.discover()}:
        registry.stream(name)


def _dropped(ws: Workspace, source: Source, stream: Stream) -> Job:
    """A stream's files in the drop folder, sorted by name."""
    folder = ws.landing / source.name / stream.name
    job = Job(source.name, stream, source.name)
    mark = own_networks.fingerprint(stream, ws.settings.internal_networks)
    for path in sorted(folder.rglob("*"), key=str):
        if path.is_file() and is_ready(path) and fnmatch.fnmatch(path.name, stream.glob):
            name = path.relative_to(ws.landing).as_posix()
            job.inputs.append(Input(path, name, stream, _reader(path, stream), mark))
    return job


def is_ready(path: Path) -> bool:
    """Whether a file is one to land: not hidden, and not named as unfinished."""
    return not path.name.startswith((".", "_")) and not path.name.endswith(UNFINISHED)


def _reader(path: Path, stream: Stream) -> Read:
    """Reads the file as the stream's contract hints."""
    hints = Hints(tuple(stream.vendor_names.values()), stream.records, stream.delimiter, stream.encoding)

    def read(scratch: Path) -> Iterator[Chunk]:
        return readers.read(path, hints, scratch)

    return read


def _mapped(ws: Workspace) -> list[Job]:
    """One job per canonical stream and source name that mapping files fill."""
    found: dict[tuple[str, str], Job] = {}
    for spec in mapping.load_all(ws):
        stream = mapping.canonical(spec)
        job = found.setdefault((stream.name, spec.source), Job("mapped", stream, spec.source))
        try:
            files = mapping.files(ws, spec)
            fingerprint = mapping.fingerprint(ws, spec)
        except OpsloopError as error:
            job.messages.append(str(error))
            continue
        for path, name in files:
            read = mapping.reader(ws, spec, path)
            job.inputs.append(Input(path, name, mapping.effective(spec), read, fingerprint))
    for job in found.values():
        job.inputs.sort(key=lambda given: given.name)
    return list(found.values())


def unclaimed(ws: Workspace) -> list[str]:
    """One line for each folder of the drop folder that no stream switched on takes files from."""
    claimed = {f"{source.name}/{stream.name}" for source in switched_on(ws) for stream in source.streams}
    lines = []
    for path in sorted(ws.landing.glob("*/*"), key=str):
        name = path.relative_to(ws.landing).as_posix()
        waiting = sum(1 for file in path.rglob("*") if file.is_file()) if path.is_dir() else 1
        if name not in claimed and waiting:
            lines.append(f"landing/{name}: no stream that is switched on takes this; {waiting} file(s) wait")
    return lines
