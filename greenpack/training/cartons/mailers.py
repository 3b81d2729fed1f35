"""Soft and round parcels: bubble and poly mailers, envelopes, sacks, tubes. Closed meshes.

Box coordinates: origin in the middle of the underside, x along the length, z up.
"""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from greenpack.training.cartons.box_surface import srgb
from greenpack.training.cartons.frames import parcel_frame
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, lathe
from greenpack.training.drawing.noise import Floats, Picture, clouds, creases
from greenpack.training.drawing.noise import Image as Field
from greenpack.training.printed import marks, postal
from greenpack.training.scene import Carton

KINDS = ("bubble", "poly", "envelope", "sack", "tube")

ROWS, COLUMNS = 40, 56

_INKS = ((25, 25, 28), (20, 60, 150), (190, 30, 40), (20, 110, 70), (90, 90, 95))


def mesh(carton: Carton) -> Mesh:
    """The parcel's closed surface; its bounding box is length x width x depth."""
    if carton.style == "tube":
        return _tube(carton)
    x, y, top, low = _sheets(carton)
    upper = np.stack([x, y, top], -1).reshape(-1, 3)
    lower = np.stack([x, y, low], -1).reshape(-1, 3)
    index = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    under = faces[:, ::-1] + ROWS * COLUMNS
    ring = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    nxt, n = np.roll(ring, -1), ROWS * COLUMNS
    sides = np.concatenate(
        [np.stack([ring, ring + n, nxt + n], 1), np.stack([ring, nxt + n, nxt], 1)]
    )
    v, u = np.divmod(np.arange(n), COLUMNS)
    flat = np.stack([u / (COLUMNS - 1), v / (ROWS - 1)], 1)
    uv = np.concatenate([flat, flat])
    every = np.concatenate([faces, under, sides])
    return Mesh(np.concatenate([upper, lower]), every, uv[every], True)


def height(carton: Carton, points: Floats) -> Floats:
    """Height over the underside of the parcel's top at (n, 2) points in box coordinates."""
    if carton.style == "tube":
        r = carton.width / 2
        inside = np.clip(points[:, 1] / r, -1, 1)
        return np.asarray(r + r * np.sqrt(1 - inside**2), np.float64)
    _, _, top, _ = _sheets(carton)
    column = np.clip((points[:, 0] / carton.length + 0.5) * (COLUMNS - 1), 0, COLUMNS - 1.001)
    row = np.clip((points[:, 1] / carton.width + 0.5) * (ROWS - 1), 0, ROWS - 1.001)
    i, j = row.astype(int), column.astype(int)
    s, t = row - i, column - j
    # Paper lies over the folds, not in them.
    grown = cv2.dilate(np.asarray(top, np.float32), np.ones((5, 5), np.uint8))
    top = np.maximum(np.asarray(cv2.GaussianBlur(grown, (0, 0), 2.2), np.float64), top)
    near = top[i, j] * (1 - t) + top[i, j + 1] * t
    far = top[i + 1, j] * (1 - t) + top[i + 1, j + 1] * t
    return np.asarray(near * (1 - s) + far * s, np.float64)


def _sheets(carton: Carton) -> tuple[Floats, Floats, Floats, Floats]:
    """x, y, height of the upper sheet and of the lower one on a grid."""
    rng = np.random.default_rng([carton.seed, 51])
    u, v = np.meshgrid(np.linspace(-1, 1, COLUMNS), np.linspace(-1, 1, ROWS))
    rim = float(rng.uniform(5, 16)) if carton.style in ("bubble", "poly") else 2.0
    e = (1 + rim / carton.length * 2, 1 + rim / carton.width * 2)
    a, b = np.clip(np.abs(u) * e[0], 0, 1), np.clip(np.abs(v) * e[1], 0, 1)
    power = {"envelope": 8.0, "bubble": 2.6, "poly": 3.0, "sack": 2.2}[carton.style]
    power *= float(rng.uniform(0.8, 1.4))
    pillow = np.maximum((1 - a**power) * (1 - b**power), 0) ** float(rng.uniform(0.45, 0.75))
    if (
        carton.style in ("poly", "sack") and rng.random() < 0.55
    ):  # goods inside lift it in one place
        c = rng.uniform(-0.25, 0.25, 2)
        size = rng.uniform(0.45, 0.75, 2)
        gap = np.maximum(np.abs(u - c[0]) / size[0], np.abs(v - c[1]) / size[1])
        pillow = pillow * (0.45 + 0.55 / (1 + np.exp((gap - 1) * 9)))
    spacing = min(carton.length, carton.width) * float(rng.uniform(0.1, 0.2))
    at = np.column_stack([u.ravel() * carton.length / 2, v.ravel() * carton.width / 2])
    fold = creases(rng, at, spacing).reshape(u.shape) / spacing
    amount = {"envelope": 0.05, "bubble": 0.25, "poly": 0.6, "sack": 0.6}[carton.style]
    top = pillow * (1 + amount * fold)
    top = top / top.max() * (carton.depth - 1.2)
    edge = np.maximum(a, b)
    flutter = rng.uniform(0.5, 2.5) if carton.style != "envelope" else 0.4
    wave = flutter * (1 + clouds(rng, ROWS, COLUMNS, 6, 2)) * edge**6
    # The rim stands off the ground, half way up the pillow at most.
    low = np.minimum(np.maximum(wave, 0), 0.3 * carton.depth)
    low = np.minimum(
        low + 0.25 * carton.depth * np.maximum(1 - pillow * 3, 0) * 0.5, carton.depth - 1
    )
    top = np.maximum(top, low + 0.8)
    top = np.minimum(top, carton.depth)
    low -= low.min()
    ripple = 1 - 0.006 * np.abs(clouds(rng, ROWS, COLUMNS, 4, 2))
    keep = np.where(edge > 0.9, ripple, 1.0)
    # What is stuffed draws its sides in, and its corners are folded away.
    fat = min(carton.depth / carton.width, 0.5) if carton.style in ("poly", "sack") else 0.0
    pinch, corner = fat * rng.uniform(0, 0.3), fat * rng.uniform(0, 0.9)
    keep = keep * (1 - corner * np.abs(u * v) ** 4)
    x = u * keep * (1 - pinch * (1 - v**2)) * carton.length / 2
    y = v * keep * (1 - pinch * (1 - u**2)) * carton.width / 2
    x, y = x / np.abs(x).max() * carton.length / 2, y / np.abs(y).max() * carton.width / 2
    return x, y, top, low


def sides(carton: Carton) -> int:
    """Number of sides of a tube: a few are triangular."""
    return 3 if carton.seed % 5 == 0 else 36


def _tube(carton: Carton) -> Mesh:
    """A cardboard tube lying along x, with end caps."""
    length, r = carton.length, carton.width / 2
    cap = r * 0.985
    profile = np.array([(cap, 0), (r, 1), (r, length - 1), (cap, length)])
    segments = sides(carton)
    tube = lathe(profile, segments)
    points = tube.vertices[:, [2, 0, 1]] - (length / 2, 0, 0)
    if segments == 3:
        # Turned so that a face lies on the ground, then stretched to the declared width and depth.
        turn = np.radians(-30)
        c, s = np.cos(turn), np.sin(turn)
        points[:, 1:] = points[:, 1:] @ np.array([[c, s], [-s, c]])
        for k, size in ((1, carton.width), (2, carton.depth)):
            span = np.ptp(points[:, k])
            points[:, k] = (points[:, k] - points[:, k].min()) / span * size
        points[:, 1] -= carton.width / 2
    else:
        points[:, 2] += r
    return Mesh(points, tube.faces, tube.uv, segments != 3)


def parts(carton: Carton, number: int) -> list[Part]:
    """The parcel with its print; one part."""
    to_world = parcel_frame(carton)
    rng = np.random.default_rng([carton.seed, 53])
    gloss = {"poly": (0.15, 0.45), "sack": (0.2, 0.6), "bubble": (0.3, 0.7)}
    low, high = gloss.get(carton.style, (0.6, 0.85))
    relief, step = _relief(rng, carton.style)
    look = Material(
        (1, 1, 1),
        picture(carton),
        roughness=float(rng.uniform(low, high)),
        relief=relief,
        relief_mm=step,
    )
    return [Part("parcel", number, mesh(carton).moved(to_world), look)]


def _relief(rng: np.random.Generator, style: str) -> tuple[Field, float]:
    n = 256
    if style in ("poly", "sack"):
        ticks = np.arange(96) * n / 96
        grid = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
        fine = creases(rng, grid, float(rng.uniform(18, 34))).reshape(96, 96)
        fine = np.asarray(cv2.resize(fine, (n, n), interpolation=cv2.INTER_CUBIC), np.float64)
        field = fine / fine.std() + 0.5 * clouds(rng, n, n, 20, 3)
        return np.asarray(np.clip(field - field.mean(), -4, 4), np.float32), float(
            rng.uniform(0.5, 1.3)
        )
    if style == "bubble" and rng.random() < 0.7:  # the bubbles inside press through
        step = rng.uniform(9, 15)
        yy, xx = np.mgrid[0:n, 0:n]
        field = np.cos(2 * np.pi * xx / step) * np.cos(2 * np.pi * yy / step)
        field = field + clouds(rng, n, n, 5, 3)
        return np.asarray(np.clip(field - field.mean(), -4, 4), np.float32), 0.35
    return clouds(rng, n, n, 8, 4), 0.25


def picture(carton: Carton, pixels: int = 448) -> Picture:
    """Absolute sRGB colours, seen from above; the tube's wraps round it."""
    rng = np.random.default_rng([carton.seed, 55])
    base = srgb(carton.colour)
    across = np.pi * carton.width if carton.style == "tube" else carton.width
    high = int(np.clip(pixels * across / carton.length, 96, pixels))
    image = Image.new("RGB", (pixels, high), base)
    pen = ImageDraw.Draw(image)
    light = sum(base) > 380
    ink = _INKS[rng.integers(5)] if light else (242, 242, 238)
    _print(rng, image, carton.printing, ink)
    if carton.style in ("bubble", "poly"):  # the weld, and the glued flap at one end
        line = (int(base[0] * 0.85), int(base[1] * 0.85), int(base[2] * 0.85))
        at = int(pixels * rng.uniform(0.88, 0.94))
        pen.line([(at, 0), (at, high)], line, 2)
        for y in (int(high * 0.03), int(high * 0.97)):
            pen.line([(0, y), (pixels, y)], line, 1)
    if carton.style == "envelope":
        at = int(high * rng.uniform(0.7, 0.85))
        pen.line([(0, at), (pixels, at)], tuple(int(b * 0.72) for b in base), 2)
    if carton.style == "tube":  # wound in a spiral
        for k in range(-3, 12):
            x = pixels * k / 8
            pen.line([(x, 0), (x + high, high)], tuple(int(b * 0.93) for b in base), 1)
    shade = 1 + 0.035 * clouds(rng, high, pixels, 8, 4)
    made = np.asarray(np.clip(np.asarray(image) * shade[:, :, None], 0, 255), np.uint8)
    # The lathe's texture runs round in u and along in v.
    return np.ascontiguousarray(made.transpose(1, 0, 2)) if carton.style == "tube" else made


def _print(
    rng: np.random.Generator, image: Image.Image, kind: str, ink: tuple[int, int, int]
) -> None:
    pen, (pixels, high) = ImageDraw.Draw(image), image.size
    title = marks.name(rng)
    if kind == "repeat":
        step = pixels * rng.uniform(0.12, 0.3)
        seed, turn = int(rng.integers(2**31)), int(rng.choice([0, 0, 90]))
        for j in range(int(high / step * 1.6) + 2):
            for i in range(int(pixels / step) + 2):
                x, y = (i - 0.5 * (j % 2)) * step, j * step * 0.62
                if seed % 2:
                    marks.write(image, title, (x, y), step * 0.7, ink, turn)
                else:
                    marks.logo(np.random.default_rng(seed), image, x, y, step * 0.35, ink)
    elif kind == "solid":
        y = high * rng.uniform(0, 0.6)
        pen.rectangle(
            [0, y, pixels, y + high * rng.uniform(0.15, 0.4)], fill=_INKS[rng.integers(5)]
        )
        marks.write(image, title, (pixels / 2, high / 2), pixels * 0.5, ink)
    elif kind == "postal":
        postal.draw(rng, image, title, ink)
    elif kind != "":
        size = high * rng.uniform(0.2, 0.5)
        x, y = rng.uniform(0.05, 0.6) * pixels, rng.uniform(0.05, 0.5) * high
        marks.logo(rng, image, x, y, size, ink)
        marks.write(image, title, (x + size, y + size * 1.2), pixels * rng.uniform(0.2, 0.5), ink)
        marks.lines(pen, pixels * 0.08, high * 0.7, high * 0.18, ink)
        for k in range(int(rng.integers(0, 4))):
            mark = marks.MARKS[rng.integers(len(marks.MARKS))]
            mark(pen, pixels * (0.55 + 0.1 * k), high * 0.78, high * 0.1, ink)
