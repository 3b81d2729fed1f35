"""The surface of corrugated board: flutes, scuffs, seams, printed marks."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.printed.packs import word


def board(seed: int, printed: bool, seam: bool = False, pixels: int = 256) -> Picture:
    """Board surface as a brightness picture (mid grey 200) to be multiplied by the board's
    colour."""
    rng = np.random.default_rng(seed)
    field = 0.35 * clouds(rng, pixels, pixels, pixels / 5, 2) + 0.4 * clouds(
        rng, pixels, pixels, 4, 4
    )
    flutes = np.sin(np.arange(pixels) / pixels * 2 * np.pi * rng.uniform(38, 60))[None, :]
    value = 1 + 0.035 * field + rng.uniform(0, 0.025) * flutes
    picture = np.asarray(np.clip(value * 205, 0, 255), np.uint8)
    for _ in range(int(rng.integers(0, 5))):  # scuffs
        a = rng.integers(0, pixels, 2)
        b = a + rng.normal(0, pixels / 6, 2).astype(int)
        cv2.line(
            picture,
            tuple(map(int, a)),
            tuple(map(int, b)),
            int(rng.integers(150, 240)),
            1,
            cv2.LINE_AA,
        )
    image = Image.fromarray(picture)
    if seam:  # where the two bottom flaps meet
        middle = pixels // 2 + int(rng.integers(-4, 5))
        ImageDraw.Draw(image).line(
            [(0, middle), (pixels, middle)], fill=95, width=max(1, pixels // 160)
        )
    if printed:
        _marks(rng, ImageDraw.Draw(image), pixels)
    return np.repeat(np.asarray(image)[:, :, None], 3, axis=2)


def _marks(rng: np.random.Generator, pen: ImageDraw.ImageDraw, pixels: int) -> None:
    ink = int(rng.integers(40, 120))
    for _ in range(int(rng.integers(1, 4))):
        x, y = (int(v) for v in rng.integers(0, int(pixels * 0.7), 2))
        size = int(rng.integers(12, 40) * pixels / 256)
        kind = rng.integers(4)
        if kind == 0:
            pen.rectangle([x, y, x + size, y + size], outline=ink, width=2)
            pen.polygon(
                [(x + size / 2, y + 3), (x + size - 3, y + size - 3), (x + 3, y + size - 3)], ink
            )
        elif kind == 1:
            pen.ellipse([x, y, x + size, y + size], outline=ink, width=3)
        else:
            pen.text((x, y), word(rng), fill=ink, font=ImageFont.load_default(size))
