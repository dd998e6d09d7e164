"""`attribute`: who gets the credit for a table of paths, without a workspace."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from opsloop.errors import UsageError

if TYPE_CHECKING:
    from models_ml.attribution import Answer

# As in models_ml.attribution, which is not imported for `--help`.
MODELS = ("first", "last", "linear", "position", "decay", "markov", "shapley")
GAMES = ("coverage", "rate")
COLUMNS = ("channel", "conversions", "value")
# What belongs to one model only; given with another it is a mistake rather than a wish to be ignored.
ONLY_FOR = {"order": "markov", "game": "shapley", "half_life": "decay"}


def attribute(options: argparse.Namespace) -> int:
    """Print each channel's credit for the file's conversions under one model."""
    settings = _settings(options)
    from models_ml.attribution import attribute, read_paths

    answer = attribute(read_paths(options.paths), options.model, **settings)
    for note in answer.notes:
        print(f"opsloop: {note}", file=sys.stderr)
    write = _write_json if options.format == "json" else _write_csv
    write(answer, with_effect=options.model == "markov")
    return 0


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """The model's own settings that were given; a `UsageError` where one belongs to another model."""
    given = {name: getattr(options, name) for name in ONLY_FOR if getattr(options, name) is not None}
    for name in given:
        if options.model != ONLY_FOR[name]:
            flag = name.replace("_", "-")
            raise UsageError(f"--{flag} is for --model {ONLY_FOR[name]}, not {options.model}: leave it out")
    return given


def _write_csv(answer: Answer, *, with_effect: bool) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*COLUMNS, *(["removal_effect"] if with_effect else [])])
    for row in answer.credits:
        effect = [repr(row.removal_effect)] if with_effect else []
        writer.writerow([row.channel, _plain(row.conversions), _plain(row.value), *effect])


def _write_json(answer: Answer, *, with_effect: bool) -> None:
    rows: list[dict[str, Any]] = []
    for row in answer.credits:
        shown = {"channel": row.channel, "conversions": _number(row.conversions), "value": _number(row.value)}
        rows.append(shown | ({"removal_effect": row.removal_effect} if with_effect else {}))
    print(json.dumps(rows, ensure_ascii=False, indent=2))


def _plain(number: Decimal) -> str:
    """Every digit that says something, without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
