"""What is known of one cuboid: edges seen, rectangles of known size, the plane it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.outline import Side
from greenpack.measure.closed.pattern_place import PatternPlace
from greenpack.measure.projective import Array


@dataclass(frozen=True, slots=True, eq=False)
class EdgeSeen:
    """An edge of the cuboid, from one corner to another, and the line it was seen on."""

    first: int
    second: int
    line: Side


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Edges as arrays: corners (m, 2), normals (m, 2), middles (m, 2), deviations (m,) each."""

    ends: NDArray[np.intp]
    normals: Array
    middles: Array
    offset_sd: Array
    angle_sd: Array

    @staticmethod
    def of(edges: Sequence[EdgeSeen]) -> Lines:
        """The same edges, for arithmetic on all at once."""
        return Lines(
            np.array([(edge.first, edge.second) for edge in edges]),
            np.array([edge.line.normal for edge in edges]),
            np.array([edge.line.middle for edge in edges]),
            np.array([edge.line.offset_sd for edge in edges]),
            np.array([edge.line.angle_sd for edge in edges]),
        )

    def whitened(self, seen: Array, by: Array) -> tuple[Array, Array]:
        """How far the cuboid's edges are from the lines, as offset and angle of unit variance.

        A line known by offset and angle lies ``offset + t angle`` off at t along it; the distances
        of an edge's two ends from it, at t1 and t2, give both.

        Args:
            seen: the cuboid's corners, pixels, shape (8 or more, 2).
            by: their derivatives, shape (8 or more, 2, p).
        """
        ends = seen[self.ends] - self.middles[:, None]
        normals = self.normals
        across = normals[:, ::-1] * (-1.0, 1.0)
        away = (ends * normals[:, None]).sum(axis=2)
        along = (ends * across[:, None]).sum(axis=2)
        length = along[:, 1] - along[:, 0]
        length = np.where(np.abs(length) < 1e-6, 1e-6, length)
        angle = (away[:, 1] - away[:, 0]) / length
        offset = away[:, 0] - along[:, 0] * angle
        # A corner moves the angle by what it moves off the line as it is now seen; the derivatives
        # by the four coordinates of an edge's ends come first, the chain rule last.
        off = (normals - angle[:, None] * across) / length[:, None]
        by_ends = np.empty((len(ends), 2, 4))
        by_ends[:, 0, :2], by_ends[:, 0, 2:] = off * along[:, 1:], -off * along[:, :1]
        by_ends[:, 1, :2], by_ends[:, 1, 2:] = -off, off
        rows = np.empty((len(ends), 2))
        rows[:, 0], rows[:, 1] = offset / self.offset_sd, angle / self.angle_sd
        by_ends[:, 0] /= self.offset_sd[:, None]
        by_ends[:, 1] /= self.angle_sd[:, None]
        slopes = by_ends @ by[self.ends].reshape(len(ends), 4, -1)
        return rows.ravel(), slopes.reshape(-1, by.shape[2])


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The cuboid stands on a known plane.

    Attributes:
        axis: which of its axes is upright.
        sign: on which side of that axis its top is.
        normal: the plane's, upwards, camera frame, shape (3,).
        across: two directions in the plane, shape (2, 3).
        distance: ``normal @ point`` of the plane's points, millimetres (negative).
        distance_sd: its standard deviation, millimetres.
        tilt_sd: how far the cuboid may lean, standard deviation, radians.
    """

    axis: int
    sign: int
    normal: Array
    across: Array
    distance: float
    distance_sd: float
    tilt_sd: float


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that is known of one cuboid; ``cuboid_fit`` says how it is put together.

    Attributes:
        edges: what was seen of its edges.
        centre: the ideal camera's principal point, pixels.
        focal: expected focal length, pixels.
        focal_sd: relative standard deviation of it.
        patterns: rectangles of known size on its faces, or on what it stands on.
        standing: the plane it stands on, where that is calibrated.
        known_size: (axis, millimetres, relative standard deviation) of a size known otherwise;
            without millimetres it is held about where it starts.
    """

    edges: Sequence[EdgeSeen]
    centre: tuple[float, float]
    focal: float
    focal_sd: float
    patterns: Sequence[PatternPlace] = ()
    standing: Standing | None = None
    known_size: tuple[int, float | None, float] | None = None
