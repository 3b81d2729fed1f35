"""What all tables are made of: commented columns, aware times, checked vocabularies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Constraints get their names from here, so that a migration can name them on every database.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What every table of the records descends from."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored and given back in UTC on every database.

    Raises:
        ValueError: for a naive time: nobody could say later which moment was meant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (part of the interface)
    ) -> datetime | None:
        """To UTC, refusing what has no time zone."""
        return None if value is None else aware(value)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (part of the interface)
    ) -> datetime | None:
        """Give the zone back that SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def aware(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: if it has no time zone.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


def now() -> datetime:
    """The time of day in UTC, to the microsecond."""
    return datetime.now(UTC)


def storable(text: str) -> str:
    """Text that both databases can store.

    File names may hold bytes that are no UTF-8 (lone surrogates in Python), and PostgreSQL
    stores no NUL: both are written as backslash escapes.
    """
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def column(comment: str, **options: Any) -> Any:
    """A column with the comment that the database and the documentation show."""
    given = options.pop("sa_column_kwargs", {})
    return Field(sa_column_kwargs={"comment": comment, **given}, **options)


def later_column(comment: str, **options: Any) -> Any:
    """A column that a migration added to a table that had rows; NULL in those.

    While it is NULL the digest of its row leaves it out, so that what the ledger says of rows
    written before still holds.
    """
    return column(comment, default=None, sa_column_kwargs={"info": {"later": True}}, **options)


def key(comment: str = "number of the row") -> Any:
    """The primary key: a number that the database gives."""
    return column(comment, default=None, primary_key=True)


def one_of(column_name: str, words: Iterable[str]) -> CheckConstraint:
    """A constraint that lets a column hold nothing but these words (or NULL)."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column_name} IN ({listed})", name=f"{column_name}_word")


def sha256_of(column_name: str) -> CheckConstraint:
    """A constraint that lets a column hold nothing shorter or longer than a SHA-256 in hex."""
    return CheckConstraint(f"length({column_name}) = 64", name=f"{column_name}_length")
