"""Open databases for the tests of the records."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.records.database import open_database, transact
from tests.conftest import PostgresServer

Work = Callable[[Session], object]
Filled = Callable[[Work], Engine]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database with the newest schema and no rows, on either kind of server."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def templates() -> dict[tuple[str, str, str], str]:
    """Databases that were filled once, by who filled them and on what: file or name."""
    return {}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def filled(
    request: pytest.FixtureRequest, tmp_path: Path, templates: dict[tuple[str, str, str], str]
) -> Iterator[Filled]:
    """Gives a database of a test's own that some work has filled; the work is done only once."""
    with ExitStack() as opened:

        def copy(work: Work) -> Engine:
            key = (request.param, work.__module__, work.__qualname__)
            if request.param == "sqlite":
                if key not in templates:
                    folder = request.getfixturevalue("tmp_path_factory").mktemp("filled")
                    shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "records.db")
                    _fill(f"sqlite:///{folder / 'records.db'}", work)
                    templates[key] = str(folder / "records.db")
                shutil.copy(templates[key], tmp_path / "filled.db")
                url = f"sqlite:///{tmp_path / 'filled.db'}"
            else:
                server: PostgresServer = request.getfixturevalue("postgres_server")
                if key not in templates:
                    name = f"filled_{uuid.uuid4().hex}"
                    _fill(server.create(name, request.getfixturevalue("migrated_postgres")), work)
                    templates[key] = name
                name = f"test_{uuid.uuid4().hex}"
                url = server.create(name, templates[key])
                opened.callback(server.drop, name)
            engine = open_database(url)
            opened.callback(engine.dispose)
            return engine

        yield copy


def _fill(url: str, work: Work) -> None:
    engine = open_database(url)
    transact(engine, work)
    engine.dispose()
