"""The service's database, opened when it can be: the service starts before its database does."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from greenpack.records.database import open_database


class Database:
    """One engine, opened at the first call that succeeds."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def engine(self) -> Engine:
        """The engine; may take long, so never on the loop.

        Raises:
            GreenPackError: ``database_unreachable``, ``database_newer``.
        """
        with self._lock:
            if self._engine is None:
                self._engine = open_database(self._url)
            return self._engine

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None
