"""Waybills: what a platform declares of a parcel, and the bare number read from a photo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sqlmodel import Session, col, select

from greenpack.records.columns import now, storable
from greenpack.records.counting import count_parcels, count_unmeasured
from greenpack.records.digests import entry_for
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.places import Places
from greenpack.records.stored import given
from greenpack.records.tables import DeclaredItem, Hub, Municipality, Platform, Province, Sender
from greenpack.records.tables import Waybill as Waybill  # noqa: PLC0414 (its home for callers)

if TYPE_CHECKING:
    from greenpack.intake.waybill_csv import DeclaredWaybill

# Longer than any carrier's number, short enough for every database's index.
MAX_NUMBER_LENGTH = 200

_BATCH = 500

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How many waybills an import added, updated and found unchanged."""

    added: int
    updated: int
    unchanged: int


def import_waybills(session: Session, waybills: Iterable[DeclaredWaybill]) -> ImportSummary:
    """Take in what platforms declare; the same import again changes nothing.

    What a waybill leaves open (None, or no items) keeps what was known; what it states replaces
    it, items as a whole. Of a number that comes twice the last counts. Every change is written to
    the ledger with what stood there before. The caller commits.

    Raises:
        ValueError: for an empty or overlong waybill number.
    """
    declared = {_number(waybill.number): waybill for waybill in waybills}
    lock(session)
    places = Places(session)
    added = updated = unchanged = 0
    for numbers in _batches(declared):
        known, items = _known(session, numbers)
        changes: list[_Change] = []
        for number in numbers:
            row = known.get(number)
            change = _change(session, places, declared[number], row, items)
            if row is None:
                added += 1
            elif change is None:
                unchanged += 1
            else:
                updated += 1
            if change is not None:
                changes.append(change)
        append_all(session, _write(session, changes))
        declared_anew = [given(change.row.id) for change in changes if change.before is not None]
        count_parcels(session, waybills=declared_anew)
        count_unmeasured(session, waybills=declared_anew)
    append_all(session, places.entries())
    return ImportSummary(added, updated, unchanged)


def waybill_by_number(session: Session, number: str) -> Waybill | None:
    """The waybill of that number, or None."""
    return session.exec(select(Waybill).where(Waybill.number == storable(number.strip()))).first()


def ensure_waybill(session: Session, number: str) -> Waybill:
    """The waybill of that number, made without any declaration if there is none.

    Raises:
        ValueError: for an empty or overlong number.
    """
    number = _number(number)
    lock(session)
    row = waybill_by_number(session, number)
    if row is None:
        row = Waybill(number=number)
        session.add(row)
        session.flush()
        append_all(session, [entry_for(LedgerKind.WAYBILL, row, number=number)])
    return row


@dataclass(slots=True)
class _Change:
    """A waybill's row with the values it will have, and its items before and after."""

    row: Waybill
    before: dict[str, object] | None
    old_items: list[DeclaredItem]
    new_items: list[DeclaredItem] | None


def _number(number: str) -> str:
    number = storable(number.strip())
    if not 0 < len(number) <= MAX_NUMBER_LENGTH:
        raise ValueError(f"a waybill number has 1 to {MAX_NUMBER_LENGTH} characters")
    return number


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    iterator = iter(things)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _known(
    session: Session, numbers: Sequence[str]
) -> tuple[dict[str, Waybill], dict[int, list[DeclaredItem]]]:
    fresh = {"populate_existing": True}
    rows = session.exec(
        select(Waybill).where(col(Waybill.number).in_(numbers)).execution_options(**fresh)
    ).all()
    items: dict[int, list[DeclaredItem]] = {}
    statement = (
        select(DeclaredItem)
        .where(col(DeclaredItem.waybill_id).in_([row.id for row in rows]))
        .order_by(col(DeclaredItem.line))
        .execution_options(**fresh)
    )
    for item in session.exec(statement) if rows else ():
        items.setdefault(item.waybill_id, []).append(item)
    return {row.number: row for row in rows}, items


def _change(
    session: Session,
    places: Places,
    declared: DeclaredWaybill,
    row: Waybill | None,
    items: dict[int, list[DeclaredItem]],
) -> _Change | None:
    """What the declaration changes, or None."""
    target = Waybill(number=_number(declared.number)) if row is None else row
    platform_id = places.platform(declared.platform) or target.platform_id
    length, width, height = declared.parcel_mm or (None, None, None)
    stated: dict[str, object] = {
        "platform_id": platform_id,
        "sender_id": places.sender(platform_id, declared.sender_code, declared.sender_name),
        "hub_id": places.hub(declared.province, declared.municipality, declared.hub),
        "packed_on": declared.packed_on,
        "packaging": None if declared.packaging is None else storable(declared.packaging),
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "board_mm": declared.board_mm,
        "product_mass_g": declared.product_mass_g,
        "packaging_mass_g": declared.packaging_mass_g,
        # Without items nothing is said of them, unless they are what could not be read.
        "items_complete": declared.complete if declared.items or not declared.complete else None,
    }
    differing = {
        name: value
        for name, value in stated.items()
        if value is not None and value != getattr(target, name)
    }
    old_items = [] if row is None else items.get(given(row.id), [])
    new_items: list[DeclaredItem] | None = _items(declared)
    if not new_items or [_said(item) for item in old_items] == [_said(item) for item in new_items]:
        new_items = None
    if row is not None and not differing and new_items is None:
        return None
    before = None if row is None else _as_declared(session, row, old_items)
    for name, value in differing.items():
        setattr(target, name, value)
    target.declared_at = now()
    return _Change(target, before, old_items, new_items)


def _items(declared: DeclaredWaybill) -> list[DeclaredItem]:
    return [
        DeclaredItem(
            line=line,
            name=storable(item.name),
            length_mm=item.length_mm,
            width_mm=item.width_mm,
            height_mm=item.height_mm,
            quantity=item.quantity,
            goods_class=storable(item.goods_class),
            soft=item.soft,
        )
        for line, item in enumerate(declared.items)
    ]


def _said(item: DeclaredItem) -> dict[str, object]:
    """What an item says, whatever row it stands in."""
    return item.model_dump(exclude={"id", "waybill_id", "line"})


def _as_declared(
    session: Session, row: Waybill, items: Sequence[DeclaredItem]
) -> dict[str, object]:
    """A waybill in the words of its declaration, for the ledger."""

    def named(model: type[Thing], row_id: int | None) -> Thing | None:
        return None if row_id is None else session.get(model, row_id)

    platform, sender = named(Platform, row.platform_id), named(Sender, row.sender_id)
    hub = named(Hub, row.hub_id)
    municipality = None if hub is None else named(Municipality, hub.municipality_id)
    province = None if municipality is None else named(Province, municipality.province_id)
    return {
        "platform": None if platform is None else platform.name,
        "sender": None if sender is None else sender.code,
        "hub": None if hub is None else hub.name,
        "municipality": None if municipality is None else municipality.name,
        "province": None if province is None else province.name,
        "packed_on": None if row.packed_on is None else row.packed_on.isoformat(),
        "packaging": row.packaging,
        "parcel_mm": [row.length_mm, row.width_mm, row.height_mm],
        "board_mm": row.board_mm,
        "product_mass_g": row.product_mass_g,
        "packaging_mass_g": row.packaging_mass_g,
        "items": [_said(item) for item in items],
        "items_complete": row.items_complete,
    }


def _write(session: Session, changes: Sequence[_Change]) -> list[NewEntry]:
    for change in changes:
        if change.new_items is not None:
            for item in change.old_items:
                session.delete(item)
        session.add(change.row)
    session.flush()  # the old items go first: their places are taken by the new ones
    for change in changes:
        for item in change.new_items or ():
            item.waybill_id = given(change.row.id)
            session.add(item)
    session.flush()
    entries = []
    for change in changes:
        items = change.old_items if change.new_items is None else change.new_items
        entry = entry_for(
            LedgerKind.WAYBILL,
            change.row,
            items,
            number=change.row.number,
            before=change.before,
            now=_as_declared(session, change.row, items),
        )
        entries.append(entry)
    return entries
