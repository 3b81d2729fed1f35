"""Holding the counts against the findings that they count, and counting anew where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, except_, func, select, union
from sqlmodel import Session

from greenpack.records.counting import fill, unmeasured_found
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.parcels_found import COLUMNS, parcels_found
from greenpack.records.roll_ups import PARCEL, PROFILE, ROLL_UPS, UNMEASURED
from greenpack.records.selecting import finding

_PARCEL_KEYS = ("profile_id", "waybill_id", "photo_id")


@dataclass(frozen=True, slots=True)
class Difference:
    """A table of counts that is not what its findings say.

    Attributes:
        table: its name.
        rows: how many of its rows are wrong, missing or too many, > 0.
    """

    table: str
    rows: int


def differences(session: Session) -> list[Difference]:
    """Where the counts are not what they should be; none where all is well.

    The rows of parcels are held against the findings, and the daily counts against the rows of
    parcels, each in one statement.

    Args:
        session: best from ``reading``, which sees one state while others write.
    """
    connection = session.connection()
    return [
        Difference(table, rows)
        for table, statement in _statements()
        if (rows := int(connection.execute(statement).scalar_one()))
    ]


def recount(session: Session) -> list[Difference]:
    """Count everything anew if anything differs, and say so in the ledger; the caller commits.

    Returns:
        What differed.
    """
    lock(session)
    found = differences(session)
    if found:
        fill(session)
        payload = {difference.table: difference.rows for difference in found}
        append_all(session, [NewEntry(LedgerKind.RECOUNT.value, "counts", {"rows": payload})])
    return found


@cache
def _statements() -> tuple[tuple[str, Select[int]], ...]:
    """How many rows of each table are wrong; building these takes longer than running them."""
    uncounted = (
        select(finding.c.profile_id)
        .where(finding.c.profile_id.not_in(select(PROFILE.c.profile_id)))
        .distinct()
        .subquery()
    )
    columns = tuple(UNMEASURED.c.keys())
    return (
        (PROFILE.name, select(func.count()).select_from(uncounted)),
        (PARCEL.name, _differing(PARCEL, parcels_found(), COLUMNS, _PARCEL_KEYS)),
        *(
            (
                each.table.name,
                _differing(each.table, each.counted(), (*each.keys, *each.sums), each.keys),
            )
            for each in ROLL_UPS
        ),
        (UNMEASURED.name, _differing(UNMEASURED, unmeasured_found(), columns, ("photo_id",))),
    )


def _differing(
    table: Table, found: Select[Any], columns: Sequence[str], keys: Sequence[str]
) -> Select[int]:
    """How many rows are only in one of the two: stored, or found."""
    expected = found.cte("expected")
    stored = select(*(table.c[name] for name in columns)).cte("stored")
    sides = [
        except_(
            select(*(one.c[name] for name in columns)),
            select(*(other.c[name] for name in columns)),
        ).subquery(f"only_{one.name}")
        for one, other in ((expected, stored), (stored, expected))
    ]
    differing = union(*(select(*(side.c[name] for name in keys)) for side in sides)).subquery()
    return select(func.count()).select_from(differing)
