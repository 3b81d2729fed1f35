"""Polygons as pixel masks, cut to what they cover, and how far two of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def fill(polygons: Sequence[Floats], width: int, height: int) -> Mask:
    """Union of polygons as a pixel mask: pixels at least half covered.

    Drawn four times as large, since the drawing function includes the border and so widens
    every shape.
    """
    mask = np.zeros((height * 4, width * 4), np.uint8)
    for polygon in polygons:
        if len(polygon) >= 3:
            points = np.round((polygon * 4 - 0.5) * 16).astype(np.int32)
            cv2.fillPoly(mask, [points], 255, shift=4)
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > 127)


def iou(a: Mask, b: Mask) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    union = int((a | b).sum())
    return float((a & b).sum() / union) if union else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A mask that knows only its own bounding box; what lies outside is not set.

    Attributes:
        left: column of the mask's first pixel in the picture.
        top: row of the mask's first pixel in the picture.
        mask: shape (h, w), both may be 0.
        area: pixels set.
    """

    left: int
    top: int
    mask: Mask
    area: int

    def shared(self, other: Patch) -> int:
        """Pixels set in both."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.mask.shape[1], other.left + other.mask.shape[1])
        bottom = min(self.top + self.mask.shape[0], other.top + other.mask.shape[0])
        if right <= left or bottom <= top:
            return 0
        mine = self.mask[top - self.top : bottom - self.top, left - self.left : right - self.left]
        theirs = other.mask[
            top - other.top : bottom - other.top, left - other.left : right - other.left
        ]
        return int(np.count_nonzero(mine & theirs))

    def iou(self, other: Patch) -> float:
        """Intersection over union; 0 where both are empty."""
        both = self.shared(other)
        union = self.area + other.area - both
        return both / union if union else 0.0


def patch(polygons: Sequence[Floats], width: int, height: int) -> Patch:
    """The union of polygons within a picture, as `fill` draws it."""
    drawn = [polygon for polygon in polygons if len(polygon) >= 3]
    empty = Patch(0, 0, np.zeros((0, 0), bool), 0)
    if not drawn:
        return empty
    points = np.concatenate(drawn)
    left, top = np.clip(np.floor(points.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(points.max(axis=0)), 0, (width, height)).astype(int)
    if right <= left or bottom <= top:
        return empty
    mask = fill([p - (left, top) for p in drawn], int(right - left), int(bottom - top))
    return Patch(int(left), int(top), mask, int(np.count_nonzero(mask)))


def ious(found: Sequence[Patch], true: Sequence[Patch]) -> Floats:
    """Intersection over union of all pairs, shape (found, true)."""
    return np.array([[f.iou(t) for t in true] for f in found], np.float64).reshape(
        len(found), len(true)
    )
