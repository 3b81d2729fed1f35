"""A marker's four corners, where its black border's sides meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.sheet_sides import (
    BLOOM,
    BURNT,
    corner_error,
    moved_out,
    outward,
    side_lengths,
    tone_beside,
)
from greenpack.measure.closed.straight_edge import Edge, Window, crossings, find_edge
from greenpack.measure.projective import Array

_MODULES = 6.0
"""Modules along a side of a 4 x 4 marker: four of its code and one of border at either end."""
_BIAS = 0.1
"""Standard deviation of all four sides' place together, outward, pixels: so much in rendered
photographs in which neither the paper is burnt out nor the edge sharpened."""


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
    side = float(side_lengths(corners).min())
    # Not into the code's own white modules.
    reach = float(np.clip(0.45 * side / _MODULES, 1.5, 4.0))
    window = Window.around(gray, corners, 2 * reach + 4, light=True)
    edges: list[Edge] = []
    for width, trim in ((reach, 0.08), (min(reach, 2.0), 0.05)):
        edges = []
        for k, away in enumerate(outward(corners)):
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
    if tone_beside(gray, corners, 2.5 * blur, 0.5) >= BURNT:
        corners = moved_out(corners, BLOOM[0] * blur)
        common = float(np.hypot(common, BLOOM[1] * blur))
    return corners, corner_error(float(np.mean([edge.error for edge in edges])), common)
