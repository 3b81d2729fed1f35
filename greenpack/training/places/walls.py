"""Walls and what stands at them but doors: windows, cupboards, radiators, curtains, pictures.

A wall's front is y = 0 of its frame and faces -y; things on it stand out towards -y, feet on z = 0.
"""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.material import Material, within
from greenpack.training.drawing.noise import Picture
from greenpack.training.drawing.patterns import Surface, field, tint
from greenpack.training.drawing.solids import Pairs, board, boxes, cuboid, sheet, tube
from greenpack.training.places.grounds import surface
from greenpack.training.places.tones import WOODS, pick
from greenpack.training.scene import Colour

STEEL = Material((0.6, 0.6, 0.6), roughness=0.3, metal=1.0)
BRASS = Material((0.75, 0.55, 0.22), roughness=0.3, metal=1.0)
BLACK = Material((0.02, 0.02, 0.022), roughness=0.4)
WHITE = Material((0.8, 0.8, 0.78), roughness=0.4)


def paint(rng: np.random.Generator) -> Colour:
    """Colour of a painted thing: mostly white, grey, black or brown, else bright."""
    if rng.random() < 0.55:
        tones = ((0.8, 0.8, 0.78), (0.3, 0.3, 0.31), (0.03, 0.03, 0.035), (0.2, 0.1, 0.05))
        base = np.asarray(tones[rng.integers(4)]) * rng.uniform(0.6, 1.1)
    else:
        base = rng.uniform(0.02, 0.75, 3)
        base = base.mean() + (base - base.mean()) * rng.uniform(0.2, 0.8)  # bright ones are rare
    r, g, b = (float(v) for v in base)
    return r, g, b


BOLD: tuple[Colour, ...] = (
    (0.22, 0.2, 0.62),
    (0.03, 0.1, 0.36),
    (0.5, 0.03, 0.03),
    (0.02, 0.2, 0.1),
    (0.75, 0.42, 0.03),
    (0.03, 0.33, 0.36),
    (0.55, 0.2, 0.28),
    (0.3, 0.5, 0.62),
    (0.42, 0.5, 0.3),
    (0.62, 0.24, 0.04),
)


def bold(rng: np.random.Generator) -> Colour:
    """A saturated colour as front doors, lockers and wall panels are painted in."""
    base = np.asarray(BOLD[rng.integers(len(BOLD))]) * rng.uniform(0.6, 1.3)
    return within(base + rng.normal(0, 0.01, 3), 0.01, 0.85)


def wood(rng: np.random.Generator) -> Material:
    """Painted or veneered board."""
    if rng.random() < 0.5:
        return Material(paint(rng), roughness=float(rng.uniform(0.25, 0.6)))
    if rng.random() < 0.2:
        return surface("panelling", rng).material()
    base, shine = pick(rng, WOODS), float(rng.uniform(0.25, 0.6))
    grain = 0.1 * field(rng, 512, 50, 2, 4) + 0.05 * field(rng, 512, 3, 1, 3)
    return Surface(tint(np.asarray(grain, np.float32), base), 900, 2300, roughness=shine).material()


def outdoors(rng: np.random.Generator, rows: int = 192, columns: int = 384) -> Picture:
    """A blurred far view: sky, roofs or trees, a bright band of ground."""
    picture = np.zeros((rows, columns, 3), np.float32)
    sky = np.asarray([(0.75, 0.84, 0.95), (0.9, 0.91, 0.92), (0.8, 0.85, 0.9)][rng.integers(3)])
    picture[:] = sky * np.linspace(0.85, 1.05, rows)[:, None, None]
    line = int(rows * rng.uniform(0.55, 0.75))
    for _ in range(int(rng.integers(3, 9))):
        a, wide = int(rng.integers(-50, columns)), int(rng.integers(30, 160))
        tall = int(rng.uniform(0.15, 0.55) * rows)
        colour = rng.uniform(0.15, 0.75) * (1 + rng.normal(0, 0.12, 3))
        cv2.rectangle(picture, (a, line - tall), (a + wide, line), colour.tolist(), -1)
        for x in range(a + 8, a + wide - 8, 18):
            cv2.rectangle(picture, (x, line - tall + 10), (x + 8, line - tall + 24),
                          (colour * 0.5).tolist(), -1)  # fmt: skip
    leaves = np.tile(field(rng, 512, 10, 10, 5), (1, 2))[:rows, :columns]
    for _ in range(int(rng.integers(2, 9))):
        at, size = (
            (int(rng.integers(columns)), line - int(rng.integers(5, 60))),
            rng.integers(20, 70),
        )
        mask = np.zeros((rows, columns), np.float32)
        cv2.ellipse(mask, at, (int(size), int(size * 0.8)), 0, 0, 360, 1.0, -1)
        green = np.asarray((0.2, 0.3, 0.12)) * rng.uniform(0.5, 1.5)
        shade = (0.9 + 0.35 * leaves)[:, :, None] * green
        leafy = (mask + 0.25 * leaves) > 0.6
        picture[leafy] = shade[leafy]
    ground = rng.uniform(0.3, 0.6) * (1 + rng.normal(0, 0.05, 3))
    picture[line:] = ground * (1 + 0.1 * leaves[line:, :, None])
    for _ in range(int(rng.integers(0, 4))):
        x, colour = int(rng.integers(columns)), rng.uniform(0.05, 0.8, 3)
        cv2.ellipse(picture, (x, line), (34, 13), 0, 0, 360, colour.tolist(), -1)
        cv2.ellipse(picture, (x, line - 9), (19, 9), 0, 180, 360, (0.1, 0.12, 0.14), -1)
        for side in (-20, 20):
            cv2.circle(picture, (x + side, line + 9), 6, (0.03, 0.03, 0.03), -1)
    far = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.8, 3)))
    return np.asarray(np.clip(far * 255, 0, 255), np.uint8)


def glow(rng: np.random.Generator) -> float:
    """How bright a view through glass is: often far brighter than the room."""
    return float(rng.uniform(0.4, 2.5)) if rng.random() < 0.6 else 0.0


def panel(rng: np.random.Generator, size: float) -> Pairs:
    """A flat coloured panel on a wall, from the floor or above it, framed or not."""
    low = 0.0 if rng.random() < 0.6 else float(rng.uniform(60, 500))
    tall, half = low + float(rng.uniform(500, 2400)), size / 2
    look = Material(bold(rng) if rng.random() < 0.75 else paint(rng), roughness=0.35)
    found: Pairs = [(cuboid((-half, -16, low), (half, 0, tall)), look)]
    if rng.random() < 0.6:
        e = float(rng.uniform(12, 70))
        frame = (BLACK, WHITE, STEEL, wood(rng))[rng.integers(4)]
        spans = [((-half - e, -22.0, low), (-half, 0.0, tall + e)),
                 ((half, -22.0, low), (half + e, 0.0, tall + e)),
                 ((-half, -22.0, tall), (half, 0.0, tall + e))]  # fmt: skip
        if low > 0:
            spans.append(((-half - e, -22.0, low - e), (half + e, 0.0, low)))
        found.append((boxes(spans), frame))
    return found


def wall(kind: str, rng: np.random.Generator, size: float) -> Pairs:
    """A wall `size` mm wide and 2.6 m high; rooms have a skirting board."""
    found: Pairs = [
        (cuboid((-size / 2, 0, -60), (size / 2, 100, 2600)), surface(kind, rng).material())
    ]
    if kind in ("paint", "wallpaper", "panelling") and rng.random() < 0.85:
        tall = float(rng.uniform(40, 160))
        look = Material(paint(rng), roughness=0.5) if rng.random() < 0.4 else WHITE
        found.append((cuboid((-size / 2, -14, 0), (size / 2, 0, tall)), look))
    if kind in ("paint", "blocks") and rng.random() < 0.15:  # a coloured lower half
        look = Material(paint(rng), roughness=0.4)
        found.append((cuboid((-size / 2, -1.5, 0), (size / 2, 0, 1100)), look))
    return found


def window(rng: np.random.Generator, size: float) -> Pairs:
    """A window with its frame; the sill 0.1 to 1 m over the floor."""
    low, tall, half = float(rng.uniform(100, 1000)), float(rng.uniform(900, 1300)), size / 2
    frame = WHITE if rng.random() < 0.7 else Material(paint(rng), roughness=0.4)
    view = Material((1, 1, 1), outdoors(rng), roughness=0.08, glow=glow(rng))
    spans = [
        ((-half, -40.0, low - 60), (half, 0.0, low)),
        ((-half, -40.0, low + tall), (half, 0.0, low + tall + 60)),
        ((-half - 60, -40.0, low - 60), (-half, 0.0, low + tall + 60)),
        ((half, -40.0, low - 60), (half + 60, 0.0, low + tall + 60)),
        ((-25.0, -35.0, low), (25.0, 0.0, low + tall)),
        ((-half - 90, -160.0, low - 85), (half + 90, 0.0, low - 60)),
    ]
    return [(board((-half, low), (half, low + tall), -6), view), (boxes(spans), frame)]


def cupboard(rng: np.random.Generator, size: float) -> Pairs:
    """A low cupboard or chest of drawers, 450 mm deep, with fronts and handles."""
    tall, deep = float(rng.choice([720.0, 850.0, 1900.0])), 450.0
    body, front = wood(rng), wood(rng)
    rows, columns = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    fronts, grips = [], []
    plinth = float(rng.uniform(40, 120))
    for r in range(rows):
        for c in range(columns):
            x0, x1 = (-size / 2 + size * k / columns for k in (c, c + 1))
            z0, z1 = (plinth + (tall - plinth) * k / rows for k in (r, r + 1))
            fronts.append(((x0 + 3, -deep - 18, z0 + 3), (x1 - 3, -deep, z1 - 3)))
            m, h = (x0 + x1) / 2, z1 - min(70.0, (z1 - z0) / 2)
            grips.append(((m - 60, -deep - 42, h), (m + 60, -deep - 18, h + 12)))
    found: Pairs = [
        (cuboid((-size / 2, -deep, plinth), (size / 2, 0, tall)), body),
        (cuboid((-size / 2 + 20, -deep + 50, 0), (size / 2 - 20, 0, plinth)), BLACK),
        (boxes(fronts), front),
    ]
    if rng.random() < 0.8:
        found.append((boxes(grips), STEEL if rng.random() < 0.7 else BLACK))
    return found


def radiator(rng: np.random.Generator, size: float) -> Pairs:
    """A ribbed radiator under a pipe."""
    step = float(rng.uniform(35, 60))
    ribs = [
        ((x, -90.0, 130.0), (x + step * 0.7, -30.0, 720.0))
        for x in np.arange(-size / 2, size / 2, step)
    ]
    flat = ((-size / 2, -70.0, 150.0), (size / 2, -45.0, 700.0))
    pipe = tube([(-size / 2 - 60, -60, 0), (-size / 2 - 60, -60, 160), (-size / 2, -60, 160)], 9)
    return [(boxes([*ribs, flat]), WHITE), (pipe, WHITE)]


def curtain(rng: np.random.Generator, size: float) -> Pairs:
    """Hanging cloth in folds."""
    x = np.linspace(-size / 2, size / 2, 90)
    fold = np.cumsum(rng.uniform(0.25, 0.8, 90))
    z = np.array([2400.0, 1200.0, 20.0])
    points = np.stack(
        [
            np.broadcast_to(x, (3, 90)),
            -90 + 38 * np.sin(fold)[None] * np.array([0.7, 1.0, 1.2])[:, None],
            np.broadcast_to(z[:, None], (3, 90)),
        ],
        axis=2,
    )
    look = surface("pile", rng).material() if rng.random() < 0.5 else Material(paint(rng))
    mesh = sheet(points)
    return [(type(mesh)(mesh.vertices, mesh.faces, mesh.uv, True), look)]


def picture(rng: np.random.Generator, size: float) -> Pairs:
    """A framed picture, notice or sign at 1.1 to 1.7 m."""
    low, tall = float(rng.uniform(900, 1500)), size * float(rng.uniform(0.6, 1.4))
    blot = field(rng, 512, 3, 3, 3)[:128, :128, None]
    paints = 128 + 70 * blot * rng.uniform(-1, 1, 3) + rng.normal(0, 40, 3)
    art = np.asarray(np.clip(paints, 0, 255), np.uint8)
    if rng.random() < 0.5:
        art = np.full((128, 128, 3), 235, np.uint8)
        for row in range(12, 116, 9):
            cv2.line(art, (10, row), (int(rng.integers(40, 118)), row), (60, 60, 70), 3)
    half = size / 2
    return [
        (board((-half, low), (half, low + tall), -16), Material((1, 1, 1), art, roughness=0.3)),
        (cuboid((-half - 18, -14, low - 18), (half + 18, 0, low + tall + 18)), wood(rng)),
    ]


def fittings(rng: np.random.Generator, size: float) -> Pairs:
    """Sockets, switches, a pipe, a house number or a bell: small things on a wall."""
    spans = []
    for _ in range(int(rng.integers(1, 4))):
        x, z = float(rng.uniform(-size, size)), float(rng.choice([250.0, 300.0, 1050.0, 1400.0]))
        spans.append(((x - 40, -12.0, z), (x + 40, 0.0, z + 80)))
    x = float(rng.uniform(-size, size))
    pipe = tube([(x, -50, 0), (x, -50, 1400), (x, -50, 2600)], float(rng.uniform(10, 45)))
    look = Material(paint(rng), roughness=0.4)
    return [(boxes(spans), WHITE), (pipe, look)] if rng.random() < 0.4 else [(boxes(spans), WHITE)]
