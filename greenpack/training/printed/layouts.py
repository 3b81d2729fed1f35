"""What is printed on packs: photographs, patterns, lettering, codes; drawn onto sRGB uint8
canvases."""

from __future__ import annotations

import colorsys
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.drawing.noise import Picture
from greenpack.training.scene import Colour

Rng = np.random.Generator
Ink = tuple[int, int, int]

SYLLABLES = ["la", "ro", "mi", "ten", "sol", "ka", "vi", "no", "pe", "zu", "hai", "lin", "yu", "bo"]


def word(rng: Rng) -> str:
    """An invented word in capitals."""
    return "".join(rng.choice(SYLLABLES, rng.integers(1, 4))).upper()


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The one typeface in use; loading it is slow."""
    return ImageFont.load_default(size)


# Red, orange, yellow, greens and blues are what packs are printed in; violet and pink are rarer.
_HUES = (0, 2, 6, 12, 20, 26, 38, 58, 75, 90, 100, 108, 112, 118, 140, 168, 176)


def hue(rng: Rng, strong: float = 0.5) -> Ink:
    """A colour as packs have them: black, white, muted, or saturated with chance `strong`."""
    tone = float(rng.choice(_HUES)) + rng.normal(0, 3)
    if rng.random() < strong:
        saturation, value = rng.uniform(0.4, 1.0), rng.uniform(0.3, 1.0)
    else:
        levels = np.array([0.1, 0.22, 0.5, 0.78, 0.96])
        saturation, value = rng.uniform(0, 0.28), float(rng.choice(levels))
    r, g, b = colorsys.hsv_to_rgb(tone / 180 % 1, saturation, value)
    return int(r * 255), int(g * 255), int(b * 255)


def tint(rng: Rng, strong: float = 0.5) -> Colour:
    """Linear colour as goods have it."""
    r, g, b = (float((v / 255) ** 2.2 * 0.92 + 0.005) for v in hue(rng, strong))
    return r, g, b


def contrast(ink: Ink) -> Ink:
    """Black or white, whichever shows on a colour."""
    return (245, 245, 242) if sum(ink) < 380 else (22, 22, 26)


def plain(width: int, height: int, ink: Ink) -> Picture:
    """A canvas of one colour."""
    return np.full((height, width, 3), ink, np.uint8)


def _share(mask: npt.NDArray[Any], canvas: Picture, ink: Ink) -> None:
    """Lay ink over a canvas where a mask (0 to 255) says so."""
    share = mask[:, :, None].astype(np.float32) / 255
    canvas[:] = (canvas * (1 - share) + np.array(ink, np.float32) * share).astype(np.uint8)


def gradient(rng: Rng, canvas: Picture) -> None:
    """Two or three colours flowing into one another."""
    rows, columns = canvas.shape[:2]
    turn = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    along = x * np.cos(turn) + y * np.sin(turn)
    if rng.random() < 0.3:
        along = np.hypot(x - rng.uniform(-1, 1), y - rng.uniform(-1, 1))
    stops = np.array([hue(rng, 0.75) for _ in range(int(rng.integers(2, 4)))], float)
    at = np.linspace(along.min(), along.max(), len(stops))
    for channel in range(3):
        canvas[:, :, channel] = np.interp(along, at, stops[:, channel])


def photo(rng: Rng, canvas: Picture) -> None:
    """Something like a photograph: a backdrop, a few lit bodies with shadows, a blur of detail."""
    full = canvas.shape[1::-1]
    small_size = (max(12, full[0] // 2), max(12, full[1] // 2))
    half = np.zeros((small_size[1], small_size[0], 3), np.uint8)
    _photo(rng, half)
    large = cv2.resize(half, full, interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(-9, 10, (full[1], full[0], 1))
    canvas[:] = np.clip(large + grain, 0, 255).astype(np.uint8)


def _photo(rng: Rng, canvas: Picture) -> None:
    rows, columns = canvas.shape[:2]
    gradient(rng, canvas)
    small = rng.integers(0, 256, (4, 4, 3)).astype(np.uint8)
    cloud = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    share = rng.uniform(0.1, 0.7)
    canvas[:] = (canvas * (1 - share) + cloud * share).astype(np.uint8)
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    for _ in range(int(rng.integers(1, 6))):
        cx, cy = rng.uniform(0.1, 0.9) * columns, rng.uniform(0.1, 0.9) * rows
        a, b = rng.uniform(0.08, 0.45, 2) * min(rows, columns)
        power = rng.choice([1.2, 2, 2, 6])
        u, v = (x - cx) / a, (y - cy) / b
        inside = np.clip((1 - np.abs(u) ** power - np.abs(v) ** power) * 8, 0, 1)[:, :, None]
        light = (0.75 - 0.3 * u - 0.35 * v)[:, :, None] + 0.5 * np.exp(
            -((u + 0.4) ** 2 + (v + 0.4) ** 2) * 12
        )[:, :, None]
        body = np.clip(np.array(hue(rng, 0.7)) * light, 0, 255)
        canvas[:] = (canvas * (1 - inside) + body * inside).astype(np.uint8)


def pattern(rng: Rng, canvas: Picture, ink: Ink) -> None:
    """A repeat: stripes, checks, dots, waves, rings or little crosses."""
    rows, columns = canvas.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=float), np.arange(rows, dtype=float))
    turn = rng.choice([0, np.pi / 4, np.pi / 2, rng.uniform(0, np.pi)])
    pitch = rng.uniform(0.05, 0.22) * max(rows, columns)
    u = (x * np.cos(turn) + y * np.sin(turn)) / pitch
    v = (-x * np.sin(turn) + y * np.cos(turn)) / pitch
    kind = rng.integers(6)
    cell_u, cell_v = u % 1 - 0.5, v % 1 - 0.5
    thick = rng.uniform(0.12, 0.38)
    fields = (
        thick - np.abs(cell_u),
        cell_u * cell_v * 3,
        thick - np.hypot(cell_u, cell_v),
        0.2 - np.abs((v + 0.25 * np.sin(2 * np.pi * u)) % 1 - 0.5),
        0.08 - np.abs(np.hypot(cell_u, cell_v) - thick),
        np.where(np.minimum(np.abs(cell_u), np.abs(cell_v)) < 0.1, 0.35, 0.0)
        - np.maximum(np.abs(cell_u), np.abs(cell_v)),
    )
    mask = np.clip(fields[kind] * pitch + 0.5, 0, 1) * 255
    _share(mask, canvas, ink)


def line_art(rng: Rng, canvas: Picture, ink: Ink) -> None:
    """Curling lines from a middle, as leaves or a crest."""
    rows, columns = canvas.shape[:2]
    size = min(rows, columns)
    middle = np.array([columns, rows]) * rng.uniform(0.35, 0.65, 2)
    thick = max(1, round(size / 90))
    for _ in range(int(rng.integers(6, 22))):
        turn, bend = rng.uniform(0, 2 * np.pi), rng.normal(0, 2.5)
        t = np.linspace(0, 1, 14)[:, None]
        heading = turn + bend * t
        steps = np.column_stack([np.cos(heading), np.sin(heading)]) * size * 0.034
        points = middle + np.cumsum(steps * rng.uniform(0.4, 1.4), axis=0)
        cv2.polylines(canvas, [points.astype(np.int32)], False, ink, thick, cv2.LINE_AA)


def lettering(
    rng: Rng, canvas: Picture, text: str, place: tuple[float, float, float, float], ink: Ink
) -> None:
    """Text stretched into a place (left, top, right, bottom as shares of the canvas)."""
    rows, columns = canvas.shape[:2]
    x0, y0, x1, y1 = (round(p * n) for p, n in zip(place, (columns, rows) * 2, strict=True))
    width, height = x1 - x0, y1 - y0
    if width < 4 or height < 4:
        return
    face = font(40)
    left, top, right, bottom = face.getbbox(text)
    image = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=face)
    mask = np.asarray(image)
    if rng.random() < 0.5:  # bold
        mask = cv2.dilate(mask, np.ones((4, 4), np.uint8))
    # No letter is wider than twice its usual form.
    width = min(width, round(height * mask.shape[1] / mask.shape[0] * 2))
    shape = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
    _share(shape, canvas[y0:y1, x0 : x0 + width], ink)


def small_print(rng: Rng, canvas: Picture, place: tuple[float, ...], ink: Ink) -> None:
    """Lines too small to read, words of uneven length."""
    rows, columns = canvas.shape[:2]
    x0, y0, x1, y1 = (int(p * n) for p, n in zip(place, (columns, rows) * 2, strict=True))
    pitch = max(3, round(max(rows, columns) * rng.uniform(0.022, 0.04)))
    for y in range(y0, y1 - 1, pitch):
        x, end = x0, x1 - int(rng.uniform(0, 0.4) * (x1 - x0) * (rng.random() < 0.4))
        while x < end:
            run = int(rng.uniform(1, 6) * pitch * 0.5)
            tone = rng.uniform(0.55, 1.0)
            patch = canvas[y : y + max(1, pitch // 2), x : min(x + run, end)]
            patch[:] = (patch * (1 - tone) + np.array(ink) * tone).astype(np.uint8)
            x += run + max(1, pitch // 3)


def barcode(rng: Rng, canvas: Picture, place: tuple[float, ...]) -> None:
    """Bars as on every article, on white; not a readable code."""
    rows, columns = canvas.shape[:2]
    x0, y0, x1, y1 = (int(p * n) for p, n in zip(place, (columns, rows) * 2, strict=True))
    if x1 - x0 < 8 or y1 - y0 < 5:
        return
    canvas[y0:y1, x0:x1] = 248
    bars = np.repeat(rng.integers(0, 2, 60), rng.integers(1, 4, 60))
    row = np.where(bars > 0, 20, 248).astype(np.float32)[None]
    wide = cv2.resize(row, (x1 - x0 - 4, 1), interpolation=cv2.INTER_AREA).astype(np.uint8)
    low = y0 + 1 + int((y1 - y0) * 0.78)
    canvas[y0 + 2 : low, x0 + 2 : x1 - 2] = wide[:, :, None]
    small_print(
        rng, canvas, ((x0 + 3) / columns, low / rows, (x1 - 3) / columns, y1 / rows), (30,) * 3
    )


def table(rng: Rng, canvas: Picture, place: tuple[float, ...], ink: Ink) -> None:
    """A ruled table of values."""
    rows, columns = canvas.shape[:2]
    x0, y0, x1, y1 = (int(p * n) for p, n in zip(place, (columns, rows) * 2, strict=True))
    canvas[y0:y1, x0:x1] = contrast(ink)
    cv2.rectangle(canvas, (x0, y0), (x1 - 1, y1 - 1), ink, 1)
    for y in np.linspace(y0, y1, int(rng.integers(5, 10)))[:-1].astype(int):
        cv2.line(canvas, (x0, y), (x1 - 1, y), ink, 1)
        small_print(
            rng, canvas, ((x0 + 2) / columns, (y + 2) / rows, x1 / columns, (y + 4) / rows), ink
        )


def icons(rng: Rng, canvas: Picture, ink: Ink) -> None:
    """A row of small signs."""
    rows, columns = canvas.shape[:2]
    size = int(min(rows, columns) * rng.uniform(0.07, 0.13))
    y, x = int(rng.uniform(0.05, 0.85) * rows), int(rng.uniform(0.04, 0.3) * columns)
    for _ in range(int(rng.integers(2, 6))):
        kind = rng.integers(4)
        if kind == 0:
            cv2.circle(canvas, (x + size // 2, y + size // 2), size // 2, ink, 1, cv2.LINE_AA)
        elif kind == 1:
            cv2.rectangle(canvas, (x, y), (x + size, y + size), ink, 1)
        elif kind == 2:
            corners = np.array([(x, y + size), (x + size, y + size), (x + size // 2, y)])
            cv2.fillPoly(canvas, [corners], ink)
        else:
            cv2.ellipse(
                canvas, (x + size // 2, y + size // 2), (size // 2, size // 3), 30, 0, 360, ink, -1
            )
        x += int(size * 1.5)


def device(rng: Rng, canvas: Picture) -> None:
    """The picture of a phone or tablet with a bright screen, as on its own pack."""
    rows, columns = canvas.shape[:2]
    high, wide = int(rows * rng.uniform(0.6, 0.9)), int(columns * rng.uniform(0.3, 0.62))
    x = int(rng.uniform(0.1, 0.9) * (columns - wide))
    y = int(rng.uniform(0.1, 0.9) * (rows - high))
    screen = np.zeros((high, wide, 3), np.uint8)
    photo(rng, screen)
    rim = max(1, wide // 22)
    cv2.rectangle(screen, (0, 0), (wide - 1, high - 1), (18, 18, 20), rim * 2)
    canvas[y : y + high, x : x + wide] = screen
