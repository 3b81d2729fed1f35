"""Renders a picture finely where its parcel is and coarsely round it: half the time, or less.

Sizes are measured at the parcel's edges, and the model sees a picture at 416 pixels or so: that
the surroundings are soft at 1280 pixels changes nothing for either.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.drawing.material import Part
from greenpack.training.pictures import blender
from greenpack.training.pictures.projection import Floats
from greenpack.training.scene import Camera, Scene

COARSE = 480
"""Pixels along the longer side of the coarse picture."""
_MARGIN = 0.07
"""How far the fine part reaches beyond the parcel, a share of the longer side."""
_SEAM = 24
"""Pixels over which the fine picture goes over into the coarse one."""


def window_of(camera: Camera, pixels: Floats) -> blender.Window | None:
    """The part of the picture with the pixels (n, 2) and a margin; None where nothing of it is in
    the picture."""
    size = np.array([camera.width, camera.height])
    margin = _MARGIN * float(size.max())
    low = np.clip(np.floor(pixels.min(axis=0) - margin), 0, size).astype(int)
    high = np.clip(np.ceil(pixels.max(axis=0) + margin), 0, size).astype(int)
    if (high - low < 8).any():
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def render(
    scene: Scene, parts: list[Part], threads: int, samples: int, pixels: Floats
) -> tuple[blender.Linear, blender.Mask]:
    """As `blender.render`, fine only round the parcel's corners `pixels` (n, 2)."""
    camera = scene.camera
    shrink = max(1.0, max(camera.width, camera.height) / COARSE)
    small = replace(
        camera, width=round(camera.width / shrink), height=round(camera.height / shrink)
    )
    light, index = blender.render(replace(scene, camera=small), parts, threads, samples)
    size = (camera.width, camera.height)
    light = np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_LINEAR), np.float32)
    index = np.asarray(cv2.resize(index, size, interpolation=cv2.INTER_NEAREST), np.uint16)
    window = window_of(camera, pixels)
    if window is None:
        return light, index
    left, top, right, bottom = window
    fine, exact = blender.render(scene, parts, threads, samples, window)
    share = _share(window, size)[:, :, None]
    part = np.s_[top:bottom, left:right]
    light[part] = share * fine + (1 - share) * light[part]
    index[part] = exact
    return light, index


def _share(window: blender.Window, size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """How much the fine picture counts: all of it but near sides that are within the picture."""
    left, top, right, bottom = window
    ramps = []
    for low, high, whole in ((left, right, size[0]), (top, bottom, size[1])):
        at = np.arange(low, high, dtype=np.float32)
        ramp = np.ones_like(at)
        if low > 0:
            ramp = np.minimum(ramp, (at - low) / _SEAM)
        if high < whole:
            ramp = np.minimum(ramp, (high - 1 - at) / _SEAM)
        ramps.append(ramp)
    return np.asarray(np.minimum(ramps[0][None], ramps[1][:, None]), np.float32)
