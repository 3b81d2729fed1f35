"""A parcel's silhouette brought to straight sides, each with how well its place is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from greenpack.measure.closed.silhouette_edge import Found, search_edge, strip_between
from greenpack.measure.projective import Array, region

Mapping2D = Callable[[Array], Array]
# Pixels by which a whole edge is off, standard deviation: rounded carton edges, sharpening and
# compression shift all of its points alike.
WHOLE_LINE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A straight line in the picture that one edge of the parcel was seen on.

    Attributes:
        normal: unit normal, shape (2,).
        offset: ``normal @ x == offset`` on the line, pixels.
        middle: a point of the line, shape (2,), where offset and angle are uncorrelated.
        offset_sd: standard deviation of the line's place at ``middle``, pixels.
        angle_sd: standard deviation of its direction, radians.
        found: whether an edge was found in the picture; else the line is the mask's.
    """

    normal: Array
    offset: float
    middle: Array
    offset_sd: float
    angle_sd: float
    found: bool


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A convex polygon fitted to a parcel's silhouette.

    Attributes:
        corners: shape (k, 2), pixels of the ideal pinhole picture, clockwise as seen.
        sides: k sides; side i runs from corner i to corner i + 1.
        fit: intersection over union of the polygon and the mask, 0 to 1.
        hollow: share of the mask's convex hull that the mask leaves out, 0 to 1.
        residual: mean distance of the mask's hull from the polygon, over the square root of its
            area.
    """

    corners: Array
    sides: tuple[Side, ...]
    fit: float
    hollow: float
    residual: float

    @property
    def covariances(self) -> Array:
        """The covariance of each corner, shape (k, 2, 2), square pixels."""
        result = []
        for before, after, corner in zip(
            (self.sides[-1], *self.sides[:-1]), self.sides, self.corners, strict=True
        ):
            variances = []
            for side in (before, after):
                along = float((corner - side.middle) @ [-side.normal[1], side.normal[0]])
                variances.append(side.offset_sd**2 + (along * side.angle_sd) ** 2)
            inverse = np.linalg.inv(np.vstack([before.normal, after.normal]))
            result.append(inverse @ np.diag(variances) @ inverse.T)
        return np.array(result)


def hull_of(mask: Array) -> tuple[Array, float] | None:
    """The convex hull of a mask, clockwise as seen, and the share of it that the mask leaves out.

    Args:
        mask: polygon, shape (n, 2), pixels.
    """
    area = region([mask])
    hull = area.convex_hull
    if not isinstance(hull, Polygon) or hull.area <= 0:
        return None
    ring = np.asarray(hull.exterior.coords, np.float64)[:-1]
    shifted = np.roll(ring, -1, axis=0)
    signed = float(np.sum(ring[:, 0] * shifted[:, 1] - shifted[:, 0] * ring[:, 1]))
    return (ring if signed > 0 else ring[::-1]), 1.0 - float(area.area / hull.area)


def circumscribed(hull: Array, count: int) -> Array | None:
    """The hull reduced to few sides: the one that adds least area is dropped, again and again.

    Its neighbours are drawn out until they meet, which also gives back the corners that a mask
    rounds off. (Greedy form of Klee and Laskowski, 1985; exact enough for six sides.)

    Args:
        hull: shape (n, 2), convex, clockwise as seen.
        count: sides wanted, at least 3.

    Returns:
        Corners, shape (count, 2), or None where the hull has fewer sides.
    """
    ring = [tuple(point) for point in hull]
    if len(ring) < count:
        return None
    while len(ring) > count:
        best, at, corner = np.inf, -1, (0.0, 0.0)
        size = len(ring)
        for index in range(size):
            (ax, ay), (bx, by) = ring[index - 1], ring[index]
            (cx, cy), (dx, dy) = ring[(index + 1) % size], ring[(index + 2) % size]
            ux, uy, vx, vy = bx - ax, by - ay, cx - dx, cy - dy
            turn = ux * vy - uy * vx
            if turn >= -1e-12:
                continue  # the neighbours do not meet on the outer side
            reach = ((cx - bx) * vy - (cy - by) * vx) / turn
            meet = (bx + reach * ux, by + reach * uy)
            added = abs((cx - bx) * (meet[1] - by) - (cy - by) * (meet[0] - bx)) / 2
            if reach >= 0 and added < best:
                best, at, corner = added, index, meet
        if at < 0:
            return None
        ring[at] = corner
        del ring[(at + 1) % size]
    return np.array(ring)


def fit_outline(mask: Array, sides: int, cell: float) -> Outline | None:
    """Fit a polygon of so many sides to a silhouette.

    Args:
        mask: the model's polygon, shape (n, 2), pixels of the ideal pinhole picture.
        sides: 4 or 6.
        cell: how coarse the mask is, pixels.

    Returns:
        The outline, or None where the silhouette has no such polygon.
    """
    found = hull_of(mask)
    if found is None:
        return None
    hull, hollow = found
    first = circumscribed(hull, sides)
    if first is None:
        return None
    dense = _dense(hull, 400)
    lines = [
        _mask_side(dense, start, end, cell)
        for start, end in zip(first, np.roll(first, -1, axis=0), strict=True)
    ]
    corners = intersections(lines)
    if corners is None or np.abs(corners - first).max() > 6 * cell:
        corners = first
    polygon = Polygon(corners)
    if not polygon.is_valid:
        return None
    whole = region([mask])
    fit = float(polygon.intersection(whole).area / polygon.union(whole).area)
    ring = Polygon(hull)
    residual = float(polygon.symmetric_difference(ring).area / ring.length / ring.area**0.5)
    return Outline(corners, tuple(lines), fit, hollow, residual)


def seek_side(
    line: Side,
    start: Array,
    end: Array,
    band: float,
    gray: NDArray[np.uint8],
    to_picture: Mapping2D,
) -> Side:
    """The picture's edge within ``band`` pixels of the segment, or ``line`` if there is none."""
    strip = strip_between(start, end, band)
    found = search_edge(strip, gray, to_picture)
    return line if found is None else _side_of(found)


def _side_of(found: Found) -> Side:
    """A robust line through edge points, with the standard deviations of its place and angle."""
    points, weights = found.points, found.weights
    middle = weights @ points / weights.sum()
    centred = points - middle
    spread = (centred * weights[:, None]).T @ centred
    normal = np.linalg.eigh(spread)[1][:, 0]
    along = centred @ np.array([-normal[1], normal[0]])
    # Neighbouring edge points share their errors (texture, compression): every fourth counts.
    count = max(2.0, float(weights.sum()) / 4.0)
    lever = max(float(np.sqrt(weights @ along**2 / weights.sum())), 1.0)
    scatter = float(np.hypot(found.scatter / np.sqrt(count), found.rival))
    return Side(
        normal=normal,
        offset=float(normal @ middle),
        middle=middle,
        offset_sd=float(np.hypot(scatter, WHOLE_LINE)),
        angle_sd=float(np.hypot(scatter, 0.5 * WHOLE_LINE)) / lever,
        found=True,
    )


def _mask_side(dense: Array, start: Array, end: Array, cell: float) -> Side:
    """The line through the part of the hull that belongs to one side."""
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    direction = along / length
    normal = np.array([-direction[1], direction[0]])
    offset = dense - start
    position = offset @ direction / length
    near = (position > 0.15) & (position < 0.85) & (np.abs(offset @ normal) < cell)
    middle = (start + end) / 2
    if near.sum() >= 4:
        points = dense[near]
        middle = points.mean(axis=0)
        axis = np.linalg.svd(points - middle, full_matrices=False)[2][1]
        normal = axis if axis @ normal > 0 else -axis
    # A cell's rounding and the model's own error; both ends of a side are off alike or not.
    sd = 0.5 * cell
    return Side(normal, float(normal @ middle), middle, sd, 3.5 * sd / length, False)


def intersections(sides: list[Side]) -> Array | None:
    """Where neighbouring sides meet, shape (k, 2): corner i lies between side i - 1 and side i."""
    corners = []
    for before, after in zip([sides[-1], *sides[:-1]], sides, strict=True):
        system = np.vstack([before.normal, after.normal])
        if abs(np.linalg.det(system)) < 1e-3:
            return None
        corners.append(np.linalg.solve(system, np.array([before.offset, after.offset])))
    return np.array(corners)


def _dense(ring: Array, count: int) -> Array:
    """Points spaced evenly along a closed ring, shape (count, 2)."""
    closed = np.vstack([ring, ring[:1]])
    lengths = np.r_[0.0, np.cumsum(np.hypot(*np.diff(closed, axis=0).T))]
    at = np.linspace(0.0, lengths[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, lengths, closed[:, axis]) for axis in (0, 1)])
