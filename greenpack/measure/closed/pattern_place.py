"""A rectangle of known size on one of a cuboid's faces, or on what the cuboid stands on."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, sin

import numpy as np

from greenpack.measure.closed.cuboid_pose import Pose, edges_seen
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.interval import IN_95
from greenpack.measure.projective import Array

_AXES: Array = np.eye(3)
# A rectangle's corners about its middle, in the units of its sides.
_CORNERS: Array = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class PatternPlace:
    """A pattern and the face it lies on.

    Attributes:
        corners: shape (4, 2), pixels of the ideal camera, clockwise as seen.
        corner_error: standard deviation of their coordinates, pixels.
        size: (w, h), millimetres; w runs along corners 0 to 1.
        size_sd: relative standard deviation of the printed size.
        axis: the face's normal is along this axis of the cuboid.
        face: which side of the cuboid's centre the pattern's plane is on, +1 or -1.
        toward: which way along the axis the pattern looks, +1 or -1; differs from ``face`` for
            what lies beside the cuboid, in the plane of its base.
        centre: principal point, pixels.
    """

    corners: Array
    corner_error: float
    size: tuple[float, float]
    size_sd: float
    axis: int
    face: int
    toward: int
    centre: tuple[float, float]

    @property
    def basis(self) -> Array:
        """Two directions in the face, shape (2, 3), clockwise as seen from outside."""
        first, second = (self.axis + 1) % 3, (self.axis + 2) % 3
        return _AXES[[second, first] if self.toward > 0 else [first, second]]

    def points(self, own: Array, sizes: Array) -> tuple[Array, Array, Array]:
        """The pattern's corners in the cuboid's frame.

        Args:
            own: place (two coordinates, mm), turn (radians) and logarithm of scale, shape (4,).
            sizes: of the cuboid, mm, shape (3,).

        Returns:
            Corners, shape (4, 3), and their derivatives by ``own``, (4, 3, 4), and by the
            logarithms of the sizes, (4, 3, 3).
        """
        basis = self.basis
        turn, scale = float(own[2]), exp(own[3])
        cosine, sine = scale * cos(turn), scale * sin(turn)
        turned = _CORNERS * self.size @ np.array([[cosine, sine], [-sine, cosine]])
        by_turn = turned[:, ::-1] * (-1.0, 1.0)
        lift = np.zeros(3)
        lift[self.axis] = self.face * sizes[self.axis] / 2
        points = lift + (turned + own[:2]) @ basis
        by_own = np.empty((4, 3, 4))
        by_own[:, :, 0], by_own[:, :, 1] = basis[0], basis[1]
        by_own[:, :, 2], by_own[:, :, 3] = by_turn @ basis, turned @ basis
        by_size = np.zeros((4, 3, 3))
        by_size[:, self.axis, self.axis] = lift[self.axis]
        return points, by_own, by_size

    def started(self, pose: Pose) -> tuple[float, tuple[float, float, float]]:
        """Millimetres per unit of a pose, and where the pattern is on it, in the pose's units."""
        found = self.on_plane(pose)
        if found is None:
            return 1000.0, (0.0, 0.0, 0.0)
        sides = np.linalg.norm(np.roll(found, -1, axis=0) - found, axis=1)
        wanted = np.array([*self.size, *self.size])
        along = (found[1] - found[0]) + (found[2] - found[3])
        middle = found.mean(axis=0)
        scale = float(np.exp(np.log(wanted / np.maximum(sides, 1e-9)).mean()))
        return scale, (float(middle[0]), float(middle[1]), float(np.arctan2(along[1], along[0])))

    def on_plane(self, pose: Pose) -> Array | None:
        """The corners in the face's two directions, from its middle, in the pose's units, shape
        (4, 2); None where they cannot lie on it."""
        rays = _rays(self.corners, pose, self.centre)
        normal = pose.rotation[:, self.axis] * self.face
        origin = pose.centre + normal * pose.sizes[self.axis] / 2
        slant = rays @ normal
        if np.abs(slant).min() < 1e-6:
            return None
        depth = float(origin @ normal) / slant
        if (depth <= 0).any():
            return None
        return np.asarray((rays * depth[:, None] - origin) @ pose.rotation @ self.basis.T)


def placed(
    pattern: PlanarPattern, corners: Array, pose: Pose, up: tuple[int, int],
    centre: tuple[float, float],
) -> PatternPlace | None:  # fmt: skip
    """The pattern on the face of a pose that it is seen on, or None where it is on none.

    Args:
        pattern: as found in the picture.
        corners: its corners in pixels of the ideal camera, shape (4, 2).
        pose: of the cuboid.
        up: axis and sign of the cuboid's top.
        centre: principal point, pixels.
    """
    shifted = np.roll(corners, -1, axis=0)
    signed = float(np.sum(corners[:, 0] * shifted[:, 1] - shifted[:, 0] * corners[:, 1]))
    if signed < 0:  # mirrored order; the width stays along corners 0 to 1
        corners = corners[[1, 0, 3, 2]]
    size_sd = max(pattern.size_error / IN_95, 1e-4)
    if pattern.on == "belt":
        axis, face, toward = up[0], -up[1], up[1]
        return PatternPlace(
            corners, pattern.corner_error, pattern.size, size_sd, axis, face, toward, centre
        )
    found = _face_under(corners, pose, centre)
    if found is None:
        return None
    axis, sign = found
    return PatternPlace(
        corners, pattern.corner_error, pattern.size, size_sd, axis, sign, sign, centre
    )


def _face_under(corners: Array, pose: Pose, centre: tuple[float, float]) -> tuple[int, int] | None:
    """Axis and sign of the face in which the corners' middle lies farthest inside, if in any."""
    faces = edges_seen(pose.seen).faces
    axes, signs = np.array(faces).T
    rays = _rays(corners, pose, centre)
    normals = pose.rotation[:, axes].T * signs[:, None]
    origins = pose.centre + normals * pose.sizes[axes, None] / 2
    slant = normals @ rays.T
    slanted = np.abs(slant) >= 1e-6
    depth = (origins * normals).sum(axis=1)[:, None] / np.where(slanted, slant, 1.0)
    points = (rays * depth[:, :, None] - origins[:, None]) @ pose.rotation
    outside = np.abs(points.mean(axis=1) / (pose.sizes / 2)).max(axis=1)
    outside[~(slanted & (depth > 0)).all(axis=1)] = np.inf
    best = int(outside.argmin())
    return faces[best] if outside[best] < 1.02 else None


def _rays(corners: Array, pose: Pose, centre: tuple[float, float]) -> Array:
    return np.column_stack([(corners - centre) / pose.focal, np.ones(len(corners))])


def top_of(pose: Pose, upright: Array) -> tuple[int, int]:
    """Axis and sign of the face that looks most nearly in a direction of the camera frame."""
    along = pose.rotation.T @ upright
    axis = int(np.argmax(np.abs(along)))
    return axis, int(np.sign(along[axis]) or 1)
