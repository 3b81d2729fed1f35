"""From photos of the board to a calibrated camera, or to the reason why they do not make one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from greenpack.cameras.board import Board
from greenpack.cameras.board_photo import BoardView, one_board, settles_a_pose
from greenpack.cameras.lens_fit import (
    LensFit,
    describes_whole_picture,
    fit_lens,
    focal_error,
)
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.projective import Array
from greenpack.reasons import GreenPackError

LEAST_PHOTOS = 8
MOST_RMS = 1.0
# Boards that all face one way leave the focal length open.
LEAST_TURN_DEGREES = 20.0
# Share of the picture inside the hull of all corners: outside it the lens model is a guess.
LEAST_COVERAGE = 0.5
MOST_FOCAL_ERROR = 0.02
# A photo with so much more error than the others was blurred or shows a bent board.
_MUCH_MORE = 3.0
# As a share of the picture's diagonal: a board that moved less than this was not moved.
_SAME_PLACE = 0.005


@dataclass(frozen=True, slots=True)
class UsedPhoto:
    """A photo that the calibration rests on.

    Attributes:
        name: as shown to people.
        sha256: of its bytes.
        corners: how many corners of the board were found.
        rms: re-projection error, pixels.
        tilt: angle between the board's normal and the camera's axis, degrees.
    """

    name: str
    sha256: str
    corners: int
    rms: float
    tilt: float


@dataclass(frozen=True, slots=True)
class RejectedPhoto:
    """A photo that was left out, with the reason in words."""

    name: str
    sha256: str
    why: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibrated camera with what speaks for it.

    Attributes:
        camera: the result.
        board: at its measured size.
        rms: re-projection error over all corners, pixels.
        coverage: share of the picture inside the hull of all corners, 0 to 1.
        turn: largest angle between two positions of the board, degrees.
        used: the photos it rests on.
        rejected: the photos left out.
    """

    camera: CameraModel
    board: Board
    rms: float
    coverage: float
    turn: float
    used: tuple[UsedPhoto, ...]
    rejected: tuple[RejectedPhoto, ...]


def calibrate(
    views: Sequence[BoardView],
    *,
    unread: Sequence[RejectedPhoto] = (),
    ruler_mm: float | None = None,
    square_mm: float | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Calibration:
    """Calibrate a camera from photos of the board.

    Args:
        views: what the photos show; those of no use are left out, each with its reason.
        unread: files that are no photo, to be named with the photos left out.
        ruler_mm: measured length of the printed ruler.
        square_mm: measured side of one square.
        advance: called after each of the fits that tell how well the focal length is known: one
            for each photo used, ``MOST_GROUPS`` at most.

    Raises:
        GreenPackError: ``calibration_too_few_photos``, ``calibration_poor_fit``,
            ``calibration_one_tilt``, ``calibration_middle_only``, ``calibration_uncertain``,
            ``board_size_doubtful``.
    """
    seen = one_board(views)
    used, rejected = _usable(views)
    rejected = [*unread, *rejected]
    if seen is None or len(used) < LEAST_PHOTOS:
        raise GreenPackError("calibration_too_few_photos", _counted(used, rejected))
    board = seen.measured(square_mm=square_mm, ruler_mm=ruler_mm)
    points = board.points()
    fit, used, blurred = _fitted(used, points)
    rejected += blurred
    if len(used) < LEAST_PHOTOS:
        raise GreenPackError("calibration_too_few_photos", _counted(used, rejected))
    if fit.rms > MOST_RMS:
        raise GreenPackError(
            "calibration_poor_fit", f"{fit.rms:.2f} pixels rms, limit {MOST_RMS:.0f}"
        )
    turn = _largest_angle(fit.normals)
    if turn < LEAST_TURN_DEGREES:
        raise GreenPackError(
            "calibration_one_tilt",
            f"the board turned by {turn:.0f} degrees, {LEAST_TURN_DEGREES:.0f} are needed",
        )
    coverage = _coverage(used)
    if coverage < LEAST_COVERAGE or not describes_whole_picture(fit, used[0]):
        raise GreenPackError(
            "calibration_middle_only", f"{coverage:.0%} of the picture, {LEAST_COVERAGE:.0%} needed"
        )
    error = focal_error(used, points, fit, advance)
    if not error <= MOST_FOCAL_ERROR:
        raise GreenPackError(
            "calibration_uncertain",
            f"focal length known to {error:.1%}, {MOST_FOCAL_ERROR:.0%} needed",
        )
    return Calibration(
        camera=_camera(fit, used[0], error, len(used)),
        board=board,
        rms=fit.rms,
        coverage=coverage,
        turn=turn,
        used=tuple(
            UsedPhoto(view.name, view.sha256, len(view.ids), rms, _tilt(normal))
            for view, rms, normal in zip(used, fit.view_rms, fit.normals, strict=True)
        ),
        rejected=tuple(rejected),
    )


def _usable(views: Sequence[BoardView]) -> tuple[list[BoardView], list[RejectedPhoto]]:
    """The views that can be used, and the others with their reasons."""
    useful = [view for view in views if settles_a_pose(view)]
    sizes = Counter((view.width, view.height) for view in useful)
    size = max(sizes, key=lambda one: sizes[one]) if sizes else (0, 0)
    used: list[BoardView] = []
    rejected: list[RejectedPhoto] = []
    for view in views:
        why = _why_not(view, size, used)
        if why is None:
            used.append(view)
        else:
            rejected.append(RejectedPhoto(view.name, view.sha256, why))
    return used, rejected


def _why_not(view: BoardView, size: tuple[int, int], used: Iterable[BoardView]) -> str | None:
    if view.board is None:
        return "the board is not seen"
    if not settles_a_pose(view):
        return f"only {len(view.ids)} of the board's {view.board.corners} corners are seen"
    if (view.width, view.height) != size:
        return (
            f"{view.width} x {view.height} pixels, most others have {size[0]} x {size[1]}: "
            "another camera, another setting, or a picture that was cropped or turned"
        )
    for other in used:
        if view.sha256 == other.sha256:
            return f"the same photo as {other.name}"
        if _same_place(view, other):
            return f"the board is where it is in {other.name}"
    return None


def _same_place(one: BoardView, other: BoardView) -> bool:
    shared, first, second = np.intersect1d(one.ids, other.ids, return_indices=True)
    if not len(shared):
        return False
    moved = np.linalg.norm(one.corners[first] - other.corners[second], axis=1).mean()
    return bool(moved < _SAME_PLACE * math.hypot(one.width, one.height))


def _fitted(
    used: list[BoardView], points: Array
) -> tuple[LensFit, list[BoardView], list[RejectedPhoto]]:
    """Fit, leave out photos that fit far worse than the others, and fit again, until none does."""
    rejected: list[RejectedPhoto] = []
    while True:
        try:
            fit = fit_lens(used, points)
        except cv2.error as error:
            raise GreenPackError("calibration_one_tilt", "no camera fits the photos") from error
        limit = max(_MUCH_MORE * float(np.median(fit.view_rms)), 0.1)
        worst = int(np.argmax(fit.view_rms))
        if fit.view_rms[worst] <= limit or len(used) <= LEAST_PHOTOS - 1:
            return fit, used, rejected
        view = used[worst]
        used = used[:worst] + used[worst + 1 :]
        rejected.append(
            RejectedPhoto(
                view.name,
                view.sha256,
                f"off by {fit.view_rms[worst]:.2f} pixels, most others by "
                f"{np.median(fit.view_rms):.2f}: blurred, or the board was bent",
            )
        )


def _counted(used: Sequence[BoardView], rejected: Sequence[RejectedPhoto]) -> str:
    reasons = "".join(f"\n  {photo.name}: {photo.why}" for photo in rejected)
    return f"{len(used)} usable of {len(used) + len(rejected)}, {LEAST_PHOTOS} needed{reasons}"


def _largest_angle(normals: Array) -> float:
    cosines = np.clip(normals @ normals.T, -1, 1)
    return float(np.degrees(np.arccos(cosines.min())))


def _tilt(normal: Array) -> float:
    return float(np.degrees(np.arccos(min(abs(float(normal[2])), 1.0))))


def _coverage(views: Sequence[BoardView]) -> float:
    corners = np.concatenate([view.corners for view in views]).astype(np.float32)
    area = cv2.contourArea(cv2.convexHull(corners))
    return float(min(area / (views[0].width * views[0].height), 1.0))


def _camera(fit: LensFit, view: BoardView, error: float, photos: int) -> CameraModel:
    return CameraModel(
        width=view.width,
        height=view.height,
        focal=(float(fit.matrix[0, 0]), float(fit.matrix[1, 1])),
        centre=(float(fit.matrix[0, 2]), float(fit.matrix[1, 2])),
        distortion=fit.distortion,
        focal_error=error,
        belt=None,
        source=f"calibrated from {photos} photos of the board, {fit.rms:.2f} pixels rms",
    )
