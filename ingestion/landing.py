"""Lands what lies ready: each stream's new files become one batch of the lake, whole or not at all (I4, I5, X8)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection

import duckdb

from ingestion import commitlog, taking
from ingestion.batch import Batch, Staged, scratch_folder
from ingestion.commitlog import Commit, LandedFile
from ingestion.jobs import Input, Job, jobs, unclaimed
from ingestion.readers import FileRefused
from ingestion.refusals import Refusals
from ingestion.report import LandReport, StreamReport
from ingestion.taking import Candidate, cannot_read, sha256
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Progress = Callable[[int, int], None]


class _Landing:
    """One run over what lies ready: the workspace, what is committed and what is refused."""

    def __init__(self, ws: Workspace, *, is_partial: bool) -> None:
        self.ws = ws
        self.is_partial = is_partial
        self.committed = commitlog.commits(ws)
        self.refusals = Refusals(ws)

    def job(self, job: Job) -> StreamReport:
        """Land one stream's new files as one batch, and add its commit to those known."""
        report = StreamReport(job.source, job.stream.name, job.source_name, messages=list(job.messages))
        if not self.is_partial:
            self.refusals.look_at(job)
        fresh = self._new(job, report)
        if not fresh:
            return report
        number = commitlog.next_batch(self.committed)
        scratch = scratch_folder(self.ws, number)
        batch = Batch(self.ws, number, job.source, job.stream, job.source_name, scratch, self.committed)
        with batch.connect() as con:
            files = self._take(job, batch, fresh, report)
            if files:
                entry = batch.finish(con, files, report.refused)
                self.committed.append(entry)
                _account(report, entry)
        report.read = max(report.read, report.refused)
        return report

    def _new(self, job: Job, report: StreamReport) -> list[Candidate]:
        """The files that no batch has taken in yet, hashed; bytes that were landed before add nothing (I5)."""
        mine = [c for c in self.committed if (c.source, c.stream) == (job.source, job.stream.name)]
        mine = [c for c in mine if c.source_name == job.source_name]
        files = _counting([f for c in mine for f in c.files], {given.fingerprint for given in job.inputs})
        known = {(f.path, f.size, f.mtime_ns, f.fingerprint) for f in files}
        landed = {(f.sha256, f.fingerprint): f.path for f in files}
        fresh: list[Candidate] = []
        for given in job.inputs:
            try:
                stat = given.path.stat()
                if (given.name, stat.st_size, stat.st_mtime_ns, given.fingerprint) in known:
                    continue
                old = self.refusals.known(job, given, stat.st_size, stat.st_mtime_ns)
                if old is not None:
                    _tell(report, old)
                    continue
                candidate = Candidate(given, stat.st_size, stat.st_mtime_ns, sha256(given.path))
            except OSError as error:
                self._refuse(job, given, cannot_read(error, self.ws), report)
                continue
            self._unless_twin(job, candidate, landed, fresh, report)
        return fresh

    def _unless_twin(
        self,
        job: Job,
        candidate: Candidate,
        landed: dict[tuple[str, str], str],
        fresh: list[Candidate],
        report: StreamReport,
    ) -> None:
        """Add the file to those to land, unless its bytes have landed, under its own name or another."""
        given = candidate.given
        twin = landed.get((candidate.sha256, given.fingerprint))
        if twin is None:
            landed[candidate.sha256, given.fingerprint] = given.name
            fresh.append(candidate)
            return
        self.refusals.note(job, given, "", is_passing=False)
        if twin != given.name:
            report.messages.append(f"{given.name}: the same bytes as {twin}, so nothing to add")

    def _take(
        self,
        job: Job,
        batch: Batch,
        fresh: list[Candidate],
        report: StreamReport,
    ) -> list[LandedFile]:
        """Take each file into the batch or refuse it; the entries for the log."""
        files: list[LandedFile] = []
        for group in taking.groups(batch, fresh):
            for one in taking.stage(batch, group):
                if one.error:
                    report.refused += one.staged.read
                    self._refuse(job, one.candidate.given, one.error, report)
                    continue
                _remark(one.staged, report)
                files.append(_entry(one.candidate, one.staged))
        return files

    def _refuse(self, job: Job, given: Input, error: FileRefused, report: StreamReport) -> None:
        """Note a refused file with one line; it stays where it is."""
        message = f"{given.name}: {error}"
        self.refusals.note(job, given, message, is_passing=error.is_passing)
        _tell(report, message)


def land(
    ws: Workspace,
    select: list[str] | None = None,
    progress: Progress | None = None,
    names: Collection[str] | None = None,
) -> LandReport:
    """Land every new file of the streams in `select` named in `names` (all without them); what is refused is reported.

    `progress` is told how many streams are done, of how many.

    Raises OpsloopError for wrong settings, an unknown name in `select`, or a lake that cannot be written.
    """
    work = jobs(ws, select, names)
    report = LandReport(notes=unclaimed(ws))
    try:
        if swept := commitlog.sweep(ws):
            report.notes.append(f"swept what {swept} interrupted landing(s) had left; their files land again")
        landing = _Landing(ws, is_partial=names is not None)
        for done, job in enumerate(work, start=1):
            report.streams.append(landing.job(job))
            if progress:
                progress(done, len(work))
        shutil.rmtree(ws.lake / "_scratch", ignore_errors=True)
        landing.refusals.store()
    except OSError as error:
        raise OpsloopError(f"{error.filename or ws.lake}: cannot write the lake ({error.strerror})") from error
    except duckdb.Error as error:
        raise OpsloopError(f"{ws.lake}: cannot write the lake ({' '.join(str(error).split())[:200]})") from error
    return report


def _counting(files: list[LandedFile], used: set[str]) -> list[LandedFile]:
    """The files, oldest first, but for those that were later read in a way that is used no more: they are read anew."""
    abandoned = {file.sha256: n for n, file in enumerate(files) if file.fingerprint not in used}
    return [file for n, file in enumerate(files) if n > abandoned.get(file.sha256, -1)]


def _entry(candidate: Candidate, staged: Staged) -> LandedFile:
    """The file as the commit log remembers it."""
    given = candidate.given
    state = (candidate.size, candidate.mtime_ns, candidate.sha256)
    return LandedFile(given.name, *state, given.fingerprint, staged.read, staged.filtered)


def _account(report: StreamReport, entry: Commit) -> None:
    """Copy a commit's figures into the report."""
    report.batch = entry.batch
    report.files = len(entry.files)
    report.read, report.duplicates, report.landed = entry.read, entry.duplicates, entry.landed
    report.quarantined, report.flags = entry.quarantined, entry.flags
    for flag, count in entry.flags.items():
        report.messages.append(f"{report.name}: {count} local time(s) {flag.replace(':', ' ')}")


def _remark(staged: Staged, report: StreamReport) -> None:
    """Say what a person would wonder about: no rows, rows that a filter left out, personal values undeclared."""
    for column, count in staged.hashed.items():
        report.messages.append(f"{staged.name}: {count} value(s) of {column!r} look personal and landed hashed")
    if staged.filtered:
        report.messages.append(f"{staged.name}: {staged.filtered} row(s) left out by the mapping's filter")
    elif staged.read == 0:
        report.messages.append(f"{staged.name}: a header and no rows, so nothing to add")


def _tell(report: StreamReport, message: str) -> None:
    """Count a refused file and say why; one that merely brought nothing is not spoken of again."""
    if message:
        report.refused_files += 1
        report.messages.append(message)
