"""Where the belt lies: from photos of the board lying flat on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from greenpack.cameras.board import Board
from greenpack.cameras.board_photo import BoardView, settles_a_pose
from greenpack.cameras.plane_fit import (
    PlaneFit,
    SeenBoard,
    board_poses,
    fit_plane,
    plane_axes,
)
from greenpack.cameras.student import two_sided_95
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.interval import IN_95
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
# Boards that explain their corners so much worse together than each by itself are not level.
_MUCH_MORE = 2.0
# How far a board may lie off the plane of the others: as a share of the height, and in mm.
_MOST_OFF = 0.01
_LEAST_OFF = 5.0
# Poses less than this apart are one pose.
_SAME_POSE_DEGREES = 0.5


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
    boards = [_seen(camera, board, view) for view in views]
    fit, poses = _best_plane(camera, rms, boards)
    tilt = math.degrees(math.acos(min(abs(float(fit.normal[2])), 1.0)))
    if tilt > _MOST_TILT_DEGREES:
        raise GreenPackError("belt_uncertain", f"seen at {tilt:.0f} degrees from straight down")
    noise = IN_95 * _sigma(fit, boards, rms) * fit.height_sd
    if len(views) > 1:
        noise = max(noise, _disagreement(camera, boards, poses, fit, views, rms))
    error = math.hypot(
        noise,
        fit.height * _SIZE_ERROR,
        fit.height * camera.focal_error,
        _THICKNESS_ERROR if thickness_mm else 0.0,
        _FLATNESS_ERROR,
    )
    height = fit.height + thickness_mm
    if error > MOST_HEIGHT_ERROR * height:
        raise GreenPackError("belt_uncertain", f"height {height:.0f} mm, known to {error:.0f} mm")
    return _belt_frame(fit.normal, height, error)


def height_of(belt: BeltPlane) -> float:
    """The camera's height over the belt in millimetres."""
    return abs(float(np.array(belt.rotation)[:, 2] @ np.array(belt.translation)))


def _seen(camera: CameraModel, board: Board, view: BoardView) -> SeenBoard:
    if (view.width, view.height) != (camera.width, camera.height):
        raise GreenPackError(
            "belt_not_seen",
            f"{view.name} has {view.width} x {view.height} pixels, the camera "
            f"{camera.width} x {camera.height}",
        )
    if not settles_a_pose(view):
        raise GreenPackError("belt_not_seen", f"{view.name}: {len(view.ids)} corners")
    return SeenBoard(board.points()[view.ids], view.corners)


def _best_plane(
    camera: CameraModel, rms: float, boards: Sequence[SeenBoard]
) -> tuple[PlaneFit, list[tuple[Array, Array]]]:
    """The plane that explains the corners best, and the boards' first poses.

    A flat board seen from afar looks nearly the same tilted one way or the other. So the fit
    starts from both, and from the plane through all boards; a second answer that explains the
    corners nearly as well is not decided by a coin.
    """
    both = [board_poses(camera, board) for board in boards]
    poses = [each[0] for each in both]
    middles = np.array(
        [
            turn @ board.points.mean(axis=0) + shift
            for (turn, shift), board in zip(poses, boards, strict=True)
        ]
    )
    guesses = [_towards_camera(turn[:, 2], shift) for turn, shift in both[0]]
    if len(boards) > 2:
        through = np.linalg.svd(middles - middles.mean(axis=0))[2][2]
        guesses.append(_towards_camera(through, middles.mean(axis=0)))
    fits = [fit_plane(camera, boards, poses, guess) for guess in guesses]
    fits.sort(key=lambda fit: fit.squares)
    best = fits[0]
    for other in fits[1:]:
        apart = math.degrees(math.acos(min(float(best.normal @ other.normal), 1.0)))
        worse = (other.squares - best.squares) / _sigma(best, boards, rms) ** 2
        if apart > _SAME_POSE_DEGREES and worse < _CLEARLY_WORSE:
            raise GreenPackError(
                "belt_uncertain", "the board is too small in the picture to show how it is tilted"
            )
    return best, poses


def _towards_camera(normal: Array, point: Array) -> Array:
    return normal if float(normal @ point) < 0 else -normal


def _sigma(fit: PlaneFit, boards: Sequence[SeenBoard], rms: float) -> float:
    """Standard deviation of one coordinate of a corner, pixels.

    The calibration's rms is over both coordinates together.
    """
    freedom = 2 * sum(len(board.points) for board in boards) - 3 - 3 * len(boards)
    return math.sqrt(max(fit.squares / max(freedom, 1), rms**2 / 2))


def _disagreement(
    camera: CameraModel,
    boards: Sequence[SeenBoard],
    poses: Sequence[tuple[Array, Array]],
    plane: PlaneFit,
    views: Sequence[BoardView],
    rms: float,
) -> float:
    """95 % half width of the height from how the photos differ, each given the plane's tilt.

    Raises:
        GreenPackError: ``belt_uncertain`` if a board did not lie on the plane of the others.
    """
    alone_squares = sum(
        min(
            fit_plane(camera, [board], [pose], _towards_camera(pose[0][:, 2], pose[1])).squares
            for pose in all_poses
        )
        for board, all_poses in zip(boards, (board_poses(camera, b) for b in boards), strict=True)
    )
    alone = math.sqrt(alone_squares / sum(2 * len(board.points) - 6 for board in boards))
    together = _sigma(plane, boards, rms)
    if together > _MUCH_MORE * max(alone, rms / math.sqrt(2)):
        raise GreenPackError(
            "belt_uncertain",
            f"the boards are off one plane: {together:.2f} pixels, each by itself {alone:.2f}",
        )
    heights = []
    for board, pose, view in zip(boards, poses, views, strict=True):
        level = fit_plane(camera, [board], [pose], plane.normal, free_tilt=False)
        off = abs(level.height - plane.height)
        if off > max(_MOST_OFF * plane.height, _LEAST_OFF):
            raise GreenPackError(
                "belt_uncertain", f"{view.name} lies {off:.0f} mm off the plane of all photos"
            )
        heights.append(level.height)
    spread = float(np.std(heights, ddof=1))
    return two_sided_95(len(heights) - 1) * spread / math.sqrt(len(heights))


def _belt_frame(normal: Array, height: float, error: float) -> BeltPlane:
    rotation = plane_axes(normal)
    first, second, third = ((float(row[0]), float(row[1]), float(row[2])) for row in rotation)
    shift = -height * normal
    return BeltPlane(
        rotation=(first, second, third),
        translation=(float(shift[0]), float(shift[1]), float(shift[2])),
        error=error,
    )
