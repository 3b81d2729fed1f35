"""Reading tables a few hundred rows at a time, past rows that cannot be read at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select
from sqlalchemy.exc import DBAPIError

PAGE = 500

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that holds what its column cannot hold, for example a time that is none."""

    key: int
    why: str


def pages(connection: Connection, table: Table, key: str) -> Iterator[list[Found | Unreadable]]:
    """All rows in the order of their key, in pages."""
    last: int | None = None
    while True:
        statement = select(table.c[key]).order_by(table.c[key]).limit(PAGE)
        if last is not None:
            statement = statement.where(table.c[key] > last)
        keys = list(connection.execute(statement).scalars())
        if not keys:
            return
        yield rows_by_id(connection, table, key, keys)
        last = keys[-1]


def rows_by_id(
    connection: Connection,
    table: Table,
    key: str,
    ids: Collection[int],
    order: str | None = None,
) -> list[Found | Unreadable]:
    """The rows whose ``key`` is one of ``ids``, in the order of ``order`` or of the key."""
    column = table.c[key]
    found: list[Found | Unreadable] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE):
        part = wanted[start : start + PAGE]
        statement = select(table).order_by(table.c[order or key])
        try:
            found += _read(connection, statement.where(column.in_(part)))
        except (DBAPIError, ValueError):
            # One row spoils the whole page: find out which by reading them one at a time.
            for row_id in part:
                try:
                    found += _read(connection, statement.where(column == row_id))
                except (DBAPIError, ValueError) as error:
                    found.append(Unreadable(row_id, _why(error)))
    return found


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _read(connection: Connection, statement: Select[Any]) -> list[Found]:
    return [dict(row._mapping) for row in connection.execute(statement)]


def _why(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(cause).split())
