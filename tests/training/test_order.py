"""The training's folders import one way, and no modules import each other in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import greenpack.training

TRAINING = Path(greenpack.training.__file__).parent

# What every folder shares; these modules import nothing of the training.
SHARED = {"scene", "refusals", "whole_files"}

# Each folder may import from those before it and from itself.
ORDER = (
    "drawing",
    "printed",
    "goods",
    "filler",
    "cartons",
    "places",
    "pictures",
    "scenes",
    "samples",
    "datasets",
    "evaluation",
    "fitting",
)
FILES = {
    ".".join(path.relative_to(TRAINING).with_suffix("").parts): path
    for path in sorted(TRAINING.rglob("*.py"))
    if path.name != "__init__.py"
}


def imported(path: Path) -> set[str]:
    """The modules of the training that one imports, at its top or inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.removeprefix("greenpack.training.") for name in names} & FILES.keys()


def test_every_folder_and_module_has_its_place() -> None:
    folders = {path.parent.name for path in TRAINING.rglob("*.py") if path.parent != TRAINING}
    assert folders == set(ORDER)
    assert {name for name in FILES if "." not in name} == SHARED


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_says_what_it_is(folder: str) -> None:
    tree = ast.parse((TRAINING / folder / "__init__.py").read_text("utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1, "a folder's own file only says what is in it"


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_imports_only_from_those_before_it(folder: str) -> None:
    before = {*SHARED, *ORDER[: ORDER.index(folder) + 1]}
    for name in [name for name in FILES if name.startswith(f"{folder}.")]:
        for other in imported(FILES[name]):
            assert other.partition(".")[0] in before, f"{name} imports {other}, which is later"


@pytest.mark.parametrize("name", sorted(SHARED))
def test_what_all_share_imports_nothing_of_the_training(name: str) -> None:
    assert not imported(FILES[name])


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: imported(path) for name, path in FILES.items()}
    assert sum(map(len, graph.values())) > len(graph)
    assert len(list(TopologicalSorter(graph).static_order())) == len(FILES)
