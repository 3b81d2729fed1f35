"""Packing tape on closed boxes: where it runs and what is printed on it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from greenpack.training.cartons.box_surface import srgb
from greenpack.training.cartons.closed_box import band, girdle, half, sheet
from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, grid, join
from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.printed import marks
from greenpack.training.scene import Carton, Flap

TILE = 300.0
"""Length in mm after which the print repeats."""

KINDS = ("clear", "brown", "paper", "words", "colour")
LAYOUTS = ("seam", "h", "girth", "cross", "none")


def look(carton: Carton) -> Material:
    """The surface of the tape, by `carton.tape_kind`."""
    rng = np.random.default_rng([carton.seed, 41])
    if carton.tape_kind == "clear":
        tone = float(rng.uniform(0.6, 0.85))
        return Material(
            (tone, tone * 0.95, tone * 0.8),
            roughness=0.12,
            clear=float(rng.uniform(0.55, 0.8)),
            relief=clouds(rng, 96, 96, 8, 3),
            relief_mm=0.05,
        )
    rough = {"paper": 0.8}.get(carton.tape_kind, float(rng.uniform(0.18, 0.45)))
    return Material(
        (1, 1, 1),
        picture(carton),
        roughness=rough,
        relief=clouds(rng, 96, 192, 12, 3),
        relief_mm=0.04,
    )


def picture(carton: Carton, pixels: int = 448) -> Picture:
    """One tile of the tape, along its length from left to right."""
    rng = np.random.default_rng([carton.seed, 43])
    high = max(32, int(pixels * carton.tape_width / TILE))
    base = srgb(carton.tape_colour)
    image = Image.new("RGB", (pixels, high), base)
    pen = ImageDraw.Draw(image)
    if carton.tape_kind == "words":
        light = sum(base) > 330
        ink = (20, 20, 24) if light else (245, 245, 240)
        if light and rng.random() < 0.6:
            ink = [(190, 25, 35), (20, 60, 160), (15, 110, 60)][rng.integers(3)]
        title = marks.name(rng) if rng.random() < 0.6 else marks.CAUTIONS[rng.integers(10)]
        count = int(rng.integers(1, 4))
        for k in range(count):
            x = (k + 0.45) * pixels / count
            wide = min(pixels / count * 0.62, high * 3.4)
            marks.write(image, title, (x, high * 0.5), wide, ink)
            size = high * rng.uniform(0.3, 0.55)
            at = x + wide / 2 + size * 0.3
            if rng.random() < 0.8:
                marks.logo(rng, image, at, (high - size) / 2, size, ink)
        if rng.random() < 0.4:
            line = max(1, int(high * 0.07))
            pen.rectangle([0, high * 0.04, pixels, high * 0.04 + line], fill=ink)
            pen.rectangle([0, high * 0.96 - line, pixels, high * 0.96], fill=ink)
    elif carton.tape_kind == "paper" and rng.random() < 0.7:  # threads show through
        step = high * 0.8
        for k in range(-2, int(pixels / step) + 2):
            tone = (int(base[0] * 0.9), int(base[1] * 0.88), int(base[2] * 0.85))
            pen.line([(k * step, 0), ((k + 1) * step, high)], tone, 2)
            pen.line([((k + 1) * step, 0), (k * step, high)], tone, 2)
    shade = 1 + 0.03 * clouds(rng, high, pixels, 20, 3)
    return np.asarray(np.clip(np.asarray(image) * shade[:, :, None], 0, 255), np.uint8)


def strips(carton: Carton) -> Mesh | None:
    """All tape of a closed box in box coordinates, None if it has none."""
    if carton.tape_width <= 0 or carton.tape_layout == "none":
        return None
    rng, h = np.random.default_rng([carton.seed, 45]), half(carton)
    wide, lift = carton.tape_width, 0.45
    drop = float(min(rng.uniform(35, 110), 1.6 * h[2]))
    off = float(rng.normal(0, 2.0))
    if carton.lid_axis == 2:
        path = [
            np.array(p)
            for p in (
                (-h[0], 2 * h[2] - drop),
                (-h[0], 2 * h[2]),
                (h[0], 2 * h[2]),
                (h[0], 2 * h[2] - drop * rng.uniform(0.8, 1.2)),
            )
        ]
        found = [band(carton, path, 0, off, wide, lift, TILE)]
    else:
        found = _on_walls(carton, off, drop)
    if carton.tape_layout == "h" and carton.lid_axis == 2:
        for s in (-1.0, 1.0):
            found += _edge(carton, s, lift + 0.2)
    if carton.tape_layout in ("girth", "cross"):
        count = 1 if carton.tape_layout == "cross" else int(rng.integers(1, 3))
        for k in range(count):
            at = (rng.uniform(-0.2, 0.2) + (k - (count - 1) / 2)) * h[0]
            found.append(girdle(carton, 1, float(at), wide, lift + 0.3, TILE))
    return join(found)


def _edge(carton: Carton, s: float, lift: float) -> list[Mesh]:
    """Tape over one short upper edge, half on the top, half on the wall."""
    h, wide = half(carton), carton.tape_width
    x, reach = s * h[0], h[1] * 0.98
    repeat = 2 * reach / TILE
    found = []
    for corner, across in (
        ((x - s * wide / 2, -s * -reach, 2 * h[2]), (s * wide / 2, 0, 0)),
        ((x, -s * -reach, 2 * h[2]), (0, 0, -wide / 2)),
    ):
        flat = sheet(
            carton,
            np.array(corner, float),
            np.array([0, -2 * s * reach, 0]),
            np.array(across, float),
            lift,
            (14, 4),
        )
        lower = 0.0 if across[2] == 0 else 0.5
        uv = flat.uv * (repeat, 0.5) + (0, lower)
        found.append(Mesh(flat.vertices, flat.faces, uv, True))
    return found


def _on_walls(carton: Carton, off: float, drop: float) -> list[Mesh]:
    """Tape over the seams of a box lying on its side: on the flapped walls and round edges."""
    h, axis, wide = half(carton), carton.lid_axis, carton.tape_width
    found = []
    for s in (-1.0, 1.0):
        path = [
            np.array([s * h[axis], 0.5]),
            np.array([s * h[axis], 2 * h[2]]),
            np.array([s * (h[axis] - min(drop, h[axis])), 2 * h[2]]),
        ]
        upright = h[2] >= h[1 - axis]
        if upright:
            found.append(band(carton, path if s < 0 else path[::-1], axis, off, wide, 0.45, TILE))
            continue
        # The seam is level: round the wall, a little onto its neighbours.
        found += _level(carton, s, axis, off, drop)
    return found


def _level(carton: Carton, s: float, axis: int, off: float, drop: float) -> list[Mesh]:
    h, wide = half(carton), min(carton.tape_width, 1.8 * half(carton)[2])
    z = h[2] + off - wide / 2
    front, side = np.zeros(3), np.zeros(3)
    front[axis], front[1 - axis], front[2] = s * h[axis], -h[1 - axis], z
    side[1 - axis] = 2 * h[1 - axis]
    if (s > 0) != (axis == 0):  # else the print would be seen from behind
        front[1 - axis], side = h[1 - axis], -side
    up = np.array([0, 0, wide])
    found = [sheet(carton, front, side, up, 0.45, (16, 3))]
    for t in (-1.0, 1.0):
        corner, back = front.copy(), np.zeros(3)
        corner[1 - axis] = t * h[1 - axis]
        back[axis] = -s * min(drop, h[axis])
        found.append(sheet(carton, corner, back, up, 0.45, (6, 3)))
    lengths = [2 * h[1 - axis], drop, drop]
    return [
        Mesh(m.vertices, m.faces, m.uv * (v / TILE, 1), True)
        for m, v in zip(found, lengths, strict=True)
    ]


def torn(rng: np.random.Generator, carton: Carton, flap: Flap, run: float) -> Mesh:
    """Tape that was torn open: it sticks out under the flap's outer edge; flap coordinates."""
    columns = 60
    ys = np.linspace(-run / 2, run / 2, columns) * rng.uniform(0.8, 1.0)
    out = (
        carton.tape_width
        / 2
        * (0.75 + 0.5 * np.interp(ys, np.linspace(-run, run, 30), rng.random(30)))
    )
    droop = 4 * np.interp(ys, np.linspace(-run, run, 16), rng.standard_normal(16))
    rows = np.linspace(-0.3, 1, 7)
    x = flap.length + rows[:, None] * out[None]
    z = -carton.wall / 2 - 0.3 + np.maximum(rows, 0)[:, None] ** 2 * droop[None]
    return grid(np.stack([x, np.broadcast_to(ys, x.shape), z], -1), smooth=True)
