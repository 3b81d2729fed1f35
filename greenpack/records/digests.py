"""Which rows the ledger vouches for, and the digest that stands for a row.

A digest is the SHA-256 of canonical JSON of the row's columns, the same on every database. What
may change later is kept out of the digest of the row and has a ledger kind of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Float, Table
from sqlmodel import SQLModel

from greenpack.records.ledger import LedgerKind, NewEntry, canonical, moment
from greenpack.records.tables import Row

_TABLES = Row.metadata.tables


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the ledger vouches for under one kind.

    Attributes:
        kind: of the ledger entries.
        table: whose rows.
        columns: which of its columns.
        parts: a table whose rows are part of these rows, or None.
        may_change: whether rows may be written anew, so that the last entry counts.
        optional: whether a row needs no entry as long as all columns but the id are NULL.
    """

    kind: LedgerKind
    table: Table
    columns: tuple[str, ...]
    parts: Table | None = None
    may_change: bool = False
    optional: bool = False

    @property
    def parent(self) -> Column[int]:
        """The column by which ``parts`` names the row it is part of."""
        if self.parts is None:
            raise ValueError(f"{self.kind} has no parts")
        return self.parts.c[f"{self.table.name}_id"]

    def subject(self, row_id: int) -> str:
        """How the ledger names a row."""
        return f"{self.table.name}/{row_id}"


def _all_but(table: str, *left_out: str) -> tuple[str, ...]:
    return tuple(name for name in _TABLES[table].c.keys() if name not in left_out)  # noqa: SIM118


_ATTRIBUTION = ("waybill_id", "attribution_source", "attribution_note")

VOUCHED: dict[LedgerKind, Vouched] = {
    vouched.kind: vouched
    for vouched in (
        *(
            Vouched(kind, _TABLES[kind.value], _all_but(kind.value), may_change=True)
            for kind in (
                LedgerKind.PLATFORM,
                LedgerKind.SENDER,
                LedgerKind.PROVINCE,
                LedgerKind.MUNICIPALITY,
                LedgerKind.HUB,
                LedgerKind.CAMERA_TOKEN,
            )
        ),
        # When a camera last posted is no evidence, and changes all day.
        Vouched(
            LedgerKind.CAMERA,
            _TABLES["camera"],
            _all_but("camera", "last_seen_at"),
            may_change=True,
        ),
        # Wrong passwords and locks have entries of their own kind.
        Vouched(
            LedgerKind.USER_ACCOUNT,
            _TABLES["user_account"],
            _all_but("user_account", "failed_tries", "failed_since", "locked_until"),
            may_change=True,
        ),
        Vouched(
            LedgerKind.WAYBILL,
            _TABLES["waybill"],
            _all_but("waybill"),
            parts=_TABLES["declared_item"],
            may_change=True,
        ),
        # Bytes refused under one limit may be usable under another.
        Vouched(
            LedgerKind.PHOTO,
            _TABLES["photo"],
            _all_but("photo", *_ATTRIBUTION),
            may_change=True,
        ),
        Vouched(
            LedgerKind.ATTRIBUTION,
            _TABLES["photo"],
            ("id", *_ATTRIBUTION),
            may_change=True,
            optional=True,
        ),
        Vouched(
            LedgerKind.MEASUREMENT,
            _TABLES["measurement"],
            _all_but("measurement"),
            parts=_TABLES["quantity"],
        ),
        Vouched(
            LedgerKind.FINDING, _TABLES["finding"], _all_but("finding", "superseded_by", "standing")
        ),
        Vouched(
            LedgerKind.SUPERSEDED,
            _TABLES["finding"],
            ("id", "superseded_by"),
            optional=True,
        ),
        *(
            Vouched(kind, _TABLES[kind.value], _all_but(kind.value))
            for kind in (LedgerKind.CAMERA_CALIBRATION, LedgerKind.CAMERA_VERIFICATION)
        ),
        *(
            Vouched(kind, _TABLES[kind.value], _all_but(kind.value))
            for kind in (LedgerKind.DECISION, LedgerKind.COMPLIANCE_CASE, LedgerKind.CASE_EVENT)
        ),
    )
}


def digest(
    vouched: Vouched, row: Mapping[str, object], parts: Sequence[Mapping[str, object]] = ()
) -> str:
    """The digest of one row.

    Args:
        vouched: which columns count.
        row: the row's values by column name; others are left out.
        parts: the rows that are part of it, in the order of their ids.

    Raises:
        TypeError, ValueError: for values that such a column never holds.
    """
    return digest_of(content(vouched, row, parts))


def content(
    vouched: Vouched, row: Mapping[str, object], parts: Sequence[Mapping[str, object]] = ()
) -> dict[str, object]:
    """What the digest of a row is made of, in JSON's values; see ``digest``."""
    told: dict[str, object] = dict(_values((vouched.table.c[n] for n in vouched.columns), row))
    if vouched.parts is not None:
        told[vouched.parts.name] = [dict(_values(vouched.parts.c, part)) for part in parts]
    return told


def digest_of(told: Mapping[str, object]) -> str:
    """The digest of what ``content`` gave, also after a way through JSON."""
    return hashlib.sha256(canonical(told).encode("utf-8")).hexdigest()


def entry_for(
    kind: LedgerKind, row: SQLModel, parts: Sequence[SQLModel] = (), **more: object
) -> NewEntry:
    """The ledger entry for a row that was just written; ``more`` goes into the payload."""
    vouched = VOUCHED[kind]
    values = {name: getattr(row, name) for name in vouched.columns}
    part_values = [
        {name: getattr(part, name) for name in type(part).model_fields}
        for part in sorted(parts, key=lambda part: int(part.id))  # type: ignore[attr-defined]
    ]
    payload = {"digest": digest(vouched, values, part_values), **more}
    return NewEntry(kind.value, vouched.subject(values["id"]), payload)


def _values(
    columns: Iterable[Column[object]], row: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Names and values; a column that came later counts once it holds something."""
    for column in columns:
        value = row[column.name]
        if value is not None or not column.info.get("later"):
            yield column.name, _plain(column, value)


def _plain(column: Column[object], value: object) -> object:
    """A value as JSON has it, the same whichever database it came from."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(column.type, Float) and isinstance(value, int | float):
        # A whole number may come back as an integer, and SQLite keeps no minus before a zero.
        return float(value) + 0.0
    return value
