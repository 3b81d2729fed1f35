"""From a mask to the outlines of its pieces, without the specks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

# A piece counts from this share of the largest one on; smaller ones are the mask's noise.
_LEAST_SHARE = 0.1


def mask_outlines(mask: NDArray[np.uint8], whole: bool) -> list[NDArray[np.float64]]:
    """The outlines of a mask's pieces, largest first, each a ring of its own.

    OpenCV's contours run through the centres of a mask's outermost pixels, half a pixel inside its
    edge; half a pixel is given back. Holes are filled.

    Args:
        mask: shape (h, w), 0 or 1.
        whole: whether the thing is of one piece, so that only the largest counts.

    Returns:
        Polygons of shape (n, 2), n >= 4: x and y in pixels, the mask's upper left corner at (0, 0).
    """
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = []
    for contour in contours:
        points = contour.reshape(-1, 2)
        if len(points) < 3:
            continue
        grown = Polygon(points + 0.5).buffer(0.5, join_style="mitre")
        parts = grown.geoms if isinstance(grown, MultiPolygon) else [grown]
        pieces += [part for part in parts if not part.is_empty]
    pieces.sort(key=lambda piece: -piece.area)
    if not pieces:
        return []
    least = _LEAST_SHARE * pieces[0].area
    kept = pieces[:1] if whole else [piece for piece in pieces if piece.area >= least]
    return [np.asarray(piece.exterior.coords, np.float64)[:-1] for piece in kept]
