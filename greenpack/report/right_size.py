"""The smallest box that a parcel's declared goods would have gone into, and what it saves. Pure.

A suggestion is made only where a way to pack the goods was constructed, with every error against
it: goods larger by the tolerance of their declaration, soft goods as stiff ones, the box's walls
as thick as they may be, its listed size taken for the outer one, and room for cushioning on every
side. What cannot be shown to fit is not suggested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, prod
from typing import Final

from greenpack.measure.contents.block_packing import packs
from greenpack.measure.contents.goods import DeclaredGoods, Size, require_sound, resized, sized
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.contents.ratios import Walls
from greenpack.measure.declared import TOLERANCE_MM
from greenpack.measure.interval import Interval
from greenpack.report.assumptions import Assumptions, Box

# The flap by which a slotted carton is glued to itself, mm (own formula of its blank).
_GLUE_FLAP: Final = 35.0
_MM3_PER_M3: Final = 1e9
_MM2_PER_M2: Final = 1e6


@dataclass(frozen=True, slots=True)
class RightSize:
    """What a box that fits would have saved on one parcel.

    Attributes:
        box: the smallest box that the goods go into, or None where no smaller one was found; then
            the savings are zero.
        volume_m3: outer volume saved, m3; above zero where a box is named.
        board_m2: board saved, m2; its low end may be below zero, because a large flat carton can
            take less board than a small one with long flaps.
    """

    box: Box | None
    volume_m3: Interval
    board_m2: Interval


_NOTHING: Final = Interval(0.0, 0.0, 0.0)


def right_size(
    parcel: ParcelSize, goods: Sequence[DeclaredGoods], assumptions: Assumptions
) -> RightSize:
    """The smallest of the boxes for these goods, and the saving against the parcel they came in.

    Args:
        parcel: the parcel's outer size, as declared or measured.
        goods: everything that is in it, at least one.
        assumptions: the boxes, the thickness of their board, and room for cushioning.

    Raises:
        ValueError: for goods that cannot be.
    """
    require_sound(goods)
    volume = parcel_volume_m3(parcel)
    smaller = tuple(
        box for box in assumptions.boxes if box_volume_m3(box, assumptions).high < volume.low
    )
    box = smallest_box(
        tuple(sorted(goods, key=lambda kind: (kind.size, kind.quantity, kind.soft))),
        smaller,
        assumptions["board_mm"].high,
        assumptions["cushion_mm"].high,
    )
    if box is None:
        return RightSize(None, _NOTHING, _NOTHING)
    taken, board = box_volume_m3(box, assumptions), blank_m2_of(box.size)
    before = blank_m2(parcel)
    return RightSize(
        box,
        _less(volume, taken),
        Interval(None, before.low - board, before.high - board),
    )


@lru_cache(maxsize=8192)
def smallest_box(
    goods: tuple[DeclaredGoods, ...], boxes: tuple[Box, ...], wall_mm: float, cushion_mm: float
) -> Box | None:
    """The first of the boxes that the goods were packed into; None where there is none.

    Args:
        goods: everything that must go in, at least one; sizes as declared.
        boxes: the smallest first; listed sizes are taken for outer ones.
        wall_mm: thickness of their walls, mm; twice that where flaps meet.
        cushion_mm: room left on every side, mm.
    """
    stiff = tuple(replace(kind, soft=False) for kind in resized(goods, TOLERANCE_MM))
    volume = sum(kind.volume for kind in stiff)
    for box in boxes:
        inner = room_in(box.size, wall_mm, cushion_mm)
        if inner is None or volume > prod(inner):
            continue
        if any(not _slides_in(kind.size, inner) for kind in stiff):
            continue
        if packs(stiff, inner):
            return box
    return None


def room_in(outer: Size, wall_mm: float, cushion_mm: float) -> Size | None:
    """What a slotted carton leaves for goods, mm: flaps lie double below and above.

    None where walls and cushioning leave nothing.
    """
    length, width, height = outer
    lost = 2 * (wall_mm + cushion_mm)
    inner = (length - lost, width - lost, height - lost - 2 * wall_mm)
    return sized(inner) if min(inner) > 0 else None


def parcel_volume_m3(parcel: ParcelSize) -> Interval:
    """Outer volume of a parcel with its 95 % interval, m3 (JCGM 100:2008, 5.1.2)."""
    spread = exp(2 * parcel.volume_error)
    low, high = prod(parcel.low) / _MM3_PER_M3, prod(parcel.high) / _MM3_PER_M3
    return Interval(low if parcel.measured else None, low / spread, high * spread)


def box_volume_m3(box: Box, assumptions: Assumptions) -> Interval:
    """Outer volume of a listed box, m3: its list may give outer or inner sizes."""
    walls = Walls(0.0, assumptions["board_mm"].high, 2 * assumptions["board_mm"].high)
    length, width, height = box.size
    largest = (length + 2 * walls.thick, width + 2 * walls.thick, height + 2 * walls.closing)
    listed = prod(box.size) / _MM3_PER_M3
    return Interval(listed, listed, prod(largest) / _MM3_PER_M3)


def blank_m2_of(size: Size) -> float:
    """Board of a regular slotted carton of known height: (2 (L + W) + 35 mm) (W + H), m2.

    The sheet it is cut from: four walls and the glue flap side by side, and flaps of half the
    width above and below. Trim and the thickness of the board are left out.

    Args:
        size: length >= width of its opening, and the height, mm.
    """
    length, width, height = size
    return (2 * (length + width) + _GLUE_FLAP) * (width + height) / _MM2_PER_M2


def blank_m2(parcel: ParcelSize) -> Interval:
    """Board of a parcel if it is a slotted carton, m2.

    Which of its sides is the height is not known, so the ends are those of the three ways to turn
    it, at its smallest and its largest size.
    """
    return Interval(
        None,
        min(map(blank_m2_of, _stood(parcel.smallest()))),
        max(map(blank_m2_of, _stood(parcel.largest()))),
    )


def _stood(size: Size) -> list[Size]:
    """The three ways to call one side the height, length >= width."""
    first, second, third = sorted(size, reverse=True)
    return [(first, second, third), (first, third, second), (second, third, first)]


def _slides_in(piece: Size, box: Size) -> bool:
    return all(side <= edge for side, edge in zip(sorted(piece), sorted(box), strict=True))


def _less(volume: Interval, taken: Interval) -> Interval:
    low, high = volume.low - taken.high, volume.high - taken.low
    if volume.value is None or taken.value is None:
        return Interval(None, low, high)
    return Interval(min(high, max(low, volume.value - taken.value)), low, high)
