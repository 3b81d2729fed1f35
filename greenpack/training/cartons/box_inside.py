"""The inside of an opened carton, painted: walls, the floor's flaps and seams, flaps, cut edges."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from greenpack.training.cartons.box_surface import CELL, Canvas, grain, srgb, worn
from greenpack.training.drawing.noise import Picture, clouds
from greenpack.training.printed import marks
from greenpack.training.scene import Carton, Colour


def atlas(carton: Carton) -> Picture:
    """Inner walls in the cells of the outer ones, the floor in the cell of +z. Absolute sRGB."""
    rng = np.random.default_rng([carton.seed, 71])
    fibre = grain(rng)
    out = np.zeros((2 * CELL, 3 * CELL, 3), np.uint8)
    for cell in range(5):
        face = _board(rng, carton.inside, fibre)
        if cell == 2:
            if carton.style == "slotted":
                face = _floor(rng, face, carton)
        else:
            face = _wall(rng, face, carton)
        face = worn(rng, face, 0.7 * carton.wear, upright=cell != 2)
        row, column = (cell // 3) * CELL, (cell % 3) * CELL
        out[row : row + CELL, column : column + CELL] = np.clip(face, 0, 255)
    return out


def _board(rng: np.random.Generator, colour: Colour, fibre: Canvas) -> Canvas:
    tile = np.roll(fibre, tuple(rng.integers(0, CELL, 2)), (0, 1))
    return np.asarray(np.array(srgb(colour), np.float32) * tile[:, :, None])


def _wall(rng: np.random.Generator, face: Canvas, carton: Carton) -> Canvas:
    if rng.random() < 0.5:  # the crease that folds the flap, seen as a line below the rim
        at = int(rng.uniform(1, 5))
        face[at : at + 2] *= 0.88
    if rng.random() < 0.25:  # a second crease: a box made for several heights
        at = int(rng.uniform(0.2, 0.8) * CELL)
        face[at : at + 2] *= 0.9
    if carton.handles and rng.random() < 0.5:
        image = Image.fromarray(np.asarray(np.clip(face, 0, 255), np.uint8))
        wide = int(CELL * min(80 / carton.width, 0.5)) // 2
        y = int(CELL * 0.25)
        tall = max(int(CELL * 26 / carton.depth), 4)
        tone = tuple(int(v) for v in rng.uniform(40, 190) * np.array([1, 0.95, 0.9]))
        box = [CELL // 2 - wide, y, CELL // 2 + wide, y + tall]
        ImageDraw.Draw(image).rounded_rectangle(box, radius=min(wide, tall) // 2, fill=tone)
        face = np.asarray(image, np.float32)
    return face


def _floor(rng: np.random.Generator, face: Canvas, carton: Carton) -> Canvas:
    """Bottom flaps: two short ones above two long ones, or the other way round."""
    n, (length, width) = CELL, (carton.length, carton.width)
    gap = max(1, int(rng.uniform(0.5, 5) / width * n))
    middle = n // 2 + int(rng.integers(-3, 4))
    face[middle : middle + gap] *= rng.uniform(0.2, 0.55)
    if rng.random() < 0.7 or length / width < 1.1:
        reach = width / 2 / length  # of the short flaps, as a share of the length
        tone = rng.uniform(0.97, 1.05)
        for left in (True, False):
            edge = int(n * (reach + rng.normal(0, 0.004))) if left else int(n * (1 - reach))
            part = np.s_[:, :edge] if left else np.s_[:, edge:]
            covered = _board(rng, carton.inside, grain(rng)) * tone
            face[part] = covered[part]
            # The cut edge: light where it catches light, its shadow on the flap below.
            inner = np.s_[:, edge : edge + 3] if left else np.s_[:, edge - 3 : edge]
            rim = np.s_[:, edge - 2 : edge] if left else np.s_[:, edge : edge + 2]
            face[inner] *= 0.6
            face[rim] *= 1.1
    if rng.random() < 0.15:
        image = Image.fromarray(np.asarray(np.clip(face, 0, 255), np.uint8))
        ink = tuple(int(v * 0.55) for v in srgb(carton.inside))
        mark = marks.MARKS[rng.integers(len(marks.MARKS))]
        x, y = rng.uniform(0.1, 0.7, 2) * n
        mark(ImageDraw.Draw(image), x, y, n * 0.12, (ink[0], ink[1], ink[2]))
        face = np.asarray(image, np.float32)
    return face


def flap(carton: Carton, k: int) -> Picture:
    """Upper half the flap's inner face with its edge at the top, lower half its outer face."""
    rng = np.random.default_rng([carton.seed, 73, k])
    fibre = grain(rng)
    halves = []
    for inside in (True, False):
        colour = carton.inside if inside else carton.colour
        face = _board(rng, colour, fibre)
        image = Image.fromarray(np.asarray(np.clip(face, 0, 255), np.uint8))
        printed = 0.04 if inside else 0.5 * (carton.printing not in ("", "stripes"))
        if rng.random() < printed:
            base = srgb(colour)
            ink = (25, 22, 20) if sum(base) > 250 else (240, 236, 225)
            if rng.random() < 0.5:
                text = marks.name(rng) if rng.random() < 0.5 else marks.CAUTIONS[rng.integers(10)]
                at = (CELL * rng.uniform(0.35, 0.65), CELL * rng.uniform(0.3, 0.7))
                marks.write(image, text, at, CELL * rng.uniform(0.3, 0.7), ink)
            else:
                mark = marks.MARKS[rng.integers(len(marks.MARKS))]
                x, y = rng.uniform(0.1, 0.7, 2) * CELL
                mark(ImageDraw.Draw(image), x, y, CELL * 0.2, ink)
        face = worn(rng, np.asarray(image, np.float32), carton.wear, upright=False)
        if (
            carton.flaps[k].kind == "flap" and rng.random() < 0.45
        ):  # where tape was pulled off, fibres of the top layer went with it
            ragged = 0.14 + 0.05 * clouds(rng, CELL, CELL, 6, 4)[0]
            rows = np.arange(CELL)[:, None] / CELL
            torn = rows < ragged[None] if inside else rows > 1 - ragged[None]
            face = face * np.where(torn, rng.uniform(0.85, 1.18), 1.0)[:, :, None]
        crease = np.s_[-5:-2] if inside else np.s_[2:5]
        face[crease] *= 0.86
        halves.append(cv2.resize(np.asarray(face, np.float32), (CELL, CELL * 3 // 4)))
    return np.asarray(np.clip(np.concatenate(halves), 0, 255), np.uint8)


def edge(carton: Carton, fluted: bool = True) -> Picture:
    """One wave of a cut edge, tileable along u: liners above and below, the flute between them."""
    rng = np.random.default_rng([carton.seed, 75])
    base = np.array(srgb(carton.inside), np.float32)
    if fluted and (min(carton.inside) < 0.6 or rng.random() < 0.5):  # printed liners, brown inside
        base = np.array((176, 140, 100), np.float32) * rng.uniform(0.85, 1.1)
    if not fluted:
        return np.asarray(np.clip(np.ones((8, 8, 1)) * base * 0.97, 0, 255), np.uint8)
    high, wide = 32, 48
    picture = np.ones((high, wide, 1), np.float32) * base * rng.uniform(0.45, 0.65)
    walls = 2 if carton.wall >= 5.5 else 1
    for k in range(walls):
        top, size = k * high / walls, high / walls
        for x in range(wide):
            middle = top + size * (0.5 + 0.36 * np.sin(2 * np.pi * x / wide))
            low, up = int(middle - 2), int(middle + 3)
            picture[max(low, 0) : up, x] = base * 0.95
        for y in (top, top + size - 3):
            picture[int(y) : int(y) + 3] = base * 1.05
    return np.asarray(np.clip(picture, 0, 255), np.uint8)
