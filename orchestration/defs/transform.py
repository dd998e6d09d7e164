"""The dbt project as assets, in four slices: up to identity, up to paths, the marts, and what needs scores."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtCliRuntimeError, DbtCliInvocation, DbtCliResource, dbt_assets
from dagster_dbt.utils import select_unique_ids

from opsloop.workspace import Workspace
from orchestration import facts, increment, tally, transform
from orchestration.lock import run_lock
from orchestration.translator import Translator

COMPUTED = ("person_ids", "attribution_weights", "customer_scores")


def resources(workspace: Workspace) -> dict[str, Any]:
    """dbt, started by the interpreter's own folder, with its files inside the workspace."""
    return {
        "dbt": DbtCliResource(
            project_dir=str(transform.PROJECT),
            profiles_dir=str(transform.PROJECT),
            dbt_executable=str(Path(sys.executable).parent / "dbt"),
        )
    }


def assets(workspace: Workspace) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Four sets of assets that together hold every model, seed and test, and the workspace's tables they read."""
    last = transform.AFTER_SCORES
    manifest = json.loads(transform.manifest(workspace).read_text(encoding="utf-8"))
    return [
        *_own_tables(manifest),
        *(
            _slice(workspace, manifest, name, " ".join(step.select) or "fqn:*", " ".join((*step.exclude, last)))
            for name, step in increment.STEPS.items()
        ),
        _slice(workspace, manifest, "after_scores", last, ""),
    ]


def _own_tables(manifest: dict[str, Any]) -> list[dg.AssetSpec]:
    """What landing and the settings leave for dbt beside the streams; nothing in the graph makes these by itself."""
    sources = [source for source in manifest["sources"].values() if source["source_name"] == "workspace"]
    return [
        dg.AssetSpec(["workspace", source["name"]], group_name="workspace", description=source["description"])
        for source in sources
        if source["name"] not in COMPUTED
    ]


def _slice(workspace: Workspace, manifest: dict[str, Any], name: str, select: str, exclude: str) -> dg.AssetsDefinition:
    days = facts.time_columns(manifest)

    @dbt_assets(
        manifest=manifest,
        name=f"dbt_{name}",
        select=_names(manifest, select, exclude),
        dagster_dbt_translator=Translator(),
        pool="warehouse",
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def built(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        # A failure leaves the step undone, and what was built before it is told all the same.
        with run_lock(workspace), suppress(dg.Failure), _ready(workspace, name, context.is_subset):
            target = workspace.state / "dbt" / "target"
            # A test that spans two slices runs with the later one.
            os.environ["DBT_INDIRECT_SELECTION"] = "buildable"
            call = dbt.cli(["build", *_options(workspace)], context=context, target_path=target)
            events, failure = _finish(call)
            tally.remember(workspace, target)
            outputs = list(_with_facts(workspace, events, days))
            if failure:
                raise dg.Failure(failure)
        yield from outputs
        if failure:
            raise dg.Failure(failure, allow_retries=False)

    return built


def _ready(workspace: Workspace, name: str, is_part: bool) -> AbstractContextManager[None]:
    """The warehouse readied for a slice of the graph; where only a part of it is built, the next run builds whole."""
    if name not in increment.STEPS:
        transform.prepare(workspace)
        return nullcontext()
    if is_part:
        increment.forget(workspace)
        return nullcontext()
    return increment.step(workspace, name)


def _names(manifest: dict[str, Any], select: str, exclude: str) -> str:
    """The slice's models and seeds by name: to exclude the others would leave out the tests that reach into them."""
    found = select_unique_ids(select, exclude, "", None, manifest)
    nodes = [manifest["nodes"][key] for key in found if key in manifest["nodes"]]
    return " ".join(sorted(node["name"] for node in nodes if node["resource_type"] in {"model", "seed"}))


def _options(workspace: Workspace) -> list[str]:
    """The options of dbt that Dagster does not set itself."""
    arguments = transform.common_arguments(workspace)
    return [*transform.BUILD_OPTIONS, *arguments[arguments.index("--log-path") :]]


def _finish(call: DbtCliInvocation) -> tuple[list[Any], str | None]:
    """All events of a call that has ended, what was built before a failure included, and why it failed."""
    events: list[Any] = []
    try:
        events.extend(call.stream())
    except DagsterDbtCliRuntimeError as error:
        return events, str(error)
    except KeyError as error:
        return events, f"dbt has {error}, which these definitions lack: reload them, the project has changed"
    finally:
        _end(call)
    return events, None


def _end(call: DbtCliInvocation) -> None:
    """A dbt that goes on after its reader has failed would keep the warehouse from everybody else."""
    if call.process.poll() is None:
        call.process.terminate()
        call.process.wait()


def _with_facts(workspace: Workspace, events: list[Any], days: dict[str, str]) -> Iterator[Any]:
    """The same events, a model's with its row count, first rows and, where it has a day, its rows by day."""
    with facts.reading(workspace) as connection:
        for event in events:
            if not isinstance(event, dg.Output):
                yield event
                continue
            schema, table = event.output_name.split("__", 1)
            found = facts.of_table(connection, schema, table, days.get(table))
            yield dg.Output(None, event.output_name, metadata={**event.metadata, **found})
