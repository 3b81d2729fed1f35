"""Which parts of a photo prove something about the parcel, and which are nobody's business."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.intake.barcode import PrintedCode
from greenpack.vision.shapes import Label, Shape

Polygon = NDArray[np.float64]

# The rim's own edge belongs to the proof: so much of the photo's longer side is added round it.
_RIM: Final = 0.004
_LABEL_MARGIN: Final = 0.04
# Round a code itself, in lengths of it: a barcode is read in a few lines of its height only.
_MARGIN_BARCODE: Final = 0.4
_MARGIN_QR: Final = 0.15
# From a code's middle to the farthest corner of its label, in lengths of the code: a barcode of
# 70 mm on a label of 100 x 180 mm, a QR code of 25 mm on the same.
_LABEL_REACH_BARCODE: Final = 2.4
_LABEL_REACH_QR: Final = 6.5
# Overlaps are counted on a picture of this longer side, in pixels.
_COUNTING_SIDE = 320


def parcel_regions(
    size: tuple[int, int],
    shapes: Sequence[Shape],
    corners: Sequence[tuple[float, float]] | None,
) -> list[Polygon]:
    """What stays clear: the parcel that was measured, with the goods and filler in it.

    That is the opening's four corners where they were found, else the largest opening that was
    seen, else the largest closed parcel; with items and filler that lie in it by half at least.
    Whatever else was seen stays veiled: a model may take a person for goods.

    Args:
        size: height and width of the photo, pixels.
        shapes: what the model saw, in pixels of the photo.
        corners: of the measured opening, in the same pixels, or None.
    """
    subject = _subject(shapes, corners)
    if subject is None:
        return []
    rim = _RIM * max(size)
    inside = [
        shape.polygon
        for shape in shapes
        if shape.label in {Label.ITEM, Label.FILLER}
        and _share_within(shape.polygon, subject, size) >= 0.5
    ]
    return [_grown(subject, rim), *inside]


def label_regions(
    shapes: Sequence[Shape], codes: Sequence[PrintedCode], clear: Sequence[Polygon]
) -> list[Polygon]:
    """What is veiled within the parcel: waybill labels, and every barcode and QR code.

    A code that states a waybill's number and lies in no label that was seen stands for a label of
    the largest format round it.

    Args:
        shapes: what the model saw.
        codes: the codes that were read, in the same pixels.
        clear: what stays clear otherwise.
    """
    labels = [shape for shape in shapes if shape.label is Label.WAYBILL]
    regions = [
        _grown(_hull(shape.polygon), _LABEL_MARGIN * _extent(shape.polygon)) for shape in labels
    ]
    for code in codes:
        if any(shape.holds(code.centre) for shape in labels):
            continue
        corners = np.asarray(code.corners, np.float64)
        margin = _MARGIN_BARCODE if code.linear else _MARGIN_QR
        regions.append(_grown(_hull(corners), margin * _extent(corners)))
        if code.number is not None and any(_holds(polygon, code.centre) for polygon in clear):
            reach = _LABEL_REACH_BARCODE if code.linear else _LABEL_REACH_QR
            regions.append(_disc(code.centre, reach * _extent(corners)))
    return regions


def _subject(
    shapes: Sequence[Shape], corners: Sequence[tuple[float, float]] | None
) -> Polygon | None:
    if corners is not None:
        return _hull(np.asarray(corners, np.float64))
    for label in (Label.OPENING, Label.PARCEL):
        seen = [shape.polygon for shape in shapes if shape.label is label]
        if seen:
            return _hull(max(seen, key=lambda polygon: cv2.contourArea(polygon.astype(np.float32))))
    return None


def _hull(polygon: Polygon) -> Polygon:
    return np.asarray(cv2.convexHull(polygon.astype(np.float32)), np.float64).reshape(-1, 2)


def _grown(hull: Polygon, margin: float) -> Polygon:
    """A convex polygon with a margin all round, its corners cut off."""
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = margin * np.column_stack([np.cos(turns), np.sin(turns)])
    return _hull((hull[:, None, :] + ring[None, :, :]).reshape(-1, 2))


def _disc(centre: tuple[float, float], radius: float) -> Polygon:
    return _grown(np.asarray([centre], np.float64), radius)


def _extent(polygon: Polygon) -> float:
    """The longer side of the smallest rectangle round it."""
    return float(max(cv2.minAreaRect(polygon.astype(np.float32))[1]))


def _holds(polygon: Polygon, point: tuple[float, float]) -> bool:
    return cv2.pointPolygonTest(polygon.astype(np.float32), point, False) >= 0


def _share_within(polygon: Polygon, hull: Polygon, size: tuple[int, int]) -> float:
    """Which share of a polygon's area lies in a hull, 0 to 1."""
    scale = _COUNTING_SIDE / max(size)
    drawn = []
    for outline in (polygon, hull):
        mask = np.zeros((_COUNTING_SIDE, _COUNTING_SIDE), np.uint8)
        cv2.fillPoly(mask, [np.round(outline * scale).astype(np.int32)], 1)
        drawn.append(mask)
    whole = int(drawn[0].sum())
    return float((drawn[0] & drawn[1]).sum()) / whole if whole else 0.0
