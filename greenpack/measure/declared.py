"""What is declared of a parcel and its goods, and the void ratio from declared sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenpack.measure.contents.goods import DeclaredGoods, Size
from greenpack.measure.contents.packing import Packing
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.contents.ratios import Walls, smallest_goods_largest_box, void_ratio
from greenpack.measure.interval import Interval

__all__ = ["TOLERANCE_MM", "Declaration", "DeclaredGoods", "Size", "declared_void_ratio"]

# Half width of the error of a declared edge: the usual scale interval of a parcel dimensioner.
TOLERANCE_MM = 5.0


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of one parcel.

    Attributes:
        parcel: outer length, width and height in mm, > 0, in any order; or None.
        goods: all its goods; none where they, or a size among them, are not known.
        board_mm: thickness of its board in mm, > 0; or None.
    """

    parcel: Size | None = None
    goods: tuple[DeclaredGoods, ...] = ()
    board_mm: float | None = None


def declared_void_ratio(
    parcel: Size,
    goods: Sequence[DeclaredGoods],
    tolerance: float = TOLERANCE_MM,
    wall: tuple[float, float] = (0.0, 7.0),
) -> Interval | None:
    """The void ratio of a parcel of declared size, with its 95 % interval.

    Laws differ, or do not say, whether the parcel's outer or inner volume counts, so the interval
    covers both. Every edge is uncertain by +-``tolerance``, evenly spread; see
    ``greenpack.measure.contents.ratios.void_ratio``.

    Args:
        parcel: outer length, width and height, mm.
        goods: the declared goods, at least one.
        tolerance: half width of the error of each edge, mm.
        wall: thinnest and thickest wall, mm: none, where outer volumes count, to 5-ply board.

    Returns:
        The interval, within 0 to 1; or None where the goods do not go into the parcel.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    size = ParcelSize.declared(parcel, tolerance)
    void = void_ratio(size, goods, tolerance, Walls(*wall, wall[1]))
    check = smallest_goods_largest_box(size, goods, tolerance)
    return None if check.answer is Packing.DOES_NOT_FIT else void
