"""Sealing tape on a parcel's visible faces: its width, and the length that is seen.

A strip is roughly known from the model's outline. On the face it lies on, which a homography
brings to millimetres, its two long edges are searched in the picture to a fraction of a pixel.
The width is their distance. Clear tape often shows no edges: then there is no width, and nothing
is guessed.

The length seen is the length of the strips on the visible faces. How much tape lies on the faces
that are not seen no photo tells, and nothing bounds it from above: ``length_mm.low`` is a lower
bound of the tape used, ``length_mm.high`` is none. A rule on the length can therefore be found
violated from a photo, never kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from greenpack.measure.closed.straight_edge import Edge, Window, find_edge
from greenpack.measure.interval import IN_95, Interval
from greenpack.measure.projective import (
    Array,
    areal,
    rectified,
    region,
    square_to_quadrilateral,
    transform,
)

_LEAST_ELONGATION = 2.0
_LEAST_FILLED = 0.72
_LEAST_WIDTH = 6.0
_LEAST_SUPPORT = 0.55
_LEAST_CONTRAST = 1.5
_BIAS = (0.1, 0.2)
"""Standard deviation of an edge's place as a whole, pixels: a constant, and a share of its blur."""
_MASK_ERROR = 3.0 / 640
"""95 % of what the model's outline is off, over the picture's longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A visible face of the parcel.

    Attributes:
        corners: shape (4, 2), pixels of the picture, in order round the face.
        size: millimetres of side 0 to 1 and of side 1 to 2.
        error: 95 % half width of the size, relative to it, >= 0.
    """

    corners: Array
    size: tuple[float, float]
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A straight strip of tape on one face.

    Attributes:
        width_mm: its width, or None where its edges are not seen clearly.
        length_mm: its length on this face.
        edges: shape (2, 2, 2), pixels: both ends of both long edges, or None without a width.
        note: why there is no width, a code, or None. ``tape_edges_unclear``: an edge is not seen
            over most of the strip. ``tape_over_edge``: the strip's side lies along the face's, so
            part of its width is on another face. ``tape_may_be_doubled``: an edge runs inside the
            strip, as where two strips overlap.
    """

    width_mm: Interval | None
    length_mm: Interval
    edges: Array | None
    note: str | None


@dataclass(frozen=True, slots=True, eq=False)
class TapeFound:
    """The tape on the visible faces.

    Attributes:
        width: the tape's width, millimetres, or None where no strip shows it.
        length_mm: length of tape on the visible faces. Its ``low`` is a lower bound of the tape
            used on the whole parcel; its ``high`` says nothing of the faces that are not seen.
            None where no strip is straight on a face.
        strips: what was found, strip by strip.
        notes: codes from the strips without a width, each once.
    """

    width: Interval | None
    length_mm: Interval | None
    strips: tuple[Strip, ...] = ()
    notes: tuple[str, ...] = ()


def tape_on_faces(
    tapes: Sequence[Array], gray: NDArray[np.uint8], faces: Sequence[Face]
) -> TapeFound:
    """Measure the tape on a parcel's visible faces.

    Where several strips have a width and their intervals meet, they are one tape: the narrowest
    interval is stated. Where they do not meet, they are different tapes and the widest is stated,
    for each has to keep the limit.

    Args:
        tapes: the model's outlines, each of shape (n, 2), pixels without lens distortion.
        gray: shape (h, w), 0 to 255, the same picture.
        faces: the parcel's visible faces, in the same pixels.
    """
    strips: list[Strip] = []
    whole = region(list(tapes))
    for face in faces:
        for part in _parts(areal(whole.intersection(Polygon(face.corners)))):
            strip = _strip(part, gray, face)
            if strip is not None:
                strips.append(strip)
    widths = [strip.width_mm for strip in strips if strip.width_mm is not None]
    return TapeFound(
        width=_one_width(widths),
        length_mm=_together([strip.length_mm for strip in strips]),
        strips=tuple(strips),
        notes=tuple(dict.fromkeys(strip.note for strip in strips if strip.note is not None)),
    )


def _parts(geometry: BaseGeometry) -> list[Polygon]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if isinstance(part, Polygon) and part.area > 0]


def _strip(part: Polygon, gray: NDArray[np.uint8], face: Face) -> Strip | None:
    """The strip that a part of the outline is, or None where it is no straight strip."""
    flat = cast(Polygon, rectified(part, face.corners))
    if flat.is_empty:
        return None
    size = np.array(face.size)
    points = np.vstack([np.asarray(each.exterior.coords) * size for each in _parts(flat)])
    box = cv2.boxPoints(cv2.minAreaRect(points.astype(np.float32))).astype(np.float64)
    sides = np.hypot(*(np.roll(box, -1, axis=0) - box).T)
    if sides[0] < sides[1]:
        box, sides = np.roll(box, -1, axis=0), np.roll(sides, -1)
    length, width = float(sides[0]), float(sides[1])
    area = flat.area * float(size[0] * size[1])
    if width <= 0 or length < _LEAST_ELONGATION * width or area < _LEAST_FILLED * length * width:
        return None
    to_picture = square_to_quadrilateral(face.corners) @ np.diag([1 / size[0], 1 / size[1], 1.0])
    seen = transform(box, to_picture)
    pixels_long = float(np.hypot(*(seen[1] - seen[0])) + np.hypot(*(seen[3] - seen[2]))) / 2
    pixels_wide = float(np.hypot(*(seen[2] - seen[1])) + np.hypot(*(seen[0] - seen[3]))) / 2
    mask = _MASK_ERROR * max(gray.shape)
    # A strip's ends are the outline's: both are off by what the model's outline is.
    off = hypot(2.0**0.5 * mask / max(pixels_long, 1.0), face.error)
    seen_length = Interval(length, length * max(0.0, 1 - off), length * (1 + off))
    if pixels_wide < _LEAST_WIDTH:
        return Strip(None, seen_length, None, "tape_edges_unclear")
    reach = float(np.clip(mask + 0.5, 2.0, max(2.0, 0.3 * pixels_wide)))
    window = Window.around(gray, seen, 2 * reach + 4)
    rim = Polygon(face.corners).exterior.buffer(1.0 + mask / 2)
    edges = _long_edges(window, seen, reach)
    note = "tape_edges_unclear" if edges is None else _fault(window, edges, rim, pixels_wide)
    if edges is None or note is not None:
        return Strip(None, seen_length, None, note)
    back = np.linalg.inv(to_picture).astype(np.float64)
    ends = np.array([[edge.start, edge.end] for edge in edges])
    return Strip(_width(edges, back, face), seen_length, ends, None)


def _fault(window: Window, edges: tuple[Edge, Edge], rim: BaseGeometry, wide: float) -> str | None:
    """Why two clear edges are not the two sides of one tape, or None."""
    if any(_along(edge, rim) for edge in edges):
        return "tape_over_edge"
    return "tape_may_be_doubled" if _edge_inside(window, edges, wide) else None


def _long_edges(window: Window, seen: Array, reach: float) -> tuple[Edge, Edge] | None:
    """Both long edges of the strip whose box is ``seen``: corners 0 to 1 and 3 to 2 in pixels."""
    middle = seen.mean(axis=0)
    found = []
    for first, last in ((seen[0], seen[1]), (seen[3], seen[2])):
        side, edge = (first, last), None
        for wide in (reach, min(reach, 2.5)):
            edge = find_edge(window, side, _outward(side, middle), wide, trim=0.1)
            if edge is None:
                return None
            side = (edge.start, edge.end)
        if edge is None or edge.support < _LEAST_SUPPORT or edge.contrast < _LEAST_CONTRAST:
            return None
        found.append(edge)
    return found[0], found[1]


def _outward(side: tuple[Array, Array], middle: Array) -> Array:
    along = side[1] - side[0]
    normal = np.array([along[1], -along[0]]) / max(float(np.hypot(*along)), 1e-9)
    return np.asarray(normal if normal @ (side[0] - middle) > 0 else -normal, np.float64)


def _along(edge: Edge, rim: BaseGeometry) -> bool:
    """Whether a third of the edge lies within the face's own rim."""
    line = LineString([edge.start, edge.end])
    return bool(line.intersection(rim).length > line.length / 3)


def _edge_inside(window: Window, edges: tuple[Edge, Edge], wide: float) -> bool:
    """Whether a long edge runs inside the strip, off its middle.

    In the middle the seam between two flaps shows through clear tape.
    """
    if wide < 24:
        return False
    strength = min(edge.contrast for edge in edges)
    for share in (0.25, 0.75):
        side = tuple(
            (1 - share) * one + share * other
            for one, other in ((edges[0].start, edges[1].start), (edges[0].end, edges[1].end))
        )
        line = (side[0], side[1])
        normal = _outward(line, (edges[0].start + edges[1].end) / 2)
        edge = find_edge(window, line, normal, 0.13 * wide, trim=0.1)
        if edge is not None and edge.support > 0.75 and edge.contrast > 0.6 * strength:
            return True
    return False


def _width(edges: tuple[Edge, Edge], back: Array, face: Face) -> Interval:
    """The strip's width with its 95 % interval, millimetres.

    The second edge's points are measured from the first edge's line, in the face's plane. What
    moves the width: the edges' places (their points' scatter, and the bias of blurred edges),
    how far the strip's width itself changes along it, and the face's scale.
    """
    one, other = (transform(edge.points, back) for edge in edges)
    readings = np.concatenate([_from_line(one, other), _from_line(other, one)])
    value = float(np.median(readings))
    step = _millimetres_per_pixel(edges, back)
    own, blurred = _BIAS
    placed = [(edge.error**2 + own**2 + (blurred * edge.width) ** 2) * step**2 for edge in edges]
    # The strip is no perfect rectangle: its readings scatter, and some sixteen are free of each
    # other.
    uneven = float(np.percentile(readings, 84) - np.percentile(readings, 16)) / 2
    spread = float(np.sqrt(sum(placed) + uneven**2 / 16))
    half = hypot(IN_95 * spread, face.error * value)
    return Interval(value, max(0.0, value - half), value + half)


def _from_line(points: Array, others: Array) -> Array:
    """Distances of ``others`` from the line through ``points``."""
    centre = points.mean(axis=0)
    normal = np.linalg.svd(points - centre, full_matrices=False)[2][1]
    return np.asarray(np.abs((others - centre) @ normal), np.float64)


def _millimetres_per_pixel(edges: tuple[Edge, Edge], back: Array) -> float:
    """Across the strip, in its middle."""
    ends = np.array([(edge.start + edge.end) / 2 for edge in edges])
    flat = transform(ends, back)
    return float(np.hypot(*(flat[1] - flat[0])) / max(np.hypot(*(ends[1] - ends[0])), 1e-9))


def _one_width(widths: list[Interval]) -> Interval | None:
    if not widths:
        return None
    if max(width.low for width in widths) <= min(width.high for width in widths):
        return min(widths, key=lambda width: width.high - width.low)
    return max(widths, key=lambda width: width.low)


def _together(lengths: list[Interval]) -> Interval | None:
    """The sum; the faces' scales err alike, so the half widths are added."""
    if not lengths:
        return None
    return Interval(
        sum(length.value or 0.0 for length in lengths),
        sum(length.low for length in lengths),
        sum(length.high for length in lengths),
    )
