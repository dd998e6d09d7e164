"""`make mutants`: break the product on purpose, one rule at a time, and see each time that a test notices."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from mutant_records import ROOT, BadMutantError, Mutant, read_all

PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
CAUGHT = "caught"
FAILED = 1  # pytest's status where tests ran and one failed; an error while collecting has another


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per mutant; 1 if one survived, could not be applied, or its test is not green without it."""
    options = _options(arguments)
    started = time.monotonic()
    try:
        mutants = read_all(options.rows)
        if not mutants:
            raise BadMutantError(f"no mutant is recorded for {' '.join(options.rows) or 'any row'}")
        with tempfile.TemporaryDirectory(prefix="opsloop-mutants-") as folder:
            copy = _working_copy(Path(folder) / "tree")
            _prove_green(copy, mutants, options.timeout)
            outcomes = [_show(one, copy, options.timeout) for one in mutants]
    except BadMutantError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1
    rows = sorted({one.row for one in mutants}, key=lambda row: (row[0], int(row[1:])))
    print(f"{sum(outcomes)} of {len(outcomes)} caught in {time.monotonic() - started:.0f} s; rows {' '.join(rows)}")
    return int(not all(outcomes))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only the mutants of these rows of the spec")
    parser.add_argument("--timeout", type=float, default=180, help="seconds a test may take (default 180)")
    return parser.parse_args(arguments)


def _working_copy(copy: Path) -> Path:
    """A folder with every file that git has or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def _prove_green(copy: Path, mutants: Sequence[Mutant], timeout: float) -> None:
    """Run each named test once on the tree as it is; a `BadMutantError` names the first that does not pass."""
    tests = sorted({one.test for one in mutants})
    print(f"{len(mutants)} mutants, {len(tests)} tests: first the tests without a mutant …", flush=True)
    report = copy.parent / "green.xml"
    done = _pytest(copy, [*tests, f"--junitxml={report}"], timeout * len(tests))
    if done is None or not report.exists():
        raise BadMutantError(
            f"the named tests could not be run without a mutant: {'timed out' if done is None else done}"
        )
    for case in ElementTree.parse(report).iter("testcase"):
        if any(case.find(bad) is not None for bad in ("failure", "error", "skipped")):
            raise BadMutantError(f"{case.get('classname')}::{case.get('name')} does not pass without a mutant")


def _show(mutant: Mutant, copy: Path, timeout: float) -> bool:
    """Whether the mutant's test failed on it, said in one line; the copy is whole again after."""
    started = time.monotonic()
    try:
        outcome = _outcome(mutant, copy, timeout)
    except BadMutantError as error:
        outcome = f"CANNOT BE APPLIED ({error})"
    print(f"{outcome:<9} {mutant.name:<48} {time.monotonic() - started:5.1f} s  {mutant.test}", flush=True)
    return outcome == CAUGHT


def _outcome(mutant: Mutant, copy: Path, timeout: float) -> str:
    path = copy / mutant.file
    if not path.is_file():
        raise BadMutantError(f"there is no file {mutant.file}")
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied_to(before), encoding="utf-8")
    try:
        status = _pytest(copy, [mutant.test], timeout)
    finally:
        path.write_text(before, encoding="utf-8")
    outcomes = {FAILED: CAUGHT, 0: "SURVIVED", None: "TIMED OUT"}
    return outcomes.get(status, f"BROKEN (pytest ended with {status} before the test could fail)")


def _pytest(copy: Path, arguments: Sequence[str], timeout: float) -> int | None:
    """The status of pytest in the copy, whose own packages come first; nothing where it took too long."""
    environment = {key: value for key, value in os.environ.items() if key not in {"OPSLOOP_TEST_KEEP", "CI"}}
    environment |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*PYTEST, *arguments], cwd=copy, env=environment, timeout=timeout, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
