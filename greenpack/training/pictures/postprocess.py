"""From linear light to a phone's JPEG: exposure, white balance, lens and shake blur, noise,
vignette."""

from __future__ import annotations

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from greenpack.training.pictures import veil
from greenpack.training.scene import Finish

Picture = npt.NDArray[np.uint8]


def develop(linear: npt.NDArray[np.float32], finish: Finish, seed: int) -> Picture:
    """sRGB picture. `exposure` is the brightness (0 to 1) that the mean of the scene is brought
    to."""
    rng = np.random.default_rng(seed + 99)
    light = np.clip(np.nan_to_num(linear), 0, 60).astype(np.float32)
    height, width = light.shape[:2]
    scale = max(height, width) / 448
    if finish.blobs > 0:
        light = veil.near(light, finish.blobs, seed)
    if finish.haze > 0:
        light = veil.pane(light, finish.haze, seed)
    if finish.blur > 0:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), finish.blur * scale), np.float32)
    if finish.motion > 0:
        kernel = _streak(finish.motion * scale, finish.motion_angle)
        light = np.asarray(cv2.filter2D(light, -1, kernel), np.float32)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = light * (1 - finish.vignette * (x * x + y * y) / 2)[:, :, None].astype(np.float32)
    warm = np.array(
        [1 + 0.25 * finish.warmth, 1 - 0.15 * finish.tint, 1 - 0.25 * finish.warmth], np.float32
    )
    luminance = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    # Metering: the middle tone, with bright spots limited as a phone does.
    middle = float(np.mean(np.minimum(luminance, np.percentile(luminance, 97))))
    light = light * warm * (finish.exposure**2.2 / max(middle, 1e-6))
    # Shot noise grows with the root of the light, read noise does not; neighbours share some of it.
    grain = rng.standard_normal(light.shape).astype(np.float32)
    grain = 0.6 * grain + 0.9 * cv2.GaussianBlur(grain, (0, 0), 0.8)
    light = light + grain * finish.noise * (np.sqrt(np.maximum(light, 0)) + 0.15)
    tone = _shoulder(np.maximum(light, 0))
    value = np.where(tone <= 0.0031308, 12.92 * tone, 1.055 * tone ** (1 / 2.4) - 0.055)
    value = 0.5 + (value - 0.5) * finish.contrast
    if finish.shrink > 1:  # a small picture blown up, as from a cut-out or an old camera
        small = tuple(max(8, round(v / finish.shrink)) for v in (width, height))
        value = cv2.resize(value, small, interpolation=cv2.INTER_AREA)
        value = cv2.resize(value, (width, height), interpolation=cv2.INTER_CUBIC)
    if finish.sharpen > 0:
        value = value + finish.sharpen * (value - cv2.GaussianBlur(value, (0, 0), 1.2 * scale))
    return np.asarray(np.clip(value * 255 + 0.5, 0, 255), np.uint8)


def jpeg(picture: Picture, quality: int) -> bytes:
    """JPEG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _shoulder(light: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Linear to 0.6, then rolls off towards 1 instead of clipping."""
    over = np.maximum(light - 0.6, 0)
    return np.asarray(
        np.where(light < 0.6, light, 0.6 + 0.4 * (1 - np.exp(-over / 0.4))), np.float32
    )


def _streak(length: float, angle: float) -> npt.NDArray[np.float32]:
    size = 2 * int(np.ceil(length / 2)) + 3
    kernel = np.zeros((size, size), np.float32)
    reach = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * length / 2
    middle = np.array([size // 2, size // 2])
    a, b = middle - reach, middle + reach
    ends = [tuple(round(v * 16) for v in p) for p in (a, b)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / max(float(kernel.sum()), 1e-6), np.float32)
