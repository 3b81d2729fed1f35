"""Plane projective geometry: the opening's plane, seen in perspective, brought to a unit square."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import get_coordinates, set_coordinates
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.validation import make_valid

Array = NDArray[np.float64]

UNIT_SQUARE: Array = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def square_to_quadrilateral(corners: Array) -> Array:
    """The homography that takes the unit square's corners to ``corners``.

    Args:
        corners: shape (4, 2), pixels, in order around a convex quadrilateral.

    Returns:
        Shape (3, 3), with the lower right element 1.
    """
    source = UNIT_SQUARE.astype(np.float32)
    # OpenCV wants float32 corners; centring and scaling first keeps sub-pixel precision.
    centre = corners.mean(axis=0)
    spread = float(np.abs(corners - centre).max())
    homography = cv2.getPerspectiveTransform(
        source, ((corners - centre) / spread).astype(np.float32)
    ).astype(np.float64)
    to_pixels = np.array([[spread, 0.0, centre[0]], [0.0, spread, centre[1]], [0.0, 0.0, 1.0]])
    result: Array = to_pixels @ homography
    return np.asarray(result / result[2, 2], np.float64)


def transform(points: Array, homography: Array) -> Array:
    """Map points, shape (n, 2), through a homography, shape (3, 3)."""
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], np.float64)


def is_convex(corners: Array) -> bool:
    """Whether four corners, shape (4, 2), in order, make a convex quadrilateral."""
    edges = np.roll(corners, -1, axis=0) - corners
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    return bool(np.all(turns > 0) or np.all(turns < 0))


def region(polygons: list[Array]) -> BaseGeometry:
    """The union of polygons, each of shape (n, 2); self-crossing outlines are repaired.

    A model's outlines touch and cross themselves; their area is what the even-odd reading gives.
    """
    parts = [make_valid(Polygon(polygon)) for polygon in polygons if len(polygon) >= 3]
    return areal(parts[0] if len(parts) == 1 else unary_union(parts))


def areal(geometry: BaseGeometry) -> BaseGeometry:
    """Only the parts of a geometry that have an area."""
    if isinstance(geometry, Polygon):
        return geometry
    parts = [
        part
        for part in getattr(geometry, "geoms", [geometry])
        if isinstance(part, Polygon | MultiPolygon) and part.area > 0
    ]
    return unary_union(parts) if parts else Polygon()


def rectified(geometry: BaseGeometry, corners: Array) -> BaseGeometry:
    """Bring what lies inside the quadrilateral ``corners`` into the unit square.

    The part outside is cut away in the picture first, where every point is finite: beyond the
    quadrilateral the plane may run through the horizon.

    Args:
        geometry: areas in pixels.
        corners: shape (4, 2), pixels, in order around a convex quadrilateral.
    """
    inside = areal(geometry.intersection(Polygon(corners)))
    if inside.is_empty:
        return Polygon()
    inverse: Array = np.linalg.inv(square_to_quadrilateral(corners)).astype(np.float64)
    return areal(
        make_valid(
            set_coordinates(
                inside, transform(np.asarray(get_coordinates(inside), np.float64), inverse)
            )
        )
    )
