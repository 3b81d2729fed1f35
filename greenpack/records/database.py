"""Opening a database: SQLite for one machine, PostgreSQL for several.

``open_database`` brings the schema up to date by itself. Write through ``transact``; read through
``reading``.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records import local_day

# The newest migration. Kept here so that opening a database that has it needs no Alembic.
REVISION = "0018"

# How long SQLite waits for another writer, and how long connecting to a server may take.
BUSY_SECONDS = 30
CONNECT_SECONDS = 10

_ATTEMPTS = 5
_READING = "greenpack_reading"
# Serialisation failure, deadlock, lock not available: another writer was in the way.
_PASSING_STATES = {"40001", "40P01", "55P03"}

Result = TypeVar("Result")


def open_database(url: str) -> Engine:
    """Open a database, creating and migrating it where needed.

    Args:
        url: ``sqlite:///path``, a plain path, or ``postgresql://user:password@host/name``.

    Raises:
        GreenPackError: ``database_unreachable`` (the message never holds the password) or
            ``database_newer``.
    """
    target = _parsed(url)
    try:
        engine = _sqlite(target) if _is_sqlite(target) else _postgresql(target)
    except OSError as error:
        raise GreenPackError("database_unreachable", f"{_shown(target)}: {error}") from None
    try:
        if _revision(engine) != REVISION:
            # Alembic takes a third of a second to import and is seldom needed.
            from greenpack.records.migrating import migrate

            migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        # Not chained: what the driver says of a failed connection may quote the password.
        detail = f"{_shown(target)}: {_without_password(str(error.orig), target)}"
        raise GreenPackError("database_unreachable", detail) from None
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one unchanging state of the database and may not write."""
    if engine.dialect.name == "sqlite":
        bound = engine.execution_options(**{_READING: True})
    else:
        bound = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    with Session(bound) as session:
        yield session


def transact(engine: Engine, work: Callable[[Session], Result]) -> Result:
    """Do ``work`` in one transaction and commit; if another writer was in the way, do it again.

    ``work`` may therefore run more than once and should touch nothing but its session. Rows it
    returns stay readable after the commit.

    Raises:
        GreenPackError: ``database_busy`` if other writers stayed in the way.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with Session(engine, expire_on_commit=False) as session:
                result = work(session)
                session.commit()
                return result
        except IntegrityError:
            # Somebody may have written the same row a moment before: then it is there next time.
            if attempt == _ATTEMPTS - 1:
                raise
        except OperationalError as error:
            if not _was_in_the_way(error):
                raise
        time.sleep(random.uniform(0, 0.05 * 2**attempt))
    raise GreenPackError("database_busy")


def _parsed(url: str) -> URL:
    """The address for SQLAlchemy, with the driver that GreenPack brings.

    Raises:
        GreenPackError: ``database_unreachable`` if GreenPack cannot open such a database.
    """
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    scheme = url.partition("://")[0]
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):
        raise GreenPackError(
            "database_unreachable", f"{scheme}:// address not understood"
        ) from None
    kind = target.drivername.partition("+")[0]
    if kind in {"postgres", "postgresql"}:
        if target.host is not None and ("@" in target.host or ":" in (target.username or "")):
            raise GreenPackError(
                "database_unreachable", "write @ in a password as %40, : as %3A and / as %2F"
            )
        return target.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise GreenPackError("database_unreachable", f"{kind} is neither sqlite nor postgresql")
    if target.database in {None, "", ":memory:"}:
        raise GreenPackError("database_unreachable", "a database in memory keeps no records")
    return target.set(drivername="sqlite")


def _is_sqlite(target: URL) -> bool:
    return target.drivername == "sqlite"


def _sqlite(target: URL) -> Engine:
    """An engine whose files survive power loss and whose writers queue up from the start.

    Raises:
        OSError: if the folder cannot be made.
    """
    Path(str(target.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(target, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(target: URL) -> Engine:
    """An engine that finds out when the server was restarted, and fails fast when it is away."""
    arguments: dict[str, object] = {"application_name": "greenpack"}
    if "connect_timeout" not in target.query:
        arguments["connect_timeout"] = CONNECT_SECONDS
    engine = create_engine(
        target, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=arguments
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # Over millions of rows the server would compile each statement, which takes longer than
    # running it: every statement here is meant to take less than a second.
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would otherwise begin transactions by itself, and not before each SELECT.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    local_day.prepare(connection)
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, which is remembered in the file.

    Two connections that switch a new file at once do not wait for each other, whatever the
    timeout: one is told at once that the database is locked, and tries again.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer: what it
    # read is then out of date, and SQLite refuses it. So whoever may write says so at once.
    is_reading = bool(connection.get_execution_options().get(_READING))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if is_reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def _revision(engine: Engine) -> str | None:
    """The newest migration that the database has, or None for a database without any."""
    with reading(engine) as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def _was_in_the_way(error: OperationalError) -> bool:
    """Whether another writer, and nothing worse, kept this one from writing."""
    if isinstance(error.orig, sqlite3.OperationalError):
        code = error.orig.sqlite_errorcode & 0xFF
        return code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error.orig, "sqlstate", None) in _PASSING_STATES


def _shown(target: URL) -> str:
    """The address without its password, wherever in it the password stands."""
    return target.difference_update_query(["password"]).render_as_string(hide_password=True)


def _without_password(message: str, target: URL) -> str:
    """What the driver said, on one line and without the password."""
    for secret in (target.password, target.query.get("password")):
        if isinstance(secret, str) and secret:
            message = message.replace(secret, "***")
    return " ".join(message.split())
