"""The photo as an ideal pinhole camera with square pixels would have taken it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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


def _squeeze(camera: CameraModel) -> float:
    return camera.focal[0] / camera.focal[1]
