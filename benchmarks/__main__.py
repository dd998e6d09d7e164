"""`make bench`: what the product costs on this machine, each figure beside its goal; printed, never asserted.

`python -m benchmarks` does all but the whole build; name some of `line`, `middle`, `peers`, `pages`, `ingest`,
`validation`, `scores` and `queries` for those.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    attribution,
    compiled,
    events,
    figures,
    fresh,
    identity,
    line,
    middle,
    peers,
    queries,
    stations,
    whole,
)
from benchmarks.figures import Work

APART = ("ingest", "validation", "scores")
PARTS = ("line", "middle", "peers", "pages", *APART, "queries")
SIZES = "1000000,10000000"


def main() -> int:
    """Print the figures asked for."""
    options = _options()
    parts = set(options.parts or (() if options.whole else PARTS))
    if "line" in parts:
        line.main(pages="pages" in parts)
    elif "pages" in parts:
        line.only_pages()
    works = [*middle.WORKS, *peers.WORKS] if "peers" in parts else middle.WORKS if parts & {"middle"} else ()
    if works:
        _compare([work for work in works if _is_asked(work, options.only)], options)
    for part in APART:
        if part in parts:
            _apart(part, options)
    if "queries" in parts:
        _queries(options.workspace)
    if options.whole:
        for size in _sizes(options):
            print(whole.measure(size, _say), flush=True)
    return 0


def _sizes(options: argparse.Namespace) -> list[int]:
    return [int(size) for size in options.events.split(",")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"of {', '.join(PARTS)}")
    parser.add_argument("--events", default=SIZES, help=f"numbers of synthetic events (default {SIZES})")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each work (default 3)")
    parser.add_argument("--only", default="", help="only works whose name holds this text, and the floors")
    parser.add_argument("--data", type=Path, help="a folder that keeps the synthetic events between runs")
    parser.add_argument("--workspace", type=Path, help="a built workspace for `queries`; else a demo company is made")
    parser.add_argument("--whole", action="store_true", help="also the whole build on a demo company of each size")
    return parser.parse_args()


def _is_asked(work: Work, text: str) -> bool:
    return text in work.name or work in middle.FLOORS


def _compare(works: list[Work], options: argparse.Namespace) -> None:
    """Measure the works at each size and print the table."""
    if any(work.python for work in works) and not fresh.PEERS.exists():
        _say("no .venv-bench: `make bench-peers` installs what the product is compared with; going without")
        works = [work for work in works if not work.python]
    with tempfile.TemporaryDirectory(prefix="opsloop-bench-") as folder:
        scratch = Path(folder)
        _say("compiling the product's models …")
        models = compiled.compile_models(scratch, middle.MODELS)
        _say("making synthetic events …")
        data = {size: _files(options.data or scratch, size) for size in _sizes(options)}
        found = figures.measure(works, data, {"compiled": str(models)}, options.rounds, _say)
    print("\n".join(figures.lines(works, found, (*middle.AGAINST, *peers.AGAINST))))


def _apart(part: str, options: argparse.Namespace) -> None:
    """Measure a station that has data of its own, and print its table."""
    with tempfile.TemporaryDirectory(prefix="opsloop-bench-") as scratch:
        folder = options.data or Path(scratch)
        print("\n".join(stations.measure(part, folder, options.rounds, options.only, fresh.PEERS.exists(), _say)))


def _queries(workspace: Path | None) -> None:
    """Print what a page waits for over a published workspace."""
    with tempfile.TemporaryDirectory(prefix="opsloop-bench-") as scratch:
        built = workspace or line.demo(Path(scratch))
        found = fresh.run("queries:pages", built, {})
        print("\n".join([found.error] if found.error else queries.lines(found.found)))


def _files(folder: Path, size: int) -> Path:
    """The synthetic events of a size, with as many edges between ids beside them, and the paths that they come to."""
    path = events.make(folder, size)
    identity.edges(path, size)
    with tempfile.TemporaryDirectory() as scratch:
        attribution.path_file(fresh.Task(path, Path(scratch)))
    return path


def _say(text: str) -> None:
    """Show what is going on without mixing it into the figures."""
    print(f"\r\033[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, end="" if sys.stderr.isatty() else "\n")


if __name__ == "__main__":
    sys.exit(main())
