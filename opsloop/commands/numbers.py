"""`metrics list`, `show` and `query`: numbers from the published snapshot."""

from __future__ import annotations

import argparse
import sys

from opsloop.workspace import Workspace


def metrics_list(options: argparse.Namespace) -> int:
    """Print every metric, or those whose catalogue entry holds all words."""
    from dashboards.metrics_cli import list_metrics

    print(list_metrics(Workspace.open(options.workspace), options.lang, " ".join(options.words)), end="")
    return 0


def metrics_show(options: argparse.Namespace) -> int:
    """Print what a metric means."""
    from dashboards.metrics_cli import show_metric

    print(show_metric(Workspace.open(options.workspace), options.metric, options.lang), end="")
    return 0


def metrics_query(options: argparse.Namespace) -> int:
    """Print numbers in the asked format; without dates, over all that there is."""
    from dashboards.metrics_cli import query_metrics

    workspace = Workspace.open(options.workspace)
    answer = query_metrics(
        workspace,
        options.metrics,
        by=[name for text in options.by for name in text.split(",") if name],
        grain=options.grain,
        start=options.start,
        end=options.end,
        where=options.where,
        as_of=options.as_of,
        format=options.format,
        tell=lambda remark: print(remark, file=sys.stderr),
    )
    if isinstance(answer, bytes):
        sys.stdout.buffer.write(answer)
    else:
        print(answer, end="")
    return 0
