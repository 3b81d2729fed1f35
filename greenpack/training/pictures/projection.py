"""The pinhole camera in numpy: the same one Blender renders with, so truth needs no renderer.

Pixel coordinates are continuous, origin at the upper left corner of the picture, y down.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from greenpack.training.scene import Camera

Floats = npt.NDArray[np.float64]


def pose(camera: Camera) -> Floats:
    """4x4 camera-to-world matrix: the camera looks along its -z, its y is up in the picture."""
    eye = np.array([camera.x, camera.y, camera.z])
    back = eye - (camera.target_x, camera.target_y, camera.target_z)
    back = back / np.linalg.norm(back)
    # "Up" in the picture is world +y when looking straight down; roll then turns the picture.
    guess = np.array([0.0, 1.0, 0.0]) if abs(back[2]) > 0.05 else np.array([0.0, 0.0, 1.0])
    right = np.cross(guess, back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    c, s = np.cos(np.radians(camera.roll)), np.sin(np.radians(camera.roll))
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1] = c * right + s * up, -s * right + c * up
    matrix[:3, 2], matrix[:3, 3] = back, eye
    return matrix


def focal(camera: Camera) -> float:
    """Focal length in pixels."""
    return camera.height / 2 / float(np.tan(np.radians(camera.fov) / 2))


def project(camera: Camera, points: Floats) -> Floats:
    """World points (n, 3) in mm to pixels (n, 2)."""
    matrix = pose(camera)
    local = (np.asarray(points, float) - matrix[:3, 3]) @ matrix[:3, :3]
    f = focal(camera)
    return np.stack(
        [
            camera.width / 2 - f * local[:, 0] / local[:, 2],
            camera.height / 2 + f * local[:, 1] / local[:, 2],
        ],
        axis=1,
    )


def tilt(camera: Camera) -> float:
    """Angle between the optical axis and the vertical, degrees."""
    return float(np.degrees(np.arccos(np.clip(pose(camera)[2, 2], -1, 1))))


def homography(quad: Floats) -> Floats:
    """3x3 matrix from pixels to the unit square, `quad` (4, 2) going to (0,0), (1,0), (1,1), (0,1).

    Direct linear transform; Hartley & Zisserman, Multiple View Geometry, 2nd ed., section 4.1.
    """
    rows, goal = [], np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
    for (x, y), (u, v) in zip(np.asarray(quad, float), goal, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solution = np.linalg.solve(np.array(rows), goal.ravel())
    return np.append(solution, 1.0).reshape(3, 3)


def area_share(mask: npt.NDArray[np.bool_], quad: Floats) -> float:
    """Share of the quadrilateral's plane area that a pixel mask covers, 0 to 1.

    Every pixel inside the quadrilateral counts with the area its square has in the plane: the
    Jacobian of
    the homography at its middle, |det H| / w^3.
    """
    matrix = homography(quad)
    ys, xs = np.nonzero(mask)
    if len(xs) == 0:
        return 0.0
    points = np.stack([xs + 0.5, ys + 0.5, np.ones(len(xs))])
    u, v, w = matrix @ points
    u, v = u / w, v / w
    inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    return float((abs(np.linalg.det(matrix)) / np.abs(w[inside]) ** 3).sum())
