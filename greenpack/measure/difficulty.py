"""How hard a picture is to measure, told from what is known before its truth is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from greenpack.measure.acceptance import View
from greenpack.measure.calibration import Difficulty
from greenpack.measure.opening import Opening
from greenpack.measure.projective import areal, region
from greenpack.vision.shapes import Label, Shape

# How far from outlines the bare part of the opening begins, of the picture's longer side: a cell
# of the model's mask, whose edges would look like structure.
_MARGIN = 0.012
# Fewer bare pixels tell nothing of their structure.
_LEAST_BARE = 20
# Of the mean brightness; keeps the noise of a black corner from counting as structure.
_DARK = 10.0


def difficulty(shapes: Sequence[Shape], opening: Opening, view: View) -> Difficulty:
    """How hard it is to tell what shares of an opening goods and filler take.

    Areas are those in the picture; perspective changes them by little in a picture that is not
    too oblique.

    Args:
        shapes: what the model saw, polygons in pixels of the upright photo.
        opening: the opening that is measured.
        view: the photo's size and grey values; without grey values the structure counts as 1.
    """
    mouth = Polygon(opening.corners)
    longest = max(view.width, view.height)
    inside = [
        (shape, areal(region([shape.polygon]).intersection(mouth)))
        for shape in sorted(shapes, key=lambda shape: -shape.confidence)
        if shape.label in (Label.ITEM, Label.FILLER)
    ]
    seen: BaseGeometry = Polygon()
    taken: dict[Label, BaseGeometry] = {Label.ITEM: Polygon(), Label.FILLER: Polygon()}
    doubt = 0.0
    for shape, part in inside:
        doubt += (1.0 - shape.confidence) * part.difference(seen).area
        seen = seen.union(part)
        taken[shape.label] = taken[shape.label].union(part)
    doubt += taken[Label.ITEM].intersection(taken[Label.FILLER]).area
    return Difficulty(
        outline=float(seen.length * longest / 100 / mouth.area),
        doubt=float(doubt / mouth.area),
        structure=1.0 if view.gray is None else _structure(inside, opening, view, view.gray),
    )


def _structure(
    inside: Sequence[tuple[Shape, BaseGeometry]],
    opening: Opening,
    view: View,
    gray: NDArray[np.uint8],
) -> float:
    """Unevenness of the brightness in the opening's bare part; 0 where there is hardly any."""
    scale = gray.shape[1] / view.width
    margin = 2 * round(_MARGIN * max(gray.shape)) + 1
    square = np.ones((margin, margin), np.uint8)
    mouth, full = np.zeros_like(gray), np.zeros_like(gray)
    cv2.fillConvexPoly(mouth, np.round(opening.corners * scale).astype(np.int32), 1)
    for shape, _ in inside:
        cv2.fillPoly(full, [np.round(shape.polygon * scale).astype(np.int32)], 1)
    bare = cv2.erode(mouth, square).astype(bool) & ~cv2.dilate(full, square).astype(bool)
    if bare.sum() < _LEAST_BARE:
        return 0.0
    smooth = cv2.GaussianBlur(gray.astype(np.float32), (0, 0), max(gray.shape) / 448)[bare]
    return float(smooth.std() / max(float(smooth.mean()), _DARK))
