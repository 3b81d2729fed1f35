"""A label's four corners, from the model's coarse outline and the picture's edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.straight_edge import (
    Edge,
    Polarity,
    Window,
    crossings,
    find_edge,
)
from greenpack.measure.opening import fit_opening
from greenpack.measure.projective import Array, is_convex

LEAST_SIDE = 20.0
"""Pixels: a shorter label's sides cannot be told from its print."""
_LEAST_FIT = 0.85
_LEAST_SUPPORT = 0.6
_LEAST_PART = 0.34
_TRIM = 0.03
"""Share of a side left out at its ends: labels have round corners of up to 3 mm."""
_LEAST_CONTRAST = 0.3
"""Of the sides' median: where paper is covered or torn, something faint may run by instead."""
_MOST_BOW = 0.006
_BIAS = (0.1, 0.3)
"""Standard deviation of a side's place as a whole, pixels, which its points' scatter does not show:
a constant, and a share of the edge's blur. A printed frame one or two millimetres inside the paper
blends with the paper's edge: in drawn pictures it moves the edge outward by up to 0.3 of the blur.
Blank paper's edges are found to 0.02 pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelOutline:
    """A label's quadrilateral.

    Attributes:
        corners: shape (4, 2), pixels of the picture, clockwise as seen.
        ideal: the same corners without lens distortion.
        error: standard deviation of a side's place, pixels.
    """

    corners: Array
    ideal: Array
    error: float

    @property
    def corner_error(self) -> float:
        """Standard deviation of each corner's coordinates, pixels, as if all were independent.

        A side moves both its corners together, and the sides err alike (outward): taken for
        independent, the corners would make the size better known than it is, by the square root
        of two. The proportions do not suffer from it.
        """
        return float(np.sqrt(2.0)) * self.error


def label_outline(
    polygon: Array,
    gray: NDArray[np.uint8],
    camera: CameraModel,
    parcel: Array | None = None,
) -> LabelOutline | None:
    """Fit a label's four sides to the picture's edges; None where it is no plain quadrilateral.

    Refused are labels that run out of the picture or end at the parcel's silhouette (part may be
    folded round the edge), whose outline is not four-sided, and those of which a side is not seen
    over most of its length or is not straight: covered, creased, wrapped round an edge, torn.

    Args:
        polygon: shape (n, 2), pixels; the model's outline.
        gray: shape (h, w), 0 to 255, the picture that the polygon is in.
        camera: for the lens distortion, at the picture's size.
        parcel: shape (n, 2), pixels; the parcel's silhouette, or None where it is not known.
    """
    coarse = fit_opening(polygon)
    if coarse is None or coarse.fit < _LEAST_FIT or _shortest(coarse.corners) < LEAST_SIDE:
        return None
    if not _inside_picture(coarse.corners, gray):
        return None
    shortest = _shortest(coarse.corners)
    # The model draws at about a 640th of the picture; three of its pixels, but not into the print.
    reach = float(np.clip(3.0 * max(gray.shape) / 640, 3.0, max(3.0, 0.12 * shortest)))
    window = Window.around(gray, coarse.corners, 2 * reach + 4, light=True)
    for polarity in (1, -1):
        found = _refined(window, coarse.corners, reach, polarity)
        if found is not None:
            return _corners(found, camera, parcel)
    return None


def _refined(window: Window, corners: Array, reach: float, polarity: Polarity) -> list[Edge] | None:
    """The four sides' edges, searched widely and then once more close to where they were found."""
    found: list[Edge] = []
    for width, outermost in ((reach, True), (min(reach, 2.5), False)):
        found = []
        middle = corners.mean(axis=0)
        for side in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            along = side[1] - side[0]
            outward = np.array([along[1], -along[0]]) / np.hypot(*along)
            if outward @ (side[0] - middle) < 0:
                outward = -outward
            edge = find_edge(window, side, outward, width, polarity, outermost, _TRIM)
            if edge is None or edge.support < _LEAST_SUPPORT:
                return None
            if not outermost and edge.end_support < _LEAST_PART:
                return None
            found.append(edge)
        crossed = crossings([(edge.start, edge.end) for edge in found])
        if crossed is None:
            return None
        corners = crossed
    contrasts = [edge.contrast for edge in found]
    return found if min(contrasts) > _LEAST_CONTRAST * float(np.median(contrasts)) else None


def _corners(edges: list[Edge], camera: CameraModel, parcel: Array | None) -> LabelOutline | None:
    lines = []
    for edge in edges:
        points = camera.undistorted(edge.points)
        centre = points.mean(axis=0)
        _, _, axes = np.linalg.svd(points - centre)
        along, across = (points - centre) @ axes.T[:, 0], (points - centre) @ axes.T[:, 1]
        length = float(np.ptp(along))
        bow = abs(float(np.polyfit(along, across, 2)[0])) * length**2 / 4
        if bow > max(0.6, _MOST_BOW * length):
            return None
        lines.append((centre, centre + axes[0]))
    ideal = crossings(lines)
    if ideal is None or not is_convex(ideal):
        return None
    (fx, fy), (cx, cy) = camera.focal, camera.centre
    rays = np.column_stack([(ideal - (cx, cy)) / (fx, fy), np.ones(4)])
    corners = camera.projected(rays)
    if parcel is not None and not _clear_of(corners, parcel):
        return None
    own, blurred = _BIAS
    spread = float(
        np.mean([edge.error**2 + own**2 + (blurred * edge.width) ** 2 for edge in edges])
    )
    return LabelOutline(corners, ideal, float(np.sqrt(spread)))


def _shortest(corners: Array) -> float:
    return float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).min())


def _inside_picture(corners: Array, gray: NDArray[np.uint8]) -> bool:
    margin = 2.0 + 0.003 * max(gray.shape)
    height, width = gray.shape
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool(min(low) > margin and high[0] < width - margin and high[1] < height - margin)


def _clear_of(corners: Array, parcel: Array) -> bool:
    """Whether no side of the label lies along the parcel's silhouette."""
    rim = LineString([*parcel, parcel[0]])
    margin = 0.03 * _shortest(corners) + 1.0
    sides = Polygon(corners).exterior
    return bool(sides.intersection(rim.buffer(margin)).length < 0.1 * sides.length)
