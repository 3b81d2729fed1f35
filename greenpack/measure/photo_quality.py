"""Whether a picture is sharp and bright enough to be measured."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Sharpness is judged at one size, so that it does not depend on the camera's resolution.
GRAY_SIDE = 640


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
    picture = gray.astype(np.float32)
    worst = 0.0
    for axis, size in ((0, (1, 9)), (1, (9, 1))):
        again = cv2.blur(picture, size)
        sharp = np.abs(np.diff(picture, axis=axis))
        lost = np.maximum(0.0, sharp - np.abs(np.diff(again, axis=axis)))
        total = float(sharp.sum())
        worst = max(worst, (total - float(lost.sum())) / total if total > 0 else 1.0)
    return worst


def brightness(gray: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[float, float]:
    """The 90th percentile of brightness (0 to 255) and the burnt-out share (0 to 1) in a mask.

    Raises:
        ValueError: if the mask is empty.
    """
    inside = gray[mask]
    if inside.size == 0:
        raise ValueError("an empty mask has no brightness")
    return float(np.percentile(inside, 90)), float(np.mean(inside >= 254))
