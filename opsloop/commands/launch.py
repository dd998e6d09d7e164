"""`run`, `pack`, `serve` and `dev`: running the line, and serving what it made."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from opsloop.errors import OpsloopError
from opsloop.progress import Display, say
from opsloop.workspace import Workspace
from orchestration.lock import NICENESS
from orchestration.pipeline import STAGES, RunReport, require_published
from orchestration.pipeline import run as run_pipeline

__all__ = ["STAGES", "dev", "pack", "run", "serve"]


def run(options: argparse.Namespace) -> int:
    """Run the stages, and say what came in, what was set aside, what was checked and what was published.

    The process gives way to those who read pages on the same machine.
    """
    workspace = Workspace.open(options.workspace)
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    report = run_pipeline(
        workspace, Display(), until=options.until, select=options.select, full_refresh=options.full_refresh
    )
    for line in _summary(report):
        print(line)
    return report.exit_status


def _summary(report: RunReport) -> Iterator[str]:
    landed = report.landed
    if landed is not None:
        yield (
            f"rows    read {landed.read:,} = landed {landed.landed:,} + duplicates {landed.duplicates:,}"
            f" + quarantined {landed.quarantined:,} + refused {landed.refused:,}"
        )
        yield from (f"  {message}" for message in landed.messages)
        if landed.quarantined:
            yield "  see `opsloop quarantine list`"
    if report.nothing_new:
        yield f"nothing new: snapshot {report.snapshot_id} is up to date ({sum(report.stages.values()):.1f} s)"
        return
    build = report.build
    if "build" in report.stages:
        yield f"checks  {build.passed} passed, {build.warned} warned, {build.failed} failed, over {build.built} models"
    yield from (f"  warned: {message}" for message in [*build.messages, *report.warnings])
    yield from (f"scores  {message}" for message in report.scores)
    if report.snapshot_id:
        yield f"published {report.snapshot_id}"
    yield from (f"pack    {path}" for path in report.packs)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.stages.items())
    yield f"times   {times}; {sum(report.stages.values()):.1f} s in all"


def pack(options: argparse.Namespace) -> int:
    """Make one week's review pack and print where it is."""
    from dashboards.packs import make_pack

    workspace = Workspace.open(options.workspace)
    require_published(workspace)
    print(make_pack(workspace, options.week, options.lang, options.out))
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve the dashboards, with `--all` Dagster's UI beside them, until Ctrl-C."""
    return _serve(options, dashboards=True, dagster=options.all)


def dev(options: argparse.Namespace) -> int:
    """Start Dagster's UI, with `--all` the dashboards beside it, until Ctrl-C."""
    return _serve(options, dashboards=options.all, dagster=True)


def _serve(options: argparse.Namespace, *, dashboards: bool, dagster: bool) -> int:
    from orchestration import servers

    workspace = Workspace.open(options.workspace)
    chosen = []
    if dashboards:
        chosen.append(servers.dashboards(workspace, options.port))
    if dagster:
        chosen.append(servers.dagster(workspace, options.dagster_port))
    with servers.running(chosen) as started:
        for server in started:
            say(f"starting {server.title} on {server.address} …")
        for server in started:
            server.wait_until_healthy()
            print(f"{server.title}: {server.address}", flush=True)
        if dashboards and not options.probe:
            say("opening a page once, so that the first reader does not wait …")
            next(started[0].probe(), None)
        if options.probe:
            for server in started:
                for line in server.probe():
                    print(f"  answered: {line}", flush=True)
            return 0
        say("Ctrl-C ends it")
        try:
            dead = servers.wait(started)
        except KeyboardInterrupt:
            say("stopping …")
            return 0
    raise OpsloopError(f"{dead.title} stopped by itself: see {dead.log}")
