"""Keeping the counts with what they count: in the transaction of whoever changes it.

Everything here is called after the change is flushed and by somebody who holds the ledger's lock,
so that two writers cannot count past each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Delete,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy import Row as Row_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import Session

from greenpack.records.parcels_found import COLUMNS, parcels_found
from greenpack.records.roll_ups import PARCEL, PROFILE, ROLL_UPS, UNMEASURED, RollUp, key_of
from greenpack.records.selecting import finding, measurement, photo, waybill

# A profile's days are counted in this zone until its first findings say in which.
DEFAULT_ZONE = "UTC"


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
    for by, rows in (("waybill_id", waybills), ("photo_id", photos)):
        if rows:
            _replace(session.connection(), by, rows, profile_id)


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


def count_unmeasured(
    session: Session, *, photos: Collection[int] = (), waybills: Collection[int] = ()
) -> None:
    """Bring the list of photos without numbers up to date, for some photos or those of waybills."""
    for column, rows in ((photo.c.id, photos), (photo.c.waybill_id, waybills)):
        if not rows:
            continue
        session.flush()
        for statement in _unmeasuring(column.name):
            session.connection().execute(statement, {"rows": list(rows)})


@cache
def _unmeasuring(by: str) -> tuple[Delete, Insert]:
    chosen = photo.c[by].in_(bindparam("rows", expanding=True))
    there = select(photo.c.id).where(chosen)
    columns = list(UNMEASURED.c.keys())
    return (
        delete(UNMEASURED).where(UNMEASURED.c.photo_id.in_(there)),
        insert(UNMEASURED).from_select(columns, unmeasured_found(chosen)),
    )


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
    uncounted = (
        select(finding.c.profile_id, literal(DEFAULT_ZONE))
        .where(finding.c.profile_id.not_in(select(PROFILE.c.profile_id)), *chosen)
        .distinct()
    )
    connection.execute(insert(PROFILE).from_select(["profile_id", "timezone"], uncounted))
    for table in (PARCEL, *(roll_up.table for roll_up in ROLL_UPS)):
        own = [] if profile_id is None else [table.c.profile_id == profile_id]
        connection.execute(delete(table).where(*own))
    connection.execute(insert(PARCEL).from_select(list(COLUMNS), parcels_found(*chosen)))
    own = [] if profile_id is None else [PARCEL.c.profile_id == profile_id]
    for roll_up in ROLL_UPS:
        columns = [*roll_up.keys, *roll_up.sums]
        connection.execute(insert(roll_up.table).from_select(columns, roll_up.counted(*own)))
    if profile_id is None:
        connection.execute(delete(UNMEASURED))
        columns = list(UNMEASURED.c.keys())
        connection.execute(insert(UNMEASURED).from_select(columns, unmeasured_found()))


@dataclass(frozen=True, slots=True)
class _Statements:
    """What keeps the counts of parcels named by a column; building it takes longer than running.

    Attributes:
        before: their rows; takes ``rows``, and ``profile`` for those of one profile.
        found: what the rows should be, under all profiles; takes ``rows``.
        add: counts all but those with the ids ``same`` in every count; takes these too.
        subtract: takes them out.
        sweep: removes what has come to nothing of the key ``of_...``.
    """

    before: Select[Any]
    found: Select[Any]
    add: tuple[Insert, ...]
    subtract: tuple[Insert, ...]
    sweep: tuple[Delete, ...]


@cache
def _statements(by: str, one_profile: bool, dialect: str) -> _Statements:
    rows: BindParameter[Any] = bindparam("rows", expanding=True)
    profile: BindParameter[Any] = bindparam("profile")
    kept: list[ColumnElement[bool]] = [PARCEL.c[by].in_(rows)]
    # Nothing but the rows may find them: SQLite, which knows of no statistics in a new database,
    # would rather go through all findings of a profile, or all without a waybill.
    found: list[ColumnElement[bool]] = [finding.c.waybill_id.in_(rows)]
    if by == "photo_id":
        found = [measurement.c.photo_id.in_(rows), func.coalesce(finding.c.waybill_id, 0) == 0]
    if one_profile:
        kept.append(PARCEL.c.profile_id == profile)
    differing = and_(*kept, PARCEL.c.id.not_in(bindparam("same", expanding=True)))
    return _Statements(
        before=select(PARCEL).where(*kept),
        found=parcels_found(*found),
        add=tuple(_adding(roll_up, differing, +1, dialect) for roll_up in ROLL_UPS),
        subtract=tuple(_adding(roll_up, differing, -1, dialect) for roll_up in ROLL_UPS),
        sweep=tuple(_sweeping(roll_up) for roll_up in ROLL_UPS),
    )


def _adding(roll_up: RollUp, parcels: ColumnElement[bool], sign: int, dialect: str) -> Insert:
    """Add some parcels to a count, or take them out."""
    columns = [*roll_up.keys, *roll_up.sums]
    into: Any = (sqlite if dialect == "sqlite" else postgresql).insert
    adding: sqlite.Insert = into(roll_up.table).from_select(
        columns, roll_up.counted(parcels, sign=sign)
    )
    sums = {name: roll_up.table.c[name] + adding.excluded[name] for name in roll_up.sums}
    return adding.on_conflict_do_update(index_elements=list(roll_up.keys), set_=sums)


def _sweeping(roll_up: RollUp) -> Delete:
    own = (roll_up.table.c[name] == bindparam(f"of_{name}") for name in roll_up.keys)
    return delete(roll_up.table).where(*own, roll_up.table.c.parcels == 0)


def _replace(
    connection: Connection, by: str, rows: Collection[int], profile_id: str | None
) -> None:
    """Let the rows of some parcels say what their findings say, and count the difference."""
    statements = _statements(by, profile_id is not None, connection.dialect.name)
    chosen: dict[str, Any] = {"rows": list(rows)}
    if profile_id is not None:
        chosen["profile"] = profile_id
    before = {_parcel(row): row for row in connection.execute(statements.before, chosen)}
    after = {
        _parcel(row): _values(row)
        for row in connection.execute(statements.found, {"rows": chosen["rows"]})
        if profile_id is None or row.profile_id == profile_id
    }
    chosen["same"] = [row.id for key, row in before.items() if after.get(key) == _values(row)]
    gone = [row.id for key, row in before.items() if key not in after]
    changed = [
        {"row": row.id, **after[key]}
        for key, row in before.items()
        if key in after and row.id not in chosen["same"]
    ]
    added = [values for key, values in after.items() if key not in before]
    if gone or changed:
        for statement in statements.subtract:
            connection.execute(statement, chosen)
    if gone:
        connection.execute(delete(PARCEL).where(PARCEL.c.id.in_(gone)))
    if changed:
        connection.execute(_UPDATING, changed)
    if added:
        connection.execute(insert(PARCEL), added)
    if added or changed:
        for statement in statements.add:
            connection.execute(statement, chosen)
    if gone or changed:
        # So that counts kept and counts made anew are the same. Each by its whole key: a day has
        # a row for nearly each sender.
        keys = [key_of(row) for row in before.values() if row.id not in chosen["same"]]
        left = [{f"of_{name}": value for name, value in key.items()} for key in keys]
        for sweep in statements.sweep:
            connection.execute(sweep, left)


def _parcel(row: Row_[Any]) -> tuple[object, ...]:
    return row.profile_id, row.waybill_id, row.photo_id


def _values(row: Row_[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in COLUMNS}


_WRITTEN: dict[str, Any] = {name: bindparam(name) for name in COLUMNS}
_UPDATING = update(PARCEL).where(PARCEL.c.id == bindparam("row")).values(_WRITTEN)
