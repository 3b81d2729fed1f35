"""The codes of a waybill's label whose bars are too thin in the reduced picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from greenpack.intake.barcode import PrintedCode, read_codes
from greenpack.intake.photo import Photo

# Of the label's longer side, on each side of it: an outline may cut off the ends of the bars.
_MARGIN = 0.15


def read_label_codes(
    photo: Photo, finer: Photo, labels: Sequence[NDArray[np.float64]]
) -> list[PrintedCode]:
    """The codes that stand on labels, read in a finer picture of the same photo, or in itself.

    Args:
        photo: as the labels were seen in it.
        finer: the same photo, less reduced.
        labels: their outlines, each of shape (n, 2), in pixels of ``photo.pixels``.

    Returns:
        The codes in the order of the labels, in pixels of ``photo.pixels``.
    """
    height, width = finer.pixels.shape[:2]
    times = finer.scale / photo.scale
    found: list[PrintedCode] = []
    for polygon in labels:
        first, last = polygon.min(axis=0) * times, polygon.max(axis=0) * times
        margin = _MARGIN * float((last - first).max())
        left, top = (int(max(0.0, each - margin)) for each in first)
        right, bottom = (
            int(np.ceil(min(most, each + margin)))
            for each, most in zip(last, (width, height), strict=True)
        )
        for code in read_codes(finer.pixels[top:bottom, left:right]):
            corners = tuple(((left + x) / times, (top + y) / times) for x, y in code.corners)
            found.append(replace(code, corners=corners))
    return found
