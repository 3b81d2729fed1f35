"""Whether one piece goes into a box at all, also when it lies askew."""

from __future__ import annotations

from itertools import product

import numpy as np

from greenpack.measure.contents.goods import Size
from greenpack.measure.projective import Array

_STARTS = 9
_ROUNDS = 16
_SHRINK = 0.7
# Of the points that are followed, this share goes on to the next round.
_KEPT = 0.8
_NEARLY = 1e-3


def goes_in(piece: Size, box: Size) -> bool:
    """Whether a cuboid goes into a box: along its edges, or turned by any angles.

    A piece goes in turned by R where its extent along each edge of the box, sum_i |R_ij| l_i, is
    no longer than that edge. The rotations are searched from a grid of starts, each moved
    downhill by itself. A piece that lacks a thousandth of the box counts as going in.

    Args:
        piece: sides in mm, > 0, in any order.
        box: sides in mm, > 0, in any order.
    """
    sides, edges = np.sort(piece), np.sort(box)
    if np.all(sides <= edges * (1 + 1e-9)):
        return True
    # Volume, sum of edges (mean width) and diagonal grow with inclusion of convex bodies, so none
    # of the piece's may be larger (Schneider, Convex Bodies, 2014, section 5.1).
    if (
        sides.prod() > edges.prod()
        or sides.sum() > edges.sum()
        or sides @ sides > edges @ edges
        or sides[0] > edges[0]
    ):
        return False
    starts = np.linspace(0, np.pi, _STARTS, endpoint=False)
    best, span = np.array(list(product(starts, repeat=3))), np.pi / _STARTS / 2
    around = np.array(list(product((-1, 0, 1), repeat=3)))
    for _ in range(_ROUNDS):
        tried = best[:, None] + span * around
        excess = (np.abs(_rotations(tried.reshape(-1, 3))) @ sides / edges).max(axis=1)
        if excess.min() <= 1 + _NEARLY:
            return True
        excess = excess.reshape(tried.shape[:2])
        best = tried[np.arange(len(tried)), excess.argmin(axis=1)]
        near = excess.min(axis=1)
        best = best[near <= np.quantile(near, _KEPT)]
        span *= _SHRINK
    return False


def _rotations(angles: Array) -> Array:
    """Rotation matrices, shape (n, 3, 3), of Euler angles z-x-z in radians, shape (n, 3)."""
    (a, b, c), (sa, sb, sc) = np.cos(angles).T, np.sin(angles).T
    return np.stack(
        [
            np.stack([a * c - sa * b * sc, -a * sc - sa * b * c, sa * sb], axis=-1),
            np.stack([sa * c + a * b * sc, -sa * sc + a * b * c, -a * sb], axis=-1),
            np.stack([sb * sc, sb * c, b], axis=-1),
        ],
        axis=-2,
    )
