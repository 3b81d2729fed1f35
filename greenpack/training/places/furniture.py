"""Furniture: chairs, desks, shelves and what stands on them, seats, mats."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh
from greenpack.training.drawing.solids import Pairs, Point, boxes, cuboid, tube, turned
from greenpack.training.places.grounds import surface
from greenpack.training.places.walls import BLACK, STEEL, paint, wood


def chair(rng: np.random.Generator, size: float) -> Pairs:
    """A chair on four legs, or an office chair on castors; `size` is the seat's width."""
    half, look = size / 2, wood(rng)
    if rng.random() < 0.5:
        legs = []
        for k in range(5):
            a = 2 * np.pi * k / 5
            x, y = float(np.cos(a) * half * 1.25), float(np.sin(a) * half * 1.25)
            legs.append((tube([(0, 0, 95), (x, y, 65)], [26, 18], 8), BLACK))
            legs.append((tube([(x - 12, y, 30), (x + 12, y, 30)], 29, 12), BLACK))
        post = tube([(0, 0, 80), (0, 0, 430)], 26, 12)
        seat = cuboid((-half, -half, 430), (half, half, 500))
        back = cuboid((-half, half - 60, 600), (half, half, 1050))
        cloth = Material(paint(rng), roughness=0.9)
        return [*legs, (post, STEEL), (seat, cloth), (back, cloth)]
    bars = [((x - 18, y - 18, 0.0), (x + 18, y + 18, 450.0 if y < 0 else 900.0))
            for x in (-half + 20, half - 20) for y in (-half + 20, half - 20)]  # fmt: skip
    rail = [((-half, half - 36, z), (half, half - 10, z + 70.0)) for z in (600.0, 800.0)]
    return [(boxes([*bars, *rail]), look), (cuboid((-half, -half, 430), (half, half, 460)), look)]


def desk(rng: np.random.Generator, size: float) -> Pairs:
    """A table or desk `size` wide seen from outside: legs, top, perhaps drawers."""
    half, deep, tall = size / 2, 650.0, float(rng.uniform(700, 780))
    look = wood(rng)
    metal = STEEL if rng.random() < 0.3 else Material(paint(rng), roughness=0.4)
    legs = [((x, y, 0.0), (x + 45, y + 45, tall - 30))
            for x in (-half + 10, half - 55) for y in (0.0, deep - 50)]  # fmt: skip
    found: Pairs = [
        (cuboid((-half, 0, tall - 30), (half, deep, tall)), look),
        (boxes(legs), metal),
    ]
    if rng.random() < 0.4:
        found.append((cuboid((half - 470, 20, 80), (half - 60, deep - 60, tall - 40)), wood(rng)))
    return found


def rack(rng: np.random.Generator, size: float) -> Pairs:
    """Open shelves along a wall, 400 deep, with things on them: books, boxes of goods, jars."""
    deep, tall = float(rng.uniform(250, 450)), 1900.0
    step = float(rng.uniform(300, 480))
    levels = np.arange(60, tall, step)
    steel = rng.random() < 0.5
    look = Material(paint(rng), roughness=0.4, metal=0.3) if steel else wood(rng)
    spans: list[tuple[Point, Point]] = [
        ((-size / 2, -deep, float(z)), (size / 2, 0.0, float(z) + 24)) for z in levels
    ]
    for x in (-size / 2, size / 2 - 30):
        for y in (-deep, -40.0):
            spans.append(((x, y, 0.0), (x + 30, y + 40, tall)))
    if not steel:
        spans += [((x, -deep, 0.0), (x + 20, 0.0, tall)) for x in (-size / 2, size / 2 - 20)]
        spans.append(((-size / 2, -8.0, 0.0), (size / 2, 0.0, tall)))
    found: Pairs = [(boxes(spans), look)]
    colours: list[list[tuple[Point, Point]]] = [[] for _ in range(7)]
    for z in levels:
        x = -size / 2 + 50
        while x < size / 2 - 150:
            wide, high = float(rng.uniform(15, 60)), float(rng.uniform(0.4, 0.8)) * step
            if rng.random() < 0.3:
                wide = float(rng.uniform(60, 140))
            y = -deep + float(rng.uniform(10, 90))
            colours[rng.integers(7)].append(((x, y, z + 24), (x + wide, -30, z + 24 + high)))
            x += wide + float(rng.choice([1, 1, 2, 60, 200]))
    for spans in colours:
        if spans:
            r, g, b = (float(v) for v in rng.uniform(0.02, 0.75, 3))
            found.append((boxes(spans), Material((r, g, b), roughness=0.5)))
    return found


def bay(rng: np.random.Generator, size: float) -> Pairs:
    """A shelf bay round the origin, open towards -y: back, sides and perhaps a shelf above.

    Its floor is z = 0 and `size` its clear width; it is 0.85 sizes deep.
    """
    half, deep = size / 2, size * 0.85
    tall = float(rng.uniform(0.55, 1.1)) * size
    look = (
        wood(rng) if rng.random() < 0.6 else Material((0.5, 0.5, 0.52), roughness=0.35, metal=0.6)
    )
    back = look if rng.random() < 0.4 else Material(paint(rng), roughness=0.7)
    sides = [((-half - 20, -deep / 2, -400.0), (-half, deep / 2, tall + 500)),
             ((half, -deep / 2, -400.0), (half + 20, deep / 2, tall + 500))]  # fmt: skip
    found: Pairs = [
        (boxes(sides), look),
        (cuboid((-half, deep / 2, -400), (half, deep / 2 + 12, tall + 500)), back),
        (cuboid((-half, -deep / 2, -26), (half, deep / 2, -0.5)), look),
    ]
    if rng.random() < 0.7:
        found.append((cuboid((-half, -deep / 2, tall), (half, deep / 2, tall + 24)), look))
        lip = boxes([((-half, -deep / 2 - 4, -34.0), (half, -deep / 2, 0.0))])
        found.append((lip, STEEL if rng.random() < 0.5 else look))
    return found


def sofa(rng: np.random.Generator, size: float) -> Pairs:
    """The front of a sofa or a bed: soft blocks over the floor."""
    half, cloth = size / 2, surface("pile", rng).material()
    tall = float(rng.uniform(380, 480))
    feet = [((x, 40.0, 0.0), (x + 40, 80.0, 100.0)) for x in (-half + 30, half - 70)]
    spans = [
        ((-half, 0.0, 90.0), (half, 800.0, tall)),
        ((-half, 600.0, tall), (half, 820.0, 820.0)),
    ]
    arm = [((x, 0.0, 90.0), (x + 160, 800.0, 620.0)) for x in (-half - 160, half)]
    return [(boxes(feet), BLACK), (boxes([*spans, *arm]), cloth)]


def stool(rng: np.random.Generator, size: float) -> Pairs:
    """A round side table, stool or lamp foot."""
    r, tall = size / 2, float(rng.uniform(350, 700))
    top = turned([(1, tall - 25), (r, tall - 25), (r, tall), (1, tall)], 36)
    feet = [
        tube([(x * 0.3, y * 0.3, tall - 30), (x, y, 0)], 13, 8)
        for x, y in ((r * 0.8, 0.0), (-r * 0.5, r * 0.6), (-r * 0.5, -r * 0.6))
    ]
    look = wood(rng)
    return [(top, look), *((f, look) for f in feet)]


def rug(rng: np.random.Generator, size: float) -> Pairs:
    """A rug or doormat 3 mm under z = 0 to z = 0, `size` mm wide, with a border."""
    long = size * float(rng.uniform(0.55, 1.7))
    kind = str(rng.choice(["pile", "loop", "mosaic"]))
    body = cuboid((-size / 2, -long / 2, -2.6), (size / 2, long / 2, 0))
    found: Pairs = [(body, surface(kind, rng).material())]
    if rng.random() < 0.5:
        e = size * 0.06
        rim = [((-size / 2, y, -2.6), (size / 2, y + e, 0.15)) for y in (-long / 2, long / 2 - e)]
        rim += [((x, -long / 2, -2.6), (x + e, long / 2, 0.15)) for x in (-size / 2, size / 2 - e)]
        found.append((boxes(rim), Material(paint(rng), roughness=0.95)))
    return found


def column(rng: np.random.Generator, size: float) -> Pairs:
    """A floor lamp, vase or pillar: a turned body."""
    n = int(rng.integers(4, 9))
    z = np.linspace(0, size * float(rng.uniform(2, 6)), n)
    radius = size / 2 * rng.uniform(0.35, 1, n)
    mesh = turned([(1, 0), *zip(radius.tolist(), z.tolist(), strict=True), (1, float(z[-1]))], 30)
    return [(Mesh(mesh.vertices, mesh.faces, mesh.uv, True), Material(paint(rng), roughness=0.25))]
