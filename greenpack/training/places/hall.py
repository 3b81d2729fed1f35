"""Equipment of sorting halls and warehouses: conveyors, chutes, cages, totes, pallets, scales."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, join
from greenpack.training.drawing.noise import Floats
from greenpack.training.drawing.patterns import plaster
from greenpack.training.drawing.solids import Pairs, Point, boxes, cuboid, plate, sheet, tube
from greenpack.training.places.grounds import surface
from greenpack.training.places.walls import BLACK, STEEL, paint

GALVANISED = Material((0.5, 0.51, 0.53), roughness=0.4, metal=0.8)


def _frame_paint(rng: np.random.Generator) -> Material:
    tones = (
        (0.55, 0.3, 0.02),
        (0.03, 0.1, 0.35),
        (0.5, 0.5, 0.52),
        (0.02, 0.2, 0.1),
        (0.7, 0.5, 0.02),
    )
    return Material(tones[rng.integers(5)], roughness=0.4)


def _rollers(xs: Floats, half: float, top: float, radius: float) -> Mesh:
    return join([tube([(x, -half, top - radius), (x, half, top - radius)], radius, 14) for x in xs])


def conveyor(rng: np.random.Generator, size: float) -> Pairs:
    """A straight conveyor along x, its top at z = 0, `size` mm clear width: belt or rollers,
    side guides, sometimes rows of small side rollers, legs to the floor at -750."""
    half, long = size / 2, 2600.0
    found: Pairs = []
    if rng.random() < 0.55:
        tone = ((0.07, 0.07, 0.075), (0.08, 0.16, 0.11), (0.1, 0.16, 0.24), (0.35, 0.36, 0.36))
        look = plaster(rng, tone[rng.integers(4)], 200, 0.15, 0.1).material()
        found.append((cuboid((-long, -half, -12), (long, half, 0)), look))
    else:
        pitch = float(rng.uniform(60, 120))
        grey = Material((0.5, 0.5, 0.52), roughness=0.35, metal=0.85)
        found.append((_rollers(np.arange(-1500, 1500, pitch), half, -0.3, 25.0), grey))
    frame = _frame_paint(rng)
    high = float(rng.choice([-4.0, 30.0, 90.0, 160.0]))
    rails = [
        ((-long, s * (half + 28) - 28, -140.0), (long, s * (half + 28) + 28, -2.0)) for s in (-1, 1)
    ]
    found.append((boxes(rails), frame))
    if high > 0:
        guide = [
            ((-long, s * (half + 16) - 14, high - 22), (long, s * (half + 16) + 14, high + 22))
            for s in (-1, 1)
        ]
        post = [
            ((x, s * (half + 20) - 9, -100.0), (x + 22, s * (half + 20) + 9, high))
            for s in (-1, 1)
            for x in np.arange(-1500, 1500, 600.0)
        ]
        found.append((boxes(guide), GALVANISED if rng.random() < 0.6 else frame))
        found.append((boxes(post), GALVANISED))
    elif rng.random() < 0.4:
        small = [tube([(x, s * (half + 30), 0), (x, s * (half + 30), 46)], 17, 10)
                 for s in (-1, 1) for x in np.arange(-900, 900, 75.0)]  # fmt: skip
        found.append((join(small), Material(paint(rng), roughness=0.4)))
    legs = [
        ((x, s * half - 25, -750.0), (x + 50, s * half + 25, -140.0))
        for s in (-1, 1)
        for x in (-1200.0, 0.0, 1200.0)
    ]
    found.append((boxes(legs), frame))
    return found


def curve(rng: np.random.Generator, size: float) -> Pairs:
    """A curved belt through the origin turning about a point at +y, with guides."""
    inner = size * float(rng.uniform(0.8, 1.6))
    middle, angle = inner + size / 2, np.linspace(-1.0, 1.0, 49)

    def strip(r0: float, r1: float, z0: float, z1: float) -> Mesh:
        a = np.stack([r0 * np.sin(angle), middle - r0 * np.cos(angle), np.full(49, z0)], 1)
        b = np.stack([r1 * np.sin(angle), middle - r1 * np.cos(angle), np.full(49, z1)], 1)
        return sheet(np.stack([b, a]))

    tone = ((0.07, 0.07, 0.075), (0.08, 0.16, 0.11), (0.3, 0.31, 0.32))
    look = plaster(rng, tone[rng.integers(3)], 200, 0.15, 0.1).material()
    high, outer = float(rng.uniform(20, 200)), inner + size
    caps = [strip(r, r + 45, high, high) for r in (inner - 45, outer)]
    flanks = (inner, inner - 45, outer, outer + 45)
    side = join([*caps, *(strip(r, r + 0.5, -200, high) for r in flanks)])
    return [(strip(inner, outer, 0, 0), look), (side, _frame_paint(rng))]


def chute(rng: np.random.Generator, size: float) -> Pairs:
    """A smooth steel slide or table `size` wide with raised sides."""
    half, long, rim = size / 2, 1800.0, float(rng.uniform(60, 300))
    steel = Material((0.55, 0.55, 0.57), plaster(rng, (0.95, 0.95, 0.95), 30, 0.05, 0.08).picture,
                     roughness=0.32, metal=0.7)  # fmt: skip
    sides = [((-long, s * half - 2, -40.0), (long, s * half + 2, rim)) for s in (-1, 1)]
    edge = [((-long, s * half - 12, rim), (long, s * half + 12, rim + 8)) for s in (-1, 1)]
    return [
        (cuboid((-long, -half, -6), (long, half, 0)), steel),
        (boxes([*sides, *edge]), steel if rng.random() < 0.6 else _frame_paint(rng)),
    ]


def cage(rng: np.random.Generator, size: float) -> Pairs:
    """A roll container: wire sides on castors, `size` wide, 1.6 m high."""
    half, tall, deep = size / 2, 1600.0, 650.0
    step, rods = float(rng.uniform(70, 130)), []
    for y in (0.0, deep):
        rods += [((x, y - 3, 180.0), (x + 6, y + 3, tall)) for x in np.arange(-half, half, step)]
        rods += [((-half, y - 4, z), (half, y + 4, z + 7)) for z in np.arange(200, tall, step * 2)]
    for x in (-half, half):
        rods += [((x - 3, y, 180.0), (x + 3, y + 6, tall)) for y in np.arange(0, deep, step)]
        rods += [((x - 14, y - 14, 150.0), (x + 14, y + 14, tall + 20)) for y in (0.0, deep)]
    wheels = [
        tube([(x - 16, y, 62), (x + 16, y, 62)], 60, 14)
        for x in (-half + 60, half - 60)
        for y in (60.0, deep - 60)
    ]
    return [
        (boxes(rods), GALVANISED),
        (cuboid((-half, 0, 140), (half, deep, 180)), Material(paint(rng), roughness=0.6)),
        (join(wheels), BLACK),
    ]


def loaded_cage(rng: np.random.Generator, size: float) -> Pairs:
    """A roll container round the origin, `size` wide, open to the front; its bottom is at 180."""
    half, deep, tall, rods = size / 2, size * 0.425, 1650.0, []
    step = float(rng.uniform(80, 140))
    rods += [((x, deep - 3, 180.0), (x + 6, deep + 3, tall)) for x in np.arange(-half, half, step)]
    rods += [((-half, deep - 4, z), (half, deep + 4, z + 7)) for z in np.arange(200, tall, 190.0)]
    for x in (-half, half):
        rods += [((x - 3, y, 180.0), (x + 3, y + 6, tall)) for y in np.arange(-deep, deep, step)]
        rods += [((x - 4, -deep, z), (x + 4, deep, z + 7)) for z in np.arange(200, tall, 380.0)]
        rods += [((x - 14, y - 14, 150.0), (x + 14, y + 14, tall + 20)) for y in (-deep, deep)]
    wheels = [
        tube([(x - 16, y, 62), (x + 16, y, 62)], 60, 14)
        for x in (-half + 60, half - 60)
        for y in (-deep + 60, deep - 60)
    ]
    bottom = cuboid((-half, -deep, 140), (half, deep, 180))
    return [
        (boxes(rods), GALVANISED),
        (bottom, GALVANISED if rng.random() < 0.4 else Material(paint(rng), roughness=0.6)),
        (join(wheels), BLACK),
    ]


def loaded_pallet(rng: np.random.Generator, size: float) -> Pairs:
    """One pallet round the origin, `size` long and two thirds wide, its boards up to 144."""
    look = surface("deck", rng).material()
    tone = (0.95, 0.85, 0.7) if rng.random() < 0.75 else (0.5, 0.5, 0.52)
    look = Material(tone, look.picture, look.repeat, 0.9)
    half, deep = size / 2, size / 3
    spans: list[tuple[Point, Point]] = [
        ((-half, float(y), 122.0), (half, float(y) + 118, 144.0))
        for y in np.linspace(-deep, deep - 118, 5)
    ]
    spans += [((x, -deep, 22.0), (x + 100, deep, 122.0)) for x in (-half, -50.0, half - 100)]
    spans += [((-half, y, 0.0), (half, y + 100, 22.0)) for y in (-deep, -50.0, deep - 100)]
    return [(boxes(spans), look)]


def tote(rng: np.random.Generator, size: float) -> Pairs:
    """An open plastic tote `size` long, standing on z = 0, with ribs and a rim; its clear inside is
    0.9 of its footprint and its floor is 8 mm thick."""
    half, deep, tall = size / 2, size * 0.34, size * float(rng.uniform(0.3, 0.62))
    tones = (
        (0.02, 0.09, 0.35),
        (0.2, 0.21, 0.22),
        (0.02, 0.2, 0.09),
        (0.5, 0.04, 0.03),
        (0.6, 0.5, 0.05),
        (0.55, 0.56, 0.57),
    )
    look = Material(tones[rng.integers(6)], roughness=0.4)
    t = size * 0.012
    spans: list[tuple[Point, Point]] = [
        ((-half, -deep, 0), (half, deep, 8)),
        ((-half, -deep, 0), (-half + t, deep, tall)),
        ((half - t, -deep, 0), (half, deep, tall)),
        ((-half, -deep, 0), (half, -deep + t, tall)),
        ((-half, deep - t, 0), (half, deep, tall)),
    ]
    for s in (-1, 1):
        y0, y1 = sorted((s * deep, s * (deep + 3 * t)))
        x0, x1 = sorted((s * half, s * (half + 3 * t)))
        for z0, z1 in ((tall - 14, tall), (tall * 0.72, tall * 0.72 + 8)):
            spans += [
                ((-half - 3 * t, y0, z0), (half + 3 * t, y1, z1)),
                ((x0, -deep, z0), (x1, deep, z1)),
            ]
        spans += [((x, y0, 20.0), (x + 7, y1, tall)) for x in np.linspace(-half, half - 7, 7)]
    return [(boxes(spans), look)]


def pallet(rng: np.random.Generator, size: float) -> Pairs:
    """A wooden pallet, alone or in a stack of up to five."""
    look = surface("deck", rng).material()
    look = Material((0.95, 0.85, 0.7), look.picture, look.repeat, 0.9)
    spans: list[tuple[Point, Point]] = []
    deep = size * 0.66
    for k in range(int(rng.integers(1, 6))):
        z = 144.0 * k
        spans += [((-size / 2, float(y), z + 122), (size / 2, float(y) + 110, z + 144))
                  for y in np.linspace(0, deep - 110, 5)]  # fmt: skip
        spans += [
            ((x, 0.0, z + 22), (x + 100, deep, z + 122)) for x in (-size / 2, -50.0, size / 2 - 100)
        ]
        spans += [((-size / 2, y, z), (size / 2, y + 100, z + 22)) for y in (0.0, deep - 100)]
    return [(boxes(spans), look)]


def line(rng: np.random.Generator, size: float) -> Pairs:
    """A painted floor line `size` wide, some metres long, worn."""
    tone = ((0.75, 0.5, 0.03), (0.75, 0.74, 0.7), (0.6, 0.08, 0.04))[rng.integers(3)]
    worn = plaster(rng, tone, 40, 0.1, 0.12)
    return [
        (
            plate((-4000, -size / 2), (4000, size / 2), 0.3),
            Material((1, 1, 1), worn.picture, (6, 1), 0.6),
        )
    ]


def scales(rng: np.random.Generator, size: float) -> Pairs:
    """A flat weighing plate beside its display."""
    half = size / 2
    shown = Material((0.05, 0.09, 0.04), roughness=0.1)
    return [
        (cuboid((-half, -half, 12), (half, half, 55)), STEEL),
        (cuboid((-half * 0.9, -half * 0.9, 0), (half * 0.9, half * 0.9, 30)), BLACK),
        (cuboid((-90, half + 40, 0), (90, half + 70, 190)), Material(paint(rng), roughness=0.4)),
        (cuboid((-70, half + 38, 110), (70, half + 41, 170)), shown),
    ]
