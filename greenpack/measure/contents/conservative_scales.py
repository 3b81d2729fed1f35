"""A proof that cuboids cannot go into a box together although their volumes would allow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from greenpack.measure.contents.goods import DeclaredGoods, Size, turned
from greenpack.measure.projective import Array

_MOST_CUTS = 8
# Sizes are taken a little smaller, so that rounding never proves too much.
_SLACK = 1e-7

_Scale = Callable[[Array], Array]


def needed_share(goods: Sequence[DeclaredGoods], box: Size) -> float:
    """A lower bound on the share of the box that the goods take; above 1 they cannot go in.

    For each axis the sides, over the box's, are rescaled by a dual feasible function f: numbers
    that sum to at most 1 are mapped to numbers that do. If the goods go in with their edges along
    the box's, so do the rescaled ones, and their volumes sum to at most 1 (Fekete and Schepers,
    "A general framework for bounds for higher-dimensional orthogonal packing problems", Math.
    Methods of Operations Research 60, 2004, theorem 1 and section 3). Each piece counts with the
    orientation that takes least.

    Args:
        goods: every kind goes into the box by itself, in some orientation along its edges.
        box: sides in mm, > 0.

    Returns:
        the largest bound found, >= 0; infinite where a kind has no orientation that goes in.
    """
    kinds = [
        np.array([way for way in turned(kind.size) if _within(way, box)]) / box * (1 - _SLACK)
        for kind in goods
    ]
    if not all(len(ways) for ways in kinds):
        return float("inf")
    scales = _scales(np.concatenate(kinds))
    total = np.zeros((len(scales),) * 3)
    for ways, kind in zip(kinds, goods, strict=True):
        along = np.array([[scale(ways[:, axis]) for scale in scales] for axis in range(3)])
        taken = np.einsum("iw,jw,kw->wijk", *along)
        total += kind.quantity * taken.min(axis=0)
    return float(total.max())


def _within(way: Size, box: Size) -> bool:
    return all(side <= edge * (1 + 1e-9) for side, edge in zip(way, box, strict=True))


def _scales(sides: Array) -> list[_Scale]:
    """The identity, u^(1) to u^(4), and U^(cut) for cuts at sides that occur."""
    small = np.unique(np.concatenate([sides[sides <= 0.5], 1 - sides[sides > 0.5]]))
    small = small[small > 0]
    if len(small) > _MOST_CUTS:
        small = small[np.linspace(0, len(small) - 1, _MOST_CUTS).astype(int)]
    return [
        lambda x: x,
        *(_stepped(count) for count in range(1, 5)),
        *(_cut(float(at)) for at in small),
    ]


def _stepped(count: int) -> _Scale:
    """u^(k): x where (k + 1) x is whole, else floor((k + 1) x) / k."""

    def scale(x: Array) -> Array:
        times = (count + 1) * x
        whole = np.floor(times)
        return np.where(np.isclose(times, whole, rtol=0, atol=1e-9), x, whole / count)

    return scale


def _cut(at: float) -> _Scale:
    """U^(cut): 1 above 1 - cut, x from cut to 1 - cut, 0 below; 0 < cut <= 1/2."""

    def scale(x: Array) -> Array:
        return np.where(x > 1 - at + 1e-9, 1.0, np.where(x < at, 0.0, x))

    return scale
