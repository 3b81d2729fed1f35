"""A parcel whose size is known, as the footprint and the right size need it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from greenpack.measure.contents.goods import DeclaredGoods
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.interval import Interval


@dataclass(frozen=True, slots=True)
class SizedParcel:
    """One parcel of known size.

    Attributes:
        id: of its row in ``judged_parcel``.
        size: its outer size, as declared or, where nothing is declared, as measured.
        goods: everything in it; none where a size among them, or whether they are all, is not
            known.
        filler: the share of the opening that visible filler covers, 0 to 1; None where no opened
            parcel was measured.
        packed_in: an account of what it was packed in: ``single_use``, ``reusable`` or None.
    """

    id: int
    size: ParcelSize
    goods: tuple[DeclaredGoods, ...] = ()
    filler: Interval | None = None
    packed_in: str | None = None
