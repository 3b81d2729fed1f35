"""What gives a photo its millimetres: a calibrated camera, or a rectangle of known size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from greenpack.measure.projective import Array


class ScaleSource(StrEnum):
    """Where the scale comes from, the best first."""

    CALIBRATED_CAMERA = "calibrated_camera"
    MARKER = "marker"
    WAYBILL_LABEL = "waybill_label"


@dataclass(frozen=True, slots=True, eq=False)
class PlanarPattern:
    """A rectangle of known size in the picture.

    Attributes:
        source: marker or label.
        corners: shape (4, 2), pixels of the upright photo, in order round the rectangle.
        size: width and height in millimetres; the width runs along corners 0 to 1.
        size_error: 95 % half width of the printed size, relative to it, >= 0.
        corner_error: standard deviation of each corner's coordinates, pixels, > 0.
        on: the plane it lies on: the belt (what the parcel stands on), or a face of the parcel.
        name: for people, such as ``label 100 x 150 mm`` or ``marker 7``.
        aspect_error: standard deviation of its proportions in the picture, relative; told for
            labels, of which only the proportions say what size they are.
    """

    source: ScaleSource
    corners: Array
    size: tuple[float, float]
    size_error: float
    corner_error: float
    on: Literal["belt", "face"]
    name: str
    aspect_error: float = 0.0

    def __post_init__(self) -> None:
        if np.shape(self.corners) != (4, 2):
            raise ValueError(f"a pattern has four corners, not an array of {self.corners.shape}")
        if min(self.size) <= 0:
            raise ValueError(f"a pattern's sides must be positive, not {self.size}")
        if self.size_error < 0 or self.corner_error <= 0:
            raise ValueError("a pattern's errors must be positive")
