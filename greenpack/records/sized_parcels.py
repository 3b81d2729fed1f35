"""Parcels of known size: how many there are, the air in them, and some drawn at random.

Sums over all come from the daily counts. What needs each parcel's sides and goods is worked out
for parcels drawn at random, because there may be millions; the same question draws the same ones.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from greenpack.measure.contents.goods import DeclaredGoods
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.declared import TOLERANCE_MM
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.scope import Scope
from greenpack.records.selecting import finding, in_scope, waybill
from greenpack.records.sized import SizedParcel
from greenpack.records.tables import Row

_TABLES = Row.metadata.tables
_DAYS = _TABLES["daily_hub_count"]
_DAYS_OF_SENDERS = _TABLES["daily_sender_count"]
_ITEM = _TABLES["declared_item"]
_PARCEL = _TABLES["judged_parcel"]
_QUANTITY = _TABLES["quantity"]

_SIDES: Final = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)
_NUMBERS: Final = (*_SIDES, Quantity.FILLER_RATIO)
# Up to so many parcels are listed to draw from; of more, row numbers are guessed.
_LISTED: Final = 50_000
_GUESSED_AT_ONCE: Final = 5_000
_GUESSED_AT_MOST: Final = 60_000
_SEED: Final = "greenpack"


@dataclass(frozen=True, slots=True)
class SizedFilter:
    """Which parcels are meant; None leaves a condition out.

    Attributes:
        profile_id: the profile judged under.
        first: the first day of receipt, in the profile's days.
        last: the last day, that day included.
        sender_id: one sender's.
    """

    profile_id: str
    first: date
    last: date
    sender_id: int | None = None


@dataclass(frozen=True, slots=True)
class AirCount:
    """How many parcels there are, of how many the air is known, and that air in cm3."""

    parcels: int
    sized: int
    air_cm3: tuple[int, int]


def air_count(session: Session, wanted: SizedFilter, *, scope: Scope) -> AirCount:
    """Parcels and the air in those whose size and void are known."""
    table = _DAYS if wanted.sender_id is None else _DAYS_OF_SENDERS
    sums = (
        func.sum(table.c.parcels),
        func.sum(table.c.sized_parcels),
        func.sum(table.c.air_cm3_low),
        func.sum(table.c.air_cm3_high),
    )
    statement = select(*sums).where(*_within(table, wanted, scope))
    row = session.connection().execute(statement).one()
    parcels, sized, low, high = (int(total or 0) for total in row)
    return AirCount(parcels, sized, (low, high))


def drawn_parcels(
    session: Session, wanted: SizedFilter, sized: int, *, scope: Scope, most: int
) -> list[SizedParcel]:
    """Up to ``most`` parcels of known size and void, drawn at random, in random order.

    Every parcel has the same chance, so the first few of them are a random draw too.

    Args:
        session: reads only.
        wanted: which parcels.
        sized: how many of them there are.
        scope: the jurisdiction that who asks may see.
        most: how many are enough.
    """
    if not sized:
        return []
    rng = random.Random(f"{_SEED} {wanted} {scope} {sized}")
    drawn = _guessed if sized > _LISTED and wanted.sender_id is None else _listed
    ids = drawn(session, wanted, scope, most, rng)
    return _parcels(session, ids)


def _listed(
    session: Session, wanted: SizedFilter, scope: Scope, most: int, rng: random.Random
) -> list[int]:
    """Drawn from the list of all their rows."""
    statement = select(_PARCEL.c.id).where(*_sized(wanted, scope)).order_by(_PARCEL.c.id)
    ids = list(session.connection().execute(statement).scalars())
    return rng.sample(ids, min(most, len(ids)))


def _guessed(
    session: Session, wanted: SizedFilter, scope: Scope, most: int, rng: random.Random
) -> list[int]:
    """Drawn by guessing row numbers: those that hit are as random as the guesses."""
    connection = session.connection()
    # Each by itself: SQLite goes through all rows for both at once.
    least, greatest = (select(each(_PARCEL.c.id)) for each in (func.min, func.max))
    ends = connection.execute(select(least.scalar_subquery(), greatest.scalar_subquery())).one()
    numbers = range(int(ends[0]), int(ends[1]) + 1)
    guesses = rng.sample(numbers, min(len(numbers), _GUESSED_AT_MOST))
    found: list[int] = []
    for begin in range(0, len(guesses), _GUESSED_AT_ONCE):
        chunk = guesses[begin : begin + _GUESSED_AT_ONCE]
        # Taken by their numbers first: without statistics SQLite would go through all the days.
        rows = select(_PARCEL).where(_PARCEL.c.id.in_(chunk)).cte("guessed")
        guessed = rows.prefix_with("MATERIALIZED")
        statement = select(guessed.c.id).where(*_sized(wanted, scope, guessed))
        hits = set(connection.execute(statement).scalars())
        found += [guess for guess in chunk if guess in hits]
        if len(found) >= most:
            break
    return found[:most]


def _sized(wanted: SizedFilter, scope: Scope, table: Any = _PARCEL) -> list[ColumnElement[bool]]:
    return [*_within(table, wanted, scope), table.c.air_cm3_low.is_not(None)]


def _within(table: Any, wanted: SizedFilter, scope: Scope) -> list[ColumnElement[bool]]:
    chosen = [
        table.c.profile_id == wanted.profile_id,
        table.c.day.between(wanted.first, wanted.last),
        *in_scope(scope, table.c.hub_id),
    ]
    if wanted.sender_id is not None:
        chosen.append(table.c.sender_id == wanted.sender_id)
    return chosen


def _parcels(session: Session, ids: Sequence[int]) -> list[SizedParcel]:
    """These parcels with their sizes and goods, in that order; those without sides are left out."""
    connection = session.connection()
    statement = (
        select(
            _PARCEL.c.id,
            _PARCEL.c.profile_id,
            _PARCEL.c.waybill_id,
            _PARCEL.c.photo_id,
            waybill.c.length_mm,
            waybill.c.width_mm,
            waybill.c.height_mm,
            waybill.c.items_complete,
            waybill.c.packaging,
        )
        .outerjoin(waybill, waybill.c.id == _PARCEL.c.waybill_id)
        .where(_PARCEL.c.id.in_(ids))
    )
    rows = {row.id: row for row in connection.execute(statement)}
    numbers = _measured(session, ids)
    goods = _goods(
        session, [row.waybill_id for row in rows.values() if row.items_complete is not False]
    )
    found = []
    for parcel_id in ids:
        row = rows[parcel_id]
        size = _size(row, numbers[parcel_id])
        if size is not None:
            filler = numbers[parcel_id].get(Quantity.FILLER_RATIO)
            contents = goods.get(row.waybill_id, ())
            found.append(SizedParcel(parcel_id, size, contents, filler, row.packaging))
    return found


def _measured(session: Session, ids: Sequence[int]) -> Mapping[int, dict[Quantity, Interval]]:
    """Sides and filler by parcel, from the measurements that its current findings rest on."""
    statement = (
        select(
            _PARCEL.c.id, _QUANTITY.c.quantity, _QUANTITY.c.value, _QUANTITY.c.low, _QUANTITY.c.high
        )
        .select_from(_PARCEL)
        .join(
            finding,
            (finding.c.waybill_id == _PARCEL.c.waybill_id)
            & (finding.c.profile_id == _PARCEL.c.profile_id)
            & finding.c.superseded_by.is_(None),
        )
        .join(_QUANTITY, _QUANTITY.c.measurement_id == finding.c.measurement_id)
        .where(
            _PARCEL.c.id.in_(ids),
            _QUANTITY.c.quantity.in_([quantity.value for quantity in _NUMBERS]),
        )
        .order_by(_PARCEL.c.id, _QUANTITY.c.id)
    )
    found: dict[int, dict[Quantity, Interval]] = defaultdict(dict)
    for row in session.connection().execute(statement):
        interval = Interval(row.value, row.low, row.high)
        found[row.id].setdefault(Quantity(row.quantity), interval)
    return found


def _goods(session: Session, waybills: Sequence[int]) -> dict[int, tuple[DeclaredGoods, ...]]:
    """What is declared to be in each of these; nothing where a size is missing."""
    statement = (
        select(_ITEM)
        .where(_ITEM.c.waybill_id.in_(waybills))
        .order_by(_ITEM.c.waybill_id, _ITEM.c.line)
    )
    lines: dict[int, list[DeclaredGoods | None]] = defaultdict(list)
    for row in session.connection().execute(statement):
        sides = (row.length_mm, row.width_mm, row.height_mm)
        known = None not in sides
        kind = DeclaredGoods(sides, row.quantity, soft=bool(row.soft)) if known else None
        lines[row.waybill_id].append(kind)
    return {
        waybill_id: tuple(kind for kind in kinds if kind is not None)
        for waybill_id, kinds in lines.items()
        if None not in kinds
    }


def _size(row: Any, numbers: Mapping[Quantity, Interval]) -> ParcelSize | None:
    """As declared, else as measured; a measured size may be off on all sides at once."""
    sides = (row.length_mm, row.width_mm, row.height_mm)
    if None not in sides:
        return ParcelSize.declared(sides, TOLERANCE_MM)
    if any(side not in numbers for side in _SIDES):
        return None
    length, width, height = (numbers[side] for side in _SIDES)
    seen = (length, width, height)
    off = [_relative(side) for side in seen]
    low = [max(1.0, side.low) if side.value is None else side.value for side in seen]
    high = [max(1.0, side.high) if side.value is None else side.value for side in seen]
    return ParcelSize(
        (low[0], low[1], low[2]), (high[0], high[1], high[2]), (0.0, 0.0, 0.0), max(off), "photo"
    )


def _relative(side: Interval) -> float:
    """Relative standard uncertainty of a measured side, by its longer arm; 0 of a bounded one."""
    if side.value is None:
        return 0.0
    return max(side.high - side.value, side.value - side.low) / (IN_95 * side.value)
