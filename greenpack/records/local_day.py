"""The day of a moment in a time zone, in SQL: SQLite knows no time zones and calls Python."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_NAME = "greenpack_local_day"

_zone = lru_cache(ZoneInfo)


class local_day(FunctionElement[Any]):  # noqa: N801 (written like a function of SQL)
    """The date of a stored time in the zone of an IANA name: ``local_day(at, zone)``."""

    type = Date()
    inherit_cache = True


@compiles(local_day, "sqlite")
def _sqlite(element: local_day, compiler: Any, **options: Any) -> str:
    return f"{_NAME}({compiler.process(element.clauses, **options)})"


@compiles(local_day, "postgresql")
def _postgresql(element: local_day, compiler: Any, **options: Any) -> str:
    at, zone = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(timezone({zone}, {at}) AS DATE)"


def prepare(connection: sqlite3.Connection) -> None:
    """Teach a connection of SQLite the function."""
    connection.create_function(_NAME, 2, _day, deterministic=True)


def _day(at: str | None, zone: str) -> str | None:
    """The day of a time as SQLite keeps it: UTC, without saying so."""
    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except (TypeError, ValueError):
        return None  # whoever reads or verifies the row is told
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return moment.astimezone(_zone(zone)).date().isoformat()
