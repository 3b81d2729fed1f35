"""The outside of a cardboard box, painted face by face: board, print, stickers, wear.

Pictures are 3 x 2 atlases in the order of `meshes.box` (+x, +y, +z / -x, -y, -z), each face upright
seen from outside.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from greenpack.training.drawing.noise import Image as Field
from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.printed import marks, postal
from greenpack.training.scene import Carton, Colour

CELL = 288
"""Pixels along each side of a face in the atlas."""

SIDES = (0, 1, 3, 4)
"""Atlas cells of the walls +x, +y, -x, -y."""

Ink = tuple[int, int, int]
Canvas = npt.NDArray[Any]


def srgb(colour: Colour) -> Ink:
    """Linear reflectance as an sRGB triple of 0 to 255."""
    r, g, b = (int(np.clip(255 * v ** (1 / 2.2), 0, 255)) for v in colour)
    return r, g, b


def grain(rng: np.random.Generator, pixels: int = CELL) -> Field:
    """Brightness of bare board, mean 1: fibres, blotches, flutes showing through."""
    field = 0.4 * clouds(rng, pixels, pixels, 5, 2) + 0.5 * clouds(rng, pixels, pixels, 60, 2)
    specks = (rng.random((pixels, pixels)) < 0.004).astype(np.float32)
    flutes = np.sin(np.arange(pixels) / pixels * 2 * np.pi * rng.uniform(36, 64))[None, :]
    value = 1 + 0.03 * field + rng.uniform(0, 0.03) * flutes - 0.12 * cv2.blur(specks, (2, 1))
    return np.asarray(value, np.float32)


def sizes(carton: Carton) -> list[tuple[float, float]]:
    """Width and height in mm of the six outer faces in atlas order."""
    along, across = carton.length + 2 * carton.wall, carton.width + 2 * carton.wall
    up = carton.depth + (1 if carton.opened else 2) * carton.wall
    x, y, z = (across, up), (along, up), (along, across)
    return [x, y, z, x, y, z]


def atlas(carton: Carton) -> Picture:
    """Absolute sRGB colours of all six outer faces."""
    rng = np.random.default_rng([carton.seed, 11])
    base, fibre = srgb(carton.colour), grain(rng)
    ink = _ink(rng, base)
    title = marks.name(rng)
    seams = () if carton.opened else (carton.lid_axis, carton.lid_axis + 3)
    out = np.zeros((2 * CELL, 3 * CELL, 3), np.uint8)
    plan = np.random.default_rng([carton.seed, 12]).integers(2**31, size=3)
    for cell, (wide, high) in enumerate(sizes(carton)):
        if cell == 5 or (cell == 2 and carton.opened):
            continue
        scale = CELL / max(wide, high)
        image = Image.new("RGB", (max(int(wide * scale), 8), max(int(high * scale), 8)), base)
        _print(np.random.default_rng(plan[cell % 3]), image, carton, (ink, title), cell % 3)
        if carton.printing != "bare":
            _extras(rng, image, scale, carton)
        face = np.asarray(image.resize((CELL, CELL), Image.Resampling.BILINEAR), np.float32)
        face *= np.roll(fibre, tuple(rng.integers(0, CELL, 2)), (0, 1))[:, :, None]
        if cell in seams:
            _seam(rng, face, carton, wide, high)
        face = worn(rng, face, carton.wear, upright=cell % 3 != 2)
        row, column = (cell // 3) * CELL, (cell % 3) * CELL
        out[row : row + CELL, column : column + CELL] = np.clip(face, 0, 255)
    return out


def _ink(rng: np.random.Generator, base: Ink) -> Ink:
    dark = sum(base) < 250
    pool = (
        [(250, 250, 245), (235, 190, 60)] if dark else [(28, 24, 22), (40, 30, 25), (20, 50, 130)]
    )
    pool += [(190, 30, 35), (20, 110, 60), (15, 90, 160), (230, 110, 20)]
    weights = np.array([0.45, 0.2] if dark else [0.4, 0.2, 0.12])
    chance = np.concatenate([weights, np.full(4, (1 - weights.sum()) / 4)])
    ink = pool[rng.choice(len(pool), p=chance)]
    # Ink on board is never quite opaque.
    r, g, b = (int(0.85 * i + 0.15 * c) for i, c in zip(ink, base, strict=True))
    return r, g, b


def _print(
    rng: np.random.Generator, image: Image.Image, carton: Carton, style: tuple[Ink, str], axis: int
) -> None:
    """The print of one face across `axis`; opposite faces carry the same."""
    (ink, title), (w, h) = style, image.size
    kind = carton.printing
    if kind == "solid" or (kind in ("marks", "brand", "fragile") and axis != 2):
        _signs(rng, ImageDraw.Draw(image), w, h, ink)
    if kind == "brand" and (axis == 1 or rng.random() < 0.6):
        _brand(rng, image, ink, title)
    elif kind == "repeat":
        _repeat(carton.seed, image, ink, title)
    elif kind == "stripes":
        _stripes(np.random.default_rng([carton.seed, 4]), image, title)
    elif kind == "postal":
        postal.draw(rng, image, title, ink)
    elif kind == "solid":
        tint = (int(rng.integers(10, 245)), int(rng.integers(10, 245)), int(rng.integers(10, 245)))
        if rng.random() < 0.6:
            y = h * rng.uniform(0, 0.7)
            ImageDraw.Draw(image).rectangle([0, y, w, y + h * rng.uniform(0.1, 0.35)], fill=tint)
        middle = (w / 2, h * rng.uniform(0.25, 0.7))
        marks.write(image, title, middle, w * rng.uniform(0.4, 0.8), ink)
    elif kind == "fragile" and axis != 2:
        _caution(rng, image, ink)


def _brand(rng: np.random.Generator, image: Image.Image, ink: Ink, title: str) -> None:
    w, h = image.size
    if rng.random() < 0.4:
        wide = min(w * 0.8, h * 1.6)
        pen = ImageDraw.Draw(image)
        marks.swoosh(pen, (w - wide) / 2, h * rng.uniform(0.35, 0.6), wide, ink)
    else:
        size = min(w, h) * rng.uniform(0.2, 0.45)
        marks.logo(rng, image, w * 0.5 - size / 2, h * 0.45 - size / 2, size, ink)
    if rng.random() < 0.75:
        wide = min(w * rng.uniform(0.3, 0.75), h * 1.8)
        marks.write(image, title, (w / 2, h * rng.uniform(0.2, 0.8)), wide, ink)


def _repeat(seed: int, image: Image.Image, ink: Ink, title: str) -> None:
    w, h = image.size
    step = float(np.random.default_rng([seed, 3]).uniform(0.16, 0.4)) * CELL
    pen = ImageDraw.Draw(image)
    for j in range(int(h / step / 0.7) + 2):
        for i in range(int(w / step) + 2):
            x, y = (i - 0.5 * (j % 2)) * step, j * step * 0.7
            if seed % 3 == 0:
                marks.logo(np.random.default_rng(seed), image, x, y, step * 0.35, ink)
            elif seed % 3 == 1:
                marks.write(image, title, (x, y), step * 0.75, ink)
            else:
                pen.ellipse([x, y, x + step * 0.25, y + step * 0.25], ink)


def _caution(rng: np.random.Generator, image: Image.Image, ink: Ink) -> None:
    w, h = image.size
    text = marks.CAUTIONS[rng.integers(len(marks.CAUTIONS))]
    y, wide = h * rng.uniform(0.3, 0.6), min(w * 0.75, h * 2.2)
    marks.write(image, text, (w / 2, y), wide, ink)
    if rng.random() < 0.6:
        band = wide * 0.1
        frame = [(w - wide) / 2 - band, y - band * 1.4, (w + wide) / 2 + band, y + band * 1.4]
        line = max(2, int(min(w, h) * 0.02))
        ImageDraw.Draw(image).rectangle(frame, outline=ink, width=line)


def _signs(rng: np.random.Generator, pen: marks.Pen, w: int, h: int, ink: Ink) -> None:
    size = min(w, h) * rng.uniform(0.09, 0.2)
    y = h - size * 1.5 if rng.random() < 0.7 else size * 0.5
    x = size * 0.5 if rng.random() < 0.5 else w - size * 4.5
    for mark in rng.choice(len(marks.MARKS), int(rng.integers(1, 4)), replace=False):
        marks.MARKS[mark](pen, x, y, size, ink)
        x += size * 1.5
    if rng.random() < 0.3:
        other = marks.MARKS[rng.integers(len(marks.MARKS))]
        other(pen, w * rng.uniform(0.1, 0.7), h * rng.uniform(0.1, 0.6), size, ink)


def _stripes(rng: np.random.Generator, image: Image.Image, title: str) -> None:
    pen, (w, h) = ImageDraw.Draw(image), image.size
    first, second = [(190, 25, 40), (25, 55, 140)][:: int(rng.choice([-1, 1]))]
    band = max(3, int(CELL * rng.uniform(0.02, 0.06)))
    top = rng.random() < 0.6
    for y, ink in ((0 if top else band, first), (h - band, first), (h - 2 * band - 2, second)):
        pen.rectangle([0, y, w, y + band], fill=ink)
    marks.write(image, title, (w * 0.35, h * 0.35), w * rng.uniform(0.3, 0.6), second)
    text = marks.CAUTIONS[rng.integers(4, 7)]
    marks.write(image, text, (w * 0.3, h * 0.62), w * rng.uniform(0.25, 0.5), first)
    marks.logo(rng, image, w * 0.72, h * 0.3, min(w, h) * 0.25, second)


def _extras(rng: np.random.Generator, image: Image.Image, scale: float, carton: Carton) -> None:
    """Stickers, remains of old labels, a handle hole."""
    pen, (w, h) = ImageDraw.Draw(image), image.size
    for _ in range(int(rng.poisson(0.45))):
        wide, high = (float(v) * scale for v in (rng.uniform(22, 95), rng.uniform(14, 60)))
        x, y = rng.uniform(0, max(w - wide, 1)), rng.uniform(0, max(h - high, 1))
        tone = [(246, 246, 242), (250, 140, 30), (245, 225, 50), (120, 220, 60), (205, 30, 40)]
        fill = tone[rng.choice(5, p=[0.55, 0.12, 0.12, 0.09, 0.12])]
        ink = (20, 20, 20) if sum(fill) > 450 else (250, 250, 250)
        if rng.random() < 0.2:
            pen.ellipse([x, y, x + high, y + high], fill=fill)
        else:
            pen.rectangle([x, y, x + wide, y + high], fill=fill)
            if rng.random() < 0.5:
                marks.bars(pen, x + wide * 0.1, y + high * 0.15, min(high, wide / 2), ink)
            else:
                text = marks.CAUTIONS[rng.integers(len(marks.CAUTIONS))]
                marks.write(image, text, (x + wide / 2, y + high / 2), wide * 0.8, ink)
    if rng.random() < 0.25 * carton.wear:
        spot = rng.uniform(0.1, 0.8, 2) * (w, h)
        ring = spot + rng.normal(0, 0.08 * CELL, (9, 2))
        pen.polygon([tuple(p) for p in ring], fill=(225, 222, 212))
    if carton.handles and w < 1.35 * h + carton.seed % 90 and rng.random() < 0.7:
        half = 40 * scale
        y = h * 0.28
        box = [w / 2 - half, y, w / 2 + half, y + 26 * scale]
        pen.rounded_rectangle(box, radius=13 * scale, fill=(24, 18, 14))


def _seam(rng: np.random.Generator, face: Canvas, carton: Carton, wide: float, high: float) -> None:
    """The slit where two flaps meet, along the longer edge of the face, and the edges beside it."""
    along = wide >= high if carton.lid_axis == 2 else wide > high
    view = face if along else face.transpose(1, 0, 2)
    middle = CELL // 2 + int(rng.integers(-3, 4))
    gap = max(1, int(rng.uniform(0.5, 4) / min(wide, high) * CELL))
    view[middle : middle + gap] *= rng.uniform(0.25, 0.6)
    view[middle + gap : middle + gap + 1] *= 1.12
    shade = rng.uniform(0.96, 1.03)  # one flap stands a little higher than the other
    view[:middle] *= shade


def worn(rng: np.random.Generator, face: Canvas, wear: float, upright: bool = True) -> Canvas:
    """Rubbed edges, scuffs, stains, torn spots; tide marks if `upright`. Square faces only."""
    n = face.shape[0]
    ramp = np.minimum(np.arange(n), np.arange(n)[::-1]).astype(np.float32)
    line = np.exp(-ramp / n / 0.012)
    rub = np.maximum(line[:, None], line[None, :]) * (0.5 + 0.5 * clouds(rng, n, n, 12, 2))
    shade = 1 + np.float32((0.05 + 0.12 * wear) * rng.choice([-1.0, 0.8])) * rub
    for _ in range(int(rng.poisson(1 + 7 * wear))):
        a = rng.uniform(0, n, 2)
        b = a + rng.normal(0, n / 7, 2)
        layer = np.zeros((n, n), np.float32)
        start, end = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
        cv2.line(layer, start, end, 1.0, int(rng.integers(1, 3)), cv2.LINE_AA)
        shade += np.float32(rng.uniform(-0.22, 0.16)) * layer
    if upright and rng.random() < wear * 0.3:  # soaked from below
        level = n * rng.uniform(0.6, 0.9) + 9 * clouds(rng, n, n, 3, 3)[0]
        shade = shade * np.where(np.arange(n)[:, None] > level[None], np.float32(0.75), 1)
    face = face * shade[:, :, None]
    if rng.random() < wear * 0.3:  # a stain, darker at its border
        field = clouds(rng, n, n, 2.5, 3)
        wet = 1 / (1 + np.exp(-(field - rng.uniform(0.8, 1.6)) * rng.uniform(4, 14)))
        rim = np.exp(-(((wet - 0.5) / 0.25) ** 2))
        tone = 1.25 - 0.3 * np.array([0.98, 0.93, 0.85])
        depth = rng.uniform(0.04, 0.25)
        face = face * (1 - depth * wet[:, :, None] * tone - 0.05 * rim[:, :, None])
    if rng.random() < wear * 0.18:  # torn top layer: lighter, with flutes
        bare = clouds(rng, n, n, 3, 4) > rng.uniform(1.5, 2.2)
        ridges = 1.03 + 0.07 * np.sin(np.arange(n) * 0.9)[None, :]
        face = np.where(bare[:, :, None], face * 0.3 + 0.7 * np.array([196, 160, 118]), face)
        face = np.where(bare[:, :, None], face * ridges[:, :, None], face)
    return face


def relief(carton: Carton, pixels: int = 96) -> Field:
    """Height of the board in the atlas, unit a few tenths of a mm: washboard, creases, dents.

    Long faces are cut from a square field and stretched as their picture is, so that the ground
    keeps its slopes.
    """
    rng, wear = np.random.default_rng([carton.seed, 21]), carton.wear
    n = 160
    field = 0.25 * clouds(rng, n, n, 30, 2) + (0.4 + 1.2 * wear) * clouds(rng, n, n, 4, 2)
    field += 0.2 * np.sin(np.arange(n) / n * 2 * np.pi * rng.uniform(50, 70))[None, :]
    for _ in range(int(rng.poisson(4 * wear))):  # a crease
        a, b = rng.integers(0, n, (2, 2))
        layer = np.zeros((n, n), np.float32)
        cv2.line(layer, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), 1.0, 2, cv2.LINE_AA)
        field += rng.choice([-2.0, 1.5]) * cv2.GaussianBlur(layer, (0, 0), 1.3)
    field = np.asarray(np.clip(field - field.mean(), -4, 4), np.float32)
    out = np.zeros((2 * pixels, 3 * pixels), np.float32)
    for cell, (wide, high) in enumerate(sizes(carton)):
        w, h = (max(int(n * v / max(wide, high)), 8) for v in (wide, high))
        y, x = (int(rng.integers(0, n - v + 1)) for v in (h, w))
        row, column = (cell // 3) * pixels, (cell % 3) * pixels
        cut = cv2.resize(field[y : y + h, x : x + w], (pixels, pixels))
        out[row : row + pixels, column : column + pixels] = cut
    return out
