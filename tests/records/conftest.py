"""Open databases for the tests of the records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from greenpack.records.database import open_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database with the newest schema and no rows, on either kind of server."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()
