"""Pictures of flat rectangles in perspective, drawn with known corners: labels, markers, tape."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.projective import Array

SIZE = (1280, 960)


def camera(
    focal: float = 1100.0, focal_error: float = 0.01, distortion: float = 0.0
) -> CameraModel:
    width, height = SIZE
    return CameraModel(
        width=width,
        height=height,
        focal=(focal, focal),
        centre=((width - 1) / 2, (height - 1) / 2),
        distortion=(distortion, 0.0, 0.0, 0.0) if distortion else (),
        focal_error=focal_error,
        belt=None,
        source="drawn",
    )


@dataclass(frozen=True)
class Plane:
    """A plane before the camera: its origin is ``place`` (mm), its axes the rotation's columns."""

    rotation: Array
    place: Array

    def seen(self, points: Array, by: CameraModel) -> Array:
        """Pixels of points of the plane, shape (n, 2), mm."""
        flat = np.column_stack([points, np.zeros(len(points))])
        return by.projected(flat @ self.rotation.T + self.place)


def plane(rng: np.random.Generator, distance: float, most_tilt: float = 50.0) -> Plane:
    """A plane tilted by up to so many degrees in any direction and turned about its normal."""
    tilt, toward, turn = (
        np.radians(rng.uniform(0.0, most_tilt)),
        rng.uniform(0, 2 * np.pi),
        rng.uniform(0, 2 * np.pi),
    )
    lean, _ = cv2.Rodrigues(tilt * np.array([np.cos(toward), np.sin(toward), 0.0]))
    spin, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    aside = rng.uniform(-0.15, 0.15, 2) * distance
    return Plane(lean @ spin, np.array([*aside, distance]))


def rectangle(width: float, height: float) -> Array:
    """Corners of a rectangle about the origin, mm, the width along the first side."""
    return np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * (width / 2, height / 2)


def paint(
    picture: NDArray[np.uint8],
    texture: NDArray[np.uint8],
    extent: Array,
    on: Plane,
    by: CameraModel,
) -> None:
    """Lay a texture over a picture, in place; ``extent`` are its corners in the plane, mm.

    Drawn at four times the size and shrunk, so that edges fall between pixels as in a photograph.
    """
    over = 4
    corners = on.seen(extent, by)
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 3, (by.width, by.height))
    if (high <= low).any():
        return
    # Pixel centres lie at whole numbers in the picture and in its enlargement alike.
    target = (corners - low + 0.5) * over - 0.5
    h, w = texture.shape
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32) - 0.5
    homography = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    size = (int((high - low)[0]) * over, int((high - low)[1]) * over)
    # The texture's own edge, cut exactly: each fine pixel's distance inside all four sides.
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    cover = np.ones(size[::-1])
    middle = target.mean(axis=0)
    for (ax, ay), (bx, by_) in zip(target, np.roll(target, -1, axis=0), strict=True):
        inward = ((x - ax) * (by_ - ay) - (y - ay) * (bx - ax)) / np.hypot(bx - ax, by_ - ay)
        side = (middle[0] - ax) * (by_ - ay) - (middle[1] - ay) * (bx - ax)
        cover = np.minimum(cover, np.clip(0.5 + np.sign(side) * inward, 0.0, 1.0))
    filled = cv2.warpPerspective(
        texture, homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    small = (size[0] // over, size[1] // over)
    share = cv2.resize(cover, small, interpolation=cv2.INTER_AREA).astype(float)
    inside = cv2.resize(filled, small, interpolation=cv2.INTER_AREA).astype(float)
    part = picture[low[1] : high[1], low[0] : high[0]]
    part[:] = np.rint(share * inside + (1 - share) * part).astype(np.uint8)


def label_texture(
    rng: np.random.Generator, width: float, height: float, scale: float = 5.0
) -> NDArray[np.uint8]:
    """A label: frame two millimetres from the edge, a code, lines of print."""
    w, h = round(width * scale), round(height * scale)
    sheet = np.full((h, w), int(rng.integers(215, 250)), np.uint8)

    def mm(value: float) -> int:
        return round(value * scale)

    cv2.rectangle(sheet, (mm(2), mm(2)), (w - mm(2), h - mm(2)), 40, max(1, mm(0.3)))
    at = 8.0
    while at < width - 8:
        bar = float(rng.choice([0.5, 1.0, 1.5]))
        cv2.rectangle(sheet, (mm(at), mm(8)), (mm(at + bar), mm(24)), 20, -1)
        at += bar + float(rng.choice([0.5, 1.0, 1.5]))
    for line in np.arange(32.0, height - 8, 7.0):
        end = rng.uniform(0.4, 0.9) * width
        cv2.rectangle(sheet, (mm(6), mm(line)), (mm(end), mm(line + 3)), 70, -1)
    return sheet


def carton(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A picture filled with brown board, unevenly lit."""
    width, height = SIZE
    coarse = rng.uniform(105, 150, (6, 8)).astype(np.float32)
    return np.rint(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)).astype(
        np.uint8
    )


def photographed(
    picture: NDArray[np.uint8], rng: np.random.Generator, blur: float = 1.0, noise: float = 3.0
) -> NDArray[np.uint8]:
    """Blurred by the lens, which blurs light, then encoded and noisy, as a camera gives it."""
    light = (picture.astype(np.float32) / 255) ** 2.2
    soft = 255 * cv2.GaussianBlur(light, (0, 0), blur) ** np.float32(1 / 2.2)
    soft += noise * rng.standard_normal(soft.shape, np.float32)
    return np.clip(np.rint(soft), 0, 255).astype(np.uint8)


def coarse(corners: Array, rng: np.random.Generator, error: float = 2.0) -> Array:
    """The outline that a model would give: dense, and off by some pixels that change slowly."""
    ring = np.vstack([corners, corners[:1]])
    points = np.concatenate(
        [
            a + np.linspace(0, 1, 20, endpoint=False)[:, None] * (b - a)
            for a, b in itertools.pairwise(ring)
        ]
    )
    wander = rng.normal(0, error, (16, 2))
    at = np.linspace(0, 16, len(points), endpoint=False)
    close = np.vstack([wander, wander[:1]])
    return points + np.column_stack([np.interp(at, np.arange(17), close[:, k]) for k in (0, 1)])
