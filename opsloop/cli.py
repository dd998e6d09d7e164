"""The command line: every command, its options and its exit status (0 done, 1 failed, 2 wrong use, 3 warned)."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from opsloop.commands import actions, credit, data, launch, numbers, setup
from opsloop.errors import OpsloopError, UsageError

EPILOG = "Exit status: 0 done, 1 failed, 2 wrong use, 3 done but something was quarantined or a check warned."


class _Parser(argparse.ArgumentParser):
    """A parser whose mistakes are one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}: see `{self.prog} --help`")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a date such as 2026-03-01, found {text!r}") from None


def _moment(text: str) -> dt.date | dt.datetime:
    try:
        return _day(text) if len(text) == len("2026-03-01") else dt.datetime.fromisoformat(text)
    except ValueError:
        found = f"expected a date such as 2026-03-01, or a time such as 2026-03-01T18:00, found {text!r}"
        raise argparse.ArgumentTypeError(found) from None


def _parser() -> _Parser:
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--workspace",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="the workspace (default: the variable OPSLOOP_WORKSPACE, else data/)",
    )
    shared.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the trace of an error")
    parser = _Parser(
        prog="opsloop", description="From exports to decisions, on one machine.", epilog=EPILOG, parents=[shared]
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for add in (_add_setup, _add_run, _add_data, _add_numbers, _add_credit, _add_actions):
        add(commands, shared)
    return parser


def _add_setup(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    init = commands.add_parser("init", parents=[shared], help="make a workspace")
    init.add_argument("directory", type=Path, metavar="DIR")
    init.add_argument("--example", choices=setup.examples(), help="start from an example's settings and mappings")
    init.set_defaults(run=setup.init)
    demo = commands.add_parser("demo", parents=[shared], help="make the demo company's exports in the workspace")
    demo.add_argument("--size", choices=["small", "full"], default="small")
    demo.add_argument("--events", type=int, metavar="N", help="about this many web events")
    demo.add_argument("--months", type=int, default=26, metavar="N", help="months of history (default 26)")
    demo.add_argument("--until", type=_day, metavar="DATE", help="the last day (default: yesterday)")
    demo.add_argument("--seed", type=int, default=7, metavar="N")
    demo.set_defaults(run=setup.demo)
    doctor = commands.add_parser("doctor", parents=[shared], help="check the machine and the workspace")
    doctor.set_defaults(run=setup.doctor)


def _add_run(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    run = commands.add_parser("run", parents=[shared], help="ingest, build, score, publish and make the pack")
    run.add_argument("--until", choices=launch.STAGES, default="pack", help="the last stage to run")
    run.add_argument(
        "--select", nargs="+", action="extend", default=[], metavar="NAME", help="sources, streams or models"
    )
    run.add_argument("--full-refresh", action="store_true", help="build again even where nothing is new")
    run.set_defaults(run=launch.run)
    pack = commands.add_parser("pack", parents=[shared], help="make a week's review pack")
    pack.add_argument("--week", metavar="2026-W10", help="the week (default: the last complete one)")
    pack.add_argument("--lang", choices=["en", "zh"], default="en")
    pack.add_argument("--out", type=Path, metavar="DIR", help="where to put it (default: packs/ in the workspace)")
    pack.set_defaults(run=launch.pack)
    for name, function, text in (
        ("serve", launch.serve, "serve the dashboards"),
        ("dev", launch.dev, "start Dagster's UI on the workspace"),
    ):
        server = commands.add_parser(name, parents=[shared], help=text)
        server.add_argument("--all", action="store_true", help="the dashboards and Dagster's UI together")
        server.add_argument("--port", type=int, default=8501, help="the dashboards' port (default 8501)")
        server.add_argument("--dagster-port", type=int, default=3000, help="Dagster's port (default 3000)")
        server.add_argument("--probe", action="store_true", help="end once every page and server has answered")
        server.set_defaults(run=function)


def _add_data(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    sources = commands.add_parser("sources", parents=[shared], help="what comes in, and whether it fits")
    kinds = sources.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_Parser)
    kinds.add_parser("list", parents=[shared], help="every stream").set_defaults(run=data.sources_list)
    schema = kinds.add_parser("schema", parents=[shared], help="a stream's contract")
    schema.add_argument("stream", metavar="STREAM", help="source/stream")
    schema.set_defaults(run=data.sources_schema)
    for name, function, text in (
        ("map", data.sources_map, "try a mapping file without landing anything"),
        ("check", data.sources_check, "try a file against its stream's contract without landing it"),
    ):
        action = kinds.add_parser(name, parents=[shared], help=text)
        action.add_argument("file", type=Path, metavar="FILE")
        if name == "check":
            action.add_argument("--stream", metavar="SOURCE/STREAM", help="the stream, where its folders do not tell")
        action.set_defaults(run=function)
    quarantine = commands.add_parser("quarantine", parents=[shared], help="rows that broke their contract")
    kinds = quarantine.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_Parser)
    kinds.add_parser("list", parents=[shared], help="rows set aside").set_defaults(run=data.quarantine_list)
    show = kinds.add_parser("show", parents=[shared], help="one row, and why it was set aside")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=data.quarantine_show)


def _add_numbers(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    metrics = commands.add_parser("metrics", parents=[shared], help="the metrics layer")
    kinds = metrics.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_Parser)
    listing = kinds.add_parser("list", parents=[shared], help="every metric, or those that hold all words")
    listing.add_argument("words", nargs="*", metavar="WORD")
    listing.add_argument("--lang", choices=["en", "zh"], default="en")
    listing.set_defaults(run=numbers.metrics_list)
    show = kinds.add_parser("show", parents=[shared], help="what a metric means")
    show.add_argument("metric", metavar="METRIC")
    show.add_argument("--lang", choices=["en", "zh"], default="en")
    show.set_defaults(run=numbers.metrics_show)
    query = kinds.add_parser("query", parents=[shared], help="ask for numbers")
    query.add_argument("metrics", nargs="+", metavar="METRIC")
    query.add_argument("--by", nargs="+", action="extend", default=[], metavar="DIMENSION")
    query.add_argument("--grain", choices=["day", "week", "month", "quarter", "year"])
    query.add_argument("--from", dest="start", type=_day, metavar="DATE", help="first day (default: of all there is)")
    query.add_argument("--to", dest="end", type=_day, metavar="DATE", help="last day, included")
    query.add_argument("--where", metavar="EXPR", help="such as: channel = 'email' and device != 'mobile'")
    query.add_argument(
        "--as-of",
        type=_moment,
        metavar="DATE",
        help="as known at the end of that day in the company's zone, or at a time (spend, orders, refunds, deals)",
    )
    query.add_argument("--format", choices=["table", "csv", "json", "parquet", "sql"], default="table")
    query.set_defaults(run=numbers.metrics_query)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, found {text!r}")
    return number


def _add_credit(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    attribute = commands.add_parser("attribute", parents=[shared], help="who gets the credit for a table of paths")
    attribute.add_argument(
        "paths",
        type=Path,
        metavar="PATHS.csv",
        help="columns path (a > b > c), conversions, value and, if known, nulls",
    )
    attribute.add_argument("--model", choices=credit.MODELS, required=True)
    attribute.add_argument("--order", type=int, choices=range(1, 5), help="of --model markov (default 1)")
    attribute.add_argument("--game", choices=credit.GAMES, help="of --model shapley (default coverage)")
    attribute.add_argument(
        "--half-life", type=_positive, metavar="TOUCHES", help="of --model decay, in touches (default 7)"
    )
    attribute.add_argument("--format", choices=["csv", "json"], default="csv")
    attribute.set_defaults(run=credit.attribute)


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected an action's number, found {text!r}")
    return int(text)


def _add_actions(commands: argparse._SubParsersAction[_Parser], shared: _Parser) -> None:
    group = commands.add_parser("actions", parents=[shared], help="from findings to measured effects")
    kinds = group.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_Parser)
    add = kinds.add_parser("add", parents=[shared], help="write down what will be done, and what it is to bring")
    add.add_argument("--finding", required=True, metavar="TEXT", help="what was found, and what will be done")
    add.add_argument("--metric", required=True, metavar="METRIC", help="the metric that is to move")
    add.add_argument("--where", metavar="EXPR", help="such as: channel = 'email' and device != 'mobile'")
    add.add_argument(
        "--expected", required=True, metavar="CHANGE", help="+5%% of the baseline, -200 in its unit, +1.5pt of a rate"
    )
    # A change may begin with a minus, which is no option then.
    add._negative_number_matcher = re.compile(r"-\s*\d")
    add.add_argument("--owner", required=True, metavar="NAME")
    add.add_argument("--due", required=True, metavar="2026-W27", help="the week that is to show the effect")
    add.set_defaults(run=actions.actions_add)
    listing = kinds.add_parser("list", parents=[shared], help="actions and their effects; closed ones are the playbook")
    listing.add_argument("--status", choices=actions.STATUSES, help="open ones include those that are due")
    listing.add_argument("--search", default="", metavar="TEXT", help="only those that hold all these words")
    listing.add_argument("--format", choices=["table", "json", "csv"], default="table")
    listing.set_defaults(run=actions.actions_list)
    close = kinds.add_parser("close", parents=[shared], help="close an action with what was learnt")
    close.add_argument("id", type=_number, metavar="ID")
    close.add_argument("--learning", required=True, metavar="TEXT", help="what was learnt, in a sentence")
    close.add_argument("--outcome", choices=actions.OUTCOMES, default="unclear")
    close.set_defaults(run=actions.actions_close)
    for one in (add, listing, close):
        one.add_argument("--lang", choices=["en", "zh"], default="en")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; every error is one line on standard error and a status that is not 0."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        options = _parser().parse_args(arguments)
        if not hasattr(options, "workspace"):
            options.workspace = Path(os.environ.get("OPSLOOP_WORKSPACE") or "data")
        return int(options.run(options))
    except OpsloopError as error:
        return _failed(str(error), error.exit_status, debug)
    except KeyboardInterrupt:
        return _failed("stopped", 1, debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return _failed(f"{named}{error.strerror or error}: check that it exists and that you may use it", 1, debug)
    except Exception as error:
        return _failed(
            f"unexpected {type(error).__name__}: {_line(error)}: run again with --debug for the trace", 1, debug
        )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _failed(message: str, status: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(f"opsloop: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
