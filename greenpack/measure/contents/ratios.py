"""Void ratio and box fit of a parcel of known size with declared goods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, prod, sqrt

from greenpack.measure.contents.enclosing import enclosing
from greenpack.measure.contents.goods import (
    PRESSED,
    DeclaredGoods,
    Size,
    require_sound,
    resized,
    sized,
)
from greenpack.measure.contents.packing import PackingCheck, check_packing
from greenpack.measure.contents.parcel_size import Measure, ParcelSize
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity

# Board of a parcel that declares none, mm: from micro-flute to 5-ply.
UNKNOWN_BOARD = (1.0, 7.0)
# A declared thickness is taken to be known to half a millimetre.
_BOARD_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class Walls:
    """What lies between the parcel's outer and inner size.

    Attributes:
        thin: thinnest wall, mm, >= 0.
        thick: thickest wall, mm.
        closing: thickest wall of a closing side, where flaps lie over each other, mm.
    """

    thin: float
    thick: float
    closing: float

    @classmethod
    def of(cls, board_mm: float | None) -> Walls:
        """The walls of a parcel of that board; closing flaps have one or two layers.

        ``UNKNOWN_BOARD`` covers two layers of 3-ply.
        """
        if board_mm is None:
            return cls(*UNKNOWN_BOARD, UNKNOWN_BOARD[1])
        thickest = board_mm + _BOARD_ROUNDING
        return cls(max(0.0, board_mm - _BOARD_ROUNDING), thickest, 2 * thickest)

    def words(self) -> str:
        """As it stands in an assumption."""
        closing = "" if self.closing == self.thick else f", {self.closing:g} mm where flaps meet"
        return f"{self.thin:g} to {self.thick:g} mm thick on each side{closing}"

    def most_within(self, outer: Size) -> Size:
        """The largest inner size, mm; a parcel that is all wall keeps a tenth of its size."""
        return sized(max(side - 2 * self.thin, side / 10) for side in outer)

    def least_within(self, outer: Size) -> Size:
        """The smallest inner size, mm: it closes along its shortest side, which costs most."""
        closing = outer.index(min(outer))
        return sized(
            max(side - 2 * (self.closing if axis == closing else self.thick), side / 10)
            for axis, side in enumerate(outer)
        )


NO_WALLS = Walls(0.0, 0.0, 0.0)


def smallest_goods_largest_box(
    size: ParcelSize, goods: Sequence[DeclaredGoods], tolerance: float
) -> PackingCheck:
    """The packing check by the sizes that favour it most within their tolerances."""
    return check_packing(resized(goods, -tolerance), size.largest())


def void_ratio(
    size: ParcelSize, goods: Sequence[DeclaredGoods], tolerance: float, walls: Walls
) -> Interval | None:
    """The void ratio R = 1 - sum(item volumes) / parcel volume, with its 95 % interval.

    The upper end is that of the parcel within its thinnest walls, the lower end within its
    thickest. Every edge of the goods is uncertain by +-``tolerance``, evenly spread, so its
    standard uncertainty is tolerance / sqrt(3); relative variances of edges add up to that of a
    volume, those of the kinds of goods and of the parcel to that of the filled share (JCGM
    100:2008, 4.3.7 and 5.1.2). Pieces of one kind share one error, and so do the parcel's sides
    measured at one scale, whose relative error counts three times in the volume. The ends lie two
    standard uncertainties away on a logarithmic scale, since the share is a quotient: it falls to
    1 / (1 + r) of itself where the volume rises by r.

    Args:
        size: the parcel's outer size.
        goods: at least one.
        tolerance: half width of the error of each edge of the goods, mm.
        walls: ``NO_WALLS`` where outer volumes count.

    Returns:
        the interval, within 0 to 1, without a value where a side is only bounded; or None where
        the goods' volume does not go into the parcel.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    require_sound(goods)
    least, half_least = _filled(size, walls.most_within(size.high), goods, tolerance / sqrt(3))
    most, half_most = _filled(size, walls.least_within(size.low), goods, tolerance / sqrt(3))
    soft = sum(kind.volume for kind in goods if kind.soft) / sum(kind.volume for kind in goods)
    if least * exp(-half_least) * (1 - soft * (1 - PRESSED)) > 1:
        return None
    low, high = _ratio(1 - most * exp(half_most)), _ratio(1 - least * exp(-half_least))
    value = min(high, max(low, _ratio(1 - (least + most) / 2))) if size.measured else None
    return Interval(value=value, low=low, high=high)


def void_ratios(
    size: ParcelSize, goods: Sequence[DeclaredGoods], tolerance: float, walls: Walls
) -> dict[Quantity, Interval]:
    """The void ratio by inner volume, by outer volume, and one that covers both.

    Returns:
        all three, or nothing where the goods' volume does not go into the parcel.
    """
    found = {
        Quantity.VOID_RATIO: void_ratio(size, goods, tolerance, replace(walls, thin=0.0)),
        Quantity.VOID_RATIO_INNER: void_ratio(size, goods, tolerance, walls),
        Quantity.VOID_RATIO_OUTER: void_ratio(size, goods, tolerance, NO_WALLS),
    }
    if found[Quantity.VOID_RATIO] is None:
        return {}
    nothing = Interval(0.0, 0.0, 0.0)
    return {quantity: void or nothing for quantity, void in found.items()}


def box_fits(
    size: ParcelSize, goods: Sequence[DeclaredGoods], tolerance: float, walls: Walls
) -> dict[Quantity, Interval]:
    """How many times larger the box is than the smallest cuboid around its contents.

    By sum of edges, by diagonal and by volume, as ``greenpack.measure.box_fit`` does in the plane
    of an opening: 1 is a perfect fit. Whether a box's inner or outer size counts was not read in
    GB 45186, so the intervals cover both; and they cover the contents' bounds with every edge of
    the goods ``tolerance`` mm longer or shorter, all at once.

    Returns:
        the three intervals, without values.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    outside, inside = size.high, walls.least_within(size.low)
    smaller = enclosing(resized(goods, -tolerance), size.largest())
    larger = enclosing(resized(goods, tolerance), size.largest())
    fits = {}
    for quantity, of, weights, contents in (
        (Quantity.BOX_FIT_LINEAR, sum, _of_sum, "linear"),
        (Quantity.BOX_FIT_DIAGONAL, _diagonal, _of_diagonal, "diagonal"),
        (Quantity.BOX_FIT_VOLUME, prod, _of_volume, "volume"),
    ):
        measure: Callable[[Size], float] = of
        least: Interval = getattr(smaller, contents)
        most: Interval = getattr(larger, contents)
        fits[quantity] = Interval(
            value=None,
            low=measure(inside) * exp(-2 * size.relative_error(weights(inside))) / most.high,
            high=measure(outside) * exp(2 * size.relative_error(weights(outside))) / least.low,
        )
    return fits


def _ratio(value: float) -> float:
    return min(1.0, max(0.0, value))


def _filled(
    size: ParcelSize, within: Size, goods: Sequence[DeclaredGoods], edge: float
) -> tuple[float, float]:
    """The filled share of a parcel, and two relative standard uncertainties of it."""
    volumes = [kind.volume for kind in goods]
    variance = sum(
        (volume * edge) ** 2 * sum(side**-2 for side in kind.size)
        for volume, kind in zip(volumes, goods, strict=True)
    )
    relative = sqrt(variance) / sum(volumes)
    of_parcel = size.relative_error(_of_volume(within))
    return sum(volumes) / prod(within), 2 * sqrt(relative**2 + of_parcel**2)


def _diagonal(sides: Size) -> float:
    return sqrt(sum(side * side for side in sides))


def _of_sum(sides: Size) -> Measure:
    return (1 / sum(sides),) * 3


def _of_diagonal(sides: Size) -> Measure:
    square = sum(side * side for side in sides)
    return (sides[0] / square, sides[1] / square, sides[2] / square)


def _of_volume(sides: Size) -> Measure:
    return (1 / sides[0], 1 / sides[1], 1 / sides[2])
