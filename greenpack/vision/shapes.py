"""What the model sees: labelled polygons in pixels of the upright photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray


class Label(StrEnum):
    """The model's classes, in the order of its output channels."""

    PARCEL = "parcel"
    OPENING = "opening"
    ITEM = "item"
    FILLER = "filler"
    WAYBILL = "waybill"
    TAPE = "tape"


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One thing the model saw.

    Attributes:
        label: what it is.
        confidence: the model's score, 0 to 1.
        polygon: shape (n, 2), float64, n >= 3: x to the right and y down, in pixels of the
            upright photo at its original size.
    """

    label: Label
    confidence: float
    polygon: NDArray[np.float64]

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point (x, y), in the polygon's pixels, lies in the shape or on its outline."""
        return cv2.pointPolygonTest(self.polygon.astype(np.float32), point, False) >= 0

    def as_dict(self) -> dict[str, object]:
        """The JSON form of the command line contract; coordinates to a tenth of a pixel."""
        return {
            "label": self.label.value,
            "confidence": round(self.confidence, 4),
            "polygon": [[round(float(x), 1), round(float(y), 1)] for x, y in self.polygon],
        }


def labels_among_goods(
    shapes: Sequence[Shape], numbers: Sequence[tuple[float, float]]
) -> list[Shape]:
    """The shapes, with goods beside the opening that bear a waybill's number taken for labels.

    The model may take a label on a flap for goods. A waybill's number is printed on no goods, so
    what bears one outside the opening is a label, or another parcel: neither was packed in this.

    Args:
        shapes: what the model saw.
        numbers: where waybills' numbers were read, (x, y) in the same pixels.
    """
    mouths = [shape for shape in shapes if shape.label is Label.OPENING]

    def is_label(shape: Shape) -> bool:
        bears = [point for point in numbers if shape.holds(point)]
        return bool(bears) and not any(mouth.holds(bears[0]) for mouth in mouths)

    return [
        replace(shape, label=Label.WAYBILL)
        if shape.label is Label.ITEM and is_label(shape)
        else shape
        for shape in shapes
    ]
