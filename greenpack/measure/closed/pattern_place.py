"""A rectangle of known size on one of a cuboid's faces, or on what the cuboid stands on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenpack.measure.closed.cuboid_pose import Pose, edges_seen
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.projective import Array


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
        first = np.eye(3)[(self.axis + 1) % 3]
        second = np.eye(3)[(self.axis + 2) % 3]
        return np.array([second, first] if self.toward > 0 else [first, second])

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
        half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(self.size) / 2
        cosine, sine, scale = np.cos(own[2]), np.sin(own[2]), np.exp(own[3])
        turned = scale * half @ np.array([[cosine, sine], [-sine, cosine]])
        by_turn = scale * half @ np.array([[-sine, cosine], [-cosine, -sine]])
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
        rays = np.column_stack([(self.corners - self.centre) / pose.focal, np.ones(4)])
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
    size_sd = max(pattern.size_error / 1.96, 1e-4)
    if pattern.on == "belt":
        axis, face, toward = up[0], -up[1], up[1]
        return PatternPlace(
            corners, pattern.corner_error, pattern.size, size_sd, axis, face, toward, centre
        )
    best = None
    for axis, sign in edges_seen(pose.seen).faces:
        place = PatternPlace(
            corners, pattern.corner_error, pattern.size, size_sd, axis, sign, sign, centre
        )
        found = place.on_plane(pose)
        if found is None:
            continue
        extent = np.abs(place.basis) @ pose.sizes / 2
        outside = float((np.abs(found.mean(axis=0)) / extent).max())
        if outside < 1.02 and (best is None or outside < best[0]):
            best = (outside, place)
    return None if best is None else best[1]


def top_of(pose: Pose, upright: Array) -> tuple[int, int]:
    """Axis and sign of the face that looks most nearly in a direction of the camera frame."""
    along = pose.rotation.T @ upright
    axis = int(np.argmax(np.abs(along)))
    return axis, int(np.sign(along[axis]) or 1)
