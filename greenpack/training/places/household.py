"""Things lying about in homes and at packing tables; the model must leave them alone."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, ball
from greenpack.training.drawing.noise import Picture, creases
from greenpack.training.drawing.patterns import field
from greenpack.training.drawing.solids import Pairs, boxes, cuboid, plate, sheet, tube, turned
from greenpack.training.places.grounds import surface
from greenpack.training.places.walls import BLACK, STEEL, paint


def _gloss(rng: np.random.Generator) -> Material:
    return Material(paint(rng), roughness=float(rng.uniform(0.12, 0.5)))


def _page(rng: np.random.Generator, tint: bool = False) -> Picture:
    """Lines and blocks as on a printed page or a screen."""
    ground = rng.integers(0, 256, 3) if tint else np.full(3, rng.integers(215, 250))
    art = np.full((160, 120, 3), ground, np.uint8)
    ink = (70, 70, 75) if ground.mean() > 120 else (200, 205, 210)
    for y in range(14, 148, int(rng.integers(6, 12))):
        if rng.random() < 0.8:
            cv2.line(art, (12, y), (int(rng.integers(30, 108)), y), ink, int(rng.integers(1, 3)))
    if rng.random() < 0.5:
        x, y = (int(v) for v in rng.integers(10, 60, 2))
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.rectangle(art, (x, y), (x + 50, y + 40), colour, -1)
    return art


def mug(rng: np.random.Generator, size: float) -> Pairs:
    """A mug `size` mm wide with its handle, empty or with a drink."""
    r, h = size / 2, size * float(rng.uniform(1.0, 1.3))
    body = turned([(1, 0), (r * 0.9, 0), (r, 4), (r, h), (r * 0.93, h), (r * 0.92, 6), (1, 6)], 28)
    bow = [
        (r * 0.95, 0, h * 0.8),
        (r * 1.45, 0, h * 0.75),
        (r * 1.5, 0, h * 0.4),
        (r * 0.95, 0, h * 0.22),
    ]
    look = _gloss(rng)
    found: Pairs = [(body, look), (tube(bow, size * 0.06, 8), look)]
    if rng.random() < 0.5:
        drink = turned([(r * 0.92, h * 0.75), (0.1, h * 0.75)], 28)
        found.append((drink, Material((0.06, 0.025, 0.01), roughness=0.08)))
    return found


def bowl(rng: np.random.Generator, size: float) -> Pairs:
    """A bowl, plate or pan."""
    r, h = size / 2, size * float(rng.uniform(0.08, 0.45))
    t = np.linspace(0, 1, 9)
    out = [(r * (0.4 + 0.6 * a), h * a**1.8) for a in t]
    into = [(r * (0.37 + 0.6 * a) + 0.1, 4 + (h - 4) * a**1.8) for a in t[::-1]]
    return [(turned([(0.1, 0), *out, *into, (0.1, 4)], 32), _gloss(rng))]


def laptop(rng: np.random.Generator, size: float) -> Pairs:
    """An open laptop `size` mm wide; its screen stands at the back."""
    deep, lean = size * 0.68, np.radians(rng.uniform(95, 125))
    shell = Material(((0.5, 0.5, 0.52), (0.05, 0.05, 0.055), (0.7, 0.7, 0.7))[rng.integers(3)],
                     roughness=0.35, metal=0.5)  # fmt: skip
    keys = [((x, y, 16.0), (x + size * 0.055, y + deep * 0.075, 19.0))
            for x in np.arange(-size * 0.44, size * 0.4, size * 0.066)
            for y in np.arange(-deep * 0.05, deep * 0.4, deep * 0.095)]  # fmt: skip
    pad = plate((-size * 0.16, -deep * 0.42), (size * 0.16, -deep * 0.12), 16.6)
    lid = cuboid((-size / 2, 0, 0), (size / 2, 8, deep))
    face = cuboid((-size * 0.47, -0.8, deep * 0.07), (size * 0.47, 0, deep * 0.94))
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.sin(lean), -np.cos(lean)], [np.cos(lean), np.sin(lean)]]
    turn[:3, 3] = (0, deep / 2, 14)
    lit = Material((1, 1, 1), _page(rng, True), (3, 3), roughness=0.1)
    return [
        (cuboid((-size / 2, -deep / 2, 0), (size / 2, deep / 2, 16)), shell),
        (boxes(keys), BLACK),
        (pad, Material((0.3, 0.3, 0.31), roughness=0.3)),
        (lid.moved(turn), shell),
        (face.moved(turn), BLACK if rng.random() < 0.5 else lit),
    ]


def keyboard(rng: np.random.Generator, size: float) -> Pairs:
    """A keyboard with a mouse beside it."""
    deep, look = size * 0.33, Material(paint(rng), roughness=0.5)
    keys = [((x, y, 18.0), (x + 15, y + 15, 24.0))
            for x in np.arange(-size / 2 + 12, size / 2 - 20, 19.0)
            for y in np.arange(-deep / 2 + 10, deep / 2 - 18, 19.0)]  # fmt: skip
    unit, mesh = ball(10, 18)
    mouse = Mesh(unit * (31, 55, 22) + (size / 2 + 70, 0, 14), mesh.faces, mesh.uv, True)
    return [
        (cuboid((-size / 2, -deep / 2, 0), (size / 2, deep / 2, 18)), look),
        (boxes(keys), BLACK if rng.random() < 0.6 else Material((0.75, 0.75, 0.73))),
        (mouse, look),
    ]


def papers(rng: np.random.Generator, size: float) -> Pairs:
    """Sheets, an open letter or a magazine, one over the other."""
    found: Pairs = []
    for k in range(int(rng.integers(1, 5))):
        half = (size / 2 * float(rng.uniform(0.7, 1)), size * 0.7 * float(rng.uniform(0.7, 1)))
        a, (x, y) = rng.uniform(0, 360), rng.uniform(-0.25, 0.25, 2) * size
        mesh = plate((-half[0], -half[1]), half, 0.4 + 0.5 * k)
        c, s = np.cos(np.radians(a)), np.sin(np.radians(a))
        turn = np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, 0], [0, 0, 0, 1]])
        page = _page(rng, rng.random() < 0.25)
        found.append((mesh.moved(turn), Material((1, 1, 1), page, roughness=0.6)))
    return found


def phone(rng: np.random.Generator, size: float) -> Pairs:
    """A phone, remote control or calculator lying on its back."""
    wide = size * float(rng.uniform(0.3, 0.5))
    face = BLACK if rng.random() < 0.6 else Material((1, 1, 1), _page(rng, True), roughness=0.1)
    return [
        (cuboid((-wide / 2, -size / 2, 0), (wide / 2, size / 2, 8.5)), _gloss(rng)),
        (plate((-wide * 0.46, -size * 0.47), (wide * 0.46, size * 0.47), 8.9), face),
    ]


def cushion(rng: np.random.Generator, size: float) -> Pairs:
    """A pillow, cushion, folded blanket or a heap of cloth."""
    unit, mesh = ball(24, 48)
    angle, power = np.arctan2(unit[:, 1], unit[:, 0]), float(rng.uniform(0.3, 0.8))
    flat = np.sqrt(np.maximum(1 - unit[:, 2] ** 2, 0)) ** 0.7
    way = np.stack([np.cos(angle), np.sin(angle)], 1)
    xy = np.sign(way) * np.abs(way) ** power * flat[:, None]
    ripple = creases(rng, np.column_stack([xy * 2.5, unit[:, 2]]), 0.8)
    z = unit[:, 2] * (0.55 + 0.5 * ripple) + 0.25 * ripple * flat
    tall = size * float(rng.uniform(0.1, 0.22))
    points = np.column_stack([xy * (size / 2, size * 0.38), (z - z.min()) * tall])
    look = (
        surface("pile", rng).material() if rng.random() < 0.6 else Material(paint(rng), sheen=0.3)
    )
    uv = points[mesh.faces][:, :, :2] / 1000
    return [(Mesh(points, mesh.faces, uv, True), look)]


def handbag(rng: np.random.Generator, size: float) -> Pairs:
    """A carrier bag or handbag standing with its handles up."""
    tall, deep = size * float(rng.uniform(0.8, 1.2)), size * 0.35
    lean = rng.normal(0, 0.05, 2) * size
    z = np.linspace(0, tall, 9)
    angle = np.linspace(0, 2 * np.pi, 41)
    shape = np.stack([np.cos(angle), np.sin(angle)], 1)
    shape = np.sign(shape) * np.abs(shape) ** 0.4
    ripple = 0.03 * field(rng, 64, 5, 3, 2)[:9, :41]
    wide = np.interp(z / tall, [0, 0.5, 1], [0.9, 1.0, 0.95])[:, None] * (1 + ripple)
    points = np.stack(
        [
            shape[None, :, 0] * wide * size / 2 + lean[0] * (z / tall)[:, None],
            shape[None, :, 1] * wide * np.interp(z / tall, [0, 1], [1, 0.25])[:, None] * deep / 2,
            np.broadcast_to(z[:, None], (9, 41)),
        ],
        axis=2,
    )
    mesh, look = sheet(points), _gloss(rng)
    bows = []
    for y in (-deep * 0.12, deep * 0.12):
        half, high = size * 0.2, tall * 1.2
        bow = [(-half, y, tall * 0.9), (-half * 0.75, y, high), (half * 0.75, y, high)]
        bows.append((tube([*bow, (half, y, tall * 0.9)], size * 0.018, 8), look))
    return [(Mesh(mesh.vertices, mesh.faces, mesh.uv, True), look), *bows]


def toy(rng: np.random.Generator, size: float) -> Pairs:
    """Building bricks and balls of bright colours."""
    found: Pairs = []
    for _ in range(int(rng.integers(2, 6))):
        r, g, b = (float(v) for v in rng.choice([0.02, 0.1, 0.6, 0.75], 3))
        x, y = (float(v) for v in rng.uniform(-size, size, 2))
        u = size * float(rng.uniform(0.2, 0.45))
        look = Material((r, g, b), roughness=0.25)
        if rng.random() < 0.4:
            unit, mesh = ball(14, 22)
            found.append((Mesh(unit * u + (x, y, u), mesh.faces, mesh.uv, True), look))
        else:
            found.append((cuboid((x - u, y - u / 2, 0), (x + u, y + u / 2, u * 0.8)), look))
    return found


def bin_(rng: np.random.Generator, size: float) -> Pairs:
    """A waste bin or bucket, open at the top."""
    r, h = size / 2, size * float(rng.uniform(0.9, 1.5))
    body = turned([(1, 0), (r * 0.8, 0), (r, h), (r * 0.97, h), (r * 0.78, 8), (1, 8)], 30)
    found: Pairs = [(body, _gloss(rng))]
    if rng.random() < 0.4:
        liner = turned(
            [(r * 1.03, h * 0.85), (r * 1.02, h * 1.02), (r * 0.9, h * 0.7), (1, h * 0.6)], 30
        )
        found.append((liner, Material((0.8, 0.8, 0.78), roughness=0.3)))
    return found


def cable(rng: np.random.Generator, size: float) -> Pairs:
    """A cable on the floor, in loops."""
    steps = np.cumsum(rng.normal(0, 0.35, 80))
    way = np.cumsum(np.stack([np.cos(steps), np.sin(steps)], 1), axis=0) * size / 25
    way -= way.mean(axis=0)
    way *= min(1.0, 0.9 * size / float(np.hypot(way[:, 0], way[:, 1]).max()))
    points = np.column_stack([way, np.full(80, 4.0)])
    return [(tube(points, float(rng.uniform(2.5, 5)), 8), Material(paint(rng), roughness=0.5))]


def tools(rng: np.random.Generator, size: float) -> Pairs:
    """Tape gun, tape rolls, scissors or a marker, as on a packing table."""
    r = size / 2
    tape = Material(
        ((0.5, 0.33, 0.15), (0.8, 0.75, 0.6), (0.7, 0.7, 0.7))[rng.integers(3)], roughness=0.25
    )
    ring = turned([(r * 0.72, 0), (r, 0), (r, 50), (r * 0.72, 50), (r * 0.72, 0)], 32)
    found: Pairs = [(ring, tape)]
    if rng.random() < 0.5:
        grip = tube([(r * 1.2, 0, 20), (r * 2.6, 0, 20)], 15, 12)
        found += [(grip, _gloss(rng)), (boxes([((-r, -30, 50), (r * 1.3, 30, 53))]), STEEL)]
    blades = boxes([((-4, r * 1.3, 0.5), (6, r * 3.5, 4)), ((8, r * 1.3, 0.5), (18, r * 3.5, 4))])
    found.append((blades, STEEL if rng.random() < 0.6 else _gloss(rng)))
    return found
