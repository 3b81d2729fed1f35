"""The modules that the documents call with `python -m` are there and can be called."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
CALLED = {
    name
    for page in PAGES
    for name in re.findall(r"python -m (greenpack\.training[\w.]*)", page.read_text("utf-8"))
}


def test_the_documents_call_some() -> None:
    assert CALLED


@pytest.mark.parametrize("name", sorted(CALLED))
def test_a_module_that_is_called_says_how(name: str) -> None:
    asked = [sys.executable, "-m", name, "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=True)
    assert told.stdout.startswith("usage:")
