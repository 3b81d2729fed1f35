"""Detections put together again from the pieces that the detector gives of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from greenpack.measure.projective import region
from greenpack.training.evaluation.truth import Floats
from greenpack.vision.shapes import Label, Shape

# The detector gives these by their largest piece alone.
_WHOLE = frozenset({Label.OPENING, Label.PARCEL, Label.WAYBILL})
_LEAST_SHARE = 0.1  # of the largest piece; it gives no smaller ones
_SLACK = 0.01  # pieces are cut to the picture, which may change their areas a little
_TOUCHING = 0.1  # pieces that meet at a corner share half a pixel there

Detection = tuple[float, list[Floats]]


def detections(shapes: Sequence[Shape]) -> dict[Label, list[Detection]]:
    """Detections by label, surest first: confidence and pieces.

    The detector gives every piece of a mask as a shape of its own, one after the other. Pieces of
    one detection have the same confidence and lie apart, the largest first; where that breaks off,
    another detection begins, for two may have the same confidence in the model's short numbers.
    """
    found: dict[Label, list[Detection]] = defaultdict(list)
    pieces: dict[Label, list[BaseGeometry]] = defaultdict(list)
    for shape in sorted(shapes, key=lambda one: -one.confidence):
        label, area = shape.label, region([shape.polygon])
        last = found[label][-1] if found[label] and label not in _WHOLE else None
        if last and last[0] == shape.confidence and _belongs(area, pieces[label]):
            last[1].append(shape.polygon)
            pieces[label].append(area)
            continue
        found[label].append((shape.confidence, [shape.polygon]))
        pieces[label] = [area]
    return found


def _belongs(area: BaseGeometry, pieces: Sequence[BaseGeometry]) -> bool:
    """Whether an area may be the next piece of a detection."""
    if area.area > pieces[-1].area * (1 + _SLACK):
        return False
    if area.area < pieces[0].area * _LEAST_SHARE * (1 - _SLACK):
        return False
    return all(area.intersection(piece).area <= _TOUCHING * area.area for piece in pieces)
