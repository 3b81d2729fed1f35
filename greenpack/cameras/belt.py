"""Where the belt lies: from photos of the board lying flat on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from greenpack.cameras.board import Board
from greenpack.cameras.board_photo import BoardView, settles_a_pose
from greenpack.cameras.student import two_sided_95
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.projective import Array
from greenpack.reasons import GreenPackError

# 95 % half widths. A steel rule is read to half a millimetre of the ruler's 200, and printers
# stretch the sheet along the feed by up to 0.4 % more than across it.
_SIZE_ERROR = math.hypot(0.5 / 200, 0.004)
# Millimetres: the board's thickness as measured, and how far it lies from flat.
_THICKNESS_ERROR = 0.5
_FLATNESS_ERROR = 1.0
# A board seen from flatter than this shows too little of itself.
_MOST_TILT_DEGREES = 75.0
MOST_HEIGHT_ERROR = 0.03
# The sum of squares by which the second pose of a flat board must be worse: 4 standard deviations.
_CLEARLY_WORSE = 16.0
# Poses less than this apart are one pose.
_SAME_POSE_DEGREES = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _BoardPose:
    """The board in the camera frame: its corners (n, 3), and what it says of the plane alone."""

    name: str
    corners: Array
    normal: Array
    height: float
    height_sd: float


def locate_belt(
    camera: CameraModel, rms: float, board: Board, views: Sequence[BoardView], thickness_mm: float
) -> BeltPlane:
    """The belt's plane from the board's pose in one or several photos.

    The belt frame's origin is the point of the belt straight under the camera, its x axis is the
    camera's x axis laid into the belt. The height's half width adds, as a root of squares, what
    corners, printed size, focal length, thickness and flatness contribute.

    Args:
        camera: calibrated, for photos of this size.
        rms: re-projection error of that calibration, pixels: the least error of a corner.
        board: at its measured size.
        views: the board lying on the belt, in one place or several.
        thickness_mm: from the belt to the printed side, >= 0.

    Raises:
        GreenPackError: ``belt_not_seen`` or ``belt_uncertain``.
    """
    if not views:
        raise GreenPackError("belt_not_seen", "no photo")
    poses = [_pose(camera, rms, board, view) for view in views]
    centre, normal = _plane(poses)
    height = float(-normal @ centre)
    noise = _noise(poses)
    for pose in poses:
        off = float(np.abs((pose.corners - centre) @ normal).max())
        if off > max(0.01 * height, 5.0, 2 * noise):
            raise GreenPackError(
                "belt_uncertain", f"{pose.name} lies {off:.0f} mm off the plane of all photos"
            )
    tilt = math.degrees(math.acos(min(abs(float(normal[2])), 1.0)))
    if tilt > _MOST_TILT_DEGREES:
        raise GreenPackError("belt_uncertain", f"seen at {tilt:.0f} degrees from straight down")
    error = math.hypot(
        noise,
        height * _SIZE_ERROR,
        height * camera.focal_error,
        _THICKNESS_ERROR if thickness_mm else 0.0,
        _FLATNESS_ERROR,
    )
    height += thickness_mm
    if error > MOST_HEIGHT_ERROR * height:
        raise GreenPackError("belt_uncertain", f"height {height:.0f} mm, known to {error:.0f} mm")
    return _belt_frame(normal, height, error)


def height_of(belt: BeltPlane) -> float:
    """The camera's height over the belt in millimetres."""
    return abs(float(np.array(belt.rotation)[:, 2] @ np.array(belt.translation)))


def _pose(camera: CameraModel, rms: float, board: Board, view: BoardView) -> _BoardPose:
    if (view.width, view.height) != (camera.width, camera.height):
        raise GreenPackError(
            "belt_not_seen",
            f"{view.name} has {view.width} x {view.height} pixels, the camera "
            f"{camera.width} x {camera.height}",
        )
    if not settles_a_pose(view):
        raise GreenPackError("belt_not_seen", f"{view.name}: {len(view.ids)} corners")
    points = board.points()[view.ids]
    matrix, distortion = camera.matrix(), np.array(camera.distortion or (0.0,) * 5)
    seen = view.corners[:, None]
    _, turns, shifts, _ = cv2.solvePnPGeneric(
        points, seen, matrix, distortion, flags=cv2.SOLVEPNP_IPPE
    )
    found = []
    for first_turn, first_shift in zip(turns, shifts, strict=True):
        refined = cv2.solvePnPRefineLM(
            points, seen, matrix, distortion, first_turn.copy(), first_shift.copy()
        )
        turn, shift = (np.asarray(part, dtype=float) for part in refined)
        again, slopes = cv2.projectPoints(points, turn, shift, matrix, distortion)
        squares = float(((again - seen) ** 2).sum())
        found.append((squares, turn, shift, np.asarray(slopes, dtype=float)[:, :6]))
    found.sort(key=lambda each: each[0])
    squares, turn, shift, jacobian = found[0]
    freedom = max(2 * len(points) - 6, 1)
    # The calibration's rms is over both coordinates, this over each.
    sigma = math.sqrt(max(squares / freedom, rms**2 / 2))
    normal, height = _normal_and_height(turn, shift)
    if len(found) > 1 and found[1][0] - squares < _CLEARLY_WORSE * sigma**2:
        other, _ = _normal_and_height(found[1][1], found[1][2])
        if normal @ other < math.cos(math.radians(_SAME_POSE_DEGREES)):
            raise GreenPackError(
                "belt_uncertain", f"{view.name}: the board is too small to show how it is tilted"
            )
    covariance = sigma**2 * np.linalg.pinv(jacobian.T @ jacobian)
    slope = _slope(turn, shift)
    corners = (cv2.Rodrigues(turn)[0] @ board.points().T + shift).T
    return _BoardPose(
        view.name, corners, normal, height, math.sqrt(float(slope @ covariance @ slope))
    )


def _normal_and_height(turn: Array, shift: Array) -> tuple[Array, float]:
    """The plane's normal towards the camera, and the camera's distance from the plane."""
    normal = np.asarray(cv2.Rodrigues(turn)[0], dtype=float)[:, 2]
    height = -float(normal @ np.ravel(shift))
    return (normal, height) if height > 0 else (-normal, -height)


def _slope(turn: Array, shift: Array) -> Array:
    """How the height changes with each of the six numbers of a pose."""
    pose = np.concatenate([np.ravel(turn), np.ravel(shift)])
    slope = np.zeros(6)
    for place in range(6):
        step = np.zeros(6)
        step[place] = 1e-5 * max(1.0, abs(pose[place]))
        up, down = pose + step, pose - step
        rise = _normal_and_height(up[:3], up[3:])[1] - _normal_and_height(down[:3], down[3:])[1]
        slope[place] = rise / (2 * step[place])
    return slope


def _plane(poses: Sequence[_BoardPose]) -> tuple[Array, Array]:
    """A point and the normal, towards the camera, of the plane through all corners."""
    corners = np.concatenate([pose.corners for pose in poses])
    centre = corners.mean(axis=0)
    normal = np.linalg.svd(corners - centre)[2][2]
    return centre, normal if normal @ centre < 0 else -normal


def _noise(poses: Sequence[_BoardPose]) -> float:
    """95 % half width of the height from the corners' errors, in millimetres.

    With several photos what they show of each other's disagreement counts if it is more.
    """
    count = len(poses)
    formal = 1.96 * math.sqrt(sum(pose.height_sd**2 for pose in poses)) / count
    if count < 2:
        return formal
    spread = float(np.std([pose.height for pose in poses], ddof=1))
    return max(formal, two_sided_95(count - 1) * spread / math.sqrt(count))


def _belt_frame(normal: Array, height: float, error: float) -> BeltPlane:
    across = np.array([1.0, 0.0, 0.0])
    x = across - (across @ normal) * normal
    x /= np.linalg.norm(x)
    y = np.cross(normal, x)
    rotation = np.column_stack([x, y, normal])
    first, second, third = ((float(row[0]), float(row[1]), float(row[2])) for row in rotation)
    shift = -height * normal
    return BeltPlane(
        rotation=(first, second, third),
        translation=(float(shift[0]), float(shift[1]), float(shift[2])),
        error=error,
    )
