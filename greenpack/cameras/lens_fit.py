"""Fitting a camera's focal length, centre and lens distortion to views of the board."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from greenpack.cameras.board_photo import BoardView
from greenpack.cameras.student import two_sided_95
from greenpack.measure.projective import Array

# More leave-outs than this cost time and tell nothing more.
MOST_GROUPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class LensFit:
    """A fitted lens.

    Attributes:
        matrix: shape (3, 3), pixels.
        distortion: (k1, k2, p1, p2, k3) of OpenCV.
        rms: of the re-projection error, pixels.
        view_rms: the same for each view.
        normals: shape (n, 3): the board's normal in the camera frame, for each view.
        focal_sd: formal standard deviations of fx and fy, pixels.
    """

    matrix: Array
    distortion: tuple[float, ...]
    rms: float
    view_rms: tuple[float, ...]
    normals: Array
    focal_sd: tuple[float, float]


def fit_lens(views: Sequence[BoardView], points: Array) -> LensFit:
    """The lens that puts the board's corners nearest to where the photos show them.

    OpenCV's ``calibrateCameraExtended`` (Zhang, 2000). The third radial coefficient is used where
    the data ask for it: where the sum of squares falls by more than the Bayesian information
    criterion charges for one number.

    Args:
        views: all of one size, each with corners enough.
        points: of the board by the corners' numbers, shape (m, 3), millimetres.

    Raises:
        cv2.error: if the views are degenerate.
    """
    plain = _fit(views, points, cv2.CALIB_FIX_K3)
    full = _fit(views, points, 0, plain)
    values = 2 * sum(len(view.ids) for view in views)
    gain = values * math.log(max(plain.rms, 1e-9) ** 2 / max(full.rms, 1e-9) ** 2)
    return full if gain > math.log(values) and _invertible(full, views[0]) else plain


def focal_error(
    views: Sequence[BoardView], points: Array, fit: LensFit, advance: Callable[[], None]
) -> float:
    """The 95 % half width of the focal length, relative to it.

    The formal standard deviation takes every corner's error for independent of the others. They
    are not: a bent board or a wrong lens model moves all corners of a photo together. So photos
    are left out in turn (delete-a-group jackknife; Shao and Tu, The Jackknife and Bootstrap,
    1995, section 2.3), the larger of the two counts, and Student's factor for so many groups is
    applied.
    """
    groups = min(len(views), MOST_GROUPS)
    flags = 0 if fit.distortion[4] else cv2.CALIB_FIX_K3
    focals = []
    for group in range(groups):
        left = [view for place, view in enumerate(views) if place % groups != group]
        matrix = _fit(left, points, flags, fit).matrix
        focals.append((matrix[0, 0], matrix[1, 1]))
        advance()
    spread = np.array(focals)
    jackknife = np.sqrt((groups - 1) / groups * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0))
    sd = np.maximum(jackknife, fit.focal_sd)
    focal = np.array([fit.matrix[0, 0], fit.matrix[1, 1]])
    return float(two_sided_95(groups - 1) * (sd / focal).max())


def describes_whole_picture(fit: LensFit, view: BoardView) -> bool:
    """Whether the distortion gives every pixel of the picture one direction, to its corners."""
    return _invertible(fit, view)


def _fit(
    views: Sequence[BoardView], points: Array, flags: int, start: LensFit | None = None
) -> LensFit:
    first, distortion = np.eye(3), np.zeros(5)
    if start is not None:
        flags |= cv2.CALIB_USE_INTRINSIC_GUESS
        first, distortion = start.matrix.copy(), np.array(start.distortion)
    rms, matrix, found, turns, _, deviations, _, each = cv2.calibrateCameraExtended(
        [points[view.ids].astype(np.float32)[:, None] for view in views],
        [view.corners.astype(np.float32)[:, None] for view in views],
        (views[0].width, views[0].height),
        first,
        distortion,
        flags=flags,
        criteria=(cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-9),
    )
    fx_sd, fy_sd = np.ravel(deviations)[:2]
    return LensFit(
        matrix=np.asarray(matrix, dtype=float),
        distortion=tuple(float(value) for value in np.ravel(found)[:5]),
        rms=float(rms),
        view_rms=tuple(float(value) for value in np.ravel(each)),
        normals=np.array([cv2.Rodrigues(turn)[0][:, 2] for turn in turns]),
        focal_sd=(float(fx_sd), float(fy_sd)),
    )


def _invertible(fit: LensFit, view: BoardView) -> bool:
    """Whether the radial distortion grows all the way to the farthest corner of the picture."""
    k1, k2, _, _, k3 = fit.distortion
    matrix = fit.matrix
    corner = max(
        math.hypot((x - matrix[0, 2]) / matrix[0, 0], (y - matrix[1, 2]) / matrix[1, 1])
        for x in (0, view.width)
        for y in (0, view.height)
    )
    # No lens that this model suits bends a direction to less than a third.
    radius = np.linspace(0, 3 * corner, 3000)
    seen = radius * (1 + k1 * radius**2 + k2 * radius**4 + k3 * radius**6)
    falls = np.flatnonzero(np.diff(seen) <= 0)
    reach = seen[falls[0]] if len(falls) else seen[-1]
    return bool(reach > corner)
