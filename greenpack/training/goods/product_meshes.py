"""Solids that products are put together from: lofts, rounded slabs, tubes, cushions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenpack.training.drawing.meshes import Mesh, ball, box, join
from greenpack.training.drawing.noise import Floats, creases

Size = tuple[float, float, float]


@dataclass(frozen=True)
class Piece:
    """One surface of a product. An `inner` piece lies inside another: seen, but adds no volume."""

    mesh: Mesh
    surface: str
    inner: bool = False


def fitted(pieces: Sequence[Piece], size: Size) -> list[Piece]:
    """The pieces stretched together so that the outer ones just fill `size`, standing on z = 0."""
    points = np.concatenate([p.mesh.vertices for p in pieces if not p.inner])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.array(size) / (high - low)
    middle = (low + high) / 2 * (1, 1, 0) + low * (0, 0, 1)
    return [
        replace(p, mesh=replace(p.mesh, vertices=(p.mesh.vertices - middle) * scale))
        for p in pieces
    ]


def moved(mesh: Mesh, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
    """The mesh shifted."""
    return replace(mesh, vertices=np.add(mesh.vertices, (x, y, z)))


def laid(mesh: Mesh) -> Mesh:
    """The mesh turned so that its z axis points along x and its x axis along y."""
    return replace(mesh, vertices=mesh.vertices[:, [2, 0, 1]])


def loft(rings: Floats, planar: bool = False, smooth: bool = True) -> Mesh:
    """Closed solid through rings (n, k, 3), counter-clockwise about the way they go.

    The picture goes once around and along, or lies flat on x and y when `planar`.
    """
    n, k, _ = rings.shape
    vertices = np.concatenate([rings.reshape(-1, 3), [rings[0].mean(0), rings[-1].mean(0)]])
    i, j = (a.ravel() for a in np.meshgrid(np.arange(n - 1), np.arange(k), indexing="ij"))
    nxt = (j + 1) % k
    a, b = i * k + j, i * k + nxt
    edge, after = np.arange(k), (np.arange(k) + 1) % k
    low, high = np.full(k, n * k), np.full(k, n * k + 1)
    faces = np.concatenate(
        [
            np.stack([a, b, b + k], 1),
            np.stack([a, b + k, a + k], 1),
            np.stack([low, after, edge], 1),
            np.stack([high, (n - 1) * k + edge, (n - 1) * k + after], 1),
        ]
    )
    if planar:
        flat = vertices[:, :2] - vertices[:, :2].min(axis=0)
        return Mesh(vertices, faces, (flat / flat.max(axis=0))[faces], smooth)
    steps = np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    v = along / max(float(along[-1]), 1e-9)
    u0, u1 = j / k, (j + 1) / k
    sides = [[(u0, v[i]), (u1, v[i]), (u1, v[i + 1])], [(u0, v[i]), (u1, v[i + 1]), (u0, v[i + 1])]]
    uv = [np.stack([np.stack(p, -1) for p in side], 1) for side in sides]
    for end in (0.0, 1.0):
        around = np.stack([edge / k, np.full(k, end)], -1)
        uv.append(np.stack([around, around, around], 1))
    return Mesh(vertices, faces, np.concatenate(uv), smooth)


def revolve(profile: Sequence[tuple[float, float]] | Floats, segments: int = 32) -> Mesh:
    """Solid of revolution about z through (radius, z) points, outside from bottom to top."""
    angle = np.arange(segments) / segments * 2 * np.pi
    points = np.asarray(profile, float)
    radius = np.maximum(points[:, 0], 0.004 * points[:, 0].max())[:, None]
    rings = np.stack(
        [
            radius * np.cos(angle),
            radius * np.sin(angle),
            np.broadcast_to(points[:, 1:], (len(points), segments)),
        ],
        -1,
    )
    return loft(rings)


def outline(length: float, width: float, corner: float, steps: int = 5) -> Floats:
    """Points (4 * steps, 2) of a rectangle with round corners, counter-clockwise."""
    r = min(corner, length / 2 - 1e-3, width / 2 - 1e-3)
    turn = np.linspace(0, np.pi / 2, steps)
    arc = np.stack([np.cos(turn), np.sin(turn)], 1) * r
    found = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        c, s = [(1, 0), (0, 1), (-1, 0), (0, -1)][k]
        at = np.array([sx * (length / 2 - r), sy * (width / 2 - r)])
        found.append(arc @ np.array([[c, s], [-s, c]]) + at)
    return np.concatenate(found)


def rounded(size: Size, corner: float, edge: float, cap: int = 0) -> Mesh:
    """Slab with corners and edges of the given radii; `cap` rings divide its top for bending."""
    length, width, height = size
    edge = min(edge, height / 2, length * 0.49, width * 0.49)
    turn = np.linspace(0, np.pi / 2, 4)
    inset = np.concatenate([edge * (1 - np.sin(turn)), edge * (1 - np.sin(turn[::-1]))])
    z = np.concatenate([edge * (1 - np.cos(turn)), height - edge * (1 - np.cos(turn[::-1]))])
    return slab_of(length, width, inset, z, corner, cap)


def slab_of(
    length: float, width: float, inset: Floats, z: Floats, corner: float, cap: int = 0
) -> Mesh:
    """Slab whose outline is drawn in by `inset` at each of the heights `z`."""
    rings = [
        np.column_stack(
            [
                outline(length - 2 * i, width - 2 * i, max(corner - i, 0.02 * width)),
                np.full(20, h),
            ]
        )
        for i, h in zip(inset, z, strict=True)
    ]
    rings += [rings[-1] * (s, s, 1) for s in np.linspace(1, 0, cap + 2)[1:-1]]
    return loft(np.array(rings), planar=True)


def sweep(path: Floats, radius: float | Floats, sides: int = 8) -> Mesh:
    """Round bar along a path (n, 3); `radius` may change along it."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None] + 1e-12
    start = np.array([0, 0, 1.0]) if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0, 0])
    angle = np.arange(sides) / sides * 2 * np.pi
    wide = np.broadcast_to(radius, len(path))
    rings, normal = [], start
    for point, along, r in zip(path, tangent, wide, strict=True):
        normal = normal - along * (normal @ along)
        normal /= np.linalg.norm(normal)
        other = np.cross(along, normal)
        ring = np.cos(angle)[:, None] * normal + np.sin(angle)[:, None] * other
        rings.append(point + r * ring)
    return loft(np.array(rings))


def pillow(
    rng: np.random.Generator, size: Size, seam: float = 0.05, low: float = 0.5, fold: float = 1.0
) -> Mesh:
    """Welded bag of film: full in the middle, flat wrinkled seams at both ends of x.

    `seam` is a seam's share of the length, `low` the share of the height below the seams' plane.
    """
    length, width, height = size
    rows, columns = 33, 45
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    full = np.clip((1 - np.abs(u)) / 0.5 - 2 * seam, 0, 1)
    inside = np.sqrt(np.clip(full * (2 - full), 0, 1)) * np.clip(1 - np.abs(v) ** 3, 0, 1) ** 0.5
    flat = np.stack([u.ravel() * length / width, v.ravel()], 1)
    bump = creases(rng, flat, 0.5) * 0.55 + creases(rng, flat, 0.22) * 0.5
    ripple = np.sin(v * rng.uniform(9, 20) + rng.uniform(0, 6)) * np.exp(-4 * full)
    wave = (bump.reshape(rows, columns) + 0.10 * ripple) * fold * np.sqrt(inside + 0.02)
    x = u * length / 2 * (1 - 0.05 * (1 - np.abs(u)) * np.abs(v))
    y = v * width / 2 * (1 - 0.07 * full)
    edge = (np.abs(v) < 1) & (np.abs(u) < 1)
    top = height * (1 - low) * (inside * (1 + 0.5 * wave) + 0.02 * edge)
    under = -height * low * np.minimum(inside * 1.25, 1) - 0.02 * height * edge
    sides = []
    for z, up in ((top, True), (under, False)):
        index = np.arange(rows * columns).reshape(rows, columns)
        a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
        c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
        faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
        uv = np.stack([(u.ravel() + 1) / 2, (v.ravel() + 1) / 2], 1)[faces]
        points = np.stack([x, y, z], -1).reshape(-1, 3)
        sides.append(Mesh(points, faces if up else faces[:, ::-1], uv if up else uv[:, ::-1], True))
    return join(sides)


def blob(size: Size, x: float = 0.0, y: float = 0.0, z: float = 0.0, rows: int = 16) -> Mesh:
    """Ellipsoid of the given diameters around a point."""
    unit, mesh = ball(rows, rows * 2)
    return Mesh(unit * np.array(size) / 2 + (x, y, z), mesh.faces, mesh.uv, True)


def block(size: Size, x: float = 0.0, y: float = 0.0, z: float = 0.0, bevel: float = 0.5) -> Mesh:
    """Box with its underside at z."""
    return moved(box(*size, bevel=bevel), x, y, z)


def segment(start: Sequence[float], end: Sequence[float], radius: float, sides: int = 12) -> Mesh:
    """Straight round bar."""
    return sweep(np.linspace(np.array(start, float), np.array(end, float), 3), radius, sides)
