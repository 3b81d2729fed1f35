"""Lens distortion: bends a pinhole picture, its mask and its points as a real lens would.

Radial, one coefficient: a point at radius r of the photograph lies at r (1 + k r^2) in the pinhole
picture, radii in halves of the picture's diagonal (Fitzgibbon 2001 and Brown 1971 without their
further terms). k > 0 is barrel distortion: phones keep below 0.02, wide fixed cameras reach 0.15.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.pictures.projection import Floats
from greenpack.training.scene import Camera


def pinhole(camera: Camera) -> Camera:
    """The camera to render with: as wide as the photograph's corners need, without distortion."""
    wider = _reach(camera) * np.tan(np.radians(camera.fov) / 2)
    return replace(camera, fov=float(2 * np.degrees(np.arctan(wider))), distortion=0.0)


def distort(camera: Camera, points: Floats) -> Floats:
    """Pixels (n, 2) of the pinhole picture to pixels of the photograph."""
    if camera.distortion == 0:
        return np.asarray(points, np.float64)
    middle, half = _middle(camera)
    away = (np.asarray(points, np.float64) - middle) * _reach(camera) / half
    goal = np.hypot(*away.T)
    radius = goal / (1 + camera.distortion * np.minimum(goal, 2) ** 2)
    for _ in range(12):  # Newton's method on r (1 + k r^2) = goal
        radius -= (radius * (1 + camera.distortion * radius**2) - goal) / (
            1 + 3 * camera.distortion * radius**2
        )
    scale = np.divide(radius, goal, out=np.ones_like(goal), where=goal > 1e-9)
    return np.asarray(away * scale[:, None] * half + middle, np.float64)


def bend(
    camera: Camera, picture: npt.NDArray[np.float32], index: npt.NDArray[np.uint16]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint16]]:
    """Pinhole picture (rows, columns, 3) and instance mask as the lens shows them."""
    if camera.distortion == 0:
        return picture, index
    middle, half = _middle(camera)
    xs, ys = np.meshgrid(np.arange(camera.width) + 0.5, np.arange(camera.height) + 0.5)
    away = np.stack([xs, ys], -1) - middle
    stretch = 1 + camera.distortion * (away**2).sum(axis=-1) / half**2
    source = (away * (stretch / _reach(camera))[:, :, None] + middle - 0.5).astype(np.float32)
    xs, ys = source[:, :, 0], source[:, :, 1]
    light = cv2.remap(picture, xs, ys, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    at = np.clip(np.round(source).astype(int), 0, (camera.width - 1, camera.height - 1))
    return np.asarray(np.maximum(light, 0), np.float32), index[at[:, :, 1], at[:, :, 0]]


def _reach(camera: Camera) -> float:
    """How much farther out than in the photograph the pinhole picture must see."""
    return max(1.0 + camera.distortion, 1.0)


def _middle(camera: Camera) -> tuple[Floats, float]:
    size = np.array([camera.width, camera.height], np.float64)
    return size / 2, float(np.hypot(*size) / 2)
