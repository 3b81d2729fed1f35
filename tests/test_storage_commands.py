"""`greenpack sweep` as it is typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from greenpack import stores
from greenpack.cli import app
from greenpack.settings import Settings


@pytest.fixture
def stray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that no posting keeps, half a century old."""
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path))
    for name in ("DATABASE_URL", "STORAGE_URL", "ORIGINALS_DAYS"):
        monkeypatch.delenv(f"GREENPACK_{name}", raising=False)
    store = stores.originals(Settings())
    path = Path(store.place(store.put(b"photo", ".jpg")))
    os.utime(path, (0, 0))
    return path


def test_a_dry_run_tells_and_a_run_deletes(stray: Path) -> None:
    told = CliRunner().invoke(app, ["sweep", "--dry-run"])
    assert told.exit_code == 0
    assert "Would delete 0 photos" in told.output
    assert "1 files without a posting" in told.output
    assert stray.exists()
    done = CliRunner().invoke(app, ["sweep", "--json"])
    assert json.loads(done.output) == {
        "dry_run": False,
        "photos": 0,
        "bytes": 0,
        "held": 0,
        "strays": 1,
        "leftovers": 0,
    }
    assert not stray.exists()


def test_days_below_zero_are_wrong_usage(stray: Path) -> None:
    assert CliRunner().invoke(app, ["sweep", "--days", "-1"]).exit_code == 2
    assert stray.exists()
