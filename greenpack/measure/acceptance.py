"""Whether a photo may be measured at all: each refusal has its reason code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from greenpack.measure.opening import Opening
from greenpack.measure.photo_quality import blur_effect, brightness
from greenpack.measure.projective import Array, region
from greenpack.measure.settings import MeasureSettings
from greenpack.vision.shapes import Label, Shape


class UnmeasurableError(Exception):
    """Ends the measurement of a photo with a reason code."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What measuring needs to know of a photo besides its shapes.

    Attributes:
        width: of the upright photo, pixels.
        height: of the upright photo, pixels.
        focal_ratio: focal length over the longer side, or None where the photo does not tell.
        gray: shape (h, w), 0 to 255, at any size of the same picture; None skips the checks of
            light and sharpness.
    """

    width: int
    height: int
    focal_ratio: float | None = None
    gray: NDArray[np.uint8] | None = None


def outlines(shapes: Iterable[Shape], label: Label) -> list[Array]:
    return [shape.polygon for shape in shapes if shape.label is label]


def the_opening(shapes: Sequence[Shape], settings: MeasureSettings) -> Array:
    """The outline of the one opening in the picture, shape (n, 2).

    Raises:
        UnmeasurableError: ``no_parcel`` or ``closed_parcel`` where no opening is seen,
            ``several_openings`` where another one, even a doubtful one, stands beside it,
            ``opening_doubtful`` where it is not seen surely.
    """
    openings = [
        (area, shape)
        for area, shape in (
            (region([shape.polygon]), shape)
            for shape in shapes
            if shape.label is Label.OPENING and shape.confidence >= settings.rival_confidence
        )
        if area.area > 0
    ]
    if not openings:
        closed = any(shape.label is Label.PARCEL for shape in shapes)
        raise UnmeasurableError("closed_parcel" if closed else "no_parcel")
    sure = [found for found in openings if found[1].confidence >= settings.opening_confidence]
    whole, largest = max(sure or openings, key=lambda found: found[0].area)
    if has_rival(whole, [area for area, _ in openings], settings.rival_share):
        raise UnmeasurableError("several_openings")
    if not sure:
        raise UnmeasurableError("opening_doubtful")
    return largest.polygon


def has_rival(largest: BaseGeometry, seen: Iterable[BaseGeometry], share: float) -> bool:
    """Whether another thing of comparable size stands beside the largest one.

    Args:
        largest: its area in the picture.
        seen: the areas of all such things, the largest included.
        share: of the largest one's area from which on another one counts.
    """
    return any(
        rival is not largest
        and rival.area >= share * largest.area
        # The same thing seen twice is no second one.
        and rival.intersection(largest).area < 0.5 * rival.area
        for rival in seen
    )


def require_in_picture(outline: Array, view: View) -> None:
    """Refuse an opening that touches the picture's border over more than a corner's length."""
    if exceeds_at_border(outline, view.width, view.height, 0.02):
        raise UnmeasurableError("opening_cut_off")


def exceeds_at_border(outline: Array, width: int, height: int, share: float) -> bool:
    """Whether more than a share of an outline, shape (n, 2), runs along the picture's border."""
    margin = 0.004 * max(width, height) + 1.0
    closed = np.vstack([outline, outline[:1]])
    middles = (closed[1:] + closed[:-1]) / 2
    lengths = np.hypot(*np.diff(closed, axis=0).T)
    x, y = middles.T
    at_border = (x < margin) | (y < margin) | (x > width - margin) | (y > height - margin)
    return float(lengths[at_border].sum()) > share * float(lengths.sum())


def require_light_and_focus(opening: Opening, view: View, settings: MeasureSettings) -> None:
    """Refuse pictures in which the opening is too small, too dark, burnt out or blurred."""
    share = Polygon(opening.corners).area / (view.width * view.height)
    if share < settings.minimum_opening_share:
        raise UnmeasurableError("opening_too_small")
    if view.gray is None:
        return
    scale = view.gray.shape[1] / view.width
    mask = np.zeros(view.gray.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(opening.corners * scale).astype(np.int32), 1)
    if not mask.any():
        raise UnmeasurableError("opening_too_small")
    bright, burnt = brightness(view.gray, mask.astype(bool))
    if bright < settings.darkest:
        raise UnmeasurableError("too_dark")
    if burnt > settings.brightest:
        raise UnmeasurableError("too_bright")
    if blur_effect(view.gray) > settings.blurriest:
        raise UnmeasurableError("too_blurred")


def require_goods_inside(
    shapes: Sequence[Shape], opening: Opening, settings: MeasureSettings
) -> None:
    """Refuse a picture in which goods lie beside the opening rather than in it.

    What is seen as a waybill too is paper on a flap or beside the parcel, and no goods.
    """
    mouth = Polygon(opening.corners)
    elsewhere = mouth.union(region(outlines(shapes, Label.WAYBILL)))
    for polygon in outlines(shapes, Label.ITEM):
        item = region([polygon])
        outside = item.difference(elsewhere).area
        if outside > 0.5 * item.area and outside > settings.outside_share * mouth.area:
            raise UnmeasurableError("items_outside_opening")
