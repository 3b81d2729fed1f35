"""What measuring a closed parcel needs to know of a photo, and where it refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.scale import PlanarPattern


@dataclass(frozen=True, slots=True, eq=False)
class ClosedView:
    """A photo of a closed parcel, besides the shapes in it.

    Attributes:
        width: of the upright photo, pixels.
        height: of the upright photo, pixels.
        gray: shape (height, width), 0 to 255, at full resolution; None leaves the outline to the
            model's mask, with its larger error.
        camera: as calibrated, or None.
        focal_ratio: focal length over the longer side where the photo tells it, else None.
        patterns: alternatives, each a list of rectangles of known size that hold together; every
            alternative that fits widens the interval.
        parcel_height: (low, high) in millimetres, from a dimensioner or as a bound, for views of
            one face only; None where nothing is known.
    """

    width: int
    height: int
    gray: NDArray[np.uint8] | None = None
    camera: CameraModel | None = None
    focal_ratio: float | None = None
    patterns: Sequence[Sequence[PlanarPattern]] = ()
    parcel_height: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ClosedSettings:
    """Thresholds of measuring a closed parcel.

    Attributes:
        confidence: below it a parcel is not believed, 0 to 1.
        rival_confidence: from it on a second parcel makes the photo ambiguous.
        rival_share: a second parcel counts from this share of the largest one's area.
        cells: the mask's cells along the picture's longer side.
        least_cells: a parcel's smaller extent must span so many of them.
        least_pixels: a parcel's smaller extent must span so many pixels of the picture: with fewer
            an edge's width is a percent of the parcel, and print beside an edge is taken for it.
        least_edge: pixels; a face that is seen must be so wide, or it says too little of its side.
        least_span: the square root of a parcel's area must span so many of them.
        most_hollow: largest share of its convex hull that a box's silhouette may leave out.
        most_residual: largest mean distance of a box's silhouette from straight sides, over the
            square root of its area, beyond what the mask's cells explain.
        most_misfit: largest chi-square per degree of freedom of a fit that is believed.
        most_off: largest mean distance of a fitted cuboid's silhouette from the mask, in cells.
        farthest_side: largest distance of any part of its silhouette's sides from the mask, in
            cells; nine sides in ten of good masks are within 0.42 on average.
        most_edges_missing: how many of its visible edges need not be found in the picture.
        form_error: 95 % half width, relative: boxes bulge.
        edge_radius: millimetres, of a carton's folded edges: about the board's thickness, 2 to 5.
            An edge of radius r seen at 45 degrees lies r (sqrt(2) - 1) inside the corner that it
            stands for, seen along a face 0; so a size is seen too small by that much on average of
            both its ends, give or take as much.
        focal_range: focal length over the longer side where nothing tells it.
        focal_tolerance: 95 % half width of a focal length that the photo tells, relative.
        darkest: least 90th percentile of brightness on the parcel, 0 to 255.
        brightest: most allowed share of the parcel that is burnt out.
        blurriest: largest blur effect allowed, 0 sharp to 1 blurred.
    """

    confidence: float = 0.5
    rival_confidence: float = 0.5
    rival_share: float = 0.4
    cells: float = 100.0
    least_cells: float = 8.0
    least_pixels: float = 130.0
    least_edge: float = 20.0
    least_span: float = 16.0
    most_hollow: float = 0.08
    most_residual: float = 0.003
    most_misfit: float = 6.0
    most_off: float = 0.7
    farthest_side: float = 1.4
    most_edges_missing: int = 1
    form_error: float = 0.006
    edge_radius: float = 3.5
    focal_range: tuple[float, float] = (0.6, 1.4)
    focal_tolerance: float = 0.08
    darkest: float = 40.0
    brightest: float = 0.5
    blurriest: float = 0.7

    @property
    def rounding(self) -> float:
        """By how much sizes are seen too small, mm, and the 95 % half width of that."""
        return (sqrt(2.0) - 1.0) * self.edge_radius

    def sha256(self) -> str:
        """A digest of everything that shapes the numbers; two equal settings have equal digests."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
