"""The smallest cuboid around all declared goods: between a lower bound and one constructed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from math import cbrt, ceil, floor, isqrt, prod, sqrt

import numpy as np

from greenpack.measure.contents.goods import (
    PRESSED,
    DeclaredGoods,
    Size,
    require_sound,
)
from greenpack.measure.interval import Interval
from greenpack.measure.projective import Array

# Kept of each kind of cuboid while kinds are put together: the best by each measure.
_KEPT = 8
# Arrangements whose volumes differ by no more are equally small.
_EQUALLY_SMALL = 1.02


@dataclass(frozen=True, slots=True)
class Enclosing:
    """The smallest enclosing cuboid; no values, since only bounds are known.

    Attributes:
        linear: sum of length, width and height, mm.
        diagonal: of the cuboid, mm.
        volume: mm3.
    """

    linear: Interval
    diagonal: Interval
    volume: Interval


def enclosing(goods: Sequence[DeclaredGoods], within: Size | None = None) -> Enclosing:
    """The smallest cuboid, by volume, around goods whose edges lie along its own.

    OIML R 129 takes the smallest cuboid by volume, and so is the one of GB 45186 (最小外接长方体)
    read. Lower ends: the volume is at least the goods'; sides in order of length are at least the
    longest, middle and shortest sides that any piece has; and of all cuboids with such sides and
    that volume the one whose shorter sides are raised first has the least sum and diagonal. Upper
    ends: cuboids that were constructed from grids of each kind, put beside each other along each
    axis. Several arrangements may be equally small and differ in their sides: the largest sum and
    diagonal among those within 2 % of the smallest volume count.

    Args:
        goods: at least one; sizes in mm, taken as exact. Soft goods count by half their volume,
            and with no sides, in the lower ends.
        within: sides of the parcel that holds them, mm, or None: only arrangements that go into
            it count, and no end is beyond it.

    Raises:
        ValueError: for sizes or quantities that are not positive, or no goods.
    """
    require_sound(goods)
    return _enclosing(tuple(goods), within)


@lru_cache(maxsize=512)
def _enclosing(goods: tuple[DeclaredGoods, ...], within: Size | None) -> Enclosing:
    low = _least(goods)
    built = _built(goods, within)
    if within is not None:
        # They are in the parcel, so their cuboid is no larger.
        built = np.minimum(built, np.sort(within)[::-1])
    volumes = built.prod(axis=1)
    small = built[volumes <= _EQUALLY_SMALL * volumes.min()]
    return Enclosing(
        linear=_between(sum(low), small.sum(axis=1)),
        diagonal=_between(_length(low), np.sqrt((small**2).sum(axis=1))),
        volume=_between(prod(low), volumes.min(keepdims=True)),
    )


def _between(low: float, built: Array) -> Interval:
    high = float(built.max())
    return Interval(None, min(low, high), high)


def _length(sides: Size) -> float:
    return sqrt(sum(side * side for side in sides))


def _least(goods: Sequence[DeclaredGoods]) -> Size:
    """The cuboid of least sum and diagonal that the goods allow, sides from long to short."""
    volume = sum(kind.volume * (PRESSED if kind.soft else 1.0) for kind in goods)
    rigid = [sorted(kind.size, reverse=True) for kind in goods if not kind.soft]
    a, b, c = (max((sides[axis] for sides in rigid), default=0.0) for axis in range(3))
    if a * b * c >= volume:
        return (a, b, c)
    if volume <= a * b * b:
        return (a, b, volume / (a * b))
    if volume <= a * a * a:
        return (a, sqrt(volume / a), sqrt(volume / a))
    return (cbrt(volume),) * 3


def _built(goods: Sequence[DeclaredGoods], within: Size | None) -> Array:
    """Constructed cuboids, shape (n, 3), sides from long to short; those that go in come first."""
    kinds = sorted(goods, key=lambda kind: (-kind.volume, sorted(kind.size), kind.quantity))
    built = _best(_inside(_grids(kinds[0]), within))
    for kind in kinds[1:]:
        ways = _best(_inside(_grids(kind), within))
        turned = np.concatenate([ways[:, list(axes)] for axes in permutations(range(3))])
        beside = []
        for axis in range(3):
            both = np.maximum(built[:, None], turned[None])
            both[..., axis] = built[:, None, axis] + turned[None, :, axis]
            beside.append(both.reshape(-1, 3))
        sorted_sides = np.sort(np.concatenate(beside), axis=1)[:, ::-1]
        built = _best(_inside(sorted_sides, within))
    return built


def _inside(cuboids: Array, within: Size | None) -> Array:
    """Those that go into the parcel; all where none does."""
    if within is None:
        return cuboids
    inside = cuboids[(cuboids <= np.sort(within)[::-1] * (1 + 1e-9)).all(axis=1)]
    return inside if len(inside) else cuboids


def _grids(kind: DeclaredGoods) -> Array:
    """Cuboids around grids of equal pieces that all lie the same way, sides from long to short."""
    pieces = kind.quantity
    counts = {
        order
        for few in range(1, floor(cbrt(pieces)) + 2)
        for more in range(few, isqrt(ceil(pieces / few)) + 2)
        for order in permutations((few, more, ceil(pieces / (few * more))))
    }
    return np.sort(np.array(sorted(counts), float) * kind.size, axis=1)[:, ::-1]


def _best(cuboids: Array) -> Array:
    """The best by volume, by sum and by diagonal, each once; of equal volume the longest too."""
    sums, lengths = cuboids.sum(axis=1), (cuboids**2).sum(axis=1)
    volumes = cuboids.prod(axis=1)
    smallest = np.round(volumes / volumes.min(), 2)
    orders = (
        np.lexsort((sums, smallest)),
        np.lexsort((-sums, smallest)),
        np.argsort(sums, kind="stable"),
        np.argsort(lengths, kind="stable"),
    )
    chosen = np.concatenate([order[:_KEPT] for order in orders])
    return np.unique(cuboids[chosen], axis=0)
