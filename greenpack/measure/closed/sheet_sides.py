"""A printed sheet by its four sides: what markers and labels have in common."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.straight_edge import crossings
from greenpack.measure.projective import Array

BURNT = 245.0
"""Grey value of paper from which on it may be brighter than the picture can show."""
BLOOM = (0.35, 0.3)
"""How far burnt-out paper seems larger than it is on every side, in blurs of its edge, and the
standard deviation of that: how much brighter it was than what is shown, nothing tells."""


def outward(corners: Array) -> Array:
    """Unit normals of a ring's sides, shape (4, 2); side k runs from corner k to the next."""
    along = np.roll(corners, -1, axis=0) - corners
    normals = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
    ways = np.sum(normals * (corners - corners.mean(axis=0)), axis=1)
    return np.asarray(normals * np.where(ways < 0, -1.0, 1.0)[:, None], np.float64)


def side_lengths(corners: Array) -> Array:
    """How long a ring's sides are, shape (4,), pixels; side k runs from corner k to the next."""
    return np.asarray(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T), np.float64)


def moved_out(corners: Array, by: float) -> Array:
    """The quadrilateral (4, 2) with every side moved outward by so many pixels."""
    shift = by * outward(corners)
    found = crossings([(corners[k] + shift[k], corners[(k + 1) % 4] + shift[k]) for k in range(4)])
    return corners if found is None else found


def tone_beside(gray: NDArray[np.uint8], corners: Array, away: float, share: float) -> float:
    """Quantile of the grey values ``away`` pixels outside the sides, or inside where negative."""
    along: Array = np.linspace(0.1, 0.9, 16, dtype=np.float64)[:, None]
    ends = np.roll(corners, -1, axis=0)
    places = np.concatenate(
        [
            corners[k] + along * (ends[k] - corners[k]) + away * normal
            for k, normal in enumerate(outward(corners))
        ]
    )
    height, width = gray.shape
    at = np.clip(np.rint(places), 0, (width - 1, height - 1)).astype(np.intp)
    return float(np.quantile(gray[at[:, 1], at[:, 0]], share))


def corner_error(own: float, common: float) -> float:
    """Standard deviation of corners, taken for independent, that leaves the size as unsure as sides
    do that are off by ``own`` each and by ``common`` all alike outward, pixels.

    The mean side follows four independent corners by 1 / sqrt(2) of their deviation, independent
    sides by theirs, and sides that all move outward by twice their way.
    """
    return sqrt(2.0 * own**2 + 8.0 * common**2)
