"""Making parts of a photo unrecognisable, so that nothing can bring back what was there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Of the whole photo, this many mean colours along its longer side are all that is left. A face that
# fills a third of the photo is five of them across; a line of an address is less than one.
CELLS: Final = 16
_PAPER: Final = (250, 250, 248)
_FADING = 0.25

Polygon = NDArray[np.float64]


def veil_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a photo looks like through the veil, at its own size.

    It is drawn from the mean colours of a coarse grid over the photo and from nothing else: two
    photos with the same means look the same. It is paler than the photo, so that nobody takes it
    for a bad one.

    Args:
        pixels: shape (h, w, 3), RGB.
    """
    height, width = pixels.shape[:2]
    step = max(height, width) / CELLS
    grid = (max(1, round(width / step)), max(1, round(height / step)))
    means = cv2.resize(pixels, grid, interpolation=cv2.INTER_AREA)
    pale = np.round(means * (1 - _FADING) + np.array(_PAPER) * _FADING).astype(np.uint8)
    return np.asarray(cv2.resize(pale, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def clear_mask(
    size: tuple[int, int], clear: Sequence[Polygon], hidden: Sequence[Polygon]
) -> NDArray[np.uint8]:
    """Where a photo stays as it is: 255 within ``clear`` and outside of ``hidden``, else 0.

    Args:
        size: height and width, pixels.
        clear: polygons of shape (n, 2) in pixels.
        hidden: polygons that are veiled all the same.
    """
    mask = np.zeros(size, np.uint8)
    for polygons, value in ((clear, 255), (hidden, 0)):
        for polygon in polygons:
            cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], value)
    return mask


def through_veil(
    pixels: NDArray[np.uint8], mask: NDArray[np.uint8], veil: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The pixels where the mask is 255, else the veil; all of one height and width."""
    return np.asarray(np.where((mask == 255)[:, :, None], pixels, veil), np.uint8)
