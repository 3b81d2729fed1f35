"""Pictures and reliefs that repeat without a seam: laid courses, boards, weave, rubble, plaster."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.noise import Image, Picture

Rgb = tuple[float, float, float]
"""sRGB values 0 to 1."""


@dataclass(frozen=True)
class Surface:
    """A periodic picture `width` by `height` mm across, with its relief and gloss."""

    picture: Picture
    width: float
    height: float
    relief: Image | None = None
    relief_mm: float = 1.0
    roughness: float = 0.7
    metal: float = 0.0

    def material(self) -> Material:
        """The surface for meshes whose UV counts metres."""
        return Material(
            (1.0, 1.0, 1.0),
            self.picture,
            (1000 / self.width, 1000 / self.height),
            roughness=self.roughness,
            metal=self.metal,
            relief=self.relief,
            relief_mm=self.relief_mm,
        )


def field(
    rng: np.random.Generator, pixels: int, across: float, down: float, octaves: int = 4
) -> Image:
    """Periodic value noise (pixels, pixels), mean about 0, deviation about 1."""
    total = np.zeros((pixels, pixels), np.float32)
    weight = 0.0
    steps = np.arange(pixels, dtype=np.float32) / pixels
    for octave in range(octaves):
        n = max(1, min(pixels, round(across * 2**octave)))
        m = max(1, min(pixels, round(down * 2**octave)))
        small = rng.standard_normal((m, n)).astype(np.float32)
        # Padded by hand: OpenCV's own wrapping border does not reach every interpolation.
        small = np.pad(small, 3, mode="wrap")
        x, y = np.meshgrid(steps * n + 3, steps * m + 3)
        total += cv2.remap(small, x, y, cv2.INTER_CUBIC) * np.float32(0.5**octave)
        weight += 0.25**octave
    return np.asarray(total / np.float32(np.sqrt(weight) * 0.75), np.float32)


def tint(shade: npt.NDArray[np.float32], colour: Rgb) -> Picture:
    """`colour` made lighter or darker by `shade`, a share about 0."""
    value = np.asarray(colour, np.float32) * (1 + shade[:, :, None])
    return np.asarray(np.clip(value * 255, 0, 255), np.uint8)


@dataclass(frozen=True)
class Courses:
    """Laid units: which unit each pixel belongs to, and how far it is from that unit's edge, mm."""

    unit: npt.NDArray[np.int64]
    edge: Image


def courses(
    pixels: int, rows: int, columns: int, size: tuple[float, float], shift: float, warp: Image
) -> Courses:
    """`rows` (even, if shifted) by `columns` units on `size` mm; every other row shifted by a share
    of a unit. `warp` (mm) bends the joints."""
    steps = np.arange(pixels, dtype=np.float32) / pixels
    x, y = np.meshgrid(steps, steps)
    x, y = x + warp / size[0], y + np.roll(warp, pixels // 3, axis=1) / size[1]
    row = np.floor(y * rows)
    u = x * columns + shift * (row % 2)
    column = np.floor(u)
    a, b = u - column, y * rows - row
    edge = np.minimum(
        np.minimum(a, 1 - a) * size[0] / columns, np.minimum(b, 1 - b) * size[1] / rows
    )
    unit = (row.astype(np.int64) % rows) * columns + column.astype(np.int64) % columns
    return Courses(unit, np.asarray(edge, np.float32))


def laid(
    rng: np.random.Generator,
    rows: int,
    columns: int,
    size: tuple[float, float],
    colours: tuple[Rgb, ...],
    joint: Rgb,
    joint_mm: float,
    shift: float = 0.5,
    wear: float = 0.08,
    spread: float = 0.08,
    depth_mm: float = 2.0,
    wobble: float = 0.0,
    grain: tuple[float, float] = (60, 60),
    roughness: float = 0.7,
    pixels: int = 512,
) -> Surface:
    """Bricks, slabs, tiles, boards: units of one of `colours` each, with joints between them."""
    warp = field(rng, pixels, 9, 9, 2) * np.float32(wobble)
    found = courses(pixels, rows, columns, size, shift, warp)
    count = rows * columns
    own = np.asarray(colours, np.float32)[rng.integers(len(colours), size=count)]
    own *= (1 + spread * rng.standard_normal((count, 1))).astype(np.float32)
    rough = field(rng, pixels, *grain, 3)
    slow = field(rng, pixels, 3, 3, 4)
    value = own[found.unit] * (1 + wear * (0.6 * rough + 0.5 * slow))[:, :, None]
    half = joint_mm / 2
    gap = np.clip((half + 1.2 - found.edge) / 1.6, 0, 1)[:, :, None] if joint_mm else 0.0
    value = value * (1 - gap) + np.asarray(joint, np.float32) * (1 + 0.1 * rough[:, :, None]) * gap
    picture = np.asarray(np.clip(value * 255, 0, 255), np.uint8)
    relief = np.clip((found.edge - half) / 3, 0, 1) * 2 + 0.25 * rough
    relief += rng.normal(0, 0.2, count).astype(np.float32)[found.unit]
    relief = np.asarray(np.clip(relief - relief.mean(), -3.5, 3.5), np.float32)
    return Surface(picture, *size, relief, depth_mm / 2, roughness)


def plaster(
    rng: np.random.Generator, colour: Rgb, grain: float, depth_mm: float, dirt: float = 0.04
) -> Surface:
    """Paint, render, concrete: an even colour, stains, `grain` blobs across 1.5 m."""
    pixels = 512
    rough, slow = field(rng, pixels, grain, grain, 3), field(rng, pixels, 2, 3, 5)
    picture = tint(np.asarray(dirt * slow + dirt * 0.4 * rough, np.float32), colour)
    relief = np.asarray(np.clip(rough, -3, 3), np.float32)
    return Surface(picture, 1500, 1500, relief, depth_mm, 0.8)


def rubble(
    rng: np.random.Generator, colours: tuple[Rgb, ...], cells: float, metres: float, depth_mm: float
) -> Surface:
    """Soil, gravel, lawn, chips: blobs of several colours, dark between them."""
    pixels = 512
    value = np.zeros((pixels, pixels, 3), np.float32)
    best = np.full((pixels, pixels), -9, np.float32)
    for colour in colours:
        blob = field(rng, pixels, cells, cells, 2)
        won = blob > best
        value[won] = np.asarray(colour, np.float32)
        best = np.maximum(best, blob)
    height = best - best.mean()
    light = np.clip(0.75 + 0.3 * height, 0.2, 1.5) * (1 + 0.12 * field(rng, pixels, 3, 3, 3))
    picture = np.asarray(np.clip(value * light[:, :, None] * 255, 0, 255), np.uint8)
    return Surface(
        picture,
        metres * 1000,
        metres * 1000,
        np.asarray(np.clip(height, -3.5, 3.5), np.float32),
        depth_mm,
        0.9,
    )
