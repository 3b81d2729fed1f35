"""Opening a database: SQLite for one machine, PostgreSQL for several.

``open_database`` brings the schema up to date by itself. Write through ``transact``; read through
``reading``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

Result = TypeVar("Result")


def open_database(url: str) -> Engine:
    """Open a database, creating and migrating it where needed.

    Args:
        url: ``sqlite:///path``, a plain path, or ``postgresql://user:password@host/name``.

    Raises:
        GreenPackError: ``database_unreachable`` (the message never holds the password) or
            ``database_newer``.
    """
    raise NotImplementedError


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one unchanging state of the database and may not write."""
    raise NotImplementedError
    yield


def transact(engine: Engine, work: Callable[[Session], Result]) -> Result:
    """Do ``work`` in one transaction and commit; if another writer was in the way, do it again.

    ``work`` may therefore run more than once and should touch nothing but its session. Rows it
    returns stay readable after the commit.

    Raises:
        GreenPackError: ``database_busy`` if other writers stayed in the way.
    """
    raise NotImplementedError
