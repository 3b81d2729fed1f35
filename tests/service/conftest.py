"""A service for the tests: on SQLite, and where it says so on PostgreSQL too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.running import RunningService, running, settings_in


@pytest.fixture
def service(tmp_path: Path, migrated_sqlite: Path) -> Iterator[RunningService]:
    """A service with its own folder and SQLite."""
    database = tmp_path / "greenpack.db"
    shutil.copy(migrated_sqlite, database)
    with running(settings_in(tmp_path, f"sqlite:///{database}")) as found:
        yield found


@pytest.fixture
def service_on_each(tmp_path: Path, database_url: str) -> Iterator[RunningService]:
    """A service on SQLite and on PostgreSQL in turn."""
    with running(settings_in(tmp_path, database_url)) as found:
        yield found


@pytest.fixture(scope="module")
def shared_service(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[RunningService]:
    """One service for tests that leave nothing in it."""
    folder = tmp_path_factory.mktemp("shared")
    database = folder / "greenpack.db"
    shutil.copy(migrated_sqlite, database)
    with running(settings_in(folder, f"sqlite:///{database}")) as found:
        yield found
