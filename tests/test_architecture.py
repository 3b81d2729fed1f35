"""The data flows one way: a folder imports only from those before it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "greenpack"

# Each part may import from those above it and from itself.
ORDER = (
    ("language",),
    (
        "account_reasons",
        "camera_reasons",
        "case_reasons",
        "decision_reasons",
        "exchange_reasons",
        "footprint_reasons",
        "parcel_reasons",
        "record_reasons",
        "service_reasons",
    ),
    ("reasons",),
    ("intake",),
    ("vision",),
    ("measure",),
    ("cameras",),
    ("rules",),
    ("storage",),
    ("records",),
    ("settings",),
    ("stores",),
    ("retention", "uploading"),
    ("closed_photo",),
    ("examination",),
    ("parcel",),
    ("judging",),
    ("evidence",),
    ("arrival", "audit_line", "camera_settings"),
    ("audit",),
    ("service",),
    ("work",),
    ("client",),
    ("report",),
    ("demo",),
    ("command_settings",),
    ("rules_commands",),
    ("camera_commands", "hub_commands", "queue_commands", "user_commands"),
    ("camera_token_commands",),
    ("demo_commands",),
    ("training_commands",),
    ("service_commands",),
    ("worker_commands",),
    ("count_commands", "storage_commands"),
    ("cli",),
)
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}
# Settings are read at the edges only; they may name types of what they set.
PURE = ("measure", "rules")
NO_IO = {"open", "print", "input"}
CLOCK = {"now", "today", "time", "perf_counter", "utcnow"}


def modules(part: str) -> list[Path]:
    folder = PACKAGE / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{part}.py"]


def imported_parts(path: Path) -> set[str]:
    """The parts of greenpack that a module imports, at its top or inside functions."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.append(node.module)
            if node.module == "greenpack":
                names += [f"greenpack.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"relative import in {path}"
    return {name.split(".")[1] for name in names if name.startswith("greenpack.")}


@pytest.mark.parametrize("part", RANK)
def test_a_part_imports_only_from_those_before_it(part: str) -> None:
    for path in modules(part):
        for other in imported_parts(path) & RANK.keys():
            assert RANK[other] <= RANK[part], f"{path} imports greenpack.{other}, which is later"


# The commands that make and judge a model; they load the extra `train` when they are called.
COMMANDS = {"cli.py", "training_commands.py"}


def test_nothing_but_the_training_itself_and_its_commands_imports_the_training() -> None:
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE)
        if "training" not in place.parts and place.as_posix() not in COMMANDS:
            assert "training" not in imported_parts(path), path


def test_every_part_of_the_package_has_its_place_in_the_order() -> None:
    parts = {
        entry.stem if entry.suffix == ".py" else entry.name
        for entry in PACKAGE.iterdir()
        if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }
    assert parts - {"__init__", "__main__", "training"} == RANK.keys()


def test_the_middle_neither_reads_nor_writes_nor_looks_at_the_clock() -> None:
    loading = {"loading.py"}  # profiles are read from their files in one place
    for part in PURE:
        for path in modules(part):
            if path.name in loading:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    called = node.func
                    name = getattr(called, "id", getattr(called, "attr", ""))
                    assert name not in NO_IO | CLOCK, f"{path}:{node.lineno} calls {name}"


def test_the_words_that_say_nothing_name_nothing() -> None:
    empty = {"utils", "helpers", "manager", "core", "common", "misc"}
    for path in PACKAGE.rglob("*.py"):
        assert not empty & set(path.with_suffix("").relative_to(PACKAGE).parts), path


def test_modules_are_small_rooms() -> None:
    for path in PACKAGE.rglob("*.py"):
        lines = len(path.read_text("utf-8").splitlines())
        # 300 and a little: the reason codes are one table.
        assert lines <= 330, f"{path} has {lines} lines: look for the seam"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("greenpack.cli", {"torch", "ultralytics", "cv2", "sqlmodel", "streamlit", "openvino"}),
        ("greenpack.cli", {"greenpack.training", "bpy", "numpy"}),
        ("greenpack.rules.judge", {"torch", "cv2", "ultralytics"}),
        ("greenpack.records.database", {"torch", "ultralytics", "alembic"}),
        ("greenpack.audit", {"torch", "ultralytics", "streamlit"}),
    ],
)
def test_importing_a_part_does_not_load_what_it_may_not_need(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*(set(sys.modules) & {heavy!r}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.split() == []
