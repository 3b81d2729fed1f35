"""The body of a closed box: rounded edges, bulging faces, crushed corners; straps and raised flaps.

Box coordinates: origin in the middle of the underside, x along the length, z up.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from greenpack.training.cartons import box_surface
from greenpack.training.cartons.frames import parcel_frame
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, box, join, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton

BULGE = 9.0
"""How far a face swells or sags at most, in mm."""


def half(carton: Carton) -> Floats:
    """Half the outer length, width and height in mm."""
    return np.array([carton.length, carton.width, carton.depth]) / 2 + carton.wall


def placed(carton: Carton) -> Floats:
    """Box coordinates to the world."""
    return parcel_frame(carton)


def bent(carton: Carton, points: Floats, lift: float = 0.0) -> Floats:
    """Points of the flat-faced cuboid (box coordinates) where the used box has them, `lift` mm off.

    Edges are rounded, faces bulge or sag, corners are crushed; all of it stays above the underside.
    """
    rng = np.random.default_rng([carton.seed, 31])
    h = half(carton)
    centre = np.array([0, 0, h[2]])
    p = np.clip(points - centre, -h, h)
    # Rounded edges: a ball of radius r rolled inside the cuboid.
    r = float(min(rng.uniform(1.5, 4) + 3 * carton.wear, h.min() * 0.3))
    inner = np.clip(p, -(h - r), h - r)
    away = p - inner
    length = np.linalg.norm(away, axis=1, keepdims=True)
    normal = np.divide(away, length, out=np.zeros_like(away), where=length > 1e-9)
    # A box that came by post keeps its edges straight and its faces not.
    share = p / h
    swell = rng.normal(0.004, 0.008, 3) * (0.5 + 1.5 * carton.wear) * h.mean() * 2
    swell = np.clip(swell, -BULGE, BULGE)
    dome = np.maximum(1 - share**2, 0)
    push = swell * share * dome[:, [1, 2, 0]] * dome[:, [2, 0, 1]]
    push[:, 2] = np.where(share[:, 2] > 0, push[:, 2], 0)
    crush = np.zeros_like(p)
    for _ in range(int(rng.poisson(2.2 * carton.wear))):
        corner = rng.choice([-1.0, 1.0], 3) * h
        if rng.random() < 0.75:
            corner[2] = h[2]
        if rng.random() < 0.3:
            corner[int(rng.integers(2))] *= rng.uniform(-0.8, 0.8)
        reach = float(min(rng.uniform(25, 80), h.min()))
        near = np.maximum(1 - np.linalg.norm(p - corner, axis=1) / reach, 0) ** 1.5
        crush -= near[:, None] * np.sign(corner) * rng.uniform(2, 14, 3) * min(1, reach / 50)
    moved = inner + normal * r + push + crush + normal * lift + centre
    moved[:, 2] = np.maximum(moved[:, 2], 0)
    return np.asarray(moved, np.float64)


def sheet(
    carton: Carton,
    origin: Floats,
    along: Floats,
    across: Floats,
    lift: float,
    steps: tuple[int, int],
) -> Mesh:
    """A sheet lying on the box, given as a corner and two edges on a face of the cuboid."""
    u, v = np.meshgrid(np.linspace(0, 1, steps[0]), np.linspace(0, 1, steps[1]))
    flat = origin + u.reshape(-1, 1) * along + v.reshape(-1, 1) * across
    return _surface(bent(carton, flat, lift), u, v)


def _surface(points: Floats, u: Floats, v: Floats) -> Mesh:
    rows, columns = u.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Mesh(points, faces, np.stack([u.ravel(), v.ravel()], 1)[faces], True)


# Right and up of each atlas cell as seen from outside.
_RIGHT_UP = (
    ((0, 1, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 0, 1)),
    ((1, 0, 0), (0, 1, 0)),
    ((0, -1, 0), (0, 0, 1)),
    ((1, 0, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 1, 0)),
)


def body(carton: Carton, steps: int = 16) -> Mesh:
    """The closed surface, with the atlas of `meshes.box`."""
    h = half(carton)
    edge = 1 - np.minimum(4.0 / h, 0.2)
    meshes = []
    for cell, (right, up) in enumerate(_RIGHT_UP):
        r, t = np.array(right, float), np.array(up, float)
        out = np.cross(r, t)
        ticks = [
            np.concatenate([[-1], np.linspace(-e, e, steps), [1]])
            for e in (float(np.abs(r) @ edge), float(np.abs(t) @ edge))
        ]
        u, v = np.meshgrid(*ticks)
        flat = (out + u.reshape(-1, 1) * r + v.reshape(-1, 1) * t) * h + (0, 0, h[2])
        made = _surface(bent(carton, flat), (u + 1) / 2, (v + 1) / 2)
        low = np.array([cell % 3, 1 - cell // 3])
        uv = (low + 0.004 + 0.992 * made.uv) / (3, 2)
        meshes.append(Mesh(made.vertices, made.faces, uv, True))
    return join(meshes)


def parts(carton: Carton, number: int) -> list[Part]:
    """Body, raised top flaps and straps, all of them the parcel itself."""
    to_world = placed(carton)
    look = Material(
        picture=box_surface.atlas(carton),
        colour=(1, 1, 1),
        roughness=0.4 if carton.printing in ("stripes", "solid") else 0.75,
        relief=box_surface.relief(carton),
        relief_mm=0.3,
    )
    found = [Part("parcel", number, body(carton).moved(to_world), look)]
    if carton.raised > 0 and carton.lid_axis == 2:
        found.append(_raised(carton, number))
    if carton.strapping is not None:
        straps = Material(carton.strapping, roughness=0.3)
        found.append(Part("parcel", number, _straps(carton).moved(to_world), straps))
    return found


def _raised(carton: Carton, number: int) -> Part:
    """Two top flaps that stand `raised` degrees up along the middle."""
    h, rng = half(carton), np.random.default_rng([carton.seed, 33])
    meshes = []
    for side in (0, 180):
        angle = carton.raised * rng.uniform(0.4, 1.0)
        panel = box(h[1] * 0.99, 2 * h[0] - 2, carton.wall, 0.4)
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        turn = np.eye(4)
        turn[:3, :3] = [[c, 0, -s], [0, 1, 0], [s, 0, c]]
        hinge = transform(yaw=side) @ transform(0, -h[1] + 1, 2 * h[2] + 0.2, 90)
        meshes.append(panel.moved(hinge @ turn @ transform(h[1] * 0.495, 0, 0)))
    fibre = np.repeat(box_surface.grain(rng)[:, :, None] * 200, 3, axis=2)
    look = Material(
        carton.colour, np.asarray(np.clip(fibre * 1.05, 0, 255), np.uint8), roughness=0.75
    )
    return Part("parcel", number, join(meshes).moved(placed(carton)), look)


def _straps(carton: Carton) -> Mesh:
    rng, h = np.random.default_rng([carton.seed, 35]), half(carton)
    wide, bands = float(rng.uniform(7, 15)), []
    plans = [[0], [1], [0, 1], [1, 1]][rng.integers(4)]
    for k, axis in enumerate(plans):
        at = float(rng.uniform(-0.15, 0.15) + (0.5 * (k * 2 - 1) if plans == [1, 1] else 0))
        bands.append(girdle(carton, axis, at * 2 * h[1 - axis] * 0.6, wide, 1.3))
    return join(bands)


def girdle(
    carton: Carton, axis: int, at: float, wide: float, lift: float, tile: float = 300
) -> Mesh:
    """A band round the box in the vertical plane along `axis` (0 or 1), `at` mm off the middle.

    Its texture repeats every `tile` mm.
    """
    h = half(carton)
    ring = [(-1, 0.02), (-1, 2), (1, 2), (1, 0.02)]
    path = [np.array([a * h[axis], b * h[2]]) for a, b in ring]
    return band(carton, path, axis, at, wide, lift, tile)


def band(
    carton: Carton,
    path: list[Floats],
    axis: int,
    at: float,
    wide: float,
    lift: float,
    tile: float,
) -> Mesh:
    """A strip `wide` mm across along a polyline of (position on `axis`, height)."""
    points, run, total = [path[0]], [0.0], 0.0
    for a, b in pairwise(path):
        gap = float(np.linalg.norm(b - a))
        near = np.array([2.0, 4.0]) / gap if gap > 12 else np.array([])
        middle = np.linspace(0, 1, max(3, int(gap / 22)))[1:-1]
        for t in np.unique(np.concatenate([near, middle, 1 - near, [1.0]])):
            points.append(a + t * (b - a))
            run.append(total + t * gap)
        total += gap
    way = np.array(points)
    across = np.linspace(-0.5, 0.5, 4) * wide + at
    flat = np.zeros((len(way), 4, 3))
    flat[:, :, axis] = way[:, :1]
    flat[:, :, 1 - axis] = -across[None] if axis == 0 else across[None]
    flat[:, :, 2] = way[:, 1:]
    u = np.repeat(np.array(run)[:, None] / tile, 4, axis=1)
    v = np.repeat(np.linspace(1, 0, 4)[None], len(way), axis=0)
    return _surface(bent(carton, flat.reshape(-1, 3), lift), u, v)
