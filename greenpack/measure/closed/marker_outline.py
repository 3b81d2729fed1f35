"""A marker's four corners, where its black border's sides meet."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.straight_edge import Edge, Window, crossings, find_edge
from greenpack.measure.projective import Array

_MODULES = 6.0
"""Modules along a side of a 4 x 4 marker: four of its code and one of border at either end."""
_BIAS = 0.1
"""Standard deviation of all four sides' place together, outward, pixels: so much in rendered
photographs in which neither the paper is burnt out nor the edge sharpened."""
_BURNT = 245.0
"""Grey value of the paper from which on it may be brighter than the picture can show."""
_BLOOM = (0.35, 0.3)
"""How far a burnt-out paper moves the sides inward, in blurs of the edge, and the standard
deviation of that. How much brighter the paper was than what is shown, nothing tells."""


def marker_outline(gray: NDArray[np.uint8], corners: Array) -> tuple[Array, float] | None:
    """Corners by the marker's sides, and the standard deviation of their coordinates, pixels.

    Corners refined by themselves are drawn inward by blur, all alike: in rendered photographs by 1
    to 7 % of the marker's side. Lines fitted to the sides, in a picture of light, are not.

    Args:
        gray: shape (h, w), 0 to 255.
        corners: shape (4, 2), pixels, as the marker was detected.

    Returns:
        Corners in the same order, or None where a side is not seen as a line.
    """
    side = float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).min())
    # Not into the code's own white modules.
    reach = float(np.clip(0.45 * side / _MODULES, 1.5, 4.0))
    window = Window.around(gray, corners, 2 * reach + 4, light=True)
    edges: list[Edge] = []
    for width, trim in ((reach, 0.08), (min(reach, 2.0), 0.05)):
        outward = _outward(corners)
        edges = []
        for k, away in enumerate(outward):
            ends = (corners[k], corners[(k + 1) % 4])
            edge = find_edge(window, ends, away, width, polarity=-1, trim=trim)
            if edge is None:
                return None
            edges.append(edge)
        crossed = crossings([(edge.start, edge.end) for edge in edges])
        if crossed is None:
            return None
        corners = crossed
    blur = float(np.mean([edge.width for edge in edges]))
    common = _BIAS
    if _paper(gray, corners, 2.5 * blur) >= _BURNT:
        corners = _grown(corners, _BLOOM[0] * blur)
        common = float(np.hypot(common, _BLOOM[1] * blur))
    return corners, corner_error(float(np.mean([edge.error for edge in edges])), common)


def corner_error(own: float, common: float) -> float:
    """Standard deviation of corners, taken for independent, that leaves the size as unsure as sides
    do that are off by ``own`` each and by ``common`` all alike outward, pixels.

    The mean side follows four independent corners by 1 / sqrt(2) of their deviation, independent
    sides by theirs, and sides that all move outward by twice their way.
    """
    return sqrt(2.0 * own**2 + 8.0 * common**2)


def _outward(corners: Array) -> Array:
    """Unit normals of the sides, shape (4, 2)."""
    along = np.roll(corners, -1, axis=0) - corners
    normals = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
    ways = np.sum(normals * (corners - corners.mean(axis=0)), axis=1)
    return np.asarray(normals * np.where(ways < 0, -1.0, 1.0)[:, None], np.float64)


def _grown(corners: Array, by: float) -> Array:
    """The quadrilateral with every side moved outward."""
    shift = by * _outward(corners)
    moved = [(corners[k] + shift[k], corners[(k + 1) % 4] + shift[k]) for k in range(4)]
    found = crossings(moved)
    return corners if found is None else found


def _paper(gray: NDArray[np.uint8], corners: Array, away: float) -> float:
    """Median grey value of the paper, so far outside the sides."""
    share: Array = np.linspace(0.1, 0.9, 16, dtype=np.float64)[:, None]
    ends = np.roll(corners, -1, axis=0)
    places = np.concatenate(
        [
            corners[k] + share * (ends[k] - corners[k]) + away * normal
            for k, normal in enumerate(_outward(corners))
        ]
    )
    height, width = gray.shape
    at = np.clip(np.rint(places), 0, (width - 1, height - 1)).astype(np.intp)
    return float(np.median(gray[at[:, 1], at[:, 0]]))
