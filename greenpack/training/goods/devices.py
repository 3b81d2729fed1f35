"""Shapes of devices, toys, tools and stationery."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh
from greenpack.training.goods.product_meshes import (
    Piece,
    blob,
    block,
    laid,
    moved,
    revolve,
    rounded,
    segment,
    slab_of,
    sweep,
)

Rng = np.random.Generator


def phone(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A phone or tablet on its back, or on its face with the cameras up."""
    corner = width * rng.uniform(0.06, 0.14)
    thin = 0.93 * height
    pieces = [Piece(rounded((length, width, thin), corner, height * 0.35), "shell")]
    if rng.random() < 0.75:
        glass = rounded((length - 3, width - 3, height - thin), corner * 0.9, 0.2)
        return [*pieces, Piece(moved(glass, z=thin), "screen")]
    bump = rounded((length * 0.16, width * 0.42, height - thin), 6, 0.3)
    x, y = length * 0.38, width * 0.2
    pieces.append(Piece(moved(bump, x, y, thin), "shell2"))
    for k in (-1, 1):
        lens = blob((width * 0.15, width * 0.15, 1.0), x, y + k * width * 0.1, height - 0.4, 8)
        pieces.append(Piece(lens, "rubber", True))
    return pieces


def keyboard(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A keyboard; keys in rows."""
    low = 0.6 * height
    pieces = [Piece(rounded((length, width, low), 8, 3), "shell")]
    rows = 5
    pitch = width * 0.86 / rows
    columns = max(8, int(length * 0.95 / pitch))
    step = length * 0.95 / columns
    for j in range(rows):
        y = (j - (rows - 1) / 2) * pitch
        space = j == 0
        i = 0
        while i < columns:
            n = columns // 3 if space and i == columns // 3 else 1
            x = (i + n / 2) * step - length * 0.475
            pieces.append(
                Piece(
                    block((step * n * 0.86, pitch * 0.86, height - low), x, y, low, 1.2), "shell2"
                )
            )
            i += n
    return pieces


def blister(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A printed card with a clear bubble over a thing."""
    card, deep = 1.2, height - 1.2
    size = (length * rng.uniform(0.45, 0.65), width * rng.uniform(0.6, 0.8), deep)
    x = -0.5 * (length - size[0]) + 0.08 * length
    inset = np.array([0, 0.02, 0.06, 0.12, 0.2]) * size[1]
    bubble = slab_of(size[0], size[1], inset, np.array([0, 0.3, 0.8, 0.96, 1]) * deep, 8)
    thing = rounded((size[0] * 0.7, size[1] * 0.55, deep * 0.8), size[1] * 0.15, deep * 0.2)
    second = segment((x, 0, deep * 0.55), (x + size[0] * 0.42, 0, deep * 0.5), deep * 0.16)
    return [
        Piece(rounded((length, width, card), 6, 0.3), "card"),
        Piece(moved(bubble, x, 0, card), "bubble"),
        Piece(moved(thing, x, 0, card + 0.5), "plastic", True),
        Piece(second, "plastic2", True),
    ]


def charger(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    body = length * 0.72
    pieces = [
        Piece(moved(rounded((body, width, height), 6, 4), (body - length) / 2), "shell"),
    ]
    for y in (-0.2, 0.2):
        pin = block((length - body + 3, 3, 7), length / 2 - (length - body) / 2, y * width)
        pieces.append(Piece(moved(pin, z=height * 0.45), "steel"))
    return pieces


def cable(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A coiled cable held by a tie, its plugs sticking out."""
    turns = int(rng.integers(3, 6))
    t = np.linspace(0, 2 * np.pi * turns, 26 * turns)
    thick = rng.uniform(1.6, 2.8)
    drift = np.interp(t, np.linspace(0, t[-1], 9), rng.uniform(0.78, 1.0, 9))
    path = np.stack(
        [
            drift * length * 0.45 * np.cos(t),
            drift * width * 0.45 * np.sin(t),
            thick + (height - 2 * thick) * (0.5 + 0.5 * np.sin(t * 0.37 + rng.uniform(0, 6))),
        ],
        1,
    )
    ends = [path[0], path[-1]]
    pieces = [Piece(sweep(path, thick, 7), "shell")]
    for end in ends:
        pieces.append(Piece(block((12, 9, 6), end[0], end[1] + 8, max(end[2] - 3, 0), 1), "shell"))
        pieces.append(Piece(block((5, 14, 3), end[0], end[1] + 14, max(end[2], 1)), "steel"))
    tie = block((9, width * 0.3, height), 0, width * 0.38, 0, 2)
    return [*pieces, Piece(tie, "shell2")]


def headphones(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """Over-ear headphones lying flat: band, two cups with cushions."""
    turn = np.linspace(-0.15, np.pi + 0.15, 26)
    band = np.stack([0.42 * length * np.cos(turn), 0.7 * width * np.sin(turn), 0 * turn], 1)
    flat = sweep(np.add(band, (0, 0, height * 0.5)), 5.5 + 2 * np.sin(np.maximum(turn, 0)), 10)
    pieces = [Piece(flat, "shell")]
    for side in (-1, 1):
        cup = revolve([(30, 0), (36, 4), (36, height * 0.5), (30, height * 0.55)], 28)
        pad = revolve(
            [(33, 0), (38, 5), (37, height * 0.3), (31, height * 0.42), (20, 9), (0, 8)], 28
        )
        x = side * 0.42 * length
        stretch = Mesh(cup.vertices * (0.9, 1.1, 1) + (x, -4, 0), cup.faces, cup.uv, True)
        soft = Mesh(
            pad.vertices * (0.88, 1.08, 1) + (x, -4, height * 0.55), pad.faces, pad.uv, True
        )
        pieces += [Piece(stretch, "shell"), Piece(soft, "leather")]
    return pieces


def batteries(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """Batteries side by side on a card."""
    r = (height - 1) / 2
    count = max(2, int(width * 0.96 / (2 * r)))
    long = length * 0.86
    pieces = [Piece(rounded((length, width, 1.0), 4, 0.2), "card")]
    for k in range(count):
        y = (k - (count - 1) / 2) * 2 * r
        tube = laid(revolve([(r * 0.95, 0), (r, 1), (r, long * 0.94), (r * 0.95, long * 0.95)], 20))
        cap = laid(revolve([(r * 0.35, long * 0.95), (r * 0.35, long)], 12))
        pieces.append(Piece(moved(tube, -long / 2, y, 1 + r), "label"))
        pieces.append(Piece(moved(cap, -long / 2, y, 1 + r), "steel"))
    return pieces


def ball(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    return [Piece(blob((length, width, height), rows=24), "panels")]


def blocks(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A thing built of coloured studded blocks."""
    layers = int(rng.integers(2, 5))
    tall = height / (layers + 0.3)
    pieces = [Piece(block((length, width, tall * 0.98)), "plastic")]
    for layer in range(1, layers):
        names = ("plastic2", "plastic3", "plastic")
        size = (length * rng.uniform(0.3, 0.8), width * rng.uniform(0.4, 0.95))
        x = rng.uniform(-0.5, 0.5) * (length - size[0])
        y = rng.uniform(-0.5, 0.5) * (width - size[1])
        pieces.append(
            Piece(block((*size, tall * 0.98), x, y, layer * tall), names[layer % 3], layer > 1)
        )
        if layer == layers - 1:
            for i in (-0.3, 0.0, 0.3):
                for j in (-0.25, 0.25):
                    stud = revolve([(0.11 * size[1], 0), (0.11 * size[1], tall * 0.3)], 14)
                    at = moved(stud, x + i * size[0], y + j * size[1], layers * tall)
                    pieces.append(Piece(at, names[layer % 3]))
    return pieces


def car(_rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A toy car."""
    body = rounded((length, width * 0.86, height * 0.42), width * 0.25, height * 0.12)
    cabin = rounded((length * 0.5, width * 0.74, height * 0.4), width * 0.2, height * 0.14)
    glass = block((length * 0.46, width * 0.76, height * 0.16), -0.04 * length, 0, height * 0.62, 2)
    pieces = [
        Piece(moved(body, z=height * 0.2), "plastic"),
        Piece(moved(cabin, -0.04 * length, 0, height * 0.6), "plastic"),
        Piece(glass, "rubber", True),
    ]
    r = height * 0.2
    for x in (-0.3, 0.3):
        for y in (-0.43, 0.43):
            disc = revolve([(r * 0.8, 0), (r, 1), (r, width * 0.12), (r * 0.8, width * 0.14)], 18)
            points = disc.vertices[:, [0, 2, 1]] * (1, -1, 1)
            at = (x * length, y * width + width * 0.07, r)
            pieces.append(Piece(Mesh(points + at, disc.faces, disc.uv, True), "rubber"))
    return pieces


def frame(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A picture frame lying on its back."""
    bar = rng.uniform(0.06, 0.14) * width
    sides = [block((length, bar, height), 0, s * (width - bar) / 2, 0, 2) for s in (-1, 1)] + [
        block((bar, width - 2 * bar, height), s * (length - bar) / 2, 0, 0, 0.5) for s in (-1, 1)
    ]
    inner = block((length - 2 * bar, width - 2 * bar, height * 0.6), bevel=0.1)
    surface = str(rng.choice(["wood", "plastic", "steel"]))
    return [*(Piece(m, surface) for m in sides), Piece(inner, "picture")]


def hammer(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    r, x = height * 0.42, length / 2 - height / 2
    t = np.linspace(0, 1, 8)
    path = np.stack([-length / 2 + t * (length - 4), 0 * t, 0 * t + height / 2], 1)
    grip = sweep(path, r * np.interp(t, [0, 0.35, 0.5, 1], [1, 1, 0.6, 0.6]), 10)
    head = segment((x, -width * 0.2, height / 2), (x, width * 0.5, height / 2), height / 2, 14)
    claw = block((height * 0.8, width * 0.35, height * 0.5), x, -width * 0.33, height * 0.3, 3)
    return [
        Piece(grip, str(rng.choice(["wood", "plastic"]))),
        Piece(head, "steel"),
        Piece(claw, "steel"),
    ]


def screwdriver(rng: Rng, length: float, _width: float, height: float) -> list[Piece]:
    r, half = height / 2, length * rng.uniform(0.4, 0.55)
    grip = revolve(
        [(0.8 * r, 0), (r, 4), (r, half * 0.5), (0.7 * r, half * 0.75), (0.8 * r, half)], 10
    )
    blade = revolve([(0.2 * r, half), (0.2 * r, length - 3), (0.12 * r, length)], 8)
    return [Piece(laid(grip), "plastic"), Piece(laid(blade), "steel")]


def pens(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    count = max(2, int(width / height))
    pieces = []
    for k in range(count):
        r = height / 2
        y = (k + 0.5) * width / count
        long = length * (1 if k == 0 else rng.uniform(0.92, 1))
        body = revolve([(r, 0), (r, long * 0.86), (0.3 * r, long * 0.97), (0.1 * r, long)], 10)
        surface = ("plastic", "plastic2", "plastic3", "wood")[k % 4]
        pieces.append(Piece(moved(laid(body), 0, y, r), surface))
    return pieces


def magazine(rng: Rng, length: float, width: float, height: float) -> list[Piece]:
    """A magazine with a slight wave, cover up."""
    mesh = rounded((length, width, height), 1.5, min(0.6, height / 2), 8)
    points = mesh.vertices.copy()
    wave = np.sin(points[:, 0] / length * 4 + rng.uniform(0, 6)) * 0.06
    points[:, 2] *= 1 + wave
    return [Piece(Mesh(points, mesh.faces, mesh.uv, True), "cover")]


SHAPES = {
    "phone": phone,
    "tablet": phone,
    "keyboard": keyboard,
    "blister": blister,
    "charger": charger,
    "cable": cable,
    "headphones": headphones,
    "batteries": batteries,
    "ball": ball,
    "blocks": blocks,
    "car": car,
    "frame": frame,
    "hammer": hammer,
    "screwdriver": screwdriver,
    "pens": pens,
    "magazine": magazine,
}
