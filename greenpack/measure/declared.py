"""The void ratio from declared sizes: the parcel as a hub measured it, the goods as declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod, sqrt

from greenpack.measure.interval import Interval

Size = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class DeclaredGoods:
    """One declared kind of goods: length, width and height in mm, > 0, and how many."""

    size: Size
    quantity: int


def declared_void_ratio(
    parcel: Size,
    goods: Sequence[DeclaredGoods],
    tolerance: float = 5.0,
    wall: tuple[float, float] = (0.0, 7.0),
) -> Interval | None:
    """The void ratio R = 1 - sum(item volumes) / parcel volume, with its 95 % interval.

    Laws differ, or do not say, whether the parcel's outer or inner volume counts, so the interval
    covers both: its upper end is that of the outer size, its lower end that of the inner size
    with the thickest wall.

    Every edge is uncertain by +-``tolerance``, evenly spread, so its standard uncertainty is
    tolerance / sqrt(3); relative variances of the edges add up to that of a volume, those of the
    kinds of goods and of the parcel to that of the filled share, and the interval is
    +-2 standard uncertainties (GUM, JCGM 100:2008, clauses 4.3.7 and 5.1.2; edges independent).
    Pieces of one kind share one error.

    Args:
        parcel: outer length, width and height as a dimensioner measures them, mm.
        goods: the declared goods, at least one.
        tolerance: half width of the error of each edge, mm; 5 mm is the usual scale interval of a
            parcel dimensioner.
        wall: thinnest and thickest wall, mm: none, where outer volumes count, to 5-ply board.

    Returns:
        The interval, within 0 to 1; or None where the goods do not go into the parcel.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    if not goods:
        raise ValueError("a void ratio needs at least one item")
    if min(parcel) <= 0 or any(min(kind.size) <= 0 or kind.quantity < 1 for kind in goods):
        raise ValueError("sizes and quantities must be positive")
    if not all(_goes_in(kind.size, parcel, tolerance) for kind in goods):
        return None
    fill = [_filled(_inner(parcel, thickness), goods, tolerance / sqrt(3)) for thickness in wall]
    least, half_least = fill[0]
    most, half_most = fill[1]
    if least - half_least > 1:
        return None
    low, high = _ratio(1 - most - half_most), _ratio(1 - least + half_least)
    return Interval(value=min(high, max(low, _ratio(1 - (least + most) / 2))), low=low, high=high)


def _ratio(value: float) -> float:
    return min(1.0, max(0.0, value))


def _inner(parcel: Size, wall: float) -> Size:
    """The size within walls; a parcel that is all wall keeps a tenth of its size."""
    length, width, height = (max(side - 2 * wall, side / 10) for side in parcel)
    return (length, width, height)


def _filled(parcel: Size, goods: Sequence[DeclaredGoods], edge: float) -> tuple[float, float]:
    """The filled share of a parcel, and two standard uncertainties of it."""
    volumes = [kind.quantity * prod(kind.size) for kind in goods]
    filled = sum(volumes) / prod(parcel)
    variance = sum(
        (volume * edge) ** 2 * sum(side**-2 for side in kind.size)
        for volume, kind in zip(volumes, goods, strict=True)
    )
    relative = variance / sum(volumes) ** 2 + edge**2 * sum(side**-2 for side in parcel)
    return filled, 2 * filled * sqrt(relative)


def _goes_in(size: Size, parcel: Size, tolerance: float) -> bool:
    """Whether an item goes in along the parcel's edges, each within the tolerances of both."""
    return all(
        item <= box + 2 * tolerance for item, box in zip(sorted(size), sorted(parcel), strict=True)
    )
