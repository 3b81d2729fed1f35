"""Invoices, leaflets and cards lying in a carton: paper that is neither goods nor filler."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, grid
from greenpack.training.drawing.noise import Floats, Picture
from greenpack.training.goods.packing import footprint
from greenpack.training.printed import layouts as draw
from greenpack.training.scene import Carton, Sheet

Rng = np.random.Generator
CELL = 5.0  # mm per cell of the map of what lies beneath

# Width and height in mm: A4, A5, A6, a receipt, a card.
SIZES = {
    "invoice": ((210, 297), (148, 210), (210, 148)),
    "leaflet": ((148, 210), (105, 148), (99, 210), (200, 200)),
    "card": ((85, 55), (105, 148), (55, 85), (120, 120)),
    "receipt": ((80, 180), (58, 140)),
}


def sample(rng: Rng, made: Carton) -> tuple[Sheet, ...]:
    """One sheet or two that fit the carton flat."""
    found = []
    for _ in range(1 if rng.random() < 0.8 else 2):
        kind = str(rng.choice(list(SIZES), p=[0.35, 0.25, 0.28, 0.12]))
        width, height = SIZES[kind][int(rng.integers(len(SIZES[kind])))]
        yaw = float(rng.choice([0.0, 90.0, 180.0, 270.0]) + rng.normal(0, 14))
        c, s = abs(np.cos(np.radians(yaw))), abs(np.sin(np.radians(yaw)))
        room = np.array([made.length - width * c - height * s, made.width - width * s - height * c])
        if (room < 4).any():
            continue
        x, y = (float(v) for v in rng.uniform(-0.5, 0.5, 2) * (room - 3))
        found.append(Sheet(kind, width, height, x, y, yaw, int(rng.integers(2**31))))
    return tuple(found)


def parts(carton: Carton, frame: Floats, filler: Sequence[Mesh] = ()) -> list[Part]:
    """The sheets of a carton draped over its goods and the given filler (in the carton's frame).

    `frame` takes the carton's coordinates to the world.
    """
    if not carton.sheets:
        return []
    beneath = _heights(carton, filler)
    found = []
    for number, sheet in enumerate(carton.sheets):
        mesh = _draped(sheet, beneath + 0.8 * number, carton)
        look = Material((1, 1, 1), picture(sheet), roughness=0.35 if sheet.seed % 3 else 0.75)
        found.append(Part(None, 0, mesh.moved(frame), look))
    return found


def _heights(carton: Carton, filler: Sequence[Mesh]) -> Floats:
    """Map (rows, columns) of the tops of goods and filler."""
    shape = np.array([carton.width, carton.length])
    rows, columns = (max(4, round(v / CELL)) for v in shape)
    heights = np.zeros((rows, columns))
    for good in carton.goods:
        mask = np.zeros((rows, columns), np.uint8)
        quad = (footprint(good) / shape[::-1] + 0.5) * (columns, rows) - 0.5
        cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1)
        heights = np.where(mask > 0, np.maximum(heights, good.z + good.size[2]), heights)
    for mesh in filler:
        at = (mesh.vertices[:, :2] / shape[::-1] + 0.5) * (columns, rows)
        x, y = np.clip(at.astype(int), 0, (columns - 1, rows - 1)).T
        np.maximum.at(heights, (y, x), mesh.vertices[:, 2])
    return np.asarray(cv2.dilate(heights, np.ones((3, 3))), np.float64)


def _draped(sheet: Sheet, beneath: Floats, carton: Carton) -> Mesh:
    """Stiff paper: it spans gaps, bends down slowly, and curls a little at its ends."""
    rng = np.random.default_rng(sheet.seed)
    rows, columns = 20, 16
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(-0.5, 0.5, rows))
    c, s = np.cos(np.radians(sheet.yaw)), np.sin(np.radians(sheet.yaw))
    x = sheet.x + u * sheet.width * c - v * sheet.height * s
    y = sheet.y + u * sheet.width * s + v * sheet.height * c
    spread = min(sheet.width, sheet.height) * 0.22 / CELL
    size = 2 * round(spread) + 1
    wide = cv2.GaussianBlur(cv2.dilate(beneath, np.ones((size, size))), (0, 0), spread)
    column = ((x / carton.length + 0.5) * beneath.shape[1] - 0.5).astype(np.float32)
    row = ((y / carton.width + 0.5) * beneath.shape[0] - 0.5).astype(np.float32)
    tops, soft = (
        cv2.remap(m.astype(np.float32), column, row, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
        for m in (beneath, wide)
    )
    z = np.maximum(soft, tops) + 0.8
    if sheet.kind != "card":
        turn = rng.uniform(0, np.pi)
        along = u * np.cos(turn) + v * np.sin(turn)
        z = z + rng.uniform(0, 60) * along**2 + 1.2 * np.abs(np.sin(5 * along + 1))
        if rng.random() < 0.45:  # folded once or twice, and opened again
            z = z + rng.uniform(3, 12) * np.abs(np.abs(v * rng.choice([2, 3])) % 1 - 0.5)
    return grid(np.stack([x, y, z], -1), smooth=True)


def picture(sheet: Sheet) -> Picture:
    """What is printed on a sheet, sRGB."""
    rng = np.random.default_rng([sheet.seed, 3])
    scale = 256 / max(sheet.width, sheet.height)
    width, height = round(sheet.width * scale), round(sheet.height * scale)
    white = int(rng.integers(228, 252))
    canvas = draw.plain(width, height, (white, white, white - int(rng.integers(0, 8))))
    black = (40, 40, 44)
    if sheet.kind in ("invoice", "receipt"):
        draw.lettering(rng, canvas, draw.word(rng), (0.08, 0.05, 0.5, 0.11), black)
        draw.small_print(rng, canvas, (0.08, 0.15, 0.5, 0.26), black)
        if rng.random() < 0.5:
            draw.small_print(rng, canvas, (0.58, 0.06, 0.92, 0.2), black)
        if rng.random() < 0.6:
            draw.table(rng, canvas, (0.08, 0.32, 0.92, rng.uniform(0.5, 0.8)), black)
        else:
            draw.small_print(rng, canvas, (0.08, 0.32, 0.92, rng.uniform(0.5, 0.95)), black)
        if rng.random() < 0.3:
            draw.barcode(rng, canvas, (0.55, 0.84, 0.92, 0.94))
        return canvas
    if rng.random() < 0.4:
        canvas[:] = draw.hue(rng)
    ink = draw.contrast((int(canvas[0, 0, 0]), int(canvas[0, 0, 1]), int(canvas[0, 0, 2])))
    if sheet.kind == "leaflet":
        top = int(height * rng.uniform(0.3, 0.7))
        draw.photo(rng, canvas[:top])
        draw.small_print(rng, canvas, (0.1, top / height + 0.12, 0.9, 0.93), ink)
        draw.lettering(rng, canvas, draw.word(rng), (0.1, 0.08, 0.8, 0.2), draw.hue(rng, 0.3))
    else:
        half = rng.uniform(0.2, 0.4)
        draw.lettering(rng, canvas, draw.word(rng), (0.5 - half, 0.15, 0.5 + half, 0.42), ink)
        draw.small_print(rng, canvas, (0.2, 0.55, 0.8, rng.uniform(0.65, 0.9)), ink)
        if rng.random() < 0.3:
            draw.line_art(rng, canvas, draw.hue(rng, 0.7))
    return canvas
