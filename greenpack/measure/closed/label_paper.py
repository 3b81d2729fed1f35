"""Where a label's paper is, by its brightness: finer than the model's mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.projective import Array

_LEAST_CONTRAST = 12.0  # grey levels between paper and what surrounds it
_WITHIN = 0.7
"""Share of a bright piece that must lie within the mask, and how far that is widened, in its cells:
a sticker or a bright face beside the label reaches farther out."""
_LEAST_PIECE = 9  # pixels


def paper_ring(gray: NDArray[np.uint8], polygon: Array, cell: float) -> Array | None:
    """The convex hull of the bright pieces within a label's mask, as dense points (n, 2), pixels.

    Print divides the paper into pieces; together they reach out to its corners, which the mask cuts
    off or overruns by half a cell and more.

    Args:
        gray: shape (h, w), 0 to 255.
        polygon: shape (n, 2), pixels; the model's outline.
        cell: how coarse it is, pixels.

    Returns:
        The hull, or None where the paper is not clearly brighter than what surrounds it.
    """
    shape = np.array(gray.shape[::-1])
    low = np.clip(np.floor(polygon.min(axis=0) - cell), 0, shape).astype(int)
    high = np.clip(np.ceil(polygon.max(axis=0) + cell) + 1, 0, shape).astype(int)
    crop = gray[low[1] : high[1], low[0] : high[0]]
    inside = np.zeros(crop.shape, np.uint8)
    cv2.fillPoly(inside, [np.rint(polygon - low).astype(np.int32)], 1)
    inward = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    core = inward > cell / 3
    wide = away <= _WITHIN * cell
    around = (away <= 0.9 * cell) & (away > cell / 3)
    if core.sum() < 20 or around.sum() < 20:
        return None
    paper, ground = float(np.percentile(crop[core], 75)), float(np.median(crop[around]))
    if paper - ground < _LEAST_CONTRAST:
        return None
    bright = (crop > (paper + ground) / 2).astype(np.uint8)
    # Speckles of board texture go.
    bright = np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, _disc(1)), np.uint8)
    count, pieces = cv2.connectedComponents(bright)
    area = np.bincount(pieces.ravel(), minlength=count)
    within = np.bincount(pieces[wide], minlength=count)
    its_own = (within >= _WITHIN * area) & (area >= _LEAST_PIECE)
    its_own[0] = False
    paper_seen = (its_own[pieces] & wide).astype(np.uint8)
    if cv2.countNonZero(paper_seen) < _LEAST_PIECE:
        return None
    # The hull of all pixels is that of the outlines, which are far fewer.
    rings, _ = cv2.findContours(paper_seen, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.concatenate(rings))[:, 0]
    return np.asarray(_dense(np.asarray(hull, np.float64)) + low, np.float64)


def _disc(radius: float) -> NDArray[np.uint8]:
    side = 2 * int(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _dense(ring: Array) -> Array:
    """A ring with a point for about every pixel of its length."""
    ends = np.roll(ring, -1, axis=0)
    parts = [
        a + np.linspace(0, 1, max(2, int(np.hypot(*(b - a)))), endpoint=False)[:, None] * (b - a)
        for a, b in zip(ring, ends, strict=True)
    ]
    return np.concatenate(parts)
