"""Pictures on goods: printed boxes, book covers, wrappers, drawn from a seed. sRGB uint8."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.printed import layouts as draw
from greenpack.training.printed.layouts import Ink, Rng

word = draw.word

STYLES = ("brand", "photo", "pattern", "gradient", "phone", "minimal", "technical", "food", "art")
"""Ways a pack may be printed; every face of one pack is laid out in the same way."""

# Width and height of the atlas cells of `meshes.box`, as indices into (length, width, height).
_FACES = ((1, 2), (0, 2), (0, 1), (1, 2), (0, 2), (0, 1))


def printed_box(
    seed: int,
    pixels: int = 192,
    size: tuple[float, float, float] = (1.0, 1.0, 1.0),
    style: str = "",
) -> Picture:
    """Six printed faces in the 3x2 atlas of `meshes.box`, each drawn in its true proportions."""
    rng = np.random.default_rng(seed)
    style = style or str(rng.choice(STYLES))
    base, ink, other = draw.hue(rng), draw.hue(rng, 0.8), draw.hue(rng, 0.6)
    if style in ("phone", "technical") and rng.random() < 0.6:
        base = (244, 244, 242) if rng.random() < 0.7 else (25, 25, 28)
    name, salt = draw.word(rng), int(rng.integers(2**31))
    atlas = np.zeros((pixels * 2, pixels * 3, 3), np.uint8)
    longest = max(size)
    largest = max(size[a] * size[b] for a, b in _FACES)
    for face, (across, up) in enumerate(_FACES):
        width = max(16, round(pixels * size[across] / longest))
        height = max(16, round(pixels * size[up] / longest))
        # Opposite faces are mostly alike.
        own = np.random.default_rng([salt, face % 3 if salt % 4 else face])
        canvas = draw.plain(width, height, base)
        main = size[across] * size[up] > 0.6 * largest
        _face(own, canvas, style, main, (base, ink, other), name)
        row, column = face // 3 * pixels, face % 3 * pixels
        cell = cv2.resize(canvas, (pixels, pixels), interpolation=cv2.INTER_LINEAR)
        atlas[row : row + pixels, column : column + pixels] = cell
    return atlas


def _face(
    rng: Rng, canvas: Picture, style: str, main: bool, inks: tuple[Ink, Ink, Ink], name: str
) -> None:
    base, ink, other = inks
    _ground(rng, canvas, style, main, ink)
    text = draw.contrast(base)
    if style != "pattern" or rng.random() < 0.5:
        x, y = rng.uniform(0.04, 0.25), rng.uniform(0.05, 0.55)
        title = (x, y, x + rng.uniform(0.4, 0.72), y + rng.uniform(0.14, 0.34))
        if style == "minimal":
            half = rng.uniform(0.07, 0.2)
            title = (0.5 - half, 0.45, 0.5 + half, 0.45 + rng.uniform(0.06, 0.14))
        mark = draw.contrast(ink) if style in ("food", "brand") and rng.random() < 0.4 else text
        mark = other if rng.random() < 0.25 else mark
        draw.lettering(rng, canvas, name, title, mark)
    if style in ("brand", "phone", "photo") and rng.random() < 0.5:
        digits = f"{draw.word(rng)[:1]}{rng.integers(2, 99)}"
        left = rng.uniform(0.05, 0.5)
        draw.lettering(rng, canvas, digits, (left, 0.6, left + 0.45, 0.92), other)
    if not main or style == "technical":
        _details(rng, canvas, text)
    if style == "technical" or rng.random() < 0.2:
        draw.icons(rng, canvas, text)


def _ground(rng: Rng, canvas: Picture, style: str, main: bool, ink: Ink) -> None:
    """What fills a face beneath its lettering."""
    rows, columns = canvas.shape[:2]
    if style == "photo" and (main or rng.random() < 0.5):
        draw.photo(rng, canvas)
    elif style == "pattern":
        draw.pattern(rng, canvas, ink)
    elif style == "gradient":
        draw.gradient(rng, canvas)
    elif style == "phone" and main:
        draw.device(rng, canvas)
    elif style == "art":
        draw.line_art(rng, canvas, ink)
    elif style == "food":
        canvas[: int(rows * rng.uniform(0.2, 0.5))] = ink
        if main:
            size = int(min(rows, columns) * rng.uniform(0.4, 0.7))
            top, left = (int(rng.uniform(0, 1) * (n - size)) for n in (rows, columns))
            draw.photo(rng, canvas[top : top + size, left : left + size])
        elif rng.random() < 0.5:
            draw.table(rng, canvas, (0.1, 0.15, 0.6, 0.85), (25, 25, 25))
    elif style == "brand":
        low = rng.uniform(0, 0.7)
        canvas[int(low * rows) : int((low + rng.uniform(0.1, 0.4)) * rows)] = ink
        for _ in range(int(rng.integers(0, 4))):
            at = (int(rng.uniform(0, 1) * columns), int(rng.uniform(0, 1) * rows))
            radius = int(rng.uniform(0.04, 0.3) * min(rows, columns))
            cv2.circle(canvas, at, radius, draw.hue(rng, 0.8), -1, cv2.LINE_AA)


def _details(rng: Rng, canvas: Picture, ink: Ink) -> None:
    """Small print and a bar code, as backs and sides have them."""
    if rng.random() < 0.6:
        left = rng.uniform(0.05, 0.5)
        draw.small_print(rng, canvas, (left, 0.1, left + 0.4, rng.uniform(0.3, 0.8)), ink)
    if rng.random() < 0.5:
        left = rng.uniform(0.05, 0.6)
        draw.barcode(rng, canvas, (left, 0.55, left + 0.32, 0.9))


def sticker_box(seed: int, shade: Ink, pixels: int = 128) -> Picture:
    """A plain box of one colour: nothing on it, one small mark, or a white sticker."""
    rng = np.random.default_rng(seed)
    atlas = draw.plain(pixels * 3, pixels * 2, shade)
    # Board is never of quite one tone.
    uneven = clouds(rng, pixels * 2, pixels * 3, 6, 3)[:, :, None] * rng.uniform(0.5, 3)
    atlas[:] = np.clip(atlas + uneven, 0, 255).astype(np.uint8)
    kind = rng.random()
    for face in range(6):
        row, column = face // 3 * pixels, face % 3 * pixels
        cell = atlas[row : row + pixels, column : column + pixels]
        if kind < 0.3 and face == 2:
            x, y = (float(v) for v in rng.uniform(0.05, 0.6, 2))
            draw.lettering(
                rng, cell, draw.word(rng), (x, y, x + 0.3, y + 0.1), draw.contrast(shade)
            )
        elif 0.3 < kind < 0.45 and rng.random() < 0.5:
            x, y = rng.uniform(0.05, 0.5, 2)
            draw.barcode(rng, cell, (x, y, x + rng.uniform(0.2, 0.4), y + rng.uniform(0.15, 0.3)))
        elif 0.45 < kind < 0.55:
            draw.line_art(rng, cell, draw.contrast(shade) if kind < 0.5 else (190, 160, 90))
    return atlas


def white_box(seed: int, pixels: int = 128) -> Picture:
    """Plain, nearly white faces, now and then with one small mark."""
    value = int(np.random.default_rng(seed + 5).integers(205, 250))
    return sticker_box(seed, (value, value, value - value % 9), pixels)


def book(
    seed: int, pixels: int = 192, size: tuple[float, float, float] = (1.4, 1.0, 0.15)
) -> Picture:
    """A cover on top and below, a spine, page edges on the other sides. A book that stands
    (higher than wide) has its spine or its pages up."""
    rng = np.random.default_rng(seed + 3)
    styles = ("photo", "gradient", "art", "minimal", "brand", "pattern")
    atlas = printed_box(seed, pixels, size, str(rng.choice(styles))).copy()
    standing = size[2] > size[1]
    covers, spine = ((1, 4), 2) if standing else ((2, 5), 1)
    if standing and seed % 2:
        spine = 5
    for face in set(range(6)) - {*covers, spine}:
        row, column = face // 3 * pixels, face % 3 * pixels
        # Page edges run along the longer side of the cell they are seen on.
        down = standing and face in (0, 3)
        shape = (1, pixels, 1) if down else (pixels, 1, 1)
        yellow = np.array((0, 7, int(rng.integers(12, 34))))
        lines = np.clip(222 + rng.normal(0, 16, shape) - yellow, 0, 255)
        tile = np.broadcast_to(lines, (pixels, pixels, 3))
        atlas[row : row + pixels, column : column + pixels] = tile
    return atlas


def wrapper(seed: int, pixels: int = 256) -> Picture:
    """Print around a bottle, tube, bag or can: ground, label field, name, small print, code."""
    rng = np.random.default_rng(seed)
    base, ink = draw.hue(rng, 0.45), draw.hue(rng, 0.7)
    canvas = draw.plain(pixels, pixels, base)
    kind = rng.random()
    if kind < 0.15:
        draw.pattern(rng, canvas, ink)
    elif kind < 0.3:
        draw.gradient(rng, canvas)
    low, high, text = 0.25, 0.75, draw.contrast(base)
    if rng.random() < 0.75:
        low, high = (float(v) for v in np.sort(rng.uniform(0.1, 0.9, 2)))
        canvas[int(low * pixels) : int(high * pixels)] = ink
        text = draw.contrast(ink)
    if rng.random() < 0.85:
        name = draw.word(rng)
        for k in range(2):
            x, tall = 0.06 + 0.5 * k, (high - low) * rng.uniform(0.25, 0.5)
            draw.lettering(rng, canvas, name, (x, low + 0.1 * tall, x + 0.36, low + tall), text)
            draw.small_print(rng, canvas, (x, low + 1.3 * tall, x + 0.3, high - 0.02), text)
        if rng.random() < 0.4:
            draw.barcode(rng, canvas, (0.42, low + 0.05, 0.55, min(high, low + 0.3)))
    return canvas


def cover(seed: int, size: tuple[float, float, float], pixels: int = 224) -> Picture:
    """One flat printed side: a magazine, a card, a picture."""
    rng = np.random.default_rng(seed)
    width, height = (max(16, round(pixels * s / max(size[:2]))) for s in size[:2])
    canvas = draw.plain(width, height, draw.hue(rng))
    style = str(rng.choice(("photo", "photo", "gradient", "art", "brand", "food", "technical")))
    inks = (draw.hue(rng), draw.hue(rng, 0.8), draw.hue(rng, 0.6))
    _face(rng, canvas, style, True, inks, draw.word(rng))
    return canvas
