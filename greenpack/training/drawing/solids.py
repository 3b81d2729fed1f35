"""Simple bodies for surroundings; their UV counts metres, so one picture fits any size.

Surroundings carry no label and no volume, so surfaces may be open where nobody sees it. A thing's
own frame: x to the right, y away from the viewer (its front faces -y), z up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenpack.training.drawing.material import Material
from greenpack.training.drawing.meshes import Mesh, join
from greenpack.training.drawing.noise import Floats

Pairs = list[tuple[Mesh, Material]]
"""Bodies of a thing, each with its surface."""

Point = tuple[float, float, float]


def cuboid(low: Point, high: Point) -> Mesh:
    """Box between two corners."""
    a, b = np.asarray(low, float), np.asarray(high, float)
    signs = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
    points = a + signs * (b - a)
    quads = np.array(
        [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    )
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    corners = points[faces] / 1000
    flat = [(1, 2), (1, 2), (0, 2), (0, 2), (0, 1), (0, 1)] * 2
    uv = np.stack([corners[i][:, list(axes)] for i, axes in enumerate(flat)])
    return Mesh(points, faces, uv)


def boxes(spans: Sequence[tuple[Point, Point]]) -> Mesh:
    """Several boxes as one mesh."""
    return join([cuboid(low, high) for low, high in spans])


def tube(path: Sequence[Point] | Floats, radii: Sequence[float] | float, around: int = 10) -> Mesh:
    """Round bar along a path of points, with its ends closed to a point."""
    points = np.asarray(path, float)
    size = np.broadcast_to(np.asarray(radii, float), (len(points),)).copy()
    points = np.concatenate([points[:1], points, points[-1:]])
    size = np.concatenate([[1e-3], size, [1e-3]])
    way = np.gradient(points, axis=0)
    way[0], way[-1] = points[2] - points[1], points[-2] - points[-3]
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-12
    # The axis the path follows least gives a steady sideways direction.
    guess = np.eye(3)[int(np.argmin(np.abs(way).mean(axis=0)))]
    right = np.cross(way, guess)
    right /= np.linalg.norm(right, axis=1, keepdims=True) + 1e-12
    up = np.cross(right, way)
    angle = np.linspace(0, 2 * np.pi, around + 1)[:-1]
    ring = (
        np.cos(angle)[None, :, None] * right[:, None] + np.sin(angle)[None, :, None] * up[:, None]
    )
    vertices = points[:, None] + ring * size[:, None, None]
    rows = len(points)
    index = np.arange(rows * around).reshape(rows, around)
    a, b = index[:-1], np.roll(index[:-1], -1, axis=1)
    d, c = index[1:], np.roll(index[1:], -1, axis=1)
    faces = np.concatenate(
        [np.stack([a, d, c], 2).reshape(-1, 3), np.stack([a, c, b], 2).reshape(-1, 3)]
    )
    flat = vertices.reshape(-1, 3)
    return Mesh(flat, faces, flat[faces][:, :, [0, 2]] / 1000, True)


def turned(profile: Sequence[tuple[float, float]], around: int = 24) -> Mesh:
    """Body of revolution about z through (radius, z) points, followed along its outside."""
    shape = np.asarray(profile, float)
    angle = np.linspace(0, 2 * np.pi, around + 1)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1)
    points = np.concatenate(
        [
            np.broadcast_to(shape[:, None, :1] * ring[None], (len(shape), around + 1, 2)),
            np.broadcast_to(shape[:, None, 1:], (len(shape), around + 1, 1)),
        ],
        axis=2,
    )
    mesh = sheet(points)
    return Mesh(mesh.vertices, mesh.faces, mesh.uv, True)


def sheet(points: Floats) -> Mesh:
    """Smooth open surface through (rows, columns, 3) points."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    along = np.linalg.norm(np.diff(points, axis=1), axis=2).mean(axis=0).cumsum() / 1000
    down = np.linalg.norm(np.diff(points, axis=0), axis=2).mean(axis=1).cumsum() / 1000
    u, v = np.meshgrid(np.concatenate([[0], along]), np.concatenate([[0], down]))
    flat = np.stack([u.ravel(), v.ravel()], 1)
    return Mesh(points.reshape(-1, 3), faces, flat[faces], True)


def board(low: tuple[float, float], high: tuple[float, float], y: float) -> Mesh:
    """Upright rectangle facing -y between (x, z) corners; its picture fills it once."""
    (x0, z0), (x1, z1) = low, high
    points = np.array([(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)], float)
    uv = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], float)
    return Mesh(points, np.array([[0, 1, 2], [0, 2, 3]]), uv)


def plate(low: tuple[float, float], high: tuple[float, float], z: float) -> Mesh:
    """Level rectangle facing up between (x, y) corners; its picture fills it once."""
    mesh = board(low, high, 0.0)
    vertices = mesh.vertices[:, [0, 2, 1]]
    vertices[:, 2] = z
    return Mesh(vertices, mesh.faces, mesh.uv)
