"""Where the camera stood over the opening, from the opening's four corners and the focal length."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, degrees

import numpy as np

from greenpack.measure.projective import Array, square_to_quadrilateral


@dataclass(frozen=True, slots=True)
class Pose:
    """The camera's place over an opening of sides 1 (first side) and ``aspect`` (second side).

    Attributes:
        aspect: length of the second side (corner 1 to 2) over the first (corner 0 to 1).
        height: the camera's height above the opening's plane over the opening's shorter side.
        foot: the point of the plane straight below the camera, in the unit square's coordinates;
            inside the opening where both are 0 to 1.
        tilt: angle between the optical axis and the plane's normal, degrees, 0 to 90.
    """

    aspect: float
    height: float
    foot: tuple[float, float]
    tilt: float


def camera_pose(corners: Array, focal: float, centre: tuple[float, float]) -> Pose:
    """Recover the camera's pose from a rectangle of unknown sides seen in perspective.

    With K the camera matrix and H the homography from the unit square, K^-1 H is, up to scale,
    [a r1, b r2, t]: a and b the sides, r1 and r2 the first columns of the rotation, t the
    translation (Zhang, A flexible new technique for camera calibration, 2000, section 2). The two
    columns are orthogonal only if the focal length is right; where it is a guess the normal is
    taken as their cross product, which keeps the pose symmetric in both.

    Args:
        corners: shape (4, 2), pixels, in order around a convex quadrilateral.
        focal: focal length in pixels of the same picture, > 0.
        centre: principal point in pixels; the middle of an uncropped picture.
    """
    inverse = np.array(
        [[1 / focal, 0.0, -centre[0] / focal], [0.0, 1 / focal, -centre[1] / focal], [0, 0, 1.0]]
    )
    columns = inverse @ square_to_quadrilateral(corners)
    if columns[2, 2] < 0:
        columns = -columns
    first, second, origin = columns.T
    side_1, side_2 = float(np.linalg.norm(first)), float(np.linalg.norm(second))
    normal = np.cross(first, second)
    normal /= np.linalg.norm(normal)
    height = abs(float(normal @ origin))
    # The foot: the camera's centre dropped on the plane, solved for in the (skewed) side vectors.
    camera_on_plane = normal * float(normal @ origin)
    foot, *_ = np.linalg.lstsq(
        np.column_stack([first, second]), camera_on_plane - origin, rcond=None
    )
    return Pose(
        aspect=side_2 / side_1,
        height=height / min(side_1, side_2),
        foot=(float(foot[0]), float(foot[1])),
        tilt=degrees(acos(min(1.0, abs(float(normal[2]))))),
    )
