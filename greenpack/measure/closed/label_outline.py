"""A label's four corners, from the model's coarse outline and the picture's edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.label_paper import paper_ring
from greenpack.measure.closed.sheet_sides import (
    BLOOM,
    BURNT,
    corner_error,
    moved_out,
    outward,
    side_lengths,
    tone_beside,
)
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
_LEAST_SUPPORT = 0.55
_LEAST_PART = 0.34
_MOSTLY, _SURE_PART = 0.7, 0.6
"""How much of one side must be seen where one of its ends is not, for a stamp or a shadow lies
there or something as bright adjoins, and how much of the ends of the three others then."""
_TRIM = 0.03
"""Share of a side left out at its ends: labels have round corners of up to 3 mm."""
_LEAST_CONTRAST = 0.3
"""Of the sides' median: where paper is covered or torn, something faint may run by instead."""
_MOST_BOW = 0.025
"""Sagitta over length: a label follows its face's bulge by so much, a folded one by far more."""
_BY_PAPER, _BY_MASK = (0.35,), (1.1, 0.6)
"""How far from a side to look, in the mask's cells: the paper's brightness tells it well; of the
mask the corners are cut off, so the first search gives a direction only."""
_STRONG = 0.65
"""How strong the paper's edge is at least, as a share of the strongest line's: print inside it may
be stronger."""
_CLOSE, _CLOSE_SHARE = 2.5, 0.025
"""How far to either side to look in the last search, pixels, or as a share of the label's shorter
side if that is more: a frame printed a millimetre or two inside the edge may have been found."""
_CLOSE_STRONG = (0.3, 0.5)
"""How strong the edge is then at least, as a share of the strongest: that frame may be three times
as strong. The second where the first gives no whole side, but something faint outside of it."""
_FRAME = (0.3, 0.3)
"""How far such a frame, where it blends with the paper's edge, moves that inward, pixels, and the
standard deviation of that for all sides together: in rendered photographs at 0.5 to 1.5 pixels to
the millimetre by 0.1 to 0.9."""
_CELLS = 100.0  # of the mask along the picture's longer side
_RESOLVED = 120.0
"""Pixels: about the shorter side of a label from which on such a frame is seen by itself."""
_OWN = (0.1, 0.2)
"""Standard deviation of a side's place, pixels, beyond its points' scatter: a constant, and a share
of the edge's blur."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelOutline:
    """A label's quadrilateral.

    Attributes:
        corners: shape (4, 2), pixels of the picture, clockwise as seen.
        ideal: the same corners without lens distortion.
        error: standard deviation of a side's place, pixels.
        common: of that, what all four sides share outward; the proportions do not suffer from it.
        bow: by how much the sides are bent, root mean square of their sagittas, pixels.
    """

    corners: Array
    ideal: Array
    error: float
    common: float = 0.0
    bow: float = 0.0

    @property
    def corner_error(self) -> float:
        """Standard deviation of each corner's coordinates, pixels, as if all were independent."""
        return corner_error(self.error, self.common)


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
    cell = max(gray.shape) / _CELLS
    for ring, reaches in ((paper_ring(gray, polygon, cell), _BY_PAPER), (polygon, _BY_MASK)):
        if ring is None:
            continue
        found = _by_ring(ring, np.array(reaches) * cell, gray, camera, parcel)
        if found is not None:
            return found
    return None


def _by_ring(
    ring: Array,
    reaches: Array,
    gray: NDArray[np.uint8],
    camera: CameraModel,
    parcel: Array | None,
) -> LabelOutline | None:
    coarse = fit_opening(ring)
    if coarse is None or coarse.fit < _LEAST_FIT or _shortest(coarse.corners) < LEAST_SIDE:
        return None
    if not _inside_picture(coarse.corners, gray):
        return None
    shortest = _shortest(coarse.corners)
    # Not into the print.
    wide = [float(each) for each in np.clip(reaches, 3.0, max(3.0, 0.2 * shortest))]
    margin = sum(wide) + _CLOSE_SHARE * shortest + 8
    window = Window.around(gray, coarse.corners, margin, light=True)
    found = _refined(window, coarse.corners, wide, _polarity(gray, coarse.corners, max(wide)))
    return None if found is None else _corners(found, gray, camera, parcel)


def _polarity(gray: NDArray[np.uint8], corners: Array, away: float) -> Polarity:
    """1 where what surrounds the label is darker than its paper, else -1: the other way there is
    nothing but noise and print."""
    paper = tone_beside(gray, corners, -away, 0.75)
    return 1 if paper >= tone_beside(gray, corners, away, 0.5) else -1


def _refined(
    window: Window, corners: Array, reaches: Sequence[float], polarity: Polarity
) -> list[Edge] | None:
    """The four sides' edges, searched widely and then close to where they were found."""
    for reach in reaches:
        near = _sides(window, corners, reach, polarity, (_STRONG,))
        if near is None:
            return None
        corners = near[1]
    close = max(_CLOSE, _CLOSE_SHARE * _shortest(corners))
    found = _sides(window, corners, close, polarity, _CLOSE_STRONG)
    if found is None or not _corners_shown(found[0]):
        return None
    contrasts = [edge.contrast for edge in found[0]]
    return found[0] if min(contrasts) > _LEAST_CONTRAST * float(np.median(contrasts)) else None


def _sides(
    window: Window, corners: Array, reach: float, polarity: Polarity, strengths: Sequence[float]
) -> tuple[list[Edge], Array] | None:
    """Each side's edge by the first strength that gives a whole one, else the one of which most is
    seen; and where they meet."""
    found: list[Edge] = []
    for k, away in enumerate(outward(corners)):
        side = (corners[k], corners[(k + 1) % 4])
        edge: Edge | None = None
        for strength in strengths:
            seen = find_edge(window, side, away, reach, polarity, strength, _TRIM)
            if seen is not None and (edge is None or _whole(seen) or seen.support > edge.support):
                edge = seen
                if _whole(edge):
                    break
        if edge is None:
            return None
        found.append(edge)
    crossed = crossings([(edge.start, edge.end) for edge in found])
    return None if crossed is None or _shortest(crossed) < LEAST_SIDE else (found, crossed)


def _whole(edge: Edge) -> bool:
    """Whether a side is seen over most of its length, and to both its ends."""
    return edge.support >= _LEAST_SUPPORT and min(edge.ends) >= _LEAST_PART


def _corners_shown(edges: Sequence[Edge]) -> bool:
    """Whether all sides are whole, but for one end of one of them whose corner the next side shows:
    a corner that is bent, torn or covered is missing from both its sides."""
    partly = [edge for edge in edges if not _whole(edge)]
    if not partly:
        return True
    sure = sum(min(edge.ends) >= _SURE_PART for edge in edges)
    first = partly[0]
    return sure == 3 and first.support >= _MOSTLY and max(first.ends) >= _SURE_PART


def _corners(
    edges: list[Edge], gray: NDArray[np.uint8], camera: CameraModel, parcel: Array | None
) -> LabelOutline | None:
    lines, bows = [], []
    for edge in edges:
        points = camera.undistorted(edge.points)
        centre = points.mean(axis=0)
        _, _, axes = np.linalg.svd(points - centre)
        along, across = (points - centre) @ axes.T[:, 0], (points - centre) @ axes.T[:, 1]
        length = float(np.ptp(along))
        bow = abs(float(np.polyfit(along, across, 2)[0])) * length**2 / 4
        if bow > max(0.8, _MOST_BOW * length):
            return None
        bows.append(bow)
        lines.append((centre, centre + axes[0]))
    ideal = crossings(lines)
    if ideal is None or not is_convex(ideal):
        return None
    blur = float(np.mean([edge.width for edge in edges]))
    shift, common = _FRAME
    if _shortest(ideal) > _RESOLVED:
        shift = 0.0
    if tone_beside(gray, camera.projected(camera.rays(ideal)), -2.5 * blur, 0.75) >= BURNT:
        shift, common = shift - BLOOM[0] * blur, float(np.hypot(common, BLOOM[1] * blur))
    ideal = moved_out(ideal, shift)
    corners = camera.projected(camera.rays(ideal))
    if parcel is not None and not _clear_of(corners, parcel):
        return None
    own, blurred = _OWN
    spread = float(
        np.mean([edge.error**2 + own**2 + (blurred * edge.width) ** 2 for edge in edges])
    )
    bent = float(np.sqrt(np.mean(np.square(bows))))
    return LabelOutline(corners, ideal, float(np.sqrt(spread)), common, bent)


def _shortest(corners: Array) -> float:
    return float(side_lengths(corners).min())


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
