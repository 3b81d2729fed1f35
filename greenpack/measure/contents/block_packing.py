"""Packs cuboids into a box, block by block: what it finds is a packing, what it misses may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations, product
from math import prod

from greenpack.measure.contents.goods import DeclaredGoods, Size, turned

# Blocks looked at in all attempts together: about a fifth of a second.
_MOST_LOOKS = 60_000
_EPSILON = 1e-9

_Order = Callable[[Size], float]
_ORDERS: tuple[_Order, ...] = (prod, max, min, sum)


def packs(goods: Sequence[DeclaredGoods], box: Size) -> bool:
    """Whether a packing with edges along the box's was found.

    Free space is kept as cuboids that do not overlap. Into each goes a block of equal pieces, laid
    out as a grid, and what is left is cut into three cuboids (guillotine cuts, as in layers and
    stacks). Several orders of goods and of cuts are tried, within a fixed amount of work, so that
    hundreds of pieces cost no more than a fraction of a second.

    Args:
        goods: rigid pieces, sizes in mm.
        box: inner sides, mm.
    """
    looks = iter(range(_MOST_LOOKS))
    for by_kind, order, axes in product((True, False), _ORDERS, permutations(range(3))):
        kinds = sorted(goods, key=lambda kind: order(kind.size), reverse=True)
        placed = _attempt(kinds, box, by_kind, axes, looks)
        if placed is None:
            return False
        if placed:
            return True
    return False


def _attempt(
    kinds: Sequence[DeclaredGoods],
    box: Size,
    by_kind: bool,
    axes: tuple[int, ...],
    looks: Iterator[int],
) -> bool | None:
    """One try; None where the work is used up."""
    left = [kind.quantity for kind in kinds]
    spaces = [box]
    while spaces and any(left):
        space = spaces.pop(min(range(len(spaces)), key=lambda at: prod(spaces[at])))
        best: tuple[float, int, Size, int] | None = None
        for place, kind in enumerate(kinds):
            if not left[place]:
                continue
            if best is not None and by_kind:
                break
            for way in turned(kind.size):
                if next(looks, None) is None:
                    return None
                counts = _grid(way, space, left[place], axes)
                if counts is None:
                    continue
                block = tuple(count * side for count, side in zip(counts, way, strict=True))
                if best is None or prod(block) > best[0]:
                    best = (prod(block), place, (block[0], block[1], block[2]), prod(counts))
        if best is not None:
            _, place, taken, pieces = best
            left[place] -= pieces
            spaces += _rest(space, taken, axes)
    return not any(left)


def _grid(
    way: Size, space: Size, pieces: int, axes: tuple[int, ...]
) -> tuple[int, int, int] | None:
    """How many pieces stand along each axis, filling the axes in that order; None if none do."""
    most = [int(room / side + _EPSILON) for room, side in zip(space, way, strict=True)]
    if min(most) < 1:
        return None
    counts = [1, 1, 1]
    for axis in axes:
        counts[axis] = min(most[axis], pieces)
        pieces //= counts[axis]
    return (counts[0], counts[1], counts[2])


def _rest(space: Size, taken: Size, axes: tuple[int, ...]) -> list[Size]:
    """What is left of a space beside a block in its corner: one cuboid beyond it on each axis."""
    rest, sides = [], list(space)
    for axis in reversed(axes):
        beyond = list(sides)
        beyond[axis] = sides[axis] - taken[axis]
        sides[axis] = taken[axis]
        if min(beyond) > _EPSILON:
            rest.append((beyond[0], beyond[1], beyond[2]))
    return rest
