"""The photo as an ideal pinhole camera with square pixels would have taken it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_view import ClosedSettings, ClosedView
from greenpack.measure.projective import Array


def camera_of(view: ClosedView, settings: ClosedSettings) -> tuple[CameraModel, tuple[float, ...]]:
    """The photo's camera, its ``focal_error`` as 95 % half width, and focal lengths to start from.

    A camera that nothing is known of has its focal length within ``settings.focal_range``.
    """
    longer = max(view.width, view.height)
    centre = ((view.width - 1) / 2, (view.height - 1) / 2)
    if view.camera is not None:
        camera = view.camera.scaled(view.width, view.height)
        return camera, (camera.focal[0],)
    low, high = settings.focal_range
    ratios: tuple[float, ...]
    if view.focal_ratio is not None:
        ratios, error = (view.focal_ratio,), settings.focal_tolerance
        source = "focal length as the photo tells it"
    else:
        ratios, error = (low, (low * high) ** 0.5, high), float(np.log(high / low)) / 2
        source = "focal length unknown"
    focals = tuple(longer * ratio for ratio in ratios)
    focal = focals[len(focals) // 2]
    camera = CameraModel(view.width, view.height, (focal, focal), centre, (), error, None, source)
    return camera, focals


def to_ideal(camera: CameraModel, points: Array) -> Array:
    """Pixels of the picture as an ideal camera with square pixels, of focal length fx, has them."""
    ideal = camera.undistorted(points)
    ideal[:, 1] = camera.centre[1] + (ideal[:, 1] - camera.centre[1]) * _squeeze(camera)
    return ideal


def picture_of(camera: CameraModel) -> Callable[[Array], Array]:
    """What maps the ideal camera's pixels to the picture's: the inverse of ``to_ideal``."""
    squeeze, middle = _squeeze(camera), camera.centre[1]

    def mapped(points: Array) -> Array:
        if not camera.distortion and squeeze == 1.0:
            return points
        wide = np.column_stack([points[:, 0], middle + (points[:, 1] - middle) / squeeze])
        return camera.projected(camera.rays(wide)) if camera.distortion else wide

    return mapped


def ideal_gray(gray: NDArray[np.uint8], camera: CameraModel, points: Array) -> NDArray[np.uint8]:
    """The picture without distortion where points lie, and black elsewhere: all of it is costly.

    Args:
        gray: shape (h, w), 0 to 255.
        camera: at the picture's size.
        points: shape (n, 2), pixels of the ideal camera; their bounding box is kept with a margin
            of 3 % of the picture's longer side.

    Returns:
        shape (h, w), in pixels of the ideal camera; the picture itself where it is ideal already.
    """
    if not camera.distortion and _squeeze(camera) == 1.0:
        return gray
    margin = 0.03 * max(gray.shape)
    shape = np.array(gray.shape[::-1])
    left, top = np.clip(np.floor(points.min(axis=0) - margin), 0, shape).astype(int)
    right, bottom = np.clip(np.ceil(points.max(axis=0) + margin), 0, shape).astype(int)
    ideal = np.zeros_like(gray)
    if right <= left or bottom <= top:
        return ideal
    focal, (across, down) = camera.focal[0], camera.centre
    seen_by = np.array([[focal, 0.0, across - left], [0.0, focal, down - top], [0.0, 0.0, 1.0]])
    lens = np.array(camera.distortion or (0.0,) * 4)
    size = (int(right - left), int(bottom - top))
    maps = cv2.initUndistortRectifyMap(
        camera.matrix(), lens, np.eye(3), seen_by, size, cv2.CV_32FC1
    )
    ideal[top:bottom, left:right] = cv2.remap(gray, *maps, cv2.INTER_LINEAR)
    return ideal


def _squeeze(camera: CameraModel) -> float:
    return camera.focal[0] / camera.focal[1]
