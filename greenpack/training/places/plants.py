"""Bushes, hedges and potted plants of many small leaves: solid cards, which need no film layers."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh
from greenpack.training.drawing.noise import Floats
from greenpack.training.drawing.solids import Pairs, cuboid, tube, turned
from greenpack.training.places.walls import paint

_GREENS = np.array(
    [(0.2, 0.33, 0.1), (0.3, 0.42, 0.14), (0.14, 0.26, 0.12), (0.4, 0.47, 0.2), (0.25, 0.3, 0.2)]
)


def leaves(rng: np.random.Generator, middles: Floats, size: float) -> tuple[Mesh, Material]:
    """A bent leaf of about `size` mm at each of the points, of several greens."""
    count = len(middles)
    way = np.add(rng.standard_normal((count, 3)), (0, 0, 0.25))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    side = np.cross(way, rng.standard_normal((count, 3)))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    up = np.cross(side, way)
    long = (size * rng.uniform(0.6, 1.3, count))[:, None]
    wide = long * rng.uniform(0.25, 0.45)
    droop = up * long * 0.12
    points = np.stack(
        [
            middles - way * long / 2,
            middles + side * wide + droop,
            middles + way * long / 2,
            middles - side * wide + droop,
        ],
        axis=1,
    )
    start = np.arange(count)[:, None] * 4
    faces = np.concatenate([start + np.array([0, 1, 2]), start + np.array([0, 2, 3])])
    # One column of the palette for each leaf, a gradient along it.
    column = (rng.integers(8, size=count) + 0.5) / 8
    uv = np.zeros((count, 2, 3, 2))
    uv[:, :, :, 0] = column[:, None, None]
    uv[:, 0, :, 1], uv[:, 1, :, 1] = (0.1, 0.5, 0.9), (0.1, 0.9, 0.5)
    flat = np.concatenate([uv[:, 0], uv[:, 1]])
    base = _GREENS[rng.integers(len(_GREENS))]
    palette = base * rng.uniform(0.8, 1.5, (8, 1)) * (1 + rng.normal(0, 0.06, (8, 3)))
    if rng.random() < 0.15:
        palette[: int(rng.integers(1, 5))] = rng.uniform(0.4, 0.9, 3)
    shade = np.linspace(1.1, 0.8, 16)[:, None, None] * palette[None]
    picture = np.asarray(np.clip(shade * 255, 0, 255), np.uint8)
    return Mesh(points.reshape(-1, 3), faces, flat), Material((1, 1, 1), picture, roughness=0.55)


def _cloud(
    rng: np.random.Generator, count: int, half: tuple[float, float, float], up: float
) -> Floats:
    """Points near the outside of lobes filling an ellipsoid, its middle `up` mm over 0."""
    lobes = rng.uniform(-0.55, 0.55, (int(rng.integers(5, 12)), 3))
    way = rng.standard_normal((count, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    radius = 0.48 * rng.uniform(0.55, 1, count) ** 0.4
    points = lobes[rng.integers(len(lobes), size=count)] + way * radius[:, None]
    return np.add(points * half, (0.0, 0.0, up))


def bush(rng: np.random.Generator, size: float) -> Pairs:
    """A round bush `size` mm across, on the ground."""
    tall = size * float(rng.uniform(0.5, 1.1))
    leaf = float(rng.uniform(22, 70))
    count = int(np.clip(5 * (size / leaf) ** 2, 800, 9000))
    points = _cloud(rng, count, (size / 2, size / 2, tall / 2), tall * 0.5)
    points[:, 2] = np.maximum(points[:, 2], leaf * 0.3)
    core = turned([(0.02, 0), (size * 0.3, tall * 0.1), (size * 0.33, tall * 0.6), (1, tall * 0.8)])
    return [leaves(rng, points, leaf), (core, Material((0.025, 0.045, 0.015), roughness=1.0))]


def hedge(rng: np.random.Generator, size: float) -> Pairs:
    """A clipped hedge `size` mm long, its front at y = 0."""
    tall, deep, leaf = float(rng.uniform(500, 1800)), 500.0, float(rng.uniform(28, 60))
    count = int(np.clip(size * tall / leaf**2 * 3.0, 1500, 12000))
    points = np.column_stack(
        [
            rng.uniform(-size / 2, size / 2, count),
            np.abs(rng.normal(0, 55, count)),
            rng.uniform(0, tall, count),
        ]
    )
    top = rng.random(count) < 0.2
    points[top, 1] = rng.uniform(0, deep, int(top.sum()))
    points[top, 2] = tall + rng.normal(0, 30, int(top.sum()))
    points[:, 1] += 45 * np.sin(points[:, 0] / 170) * np.cos(points[:, 2] / 150) + 45
    core = cuboid((-size / 2, 90, 0), (size / 2, deep, tall - 40))
    return [leaves(rng, points, leaf), (core, Material((0.025, 0.045, 0.015), roughness=1.0))]


def potted(rng: np.random.Generator, size: float) -> Pairs:
    """A plant in a pot `size` mm wide."""
    r, tall = size / 2, size * float(rng.uniform(0.7, 1.1))
    clay = ((0.45, 0.18, 0.09), (0.3, 0.3, 0.3), (0.75, 0.74, 0.7), paint(rng))
    pot = turned(
        [(0.1, 0), (r * 0.7, 0), (r * 0.97, tall * 0.85), (r, tall * 0.86), (r, tall),
         (r * 0.9, tall), (r * 0.88, tall * 0.9), (0.1, tall * 0.9)]
    )  # fmt: skip
    high = size * float(rng.uniform(0.6, 2.0))
    leaf = float(rng.uniform(0.12, 0.4)) * size
    count = int(np.clip(rng.uniform(3, 7) * (size / leaf) ** 2, 60, 3000))
    points = _cloud(rng, count, (r * 1.3, r * 1.3, high / 2), tall + high * 0.45)
    stems = [
        (
            tube(
                [
                    (0, 0, tall * 0.9),
                    (a * 0.4, b * 0.4, tall + high * 0.3),
                    (a, b, tall + high * 0.7),
                ],
                size * 0.012,
                6,
            ),
            Material((0.14, 0.1, 0.05)),
        )
        for a, b in rng.uniform(-r * 0.6, r * 0.6, (3, 2))
    ]
    return [
        (pot, Material(clay[rng.integers(4)], roughness=0.75)),
        leaves(rng, points, leaf),
        *stems,
    ]


def litter(rng: np.random.Generator, size: float) -> Pairs:
    """Fallen leaves or weeds flat on the ground over a circle of `size` mm."""
    count = int(rng.integers(15, 160))
    points = np.column_stack([rng.normal(0, size / 3, (count, 2)), np.full(count, 9.0)])
    mesh, look = leaves(rng, points, float(rng.uniform(18, 50)))
    low = mesh.vertices.copy()
    low[:, 2] = 0.6 + np.abs(low[:, 2] - 9.0) * 0.25
    if rng.random() < 0.6:  # brown in autumn
        look = Material((1.3, 0.65, 0.3), look.picture, roughness=0.8)
    return [(Mesh(low, mesh.faces, mesh.uv), look)]
