"""Pictures on goods: printed boxes, book covers, wrappers, drawn from a seed. sRGB uint8."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.noise import Picture


def word(rng: np.random.Generator) -> str:
    syllables = (
        "la",
        "ro",
        "mi",
        "ten",
        "sol",
        "ka",
        "vi",
        "no",
        "pe",
        "zu",
        "hai",
        "lin",
        "yu",
        "bo",
    )
    return "".join(rng.choice(syllables, rng.integers(1, 4))).upper()


def printed_box(seed: int, pixels: int = 192) -> Picture:
    """Six printed faces in the 3x2 atlas of `meshes.box`: one look, laid out anew on each face."""
    rng = np.random.default_rng(seed)
    base = tuple(int(v) for v in np.clip(rng.normal(rng.choice([60, 130, 210]), 55, 3), 8, 250))
    inks = [tuple(int(v) for v in rng.integers(10, 250, 3)) for _ in range(4)]
    name, atlas = word(rng), Image.new("RGB", (pixels * 3, pixels * 2))
    band, photo = rng.random() < 0.6, rng.random() < 0.5
    for face in range(6):
        image = Image.new("RGB", (pixels, pixels), base)
        pen = ImageDraw.Draw(image)
        if band:
            y = int(rng.uniform(0.1, 0.7) * pixels)
            pen.rectangle([0, y, pixels, y + int(pixels * rng.uniform(0.1, 0.3))], fill=inks[0])
        if photo:
            x, y = (int(v) for v in rng.uniform(0.05, 0.4, 2) * pixels)
            side = int(pixels * rng.uniform(0.3, 0.55))
            small = rng.integers(0, 255, (5, 5, 3)).astype(np.uint8)
            image.paste(
                Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC), (x, y)
            )
        for ink in inks[1:]:
            left, top = rng.uniform(0, 0.9) * pixels, rng.uniform(0, 0.9) * pixels
            r = rng.uniform(3, 30)
            shape = (pen.ellipse, pen.rectangle)[rng.integers(2)]
            shape([left, top, left + 2 * r, top + r * rng.uniform(0.5, 2)], fill=ink)
        size = int(pixels * rng.uniform(0.1, 0.24))
        pen.text(
            (pixels * 0.06, pixels * rng.uniform(0.05, 0.7)),
            name,
            inks[1],
            ImageFont.load_default(size),
        )
        for row in range(int(rng.integers(0, 7))):
            y = int(pixels * (0.5 + row * 0.06))
            pen.line(
                [(pixels * 0.08, y), (pixels * rng.uniform(0.3, 0.9), y)], fill=inks[2], width=2
            )
        atlas.paste(image, ((face % 3) * pixels, (face // 3) * pixels))
    return np.asarray(atlas)


def white_box(seed: int, pixels: int = 128) -> Picture:
    """Plain, nearly white faces, now and then with one small mark."""
    rng = np.random.default_rng(seed)
    value = int(rng.integers(205, 246))
    atlas = Image.new(
        "RGB", (pixels * 3, pixels * 2), (value, value, value - int(rng.integers(0, 10)))
    )
    if rng.random() < 0.5:
        pen = ImageDraw.Draw(atlas)
        x, y = (int(v) for v in rng.integers(5, pixels - 40, 2))
        font = ImageFont.load_default(int(rng.integers(10, 22)))
        pen.text((2 * pixels + x, y), word(rng), fill=int(rng.integers(0, 150)) * 65793, font=font)
    return np.asarray(atlas)


def book(seed: int, pixels: int = 192) -> Picture:
    """A cover on top and below, a spine, page edges on the other sides."""
    rng = np.random.default_rng(seed)
    atlas = printed_box(seed, pixels).copy()
    for face in (0, 1, 4):  # pages
        row, column = face // 3, face % 3
        lines = np.clip(225 + rng.normal(0, 9, (pixels, 1, 1)) - (0, 6, 20), 0, 255)
        tile = np.broadcast_to(lines, (pixels, pixels, 3))
        atlas[row * pixels : (row + 1) * pixels, column * pixels : (column + 1) * pixels] = tile
    return atlas


def wrapper(seed: int, pixels: int = 256) -> Picture:
    """Print around a bottle, tube, bag or shoe: plain colour with a label band and words."""
    rng = np.random.default_rng(seed)
    base = tuple(int(v) for v in np.clip(rng.normal(rng.choice([40, 120, 225]), 45, 3), 5, 250))
    image = Image.new("RGB", (pixels, pixels), base)
    pen = ImageDraw.Draw(image)
    if rng.random() < 0.65:
        top, bottom = sorted(rng.uniform(0.2, 0.85, 2) * pixels)
        pen.rectangle(
            [0, top, pixels, bottom], fill=tuple(int(v) for v in rng.integers(20, 250, 3))
        )
        for k in range(2):
            size = int(pixels * rng.uniform(0.08, 0.16))
            ink = tuple(int(v) for v in rng.integers(0, 250, 3))
            pen.text(
                (pixels * (0.1 + 0.5 * k), (top + bottom) / 2 - size / 2),
                word(rng),
                ink,
                ImageFont.load_default(size),
            )
    return np.asarray(image)
