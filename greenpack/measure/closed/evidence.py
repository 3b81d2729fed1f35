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
    """Edges as arrays.

    Attributes:
        ends: the corners of each, shape (m, 2).
        middles: of the lines they were seen on, shape (m, 2), pixels.
        frames: each line's normal and direction as columns, shape (m, 2, 2).
        precision: one over the standard deviations of offset and angle, shape (m, 2).
    """

    ends: NDArray[np.intp]
    middles: Array
    frames: Array
    precision: Array

    @staticmethod
    def of(edges: Sequence[EdgeSeen]) -> Lines:
        """The same edges, for arithmetic on all at once."""
        lines = [edge.line for edge in edges]
        normals = np.array([line.normal for line in lines])
        return Lines(
            np.array([(edge.first, edge.second) for edge in edges]),
            np.array([line.middle for line in lines]),
            np.stack([normals, normals[:, ::-1] * (-1.0, 1.0)], axis=2),
            1.0 / np.array([(line.offset_sd, line.angle_sd) for line in lines]),
        )

    def whitened(self, seen: Array, by: Array) -> tuple[Array, Array]:
        """How far the cuboid's edges are from the lines, as offset and angle of unit variance.

        A line known by offset and angle lies ``offset + t angle`` off at t along it; the distances
        of an edge's two ends from it, at t1 and t2, give both.

        Args:
            seen: the cuboid's corners, pixels, shape (8 or more, 2).
            by: their derivatives, shape (8 or more, 2, p).
        """
        count = len(self.ends)
        ends = (seen[self.ends] - self.middles[:, None]) @ self.frames
        away, along = ends[:, :, :1], ends[:, :, 1]
        length = along[:, 1] - along[:, 0]
        length = np.where(np.abs(length) < 1e-6, 1e-6, length)
        # Offset and angle by both ends' distances: (t2, -t1) and (-1, 1), over t2 - t1.
        both = np.empty((count, 2, 2))
        both[:, 0, 0], both[:, 0, 1] = along[:, 1], -along[:, 0]
        both[:, 1] = (-1.0, 1.0)
        both *= (self.precision / length[:, None])[:, :, None]
        # A corner moves the angle by what it moves off the line as it is now seen; the derivatives
        # by the four coordinates of an edge's ends come first, the chain rule last.
        angle = (away[:, 1] - away[:, 0]) / length[:, None]
        off = self.frames[:, :, 0] - angle * self.frames[:, :, 1]
        by_ends = (both[:, :, :, None] * off[:, None, None]).reshape(count, 2, 4)
        slopes = by_ends @ by[self.ends].reshape(count, 4, -1)
        return (both @ away).ravel(), slopes.reshape(2 * count, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The cuboid stands on a known plane.

    Attributes:
        axis: which of its axes is upright.
        sign: on which side of that axis its top is.
        normal: the plane's, upwards, camera frame, shape (3,).
        frame: two directions in the plane over the standard deviation of the lean in
            radians, and the normal over ``distance_sd``,
            as rows, shape (3, 3).
        distance: ``normal @ point`` of the plane's points, millimetres (negative).
        distance_sd: its standard deviation, millimetres.
    """

    axis: int
    sign: int
    normal: Array
    frame: Array
    distance: float
    distance_sd: float


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
