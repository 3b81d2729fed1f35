"""Keeping the counts with what they count: in the transaction of whoever changes it.

Everything here is called after the change is flushed and by somebody who holds the ledger's lock,
so that two writers cannot count past each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy import Row as Row_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from greenpack.records.count_tables import NO_WAYBILL, UNKNOWN
from greenpack.records.parcels_found import COLUMNS, parcels_found
from greenpack.records.selecting import finding, measurement, photo, waybill
from greenpack.records.tables import Row

_TABLES = Row.metadata.tables
PARCEL = _TABLES["judged_parcel"]
PROFILE = _TABLES["counted_profile"]
UNMEASURED = _TABLES["unmeasured_photo"]

# A profile's days are counted in this zone until its first findings say in which.
DEFAULT_ZONE = "UTC"

_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "profile_id": PARCEL.c.profile_id,
    "day": PARCEL.c.day,
    "hub_id": func.coalesce(PARCEL.c.hub_id, UNKNOWN),
    "platform_id": func.coalesce(PARCEL.c.platform_id, UNKNOWN),
    "goods_class": PARCEL.c.goods_class,
    "sender_id": case(
        (PARCEL.c.waybill_id.is_(None), NO_WAYBILL),
        else_=func.coalesce(PARCEL.c.sender_id, UNKNOWN),
    ),
    "verdict": PARCEL.c.verdict,
    "dismissed": PARCEL.c.dismissed,
}
_SUMS: Mapping[str, ColumnElement[Any]] = {
    "parcels": func.count(),
    "sized_parcels": func.count(PARCEL.c.air_cm3_low),
    "air_cm3_low": func.coalesce(func.sum(PARCEL.c.air_cm3_low), 0),
    "air_cm3_high": func.coalesce(func.sum(PARCEL.c.air_cm3_high), 0),
}


@dataclass(frozen=True, slots=True)
class RollUp:
    """A table that counts parcels by some of what is known of them."""

    table: Table

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that it counts by."""
        return tuple(column.name for column in self.table.primary_key)

    @property
    def sums(self) -> tuple[str, ...]:
        """The columns that it counts."""
        return tuple(name for name in self.table.c.keys() if name not in self.keys)  # noqa: SIM118

    def counted(self, *conditions: ColumnElement[bool], sign: int = 1) -> Select[Any]:
        """What it should hold of some parcels, or the negative of it."""
        keys = [_FIELDS[name] for name in self.keys]
        whole = {True: BigInteger(), False: self.table.c.parcels.type}
        sums = [
            cast(_SUMS[name] * literal(sign), whole[name.startswith("air")]).label(name)
            for name in self.sums
        ]
        named = [key.label(name) for key, name in zip(keys, self.keys, strict=True)]
        return select(*named, *sums).where(*conditions).group_by(*keys)


ROLL_UPS = tuple(
    RollUp(_TABLES[f"daily_{name}_count"])
    for name in ("parcel", "hub", "platform", "goods", "sender")
)


def count_profile(session: Session, profile_id: str, timezone: str | None) -> None:
    """Make a profile one that is counted, in its time zone.

    Args:
        session: of who writes a finding under it.
        profile_id: the profile.
        timezone: IANA name; None: as it was counted before. If a profile comes with another zone
            than before, all of its parcels are counted anew.
    """
    connection = session.connection()
    known = connection.execute(
        select(PROFILE.c.timezone).where(PROFILE.c.profile_id == profile_id)
    ).scalar()
    if known is None:
        values = {"profile_id": profile_id, "timezone": timezone or DEFAULT_ZONE}
        connection.execute(insert(PROFILE).values(**values))
    elif timezone is not None and timezone != known:
        connection.execute(
            update(PROFILE).where(PROFILE.c.profile_id == profile_id).values(timezone=timezone)
        )
        fill(session, profile_id)


def count_parcels(
    session: Session,
    *,
    waybills: Collection[int] = (),
    photos: Collection[int] = (),
    profile_id: str | None = None,
) -> None:
    """Bring the counts of some parcels up to date with their findings.

    Args:
        session: has flushed the change.
        waybills: parcels by their waybills' rows, a few hundred at most.
        photos: parcels without a waybill, by their photos' rows.
        profile_id: under one profile; None under all.
    """
    session.flush()
    connection = session.connection()
    own = [] if profile_id is None else [finding.c.profile_id == profile_id]
    kept = [] if profile_id is None else [PARCEL.c.profile_id == profile_id]
    if waybills:
        _replace(
            connection,
            and_(PARCEL.c.waybill_id.in_(waybills), *kept),
            [finding.c.waybill_id.in_(waybills), *own],
        )
    if photos:
        _replace(
            connection,
            and_(PARCEL.c.photo_id.in_(photos), *kept),
            [measurement.c.photo_id.in_(photos), finding.c.waybill_id.is_(None), *own],
        )


def count_finding(session: Session, finding_id: int) -> None:
    """Bring the counts of the parcel of one finding up to date, after a decision about it."""
    statement = (
        select(finding.c.profile_id, finding.c.waybill_id, measurement.c.photo_id)
        .join(measurement, measurement.c.id == finding.c.measurement_id)
        .where(finding.c.id == finding_id)
    )
    profile_id, waybill_id, photo_id = session.connection().execute(statement).one()
    if waybill_id is None:
        count_parcels(session, photos=[photo_id], profile_id=profile_id)
    else:
        count_parcels(session, waybills=[waybill_id], profile_id=profile_id)


def note_unmeasured(session: Session, condition: ColumnElement[bool]) -> None:
    """Bring the list of photos without numbers up to date for the photos of a condition."""
    session.flush()
    connection = session.connection()
    chosen = select(photo.c.id).where(condition)
    connection.execute(delete(UNMEASURED).where(UNMEASURED.c.photo_id.in_(chosen)))
    columns = list(UNMEASURED.c.keys())
    connection.execute(insert(UNMEASURED).from_select(columns, unmeasured_found(condition)))


def unmeasured_found(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Photos without numbers: refused ones, and those whose newest measurement gave none."""
    later = measurement.alias("later")
    newest = (
        ~select(later.c.id)
        .where(later.c.photo_id == measurement.c.photo_id, later.c.id > measurement.c.id)
        .exists()
    )
    refused = photo.c.refused_reason.is_not(None)
    values = {
        "photo_id": photo.c.id,
        "reason": func.coalesce(photo.c.refused_reason, measurement.c.reason),
        "refused": refused,
        "hub_id": func.coalesce(photo.c.hub_id, waybill.c.hub_id),
    }
    return (
        select(*(values[name].label(name) for name in UNMEASURED.c.keys()))  # noqa: SIM118
        .select_from(photo)
        .outerjoin(measurement, and_(measurement.c.photo_id == photo.c.id, newest))
        .outerjoin(waybill, waybill.c.id == photo.c.waybill_id)
        .where(refused | measurement.c.reason.is_not(None), *conditions)
    )


def fill(session: Session, profile_id: str | None = None) -> None:
    """Make the counts of a profile, or of all, out of the findings, whatever was in them."""
    connection = session.connection()
    chosen = [] if profile_id is None else [finding.c.profile_id == profile_id]
    for table in (PARCEL, *(roll_up.table for roll_up in ROLL_UPS)):
        own = [] if profile_id is None else [table.c.profile_id == profile_id]
        connection.execute(delete(table).where(*own))
    connection.execute(insert(PARCEL).from_select(list(COLUMNS), parcels_found(*chosen)))
    own = [] if profile_id is None else [PARCEL.c.profile_id == profile_id]
    for roll_up in ROLL_UPS:
        columns = [*roll_up.keys, *roll_up.sums]
        connection.execute(insert(roll_up.table).from_select(columns, roll_up.counted(*own)))


def _replace(
    connection: Connection, kept: ColumnElement[bool], found: Sequence[ColumnElement[bool]]
) -> None:
    """Let the rows of some parcels say what their findings say, and count the difference."""
    before = {_parcel(row): row for row in connection.execute(select(PARCEL).where(kept))}
    after = {_parcel(row): _values(row) for row in connection.execute(parcels_found(*found))}
    same = [row.id for key, row in before.items() if after.get(key) == _values(row)]
    gone = [row.id for key, row in before.items() if key not in after]
    changed = [
        {"row": row.id, **after[key]}
        for key, row in before.items()
        if key in after and row.id not in same
    ]
    added = [values for key, values in after.items() if key not in before]
    differing = and_(kept, PARCEL.c.id.not_in(same)) if same else kept
    if gone or changed:
        _count(connection, differing, -1)
    if gone:
        connection.execute(delete(PARCEL).where(PARCEL.c.id.in_(gone)))
    if changed:
        values = {name: bindparam(name) for name in COLUMNS}
        rows = update(PARCEL).where(PARCEL.c.id == bindparam("row")).values(values)
        connection.execute(rows, changed)
    if added:
        connection.execute(insert(PARCEL), added)
    if added or changed:
        _count(connection, differing, +1)
    if gone or changed:
        _sweep(connection, [row for row in before.values() if row.id not in same])


def _count(connection: Connection, parcels: ColumnElement[bool], sign: int) -> None:
    """Add some parcels to every count, or take them out."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for roll_up in ROLL_UPS:
        columns = [*roll_up.keys, *roll_up.sums]
        adding = dialect.insert(roll_up.table).from_select(
            columns, roll_up.counted(parcels, sign=sign)
        )
        sums = {name: roll_up.table.c[name] + adding.excluded[name] for name in roll_up.sums}
        connection.execute(
            adding.on_conflict_do_update(index_elements=list(roll_up.keys), set_=sums)
        )


def _sweep(connection: Connection, rows: Iterable[Row_[Any]]) -> None:
    """Take out what has come to nothing, so that counts kept and counts made anew are the same."""
    for profile_id, day in {(row.profile_id, row.day) for row in rows}:
        for roll_up in ROLL_UPS:
            table = roll_up.table
            connection.execute(
                delete(table).where(
                    table.c.profile_id == profile_id, table.c.day == day, table.c.parcels == 0
                )
            )


def _parcel(row: Row_[Any]) -> tuple[object, ...]:
    return row.profile_id, row.waybill_id, row.photo_id


def _values(row: Row_[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in COLUMNS}
