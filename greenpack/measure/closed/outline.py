"""A parcel's silhouette brought to straight sides, each with how well its place is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot, inf, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from greenpack.measure.closed.silhouette_edge import Found, search_edges, strips_between
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
        hollow: share of the mask's convex hull that the mask leaves out, 0 to 1.
        residual: mean distance of the mask's hull from the polygon, over the square root of its
            area.
    """

    corners: Array
    sides: tuple[Side, ...]
    hollow: float
    residual: float


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
    ring = hull.tolist()
    if len(ring) < count:
        return None
    dropped = [_dropped(ring, index) for index in range(len(ring))]
    added, meets = [each[0] for each in dropped], [each[1] for each in dropped]
    while len(ring) > count:
        least = min(added)
        if least == inf:
            return None
        at = added.index(least)
        ring[at] = meets[at]
        gone = (at + 1) % len(ring)
        del ring[gone], added[gone], meets[gone]
        # Only the sides about the new corner have changed.
        last = at - (gone < at)
        for index in range(last - 2, last + 2):
            place = index % len(ring)
            added[place], meets[place] = _dropped(ring, place)
    return np.array(ring)


def _dropped(ring: list[list[float]], index: int) -> tuple[float, list[float]]:
    """The area that dropping the side from a corner to the next one adds, and the new corner."""
    size = len(ring)
    (ax, ay), (bx, by) = ring[index - 1], ring[index]
    (cx, cy), (dx, dy) = ring[(index + 1) % size], ring[(index + 2) % size]
    ux, uy, vx, vy = bx - ax, by - ay, cx - dx, cy - dy
    turn = ux * vy - uy * vx
    if turn >= -1e-12:
        return inf, [bx, by]  # the neighbours do not meet on the outer side
    reach = ((cx - bx) * vy - (cy - by) * vx) / turn
    meet = [bx + reach * ux, by + reach * uy]
    added = abs((cx - bx) * (meet[1] - by) - (cy - by) * (meet[0] - bx)) / 2
    return (added if reach >= 0 else inf), meet


def fit_outlines(hull: Array, hollow: float, cell: float) -> tuple[Outline | None, Outline | None]:
    """Polygons of four and of six sides fitted to a silhouette; None for what it cannot be.

    Args:
        hull: the mask's convex hull, shape (n, 2), pixels of the ideal pinhole picture.
        hollow: share of the hull that the mask leaves out, 0 to 1.
        cell: how coarse the mask is, pixels.
    """
    six = circumscribed(hull, 6)
    four = circumscribed(hull if six is None else six, 4)
    dense, ring = _dense(hull, 400), Polygon(hull)
    return (
        None if four is None else _fitted(four, dense, ring, hollow, cell),
        None if six is None else _fitted(six, dense, ring, hollow, cell),
    )


def _fitted(
    first: Array, dense: Array, ring: Polygon, hollow: float, cell: float
) -> Outline | None:
    lines = _mask_sides(dense, first, cell)
    corners = intersections(lines)
    if corners is None or np.abs(corners - first).max() > 6 * cell:
        corners = first
    polygon = Polygon(corners)
    if not polygon.is_valid:
        return None
    residual = float(polygon.symmetric_difference(ring).area / ring.length / ring.area**0.5)
    return Outline(corners, tuple(lines), hollow, residual)


def silhouettes_apart(corners: Array, hull: Array) -> float:
    """Mean distance between two convex outlines, pixels: the area that only one of them has, over
    the second one's length.

    Args:
        corners: convex polygon, shape (k, 2), k >= 3, pixels.
        hull: shape (n, 2), pixels.
    """
    # About their middle, for OpenCV works in single precision here.
    middle = hull.mean(axis=0)
    first = cv2.convexHull((corners - middle).astype(np.float32))
    second = (hull - middle).astype(np.float32)
    shared = cv2.intersectConvexConvex(first, second)[0]
    apart = cv2.contourArea(first) + cv2.contourArea(second) - 2 * shared
    return max(0.0, float(apart)) / cv2.arcLength(second, True)


def seek_sides(
    starts: Array,
    ends: Array,
    bands: Array,
    gray: NDArray[np.uint8],
    to_picture: Mapping2D,
    expected: Sequence[Side | None] = (),
    spread: float = inf,
) -> list[Side | None]:
    """The picture's edges within so many pixels of the segments; None where there are none.

    Args:
        starts: where the segments start, shape (n, 2), ideal pixels.
        ends: where they end, shape (n, 2).
        bands: shape (n,), pixels to either side.
        gray: the picture, shape (h, w).
        to_picture: maps ideal pixels to those of ``gray``.
        expected: for each segment the mask's line, or None where it has none; an edge near it is
            preferred to a stronger one farther off.
        spread: how far from the mask's line an edge may well be, pixels.
    """
    strips = strips_between(starts, ends, bands)
    for at, line in enumerate(expected):
        if line is not None:
            strips.expected[at] = _offsets(line, strips.normal[at], (starts[at], ends[at]))
            strips.spread[at] = spread
    found = search_edges(strips, gray, to_picture)
    return [None if edge is None else _side_of(edge) for edge in found]


def _offsets(line: Side, normal: Array, ends: tuple[Array, Array]) -> list[float]:
    """How far along a segment's normal a line lies from the segment's ends, pixels."""
    slant = float(line.normal @ normal)
    if abs(slant) < 0.5:
        return [0.0, 0.0]  # it crosses the segment and says nothing of it
    return [(line.offset - float(line.normal @ end)) / slant for end in ends]


def _side_of(found: Found) -> Side:
    """An edge that was found, with the standard deviations of its place and angle."""
    # Neighbouring edge points share their errors (texture, compression): every fourth counts.
    count = max(2.0, found.count / 4.0)
    lever = max(found.lever, 1.0)
    scatter = hypot(found.scatter / sqrt(count), found.rival)
    return Side(
        normal=found.normal,
        offset=float(found.normal @ found.middle),
        middle=found.middle,
        offset_sd=hypot(scatter, WHOLE_LINE),
        angle_sd=hypot(scatter, 0.5 * WHOLE_LINE) / lever,
        found=True,
    )


def _mask_sides(dense: Array, corners: Array, cell: float) -> list[Side]:
    """The lines through the parts of the hull that belong to a polygon's sides.

    Args:
        dense: the hull, shape (n, 2), pixels.
        corners: the polygon's, shape (k, 2).
        cell: how coarse the mask is, pixels.
    """
    ends = np.roll(corners, -1, axis=0)
    along = ends - corners
    lengths = np.hypot(along[:, 0], along[:, 1])
    lengths = np.where(lengths > 0, lengths, 1.0)
    directions = along / lengths[:, None]
    normals = directions[:, ::-1] * (-1.0, 1.0)
    # Place along each side and distance from it, shape (k, n).
    place = directions @ dense.T - (directions * corners).sum(axis=1)[:, None]
    away = normals @ dense.T - (normals * corners).sum(axis=1)[:, None]
    share = place / lengths[:, None]
    near = ((share > 0.15) & (share < 0.85) & (np.abs(away) < cell)).astype(np.float64)
    count = near.sum(axis=1)
    many = np.maximum(count, 1.0)
    x, y = (near * place).sum(axis=1) / many, (near * away).sum(axis=1) / many
    place, away = place - x[:, None], away - y[:, None]
    xx, yy, xy = ((near * each).sum(axis=1) for each in (place**2, away**2, place * away))
    turn = np.where(count >= 4, 0.5 * np.arctan2(2 * xy, xx - yy), 0.0)[:, None]
    middles = np.where(
        count[:, None] >= 4,
        corners + x[:, None] * directions + y[:, None] * normals,
        (corners + ends) / 2,
    )
    normals = np.cos(turn) * normals - np.sin(turn) * directions
    # A cell's rounding and the model's own error; both ends of a side are off alike or not.
    sd = 0.5 * cell
    return [
        Side(normal, float(normal @ middle), middle, sd, 3.5 * sd / float(length), False)
        for normal, middle, length in zip(normals, middles, lengths, strict=True)
    ]


def intersections(sides: list[Side]) -> Array | None:
    """Where neighbouring sides meet, shape (k, 2): corner i lies between side i - 1 and side i."""
    normals = np.array([side.normal for side in sides])
    offsets = np.array([side.offset for side in sides])
    before, place = np.roll(normals, 1, axis=0), np.roll(offsets, 1)
    turn = before[:, 0] * normals[:, 1] - before[:, 1] * normals[:, 0]
    if np.abs(turn).min() < 1e-3:
        return None
    x = place * normals[:, 1] - offsets * before[:, 1]
    y = offsets * before[:, 0] - place * normals[:, 0]
    return np.asarray(np.column_stack([x, y]) / turn[:, None], np.float64)


def _dense(ring: Array, count: int) -> Array:
    """Points spaced evenly along a closed ring, shape (count, 2)."""
    closed = np.vstack([ring, ring[:1]])
    lengths = np.r_[0.0, np.cumsum(np.hypot(*np.diff(closed, axis=0).T))]
    at = np.linspace(0.0, lengths[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, lengths, closed[:, axis]) for axis in (0, 1)])
