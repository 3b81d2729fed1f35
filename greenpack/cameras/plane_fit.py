"""One plane under several boards: fitted to where the photos show the corners.

Each board's place in the plane (two shifts and a turn) is fitted along with the plane itself
(two tilts and the distance), by Levenberg and Marquardt's method on the re-projection errors. A
board lying alone shows its own tilt badly; boards side by side show the plane's well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.projective import Array

_ROUNDS = 60
_STEP = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class SeenBoard:
    """Corners of one board: on the board (n, 3) in mm, and in the picture (n, 2) in pixels."""

    points: Array
    corners: Array


@dataclass(frozen=True, slots=True, eq=False)
class PlaneFit:
    """A plane that boards lie on.

    Attributes:
        normal: shape (3,), towards the camera.
        height: the camera's distance from the plane, mm.
        squares: sum of the squared re-projection errors, pixels squared.
        height_sd: standard deviation of the height for corners off by one pixel (sd), mm.
        places: shape (boards, 3): shift along the plane's x and y in mm, turn in radians.
    """

    normal: Array
    height: float
    squares: float
    height_sd: float
    places: Array


def board_poses(camera: CameraModel, board: SeenBoard) -> list[tuple[Array, Array]]:
    """The one or two poses (rotation, shift) that a flat board may have, as OpenCV's IPPE gives."""
    _, turns, shifts, _ = cv2.solvePnPGeneric(
        board.points,
        board.corners[:, None],
        camera.matrix(),
        np.array(camera.distortion or (0.0,) * 5),
        flags=cv2.SOLVEPNP_IPPE,
    )
    return [
        (np.asarray(cv2.Rodrigues(turn)[0], dtype=float), np.ravel(shift).astype(float))
        for turn, shift in zip(turns, shifts, strict=True)
    ]


def plane_axes(normal: Array) -> Array:
    """Columns x, y, z of the plane's frame: z the normal, x the camera's x laid into the plane."""
    x = np.array([1.0, 0.0, 0.0]) - normal[0] * normal
    x /= np.linalg.norm(x)
    return np.column_stack([x, np.cross(normal, x), normal])


def fit_plane(
    camera: CameraModel,
    boards: Sequence[SeenBoard],
    poses: Sequence[tuple[Array, Array]],
    normal: Array,
    *,
    free_tilt: bool = True,
) -> PlaneFit:
    """The plane nearest to a first guess that explains all corners best.

    Args:
        camera: calibrated.
        boards: what the photos show, one each.
        poses: a first guess of each board's pose.
        normal: a first guess of the plane's normal, towards the camera.
        free_tilt: whether the normal is fitted, or only the height and the boards' places.
    """
    axes = plane_axes(normal)
    heights = [-float(normal @ shift) for _, shift in poses]
    start = [0.0, 0.0, float(np.mean(heights))]
    for rotation, shift in poses:
        along = axes.T @ rotation[:, 0]
        start += [
            float(axes[:, 0] @ shift),
            float(axes[:, 1] @ shift),
            float(np.arctan2(along[1], along[0])),
        ]
    free = np.ones(len(start), dtype=bool)
    free[:2] = free_tilt
    scale = np.ones(len(start))
    scale[2:] = heights[0]
    scale[5::3] = 1.0

    def errors(values: Array) -> Array:
        return _errors(camera, boards, axes, values)

    values, slopes, left = _least_squares(errors, np.array(start), scale, free)
    covariance = np.linalg.pinv(slopes.T @ slopes)
    height_at = int(np.count_nonzero(free[:2]))
    return PlaneFit(
        normal=_tilted(axes, values),
        height=float(values[2]),
        squares=float(left @ left),
        height_sd=float(np.sqrt(covariance[height_at, height_at])),
        places=values[3:].reshape(-1, 3),
    )


def _tilted(axes: Array, values: Array) -> Array:
    normal = axes @ np.array([values[0], values[1], 1.0])
    return np.asarray(normal / np.linalg.norm(normal), dtype=float)


def _errors(camera: CameraModel, boards: Sequence[SeenBoard], axes: Array, values: Array) -> Array:
    """Re-projection errors of all corners, flat."""
    plane = plane_axes(_tilted(axes, values))
    found = []
    for number, board in enumerate(boards):
        x, y, turn = values[3 + 3 * number : 6 + 3 * number]
        # The board's z axis points into the plane it lies on, face up.
        across = np.array([np.cos(turn), np.sin(turn), 0.0])
        down = np.array([np.sin(turn), -np.cos(turn), 0.0])
        on_plane = np.array([x, y, -values[2]]) + board.points[:, :2] @ np.array([across, down])
        found.append((camera.projected(on_plane @ plane.T) - board.corners).ravel())
    return np.concatenate(found)


def _least_squares(
    errors: Callable[[Array], Array], values: Array, scale: Array, free: Array
) -> tuple[Array, Array, Array]:
    """Levenberg and Marquardt: the best values, the slopes there, and the errors left."""
    left = errors(values)
    damping = 1e-3
    places = np.flatnonzero(free)
    slopes = np.empty((len(left), len(places)))
    for _ in range(_ROUNDS):
        for column, place in enumerate(places):
            step = np.zeros(len(values))
            step[place] = _STEP * scale[place]
            slopes[:, column] = (errors(values + step) - errors(values - step)) / (2 * step[place])
        square = slopes.T @ slopes
        falls = slopes.T @ left
        improved = False
        while damping < 1e8 and not improved:
            move = np.linalg.solve(square + damping * np.diag(np.diag(square)), -falls)
            tried = values.copy()
            tried[places] += move
            after = errors(tried)
            improved = bool(after @ after < left @ left)
            damping *= 0.3 if improved else 5.0
        if not improved:
            break
        gained = left @ left - after @ after
        values, left = tried, after
        if gained < 1e-10 * (left @ left):
            break
    return values, slopes, left
