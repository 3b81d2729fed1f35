"""The opening's outline brought to four corners, with how well it fits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from shapely.geometry import Polygon

from greenpack.measure.projective import Array, is_convex, region


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A quadrilateral fitted to the outline of an opening.

    Attributes:
        corners: shape (4, 2), pixels, in order around the opening, clockwise as seen.
        fit: intersection over union of the quadrilateral and the outline, 0 to 1.
        residual: root mean square distance of the outline from the fitted sides, pixels.
    """

    corners: Array
    fit: float
    residual: float


def fit_opening(outline: Array) -> Opening | None:
    """Fit four straight sides to an outline and intersect them.

    Masks round corners off, and goods or flaps may nibble at a side, so the corners are not
    looked for: the convex hull tells which part of the outline belongs to which side, a straight
    line is fitted to the middle of each (robustly, Huber weights), and neighbouring lines are
    intersected.

    Args:
        outline: shape (n, 2), pixels.

    Returns:
        The fit, or None where the outline has no four sides.
    """
    area = region([outline])
    if area.is_empty:
        return None
    hull = area.convex_hull
    if not isinstance(hull, Polygon):
        return None
    first = _four_corners(np.asarray(hull.exterior.coords)[:-1])
    if first is None:
        return None
    largest = max(getattr(area, "geoms", [area]), key=lambda part: part.area)
    points = _along(np.asarray(largest.exterior.coords), 400)
    corners, residual = first, 0.0
    for _ in range(3):
        refined = _refine(points, corners)
        if refined is None:
            break
        corners, residual = refined
    quadrilateral = Polygon(corners)
    if not quadrilateral.is_valid or not is_convex(corners):
        return None
    union = quadrilateral.union(area).area
    fit = quadrilateral.intersection(area).area / union if union > 0 else 0.0
    return Opening(_clockwise(corners), float(fit), residual)


def _along(ring: Array, count: int) -> Array:
    """Points spaced evenly along a closed ring, shape (count, 2)."""
    lengths = np.r_[0.0, np.cumsum(np.hypot(*np.diff(ring, axis=0).T))]
    at = np.linspace(0.0, lengths[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, lengths, ring[:, axis]) for axis in (0, 1)])


def _four_corners(hull: Array) -> Array | None:
    """The hull reduced to four corners by the coarsest tolerance that leaves four."""
    contour = hull.astype(np.float32).reshape(-1, 1, 2)
    perimeter = cv2.arcLength(contour, True)
    for share in np.linspace(0.005, 0.12, 47):
        polygon = cv2.approxPolyDP(contour, share * perimeter, True).reshape(-1, 2)
        if len(polygon) == 4:
            return cast(Array, polygon.astype(np.float64))
        if len(polygon) < 4:
            break
    # Five sides left at one tolerance and three at the next: the best rectangle starts as well.
    return cast(Array, cv2.boxPoints(cv2.minAreaRect(contour)).astype(np.float64))


def _refine(points: Array, corners: Array) -> tuple[Array, float] | None:
    """One step of fitting lines to the middle 80 % of each side; None where it breaks down."""
    lines, residuals = [], []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < 1e-9:
            return None
        direction = along / length
        offset = points - start
        position = offset @ direction / length
        distance = np.abs(offset @ np.array([-direction[1], direction[0]]))
        near = (position > 0.1) & (position < 0.9) & (distance < 0.08 * length + 1.0)
        if near.sum() < 5:
            return None
        vx, vy, x0, y0 = cv2.fitLine(
            points[near].astype(np.float32), cv2.DIST_HUBER, 0, 0.001, 0.001
        ).ravel()
        normal = np.array([-vy, vx], dtype=np.float64)
        constant = float(normal @ np.array([x0, y0]))
        lines.append((normal, constant))
        residuals.append(points[near] @ normal - constant)
    refined = []
    for (n1, c1), (n2, c2) in zip([lines[-1], *lines[:-1]], lines, strict=True):
        system = np.vstack([n1, n2])
        if abs(np.linalg.det(system)) < 1e-3:
            return None
        refined.append(np.linalg.solve(system, np.array([c1, c2])))
    return np.array(refined), float(np.sqrt(np.mean(np.concatenate(residuals) ** 2)))


def _clockwise(corners: Array) -> Array:
    """Corners clockwise as seen (y points down), starting nearest the top left."""
    shifted = np.roll(corners, -1, axis=0)
    signed = float(np.sum(corners[:, 0] * shifted[:, 1] - shifted[:, 0] * corners[:, 1]))
    ordered = corners if signed > 0 else corners[::-1]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)
