"""What goes into the package beside its modules is there, and reaches the container's build."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INCLUDED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]


@pytest.mark.parametrize("source", sorted(INCLUDED))
def test_what_the_wheel_includes_is_there(source: str) -> None:
    assert (ROOT / source).exists()


@pytest.mark.parametrize("source", sorted(INCLUDED))
def test_the_container_is_built_from_all_of_it(source: str) -> None:
    top = Path(source).parts[0]
    copied = {
        word
        for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ")
        for word in line.split()[1:-1]
    }
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert top in copied
    assert f"!{top}" in let_through
