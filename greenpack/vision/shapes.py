"""What the model sees: labelled polygons in pixels of the upright photo."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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

    def as_dict(self) -> dict[str, object]:
        """The JSON form of the command line contract; coordinates to a tenth of a pixel."""
        return {
            "label": self.label.value,
            "confidence": round(self.confidence, 4),
            "polygon": [[round(float(x), 1), round(float(y), 1)] for x, y in self.polygon],
        }
