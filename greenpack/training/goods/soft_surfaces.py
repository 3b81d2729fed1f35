"""Materials of goods that crease or drape: cloth, fur, clear film, leather."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.noise import Image, clouds, creases
from greenpack.training.printed import layouts

Rng = np.random.Generator


def wrinkles(rng: Rng, cells: float, pixels: int = 256) -> Image:
    """Relief of creased film or cloth: flat facets and sharp folds."""
    few = 84  # coarse enough to be quick; the folds stay sharp when drawn larger
    v, u = np.divmod(np.arange(few * few), few)
    points = np.stack([u, v], 1) / few
    stretch = rng.uniform(0.5, 2.0)
    field = creases(rng, points * (stretch, 1 / stretch), 1 / cells) * cells
    field = field + 0.5 * creases(rng, points, 0.4 / cells) * cells * 2.5
    small = np.asarray((field - field.mean()).reshape(few, few) * 4, np.float32)
    return np.asarray(cv2.resize(small, (pixels, pixels)), np.float32)


def cloth(rng: Rng) -> Material:
    pixels = 192
    kind = rng.random()
    base = layouts.hue(rng, 0.35)
    canvas = layouts.plain(pixels, pixels, base)
    if kind < 0.25:
        for _ in range(int(rng.integers(1, 3))):
            layouts.pattern(rng, canvas, layouts.hue(rng, 0.5))
    elif kind < 0.4:
        side = pixels // 2
        layouts.lettering(rng, canvas, layouts.word(rng), (0.25, 0.4, 0.75, 0.6), layouts.hue(rng))
        if kind < 0.33:
            layouts.line_art(rng, canvas[side // 2 : side * 3 // 2], layouts.hue(rng))
    weave = np.asarray(rng.normal(0, 1, (pixels, pixels)), np.float32)
    if rng.random() < 0.35:  # ribs of knitwear
        weave += 2 * np.sin(np.arange(pixels) * 2 * np.pi / rng.uniform(3, 7))[None].astype(
            np.float32
        )
    tone = 1 + 0.03 * weave[:, :, None] + 0.04 * clouds(rng, pixels, pixels, 4)[:, :, None]
    picture = np.asarray(np.clip(canvas * tone, 0, 255), np.uint8)
    folds = 2.2 * cv2.GaussianBlur(wrinkles(rng, rng.uniform(2, 4), pixels), (0, 0), 2.0)
    relief = np.asarray(folds + 0.12 * weave, np.float32)
    return Material(
        (1, 1, 1),
        picture,
        roughness=0.9,
        sheen=0.3,
        relief=relief,
        relief_mm=float(rng.uniform(0.8, 2.0)),
    )


def fur(rng: Rng) -> Material:
    relief = clouds(rng, 192, 192, 24, 3)
    return Material(
        layouts.tint(rng, 0.35), roughness=0.95, sheen=0.6, relief=relief, relief_mm=0.7
    )


def film(rng: Rng) -> Material:
    """Clear film: invisible but for haze, bright creases and the welded border."""
    pixels = 256
    relief = wrinkles(rng, rng.uniform(3, 6), pixels)
    edge = np.abs(cv2.Laplacian(cv2.GaussianBlur(relief, (0, 0), 1.0), cv2.CV_32F, ksize=3))
    haze = rng.uniform(0.06, 0.22) + 0.30 * np.clip(edge / (edge.std() * 2.5), 0, 1) ** 1.5
    haze[:, :6] += 0.25
    haze[:, -8:] += 0.25
    picture = np.full((pixels, pixels, 4), 238, np.uint8)
    if rng.random() < 0.3:  # a suffocation warning or a size sticker
        x, y = rng.integers(30, 150, 2)
        tile = np.ascontiguousarray(picture[y : y + 46, x : x + 70, :3])
        layouts.small_print(rng, tile, (0.1, 0.1, 0.95, 0.95), (40, 40, 45))
        picture[y : y + 46, x : x + 70, :3] = tile
        haze[y : y + 46, x : x + 70] += 0.5
    picture[:, :, 3] = np.clip(haze, 0, 0.95) * 255
    return Material((1, 1, 1), picture, roughness=0.08, relief=relief, relief_mm=1.2)


def leather(rng: Rng) -> Material:
    relief = clouds(rng, 192, 192, 40, 2)
    rough = float(rng.choice([0.25, 0.55, 0.85]))
    return Material(layouts.tint(rng, 0.35), roughness=rough, relief=relief, relief_mm=0.15)
