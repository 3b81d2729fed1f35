"""Things outdoors: kerbs, steps, fences, cars, bollards, and the view far away."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, join
from greenpack.training.drawing.solids import (
    Pairs,
    Point,
    board,
    boxes,
    cuboid,
    plate,
    sheet,
    tube,
    turned,
)
from greenpack.training.places.grounds import surface
from greenpack.training.places.walls import BLACK, STEEL, outdoors, paint, wood


def kerb(rng: np.random.Generator, size: float) -> Pairs:
    """A kerb of stones along x with its front at y = 0, and what lies behind it."""
    tall = float(rng.uniform(70, 160))
    stone = surface(str(rng.choice(["cement", "render"])), rng).material()
    red = rng.random() < 0.35
    tones = ((0.45, 0.05, 0.04), (0.65, 0.45, 0.03), (0.7, 0.7, 0.68))
    look = Material(tones[rng.integers(3)], stone.picture, stone.repeat, 0.8) if red else stone
    step = float(rng.uniform(500, 1000))
    spans = [((x, 0.0, -30.0), (x + step - 6, 140.0, tall)) for x in np.arange(-size, size, step)]
    kind = str(rng.choice(["soil", "lawn", "slabs", "cement", "gravel", "bricks"]))
    behind = cuboid((-size, 138, -30), (size, 6000, tall - float(rng.uniform(0, 25))))
    return [(boxes(spans), look), (behind, surface(kind, rng).material())]


def steps(rng: np.random.Generator, size: float) -> Pairs:
    """One to four steps rising away from the viewer."""
    look = surface(str(rng.choice(["cement", "slabs", "bricks", "deck", "render"])), rng).material()
    rise, run = float(rng.uniform(120, 180)), float(rng.uniform(270, 420))
    count = int(rng.integers(1, 5))
    spans = [
        ((-size / 2, run * k, -10.0), (size / 2, run * count + 500, rise * (k + 1)))
        for k in range(count)
    ]
    found: Pairs = [(boxes(spans), look)]
    if rng.random() < 0.4:
        nose = [
            (
                (-size / 2, run * k - 12, rise * (k + 1) - 30),
                (size / 2, run * k + 30, rise * (k + 1) + 1),
            )
            for k in range(count)
        ]
        found.append((boxes(nose), Material(paint(rng), roughness=0.7)))
    return found


def fence(rng: np.random.Generator, size: float) -> Pairs:
    """Iron bars, pickets, rails or close boards along x."""
    tall, style = float(rng.uniform(500, 1400)), int(rng.integers(4))
    if style == 0:
        bars = [tube([(x, 0, 40), (x, 0, tall)], 8, 6) for x in np.arange(-size / 2, size / 2, 110)]
        rails = [((-size / 2, -8.0, z), (size / 2, 8.0, z + 25)) for z in (90.0, tall - 60)]
        return [(join(bars), BLACK), (boxes(rails), BLACK)]
    look = wood(rng)
    if style == 1:
        spans = [
            ((x, 0.0, 40.0), (x + 70, 18.0, tall)) for x in np.arange(-size / 2, size / 2, 115.0)
        ]
        spans += [((-size / 2, 18.0, z), (size / 2, 55.0, z + 60)) for z in (150.0, tall - 200)]
    elif style == 2:
        spans = [
            ((x, -50.0, -10.0), (x + 100, 50.0, tall))
            for x in np.arange(-size / 2, size / 2, 1300.0)
        ]
        spans += [
            ((-size / 2, -30.0, z), (size / 2, 30.0, z + 110)) for z in (tall * 0.45, tall - 110)
        ]
    else:
        spans = [
            ((x, 0.0, 20.0), (x + 118, 20.0, tall + 400))
            for x in np.arange(-size / 2, size / 2, 121.0)
        ]
    return [(boxes(spans), look)]


def car(rng: np.random.Generator, size: float) -> Pairs:
    """The side of a parked car `size` mm long, its flank at y = 0."""
    tones = (
        (0.75, 0.75, 0.75),
        (0.02, 0.02, 0.025),
        (0.3, 0.31, 0.33),
        (0.35, 0.02, 0.02),
        (0.03, 0.08, 0.3),
    )
    body = Material(tones[rng.integers(5)], roughness=0.12, metal=0.2)
    s = size / 4300
    side = [-2150, -2120, -1900, -1150, -550, 800, 1500, 2050, 2150, 2130]
    tall = [380, 680, 860, 930, 1380, 1420, 980, 900, 620, 360]
    line = np.stack([side, tall], 1) * s
    bulge = np.array([0.0, 45, 70, 45, 0.0]) * s
    y = np.array([0, -0.4, -0.7, -0.4, 0])
    low, high = (
        np.interp(np.linspace(0, 1, 40), np.linspace(0, 1, 10), line[:, 0]),
        np.interp(np.linspace(0, 1, 40), np.linspace(0, 1, 10), line[:, 1]),
    )
    share = np.linspace(0, 1, 5)
    z = 260 * s + (np.minimum(high, 900 * s) - 260 * s)[None] * share[:, None]
    flank = np.stack(
        [np.broadcast_to(low, z.shape), np.broadcast_to((y * bulge)[:, None] - 20, z.shape), z], 2
    )
    roof = np.stack([
        np.stack([low, np.full(40, a), np.maximum(high, z[-1]) * b + z[-1] * (1 - b)], 1)
        for a, b in ((0.0, 0.0), (120.0 * s, 0.85), (260.0 * s, 1.0), (1500.0 * s, 1.0))
    ])  # fmt: skip
    glass = Material((0.02, 0.025, 0.03), roughness=0.05)
    pane = [
        board((a * s, 950 * s), (b * s, 1330 * s), 60 * s) for a, b in ((-560, 100), (180, 800))
    ]
    found: Pairs = [(sheet(flank), body), (sheet(roof), body), (join(pane), glass)]
    for x in (-1350.0, 1350.0):
        tyre = tube([(x * s, -75 * s, 320 * s), (x * s, 150 * s, 320 * s)], 320 * s, 30)
        hub = tube([(x * s, -80 * s, 320 * s), (x * s, -60 * s, 320 * s)], 205 * s, 10)
        found += [(tyre, BLACK), (hub, STEEL)]
    shade = cuboid((-2000 * s, 60, 150 * s), (2000 * s, 1500 * s, 300 * s))
    return [*found, (shade, BLACK)]


def bollard(rng: np.random.Generator, size: float) -> Pairs:
    """A bollard, garden lamp or drainpipe `size` high."""
    r = float(rng.uniform(30, 90))
    z = [0.0, size * 0.75, size * 0.78, size * 0.95, size]
    wide = r * rng.uniform(0.7, 1.3, 5)
    mesh = turned([(1, 0), *zip(wide.tolist(), z, strict=True), (1, size + 10)], 24)
    return [(mesh, Material(paint(rng), roughness=0.5))]


def bed(rng: np.random.Generator, size: float) -> Pairs:
    """A bed of soil, gravel or lawn beside the path, `size` mm square, lying on the ground."""
    kind = str(rng.choice(["soil", "gravel", "lawn"]))
    found: Pairs = [
        (cuboid((-size / 2, 0, -5), (size / 2, size, 6)), surface(kind, rng).material())
    ]
    if rng.random() < 0.5:
        rim: list[tuple[Point, Point]] = [
            ((-size / 2, -60, -5), (size / 2, 0, float(rng.uniform(15, 90))))
        ]
        found.append((boxes(rim), surface("cement", rng).material()))
    return found


def vista(rng: np.random.Generator, size: float) -> Pairs:
    """A far view, `size` mm wide and 0.4 of it high, on a curved screen."""
    angle = np.linspace(-1.1, 1.1, 25)
    x, y = np.sin(angle) * size / 2, -(1 - np.cos(angle)) * size / 2
    points = np.stack([np.stack([x, y, np.full(25, z)], 1) for z in (-size * 0.1, size * 0.35)])
    mesh = sheet(points)
    span = mesh.uv.reshape(-1, 2).max(axis=0)
    look = Material((1, 1, 1), outdoors(rng, 256, 768), roughness=1.0)
    return [(Mesh(mesh.vertices, mesh.faces, mesh.uv / span), look)]


def strip(rng: np.random.Generator, size: float) -> Pairs:
    """A strip of another paving across the ground, `size` mm wide: a path or a repair."""
    look = surface(str(rng.choice(["cement", "slabs", "tarmac", "bricks"])), rng).material()
    return [
        (
            plate((-3000, 0), (3000, size), 0.3),
            Material((1, 1, 1), look.picture, (6000 / 1600, size / 1600), 0.85),
        )
    ]
