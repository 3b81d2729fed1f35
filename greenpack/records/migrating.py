"""Bringing a database's schema up to date with Alembic."""

from __future__ import annotations

import threading
from contextlib import closing

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from greenpack.reasons import GreenPackError

# Any number that no other program using the same server would take for a lock of its own.
LOCK_KEY = 0x677265656E

# Alembic hands its environment to the migrations through module globals.
_ONE_AT_A_TIME = threading.Lock()


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest migration, in one transaction.

    Programs that start at once on the same database wait for each other here; the ones that
    come later find nothing left to do.

    Raises:
        GreenPackError: ``database_newer`` if the database has a migration unknown here.
    """
    with _ONE_AT_A_TIME, closing(engine.connect()) as connection:
        if engine.dialect.name == "sqlite":
            # SQLite changes a table by writing it anew, which must not trip foreign keys; it
            # takes the setting only outside a transaction, and the transaction is the lock.
            _foreign_keys(connection, on=False)
            try:
                with connection.begin():
                    _upgrade(connection)
            finally:
                _foreign_keys(connection, on=True)
        else:
            with connection.begin():
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})"))
                _upgrade(connection)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here: there is no file, and logging is left alone."""
    config = Config()
    config.set_main_option("script_location", "greenpack.records:migrations")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found - known:
        detail = f"it has migration {', '.join(sorted(found - known))}"
        raise GreenPackError("database_newer", detail)
    command.upgrade(config, "head")


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
