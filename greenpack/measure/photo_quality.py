"""Whether a picture is sharp and bright enough to be measured."""

from __future__ import annotations

from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

# Sharpness is judged at one size, so that it does not depend on the camera's resolution.
GRAY_SIDE = 640
# Pixels to either side of the box filter's middle, and its length.
_REACH = 4
_BOX = 2 * _REACH + 1


def blur_effect(gray: NDArray[np.uint8], longest_side: int = GRAY_SIDE) -> float:
    """How blurred a picture is: 0 sharp, 1 blurred.

    The picture is blurred again with a long box filter; a sharp picture loses much of its
    neighbouring differences by that, a blurred one hardly any. Crete et al., The blur effect:
    perception and estimation with a new no-reference perceptual blur metric (2007).

    Args:
        gray: shape (h, w), 0 to 255.
        longest_side: the picture is brought to this size first, so that the figure does not
            depend on the camera's resolution.
    """
    scale = longest_side / max(gray.shape)
    if scale < 1:
        gray = np.asarray(
            cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    return max(_kept(gray), _kept(np.ascontiguousarray(gray.T)))


def _kept(gray: NDArray[np.uint8]) -> float:
    """The share of the differences between rows, shape (h, w), that a box filter leaves.

    Averages over the box of two neighbours differ by its two ends, so nothing has to be averaged.
    """
    around = cv2.copyMakeBorder(gray, _REACH, _REACH, 0, 0, cv2.BORDER_REFLECT_101)
    sharp = np.asarray(cv2.absdiff(gray[1:], gray[:-1]), np.uint16)
    ends = np.asarray(cv2.absdiff(around[_BOX:], around[:-_BOX]), np.uint16)
    total = _BOX * cv2.sumElems(sharp)[0]
    return float(cv2.sumElems(cv2.min(_BOX * sharp, ends))[0] / total) if total else 1.0


def brightness(gray: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[float, float]:
    """The 90th percentile of brightness (0 to 255) and the burnt-out share (0 to 1) in a mask.

    Raises:
        ValueError: if the mask is empty.
    """
    inside = gray[mask]
    if inside.size == 0:
        raise ValueError("an empty mask has no brightness")
    # By counts: grey values are few, and sorting the pixels takes several times as long.
    counts = np.bincount(inside, minlength=256)
    place = 0.9 * (inside.size - 1)
    low, high = np.searchsorted(counts.cumsum(), [floor(place), ceil(place)], side="right")
    bright = float(low + (high - low) * (place - floor(place)))
    return bright, float(counts[254:].sum()) / inside.size
