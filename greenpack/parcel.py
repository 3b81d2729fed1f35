"""What the records know of a parcel: the facts that rules ask for, and what was declared of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, cast

from sqlmodel import Session, col, select

from greenpack.measure.declared import Declaration, DeclaredGoods, Size
from greenpack.records.tables import DeclaredItem, Sender, Waybill
from greenpack.records.waybills import waybill_by_number
from greenpack.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel as declared.

    Attributes:
        waybill: its number, or None where unattributed.
        facts: what rules may ask; unknown where nothing was declared.
        declared: sizes of the parcel and its goods; no goods where one of their sizes is missing.
        sender: the sender's name or code, or None.
        note: what is wrong with the declaration; may be empty.
        waybill_id: of its row, or None where there is none yet.
    """

    waybill: str | None
    facts: Facts = field(default_factory=Facts)
    declared: Declaration = field(default_factory=Declaration)
    sender: str | None = None
    note: str = ""
    waybill_id: int | None = field(default=None, compare=False)

    def seen_at(self, taken_at: datetime | None) -> Facts:
        """The facts together with when the photo that speaks was taken."""
        return replace(self.facts, taken_at=taken_at)


def parcel_of(session: Session, number: str | None) -> Parcel:
    """What the records know of the parcel with that waybill number."""
    waybill = None if number is None else waybill_by_number(session, number)
    if waybill is None:
        return Parcel(waybill=number)
    items = _items(session, waybill)
    sender = None if waybill.sender_id is None else session.get(Sender, waybill.sender_id)
    size = _size(waybill.length_mm, waybill.width_mm, waybill.height_mm)
    return Parcel(
        waybill=number,
        facts=Facts(
            packaging=cast(Literal["single_use", "reusable"] | None, waybill.packaging),
            goods_classes=frozenset(item.goods_class for item in items) or None,
            product_count=sum(item.quantity for item in items) if items else None,
            product_kinds=len(items) or None,
            parcel_mm=size,
            product_mass_g=waybill.product_mass_g,
            packaging_mass_g=waybill.packaging_mass_g,
            packed_on=waybill.packed_on,
        ),
        declared=Declaration(size, _goods(items), waybill.board_mm),
        sender=None if sender is None else sender.name or sender.code,
        waybill_id=waybill.id,
    )


def _items(session: Session, waybill: Waybill) -> Sequence[DeclaredItem]:
    """The declared goods; none where some may be missing, for then they prove nothing."""
    if waybill.items_complete is False:
        return []
    return session.exec(
        select(DeclaredItem)
        .where(DeclaredItem.waybill_id == waybill.id)
        .order_by(col(DeclaredItem.line))
    ).all()


def _size(length: float | None, width: float | None, height: float | None) -> Size | None:
    if length is None or width is None or height is None:
        return None
    return (length, width, height)


def _goods(items: Sequence[DeclaredItem]) -> tuple[DeclaredGoods, ...]:
    sizes = [_size(item.length_mm, item.width_mm, item.height_mm) for item in items]
    goods = [
        DeclaredGoods(size, item.quantity, bool(item.soft))
        for size, item in zip(sizes, items, strict=True)
        if size is not None
    ]
    return tuple(goods) if len(goods) == len(sizes) else ()
