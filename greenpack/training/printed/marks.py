"""Marks printed on shipping boxes and bags: handling signs, invented logos, words, small codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from greenpack.training.printed.packs import word

Pen = ImageDraw.ImageDraw
Ink = tuple[int, int, int]

CAUTIONS = (
    "FRAGILE",
    "HANDLE WITH CARE",
    "THIS SIDE UP",
    "KEEP DRY",
    "HEAVY",
    "EXPRESS",
    "PRIORITY",
    "DO NOT BEND",
    "THANK YOU",
    "RECYCLE ME",
)
"""Plain words that many boxes carry; every name is invented."""


@lru_cache(maxsize=64)
def face(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The typeface at a size in pixels."""
    return ImageFont.load_default(max(size, 5))


def name(rng: np.random.Generator) -> str:
    """An invented sender's name in one of the usual spellings."""
    text = word(rng) + (word(rng) if rng.random() < 0.3 else "")
    return (text, text.lower(), text.capitalize(), f"{text} {word(rng)}")[rng.integers(4)]


def stamp(text: str, size: int, bold: int = 0) -> Image.Image:
    """A word as a grey picture, white on black, cut close."""
    typeface = face(size)
    left, top, right, bottom = (int(v) for v in typeface.getbbox(text))
    image = Image.new(
        "L", (max(right - left, 1) + 2 * bold + 2, max(bottom - top, 1) + 2 * bold + 2)
    )
    pen = ImageDraw.Draw(image)
    pen.text((bold + 1 - left, bold + 1 - top), text, 255, typeface, stroke_width=bold)
    return image


def write(
    image: Image.Image,
    text: str,
    middle: tuple[float, float],
    width: float,
    ink: Ink,
    turn: int = 0,
) -> None:
    """Writes a word `width` pixels wide round a point, turned by a multiple of 90 degrees."""
    letters = stamp(text, 48, 2)
    scale = max(width, 4) / letters.width
    letters = letters.resize((max(int(width), 4), max(int(letters.height * scale), 3)))
    letters = letters.rotate(turn, expand=True)
    image.paste(
        ink,
        (int(middle[0] - letters.width / 2), int(middle[1] - letters.height / 2)),
        letters,
    )


def up(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """Two arrows over a line: this way up."""
    for k in (0.25, 0.75):
        pen.polygon(
            [(x + (k - 0.2) * s, y + 0.35 * s), (x + (k + 0.2) * s, y + 0.35 * s), (x + k * s, y)],
            ink,
        )
        pen.rectangle([x + (k - 0.08) * s, y + 0.35 * s, x + (k + 0.08) * s, y + 0.8 * s], ink)
    pen.rectangle([x, y + 0.88 * s, x + s, y + s], ink)


def glass(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """A stemmed glass: fragile."""
    pen.pieslice([x + 0.15 * s, y - 0.5 * s, x + 0.85 * s, y + 0.6 * s], 0, 180, ink)
    pen.rectangle([x + 0.45 * s, y + 0.55 * s, x + 0.55 * s, y + 0.9 * s], ink)
    pen.rectangle([x + 0.2 * s, y + 0.9 * s, x + 0.8 * s, y + s], ink)


def umbrella(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """An umbrella: keep dry."""
    pen.pieslice([x, y + 0.1 * s, x + s, y + 1.0 * s], 180, 360, ink)
    pen.rectangle([x + 0.46 * s, y + 0.5 * s, x + 0.54 * s, y + 0.9 * s], ink)
    pen.arc([x + 0.46 * s, y + 0.8 * s, x + 0.72 * s, y + s], 0, 180, ink, max(1, int(s * 0.07)))


def loop(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """Three arrows chasing one another round a triangle."""
    corners = [(x + 0.5 * s, y), (x + s, y + 0.9 * s), (x, y + 0.9 * s)]
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        p = (a[0] * 0.8 + b[0] * 0.2, a[1] * 0.8 + b[1] * 0.2)
        q = (a[0] * 0.25 + b[0] * 0.75, a[1] * 0.25 + b[1] * 0.75)
        pen.line([p, q], ink, max(2, int(s * 0.12)))
        pen.regular_polygon((q[0], q[1], max(s * 0.12, 1)), 3, 0, ink)


def certificate(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """The box maker's round mark."""
    line = max(1, int(s * 0.04))
    pen.ellipse([x, y, x + s, y + s], outline=ink, width=line)
    pen.ellipse([x + 0.2 * s, y + 0.2 * s, x + 0.8 * s, y + 0.8 * s], outline=ink, width=line)
    for k in (0.4, 0.5, 0.6):
        pen.line([(x + 0.28 * s, y + k * s), (x + 0.72 * s, y + k * s)], ink, line)


def lines(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """A frame with small print."""
    pen.rectangle([x, y, x + 1.4 * s, y + s], outline=ink, width=max(1, int(s * 0.04)))
    for k in range(5):
        end = 1.3 - 0.17 * ((k * 7) % 4)
        at = y + (0.15 + 0.17 * k) * s
        pen.line([(x + 0.1 * s, at), (x + end * s, at)], ink, max(1, int(s * 0.05)))


def bars(pen: Pen, x: float, y: float, s: float, ink: Ink) -> None:
    """A small bar code, a picture of one only."""
    rng = np.random.default_rng(int(s * 977) % 1009)
    unit = max(round(0.03 * s), 1)
    at = int(x)
    while at < x + 1.5 * s:
        wide = int(unit * rng.integers(1, 3))
        pen.rectangle([at, y, at + wide - 1, y + 0.7 * s], ink)
        at += wide + int(unit * rng.integers(1, 4))


MARKS: tuple[Callable[[Pen, float, float, float, Ink], None], ...] = (
    up,
    glass,
    umbrella,
    loop,
    certificate,
    lines,
    bars,
)


def swoosh(pen: Pen, x: float, y: float, w: float, ink: Ink) -> None:
    """A long curved arrow `w` wide, its upper left corner at x, y."""
    t = np.linspace(0, 1, 24)
    depth = 0.22 * w
    lower = np.column_stack([x + t * w, y + depth * np.sin(np.pi * t * 0.92)])
    thick = 0.02 * w + 0.05 * w * np.sin(np.pi * t)
    upper = lower - np.column_stack([np.zeros(24), thick])
    pen.polygon([tuple(p) for p in np.concatenate([lower, upper[::-1]])], ink)
    tip = lower[-1]
    pen.polygon(
        [
            (tip[0] + 0.03 * w, tip[1] - 0.12 * w),
            (tip[0] + 0.02 * w, tip[1] + 0.05 * w),
            (tip[0] - 0.11 * w, tip[1] - 0.08 * w),
        ],
        ink,
    )


def logo(
    rng: np.random.Generator, image: Image.Image, x: float, y: float, s: float, ink: Ink
) -> None:
    """An invented sign in the square of side s at x, y; the generator chooses its form."""
    pen, kind = ImageDraw.Draw(image), int(rng.integers(6))
    line = max(2, int(s * rng.uniform(0.06, 0.14)))
    if kind == 0:
        swoosh(pen, x, y + 0.3 * s, s, ink)
    elif kind == 1:
        pen.ellipse([x, y, x + s, y + s], outline=ink, width=line)
        write(image, word(rng)[:1], (x + s / 2, y + s / 2), s * 0.45, ink)
    elif kind == 2:
        sides = int(rng.integers(3, 9))
        pen.regular_polygon((x + s / 2, y + s / 2, s / 2), sides, int(rng.integers(90)), ink)
    elif kind == 3:
        for k in range(3):
            grow = s * (0.5 - 0.15 * k)
            pen.arc(
                [x + s / 2 - grow, y + s / 2 - grow, x + s / 2 + grow, y + s / 2 + grow],
                int(rng.integers(360)),
                int(rng.integers(360)) + 360,
                ink,
                line,
            )
    elif kind == 4:
        for k in range(4):
            pen.rectangle(
                [x + k * s / 4, y + s * rng.uniform(0, 0.6), x + (k + 0.7) * s / 4, y + s], ink
            )
    else:
        pen.polygon(
            [(x + s * a, y + s * b) for a, b in rng.random((int(rng.integers(4, 7)), 2))], ink
        )
