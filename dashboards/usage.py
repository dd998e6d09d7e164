"""Where each metric is used, read from the program itself: pages, and sections of the pack (Y3).

A metric is used where a page's script, or a function it reaches, names it in a list of nothing but metrics: the
lists that are handed to the metrics layer. Nobody keeps a second list that could be wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent
PAGES, PACK = "dashboards.app_pages", "dashboards.packs"
# They ask which values there are to filter by, and name streams as metrics are named; neither shows a number.
NO_NUMBERS = frozenset({"dashboards.components.slices", "dashboards.components.topics"})
SECTION = "Section"


@dataclass(frozen=True, slots=True)
class Module:
    """A module's definitions by name, and what it imports: local name → module and name in it, if one."""

    tree: ast.Module
    defined: dict[str, ast.AST]
    imported: dict[str, tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Usage:
    """The pages and the sections of the pack that use a metric, each in order."""

    pages: tuple[str, ...]
    sections: tuple[str, ...]


def used_on(metric: str, known: frozenset[str]) -> Usage:
    """Return where a metric is used; `known` are all metrics there are."""
    pages, sections = _places(known)
    return Usage(
        tuple(name for name, names in pages.items() if metric in names),
        tuple(name for name, names in sections.items() if metric in names),
    )


def section_title(section: str, lang: str) -> str:
    """Return what the pack calls a section; its key where it has no name of its own."""
    named = _pack_words().get(section, {})
    return str(named.get(lang, section)) if isinstance(named, dict) else section


@cache
def _pack_words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "packs" / "words.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _places(known: frozenset[str]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The metrics of each page and of each section."""
    modules = _modules()
    pages = {
        name.rpartition(".")[2]: _named(_reached(modules, name, module.tree), known)
        for name, module in modules.items()
        if name.startswith(f"{PAGES}.")
    }
    sections: dict[str, set[str]] = {}
    for name, module in modules.items():
        made = [(section, node) for node in module.defined.values() for section in _sections(node)]
        # The rows of a section that has its module to itself may be asked for by another function there.
        alone = len({section for section, _ in made}) == 1
        for section, node in made if name.startswith(f"{PACK}.") else ():
            piece = module.tree if alone else node
            sections.setdefault(section, set()).update(_named(_reached(modules, name, piece), known))
    return pages, sections


@cache
def _modules() -> dict[str, Module]:
    """Every module of the dashboards by its dotted name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(["dashboards", *path.relative_to(ROOT).with_suffix("").parts])
        found[name] = _module(ast.parse(path.read_text(encoding="utf-8")))
    return found


def _module(tree: ast.Module) -> Module:
    defined: dict[str, ast.AST] = {}
    imported: dict[str, tuple[str, str | None]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign):
            defined |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    for inner in ast.walk(tree):
        if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("dashboards"):
            for alias in inner.names:
                imported[alias.asname or alias.name] = (str(inner.module), alias.name)
    return Module(tree, defined, imported)


def _reached(modules: dict[str, Module], name: str, node: ast.AST) -> Iterator[ast.AST]:
    """A piece of a module and every definition that it leads to, each once."""
    waiting, seen = [(name, node)], {id(node)}
    while waiting:
        module, piece = waiting.pop()
        yield piece
        for place, found in _leads_to(modules, module, piece):
            if id(found) not in seen and place not in NO_NUMBERS:
                seen.add(id(found))
                waiting.append((place, found))


def _leads_to(modules: dict[str, Module], name: str, piece: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The definitions that a piece of a module names: its own, imported ones, and those of imported modules."""
    module = modules[name]
    for node in ast.walk(piece):
        if isinstance(node, ast.Name) and node.id in module.defined:
            yield name, module.defined[node.id]
        elif isinstance(node, ast.Name) and node.id in module.imported:
            place, what = module.imported[node.id]
            if place in modules and what in modules[place].defined:
                yield place, modules[place].defined[str(what)]
                yield from ((place, maker) for maker in _makers(modules[place], str(what)))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            place, what = module.imported.get(node.value.id, ("", None))
            inside = modules.get(f"{place}.{what}")
            if inside is not None and node.attr in inside.defined:
                yield f"{place}.{what}", inside.defined[node.attr]


def _makers(module: Module, name: str) -> Iterator[ast.AST]:
    """The definitions of a module that return what a name stands for: who is handed it, uses what it is made from."""
    for node in module.defined.values():
        returns = [inner.returns for inner in ast.walk(node) if isinstance(inner, ast.FunctionDef) and inner.returns]
        if any(isinstance(part, ast.Name) and part.id == name for one in returns for part in ast.walk(one)):
            yield node


def _named(pieces: Iterable[ast.AST], known: Container[str]) -> set[str]:
    """The metrics that pieces name in tuples and lists which name nothing else."""
    found: set[str] = set()
    for piece in pieces:
        for node in ast.walk(piece):
            if isinstance(node, ast.Tuple | ast.List):
                texts = [one.value for one in node.elts if isinstance(one, ast.Constant)]
                rest = [one for one in node.elts if not isinstance(one, ast.Constant | ast.Starred)]
                if texts and not rest and all(text in known for text in texts):
                    found |= {str(text) for text in texts}
    return found


def _sections(node: ast.AST) -> Iterator[str]:
    """Keys of the pack's sections that a function makes."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == SECTION:
            key = call.args[0] if call.args else None
            if isinstance(key, ast.Constant):
                yield str(key.value)
