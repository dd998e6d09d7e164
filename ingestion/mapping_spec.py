"""What a mapping file may say (I3), checked when it is read so that each mistake is one clear line."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingestion import registry
from ingestion.contract import SOURCE_NAME, Stream, check_zone
from opsloop.errors import OpsloopError
from opsloop.settings import CURRENCIES

Conversion = Literal["decimal_comma", "percent", "lower", "upper", "host", "path"]
Scalar = str | int | float | bool


class _Loader(yaml.SafeLoader):
    """YAML in which only `true` and `false` are flags: `No` and `on` are names that columns have."""


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Format(_Section):
    """What of a file's format its content does not tell."""

    delimiter: str | None = None
    encoding: str | None = None
    records: str | None = None


class Joined(_Section):
    """A column made of several, with a sign between."""

    join: list[str] = Field(min_length=1)
    sign: str = Field(default="-", alias="with")


class FirstOf(_Section):
    """The first column that has a value."""

    first_of: list[str] = Field(min_length=1)


Given = str | Joined | FirstOf


def vendor_names(given: Given) -> list[str]:
    """The vendor columns that a canonical one is made from."""
    if isinstance(given, str):
        return [given]
    return given.join if isinstance(given, Joined) else given.first_of


class Dates(_Section):
    """How times are written, and in which zone those without an offset are."""

    format: str | list[str] = "iso"
    time_zone: str | None = None

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats, in order."""
        return (self.format,) if isinstance(self.format, str) else tuple(self.format)


class Lookup(_Section):
    """Columns of another file, found by a key; `combine: sum` adds up what rows of the same key have."""

    file: str
    match: dict[str, str] = Field(alias="on")
    take: dict[str, str]
    combine: Literal["first", "sum"] = "first"
    format: Format = Format()

    @field_validator("match", mode="before")
    @classmethod
    def _one_name_for_both(cls, value: Any) -> Any:
        return {value: value} if isinstance(value, str) else value

    @field_validator("take", mode="before")
    @classmethod
    def _same_names(cls, value: Any) -> Any:
        return {name: name for name in value} if isinstance(value, list) else value


class Filter(_Section):
    """Rows are kept where the column's text is, or is not, among the values."""

    column: str
    among: list[Scalar] | None = Field(default=None, alias="in")
    not_among: list[Scalar] | None = Field(default=None, alias="not_in")


class LineNumber(_Section):
    """A running number within rows that agree on some columns, in the file's order."""

    within: list[str]
    name: str = Field(default="line", alias="as")


class MappingSpec(_Section):
    """One mapping file: which files become which canonical stream, and how."""

    path: Path
    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    stream: str
    about: str = ""
    files: list[str] = Field(min_length=1)
    format: Format = Format()
    filter: list[Filter] = []
    distinct: list[str] = []
    line_number: LineNumber | None = None
    lookups: list[Lookup] = []
    columns: dict[str, Given]
    constants: dict[str, Scalar] = {}
    cast: dict[str, Conversion] = {}
    values: dict[str, dict[str, Scalar | None]] = {}
    dates: dict[str, Dates] = {}
    time_zone: str | None = None
    currency: str | None = None


def load(path: Path) -> MappingSpec:
    """Read and check one mapping file; raises OpsloopError that names the file, the key and what was expected."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError as error:
        raise OpsloopError(f"{path}: no such mapping file; correct `mappings` in opsloop.yaml") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OpsloopError(f"{path}: not readable YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise OpsloopError(f"{path}: expected keys and values, found {type(raw).__name__}")
    try:
        spec = MappingSpec(path=path, **_plain_keys(raw))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise OpsloopError(f"{path}: {key}: {first['msg']}") from None
    _check(spec)
    return spec


def canonical(spec: MappingSpec) -> Stream:
    """The canonical stream that the mapping fills."""
    return registry.source("mapped").stream(spec.stream)


def _plain_keys(value: Any) -> Any:
    """The same with text for keys, which YAML may have read as numbers, flags or nothing."""
    if isinstance(value, dict):
        return {_plain_key(key): _plain_keys(inner) for key, inner in value.items()}
    return [_plain_keys(inner) for inner in value] if isinstance(value, list) else value


def _plain_key(key: Any) -> str:
    """A key as it was written."""
    if isinstance(key, bool):
        return str(key).lower()
    return "" if key is None else str(key)


def _check(spec: MappingSpec) -> None:
    """Raise OpsloopError where the mapping names what does not exist, or leaves a column of the key out."""
    stream = canonical(spec)
    filled = set(spec.columns) | set(spec.constants) | ({"currency"} if spec.currency else set())
    for part, names in (
        ("columns", filled),
        ("cast", set(spec.cast)),
        ("values", set(spec.values)),
        ("dates", set(spec.dates)),
    ):
        for name in sorted(names - set(stream.schema)):
            near = difflib.get_close_matches(name, list(stream.schema), n=3) or list(stream.schema)
            known = ", ".join(near)
            raise OpsloopError(
                f"{spec.path}: {part}: mapped/{stream.name} has no column {name!r}; did you mean {known}?"
            )
    for name in stream.grain:
        if name != SOURCE_NAME and name not in filled and name not in stream.optional:
            raise OpsloopError(f"{spec.path}: columns: {name!r} is part of the key of mapped/{stream.name}; fill it")
    for zone in (spec.time_zone, *(dates.time_zone for dates in spec.dates.values())):
        if zone is not None:
            check_zone(zone, str(spec.path))
    currency = spec.currency or spec.constants.get("currency")
    if currency is not None and currency not in CURRENCIES:
        raise OpsloopError(f"{spec.path}: unknown currency {currency!r}; use an ISO 4217 code such as CNY")
