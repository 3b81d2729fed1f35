"""People as far as photographs of parcels show them: hands on forearms, and legs with shoes."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, ball, join
from greenpack.training.drawing.solids import Pairs, Point, tube
from greenpack.training.places.grounds import surface
from greenpack.training.places.walls import paint
from greenpack.training.scene import Colour

SKINS: tuple[Colour, ...] = (
    (0.62, 0.36, 0.25),
    (0.45, 0.24, 0.15),
    (0.7, 0.45, 0.33),
    (0.16, 0.08, 0.05),
    (0.3, 0.15, 0.09),
)
GLOVES: tuple[Colour, ...] = (
    (0.03, 0.03, 0.035),
    (0.1, 0.2, 0.6),
    (0.7, 0.7, 0.68),
    (0.6, 0.3, 0.05),
)


def _cloth(rng: np.random.Generator) -> Material:
    if rng.random() < 0.5:
        return surface("pile", rng).material()
    return Material(paint(rng), roughness=0.9, sheen=0.3)


def _egg(middle: Point, half: Point, lean: float = 0.0) -> Mesh:
    unit, mesh = ball(10, 18)
    points = unit * half
    points[:, 2] += lean * points[:, 0]
    return Mesh(points + middle, mesh.faces, mesh.uv, True)


def arm(rng: np.random.Generator, size: float) -> Pairs:
    """A hand of `size` mm (wrist to knuckles about 0.5) laid flat or gripping; fingertips point to
    +x at the origin, the forearm comes in from -x and rises."""
    s, curl = size / 180, float(rng.uniform(0.05, 0.9))
    gloved = rng.random() < 0.2
    look = Material(GLOVES[rng.integers(4)] if gloved else SKINS[rng.integers(5)], roughness=0.55)
    bodies = [_egg((-118, 0, 30), (56, 42, 15), 0.06)]
    for k, (y, long) in enumerate(((31, 74), (10, 84), (-11, 79), (-31, 60))):
        angle = curl * (0.5 + 0.12 * k)
        base = np.array([-78.0 + (-4, 3, 1, -8)[k], float(y), 30.0])
        joints, way = [base], 0.1
        for share, bend in ((0.46, 0.2), (0.3, 0.9), (0.24, 0.8)):
            way -= angle * bend
            step = np.array([np.cos(way), 0.06 * np.sign(y), np.sin(way)]) * long * share
            joints.append(joints[-1] + step)
        bodies.append(tube(np.array(joints), [10.5, 9.5, 8.5, 7.0], 10))
        bodies += [
            _egg((p[0], p[1], p[2]), (r, r, r))
            for p, r in zip(joints, (10.5, 9.3, 8.4, 7.5), strict=True)
        ]
    side = 1 if rng.random() < 0.5 else -1
    thumb = [
        (-142.0, side * 28.0, 28.0),
        (-108.0, side * 58.0, 20.0),
        (-72.0, side * 62.0, 14.0 - 20 * curl),
    ]
    bodies += [tube(thumb, [15, 12, 9], 10), _egg(thumb[2], (9.5, 9.5, 8))]
    rise = float(rng.uniform(0.02, 0.6))
    run = [(-160.0 - d, 0.0, 30.0 + rise * d) for d in (-18, 10, 90, 240, 420)]
    bodies.append(tube(run, [22, 25, 31, 40, 44], 14))
    mesh = join(bodies)
    low = min(0.0, float(mesh.vertices[:, 2].min()))
    found: Pairs = [(mesh, look)]
    if rng.random() < 0.7:
        start = float(rng.uniform(20, 220))
        sleeve = [(-160.0 - d, 0.0, 30.0 + rise * d) for d in (start, start + 30, start + 160, 470)]
        found.append((tube(sleeve, [38, 43, 50, 60], 16), _cloth(rng)))
    return [
        (Mesh((m.vertices - (0, 0, low)) * s, m.faces, m.uv * s, m.smooth), w) for m, w in found
    ]


def legs(rng: np.random.Generator, size: float) -> Pairs:
    """Someone standing, up to the hip, shoes towards -y; `size` is the length of a shoe."""
    s = size / 280
    trousers, skin = _cloth(rng), Material(SKINS[rng.integers(5)], roughness=0.55)
    short = rng.random() < 0.2
    shoe, sole = Material(paint(rng), roughness=0.6), Material(paint(rng), roughness=0.7)
    found: Pairs = []
    for side in (-1, 1):
        x, ahead = side * float(rng.uniform(85, 150)), float(rng.uniform(-110, 110))
        body = [_egg((x, ahead - 60, 42), (46, 135, 34)), _egg((x, ahead + 35, 62), (38, 52, 46))]
        found.append((join(body), shoe))
        found.append((_egg((x, ahead - 55, 14), (50, 144, 14)), sole))
        line = [(x, ahead + 40, 60), (x, ahead + 45, 260), (x * 0.95, ahead + 15, 500),
                (x * 0.85, ahead * 0.4 + 20, 920)]  # fmt: skip
        if short:
            found.append((tube(line, [38, 55, 58, 85], 14), skin))
            line = [(x * 0.95, ahead + 15, 470), (x * 0.9, ahead * 0.7 + 15, 600), line[3]]
            found.append((tube(line, [88, 95, 110], 16), trousers))
        else:
            path = np.interp(np.linspace(0, 3, 22), range(4), range(4))
            points = np.stack(
                [np.interp(path, range(4), [p[k] for p in line]) for k in range(3)], 1
            )
            wide = np.interp(path, range(4), [64, 72, 80, 105]) + rng.normal(0, 2.5, 22)
            found.append((tube(points, list(wide), 16), trousers))
    return [(Mesh(m.vertices * s, m.faces, m.uv, m.smooth), w) for m, w in found]


def hand(size: float, seed: int) -> Mesh:
    """A forearm and hand of rounded limbs, fingers towards +x, resting on z = 0; for clutter."""
    rng = np.random.default_rng(seed)
    parts = [
        _limb((-4.2, 0, 0.45), (-1.3, 0, 0.4), 0.42),
        _limb((-1.3, 0, 0.4), (-0.2, 0, 0.3), 0.36),
    ]
    parts += [_limb((-0.5, y, 0.3), (0.25, y * 1.15, 0.3), 0.2) for y in (-0.25, 0, 0.25)]
    for k, reach in enumerate((0.75, 0.95, 1.0, 0.9)):
        y = 0.36 - 0.24 * k
        bend = rng.uniform(0.15, 0.35)
        parts.append(_limb((0.25, y, 0.3), (0.25 + reach * 0.5, y * 1.1, bend + 0.1), 0.115))
        parts.append(
            _limb((0.25 + reach * 0.5, y * 1.1, bend + 0.1), (0.25 + reach, y * 1.1, 0.1), 0.1)
        )
    parts.append(_limb((-0.4, 0.3, 0.25), (0.3, 0.75, 0.15), 0.13))
    mesh = join(parts)
    return Mesh(mesh.vertices * size, mesh.faces, mesh.uv, True)


def _limb(start: tuple[float, ...], end: tuple[float, ...], radius: float) -> Mesh:
    unit, mesh = ball(10, 16)
    a, b = np.array(start), np.array(end)
    axis = (b - a) / np.linalg.norm(b - a)
    side = unit @ axis
    points = unit * radius + np.where(side[:, None] > 0, b, a)
    # Seen on its own the sphere must be cut where it is stretched, which it is: across the axis.
    return Mesh(points, mesh.faces, mesh.uv, True)
