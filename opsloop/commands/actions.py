"""`actions add`, `list` and `close`: the loop from a finding to what was learnt."""

from __future__ import annotations

import argparse
import sys

from opsloop.workspace import Workspace

# As in dashboards.actions.action, which is not imported for `--help`.
STATUSES = ("open", "due", "closed")
OUTCOMES = ("worked", "failed", "unclear")


def actions_add(options: argparse.Namespace) -> int:
    """Write an action down and print its number."""
    from dashboards.actions_cli import add_action

    written = {name: getattr(options, name) for name in ("finding", "metric", "expected", "owner", "due")}
    workspace = Workspace.open(options.workspace)
    print(add_action(workspace, options.lang, _remark, condition=options.where, **written), end="")
    return 0


def actions_list(options: argparse.Namespace) -> int:
    """Print actions with the effects of those that are due or closed."""
    from dashboards.actions_cli import list_actions

    workspace = Workspace.open(options.workspace)
    print(list_actions(workspace, options.lang, options.status, options.search, options.format), end="")
    return 0


def actions_close(options: argparse.Namespace) -> int:
    """Close an action with what was learnt."""
    from dashboards.actions_cli import close_action

    workspace = Workspace.open(options.workspace)
    print(close_action(workspace, options.lang, options.id, options.learning, options.outcome), end="")
    return 0


def _remark(text: str) -> None:
    print(text, file=sys.stderr)
