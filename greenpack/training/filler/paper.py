"""Crumpled paper as meshes: wads folded from a sheet, pleated ropes, creased sheets."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh, grid
from greenpack.training.drawing.noise import Floats, creases
from greenpack.training.filler.relief import Relief, dropped
from greenpack.training.scene import Filler

TILE = 160.0
"""mm of paper that one repeat of its texture covers."""


def crumpled(
    rng: np.random.Generator, points: Floats, half: Floats, folds: int, end: float = 0.9
) -> Floats:
    """Paper points (n, 3) folded into an ellipsoid of half axes `half` (3,), in mm.

    What lies beyond a random plane is mirrored back. Each such fold keeps all lengths, so what
    remains are flat facets and sharp creases, as of a real sheet.
    """
    for share in np.linspace(1.7, end, folds):
        normal = rng.standard_normal(3)
        normal /= np.linalg.norm(normal)
        reach = float(np.linalg.norm(half * normal)) * share * rng.uniform(0.75, 1.1)
        beyond = np.maximum(points @ normal - reach, 0)
        points = points - 2 * beyond[:, None] * normal
    return points


def wad(
    rng: np.random.Generator,
    size: float,
    cells: int,
    slim: tuple[float, float] = (0.6, 0.95),
    heading: float | None = None,
) -> Mesh:
    """A sheet crumpled by hand to about `size` mm, of `cells` by `cells` quads.

    `slim` is the range of its width over its length, `heading` (radians) the way it points.
    """
    side = size * rng.uniform(2.0, 3.2)
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, cells + 1), np.linspace(-0.5, 0.5, cells + 1))
    sheet = np.stack([u * side, v * side * rng.uniform(0.7, 1.0), 0 * u], -1).reshape(-1, 3)
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    width = rng.uniform(*slim)
    half = np.array([1.0, width, width * rng.uniform(0.65, 0.95)]) * size / 2
    bent = sheet @ turn.T + (0, 0, 0.12 * size)
    points = crumpled(rng, bent, half, int(rng.integers(26, 48)))
    points += rng.normal(0, 0.004 * size, points.shape)
    a = rng.uniform(0, 2 * np.pi) if heading is None else heading
    c, s = np.cos(a), np.sin(a)
    points = points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    made = grid(points.reshape(cells + 1, cells + 1, 3))
    return Mesh(made.vertices, made.faces, made.uv * side / TILE)


def wads(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Crumpled sheets dropped into the carton."""
    size = float(np.clip(rng.uniform(0.3, 0.65) * relief.width, 55, 190))
    if piece.where == "over":  # smaller ones leave fewer gaps
        size = max(size * 0.75, 50.0)
    floor = relief.length * relief.width * piece.amount
    count = int(np.clip(floor / (size * size * (0.24 if piece.where == "over" else 0.42)), 1, 30))
    cells = int(np.clip(np.sqrt(60000 / count / 2), 34, 84))
    shapes = [wad(rng, size * rng.uniform(0.75, 1.3), cells) for _ in range(count)]
    return dropped(rng, piece, relief, shapes, 1.0)


def draped(
    rng: np.random.Generator,
    piece: Filler,
    relief: Relief,
    fold: float,
    step: float,
    reach: tuple[float, float] = (12.0, 34.0),
    yaw: float = 0.2,
) -> tuple[Floats, Floats] | None:
    """A sheet (rows, columns, 3) laid over what is there, and its flat coordinates in mm.

    `fold` scales its creases, `step` is the finest mesh width in mm, `yaw` the spread of its turn.
    """
    side = np.sqrt(piece.amount) * rng.uniform(0.9, 1.2)
    half_x = min(0.5, side / 2) * relief.length - 2
    half_y = min(0.5, piece.amount / side / 2) * relief.width - 2
    if min(half_x, half_y) < 15:
        return None
    if piece.where == "over":
        half_x, half_y = half_x * 1.06, half_y * 1.06
    room = np.maximum(np.array([relief.length / 2 - half_x, relief.width / 2 - half_y]) - 2, 0)
    middle = np.clip((piece.x, piece.y), -room, room)
    step = max(step, half_x / 80, half_y / 80)
    columns, rows = int(2 * half_x / step) + 2, int(2 * half_y / step) + 2
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    flat = np.stack([u * half_x, v * half_y], -1).reshape(-1, 2)
    c, s = np.cos(a := rng.normal(0, yaw)), np.sin(a)
    points = relief.inside(flat @ np.array([[c, s], [-s, c]]) + middle)
    coarse = rng.uniform(45, 80)
    bump = creases(rng, flat, coarse) * fold + creases(rng, flat, coarse * 0.4) * fold * 0.7
    at = relief.cells(points)
    base = relief.between(relief.bridged(rng.uniform(*reach)), points)
    lift = rng.uniform(0.0, 0.25) * max(relief.depth - float(base.max()), 0.0) * min(fold, 1)
    z = base + lift + np.maximum(bump - bump.min() * 0.7, 0.0)
    z = np.minimum(z, np.maximum(relief.depth + piece.heap, base + 2))
    np.maximum.at(relief.heights, at, z)
    made = np.column_stack([points, z]).reshape(rows, columns, 3)
    return made, flat.reshape(rows, columns, 2)


def sheet_mesh(points: Floats, flat: Floats, tile: tuple[float, float], smooth: bool) -> Mesh:
    """A draped sheet as mesh; `tile` is what one repeat of the texture covers, in mm."""
    made = grid(points, smooth)
    uv = flat.reshape(-1, 2)[made.faces] / tile
    return Mesh(made.vertices, made.faces, uv, smooth)


def sheet(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """A creased sheet of paper laid over the goods."""
    laid = draped(rng, piece, relief, rng.uniform(0.5, 1.3), 2.6)
    return sheet_mesh(*laid, (TILE, TILE), False) if laid else None


def honeycomb(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Slit paper pulled open to a net of cells, in two crumpled layers."""
    if piece.where == "wrap":
        return around(rng, relief, (96.0, 96.0), 3.0)
    laid = draped(rng, piece, relief, rng.uniform(0.5, 0.9), 3.2, (8.0, 20.0))
    return sheet_mesh(*laid, (96.0, 96.0), True) if laid else None


def around(
    rng: np.random.Generator, relief: Relief, tile: tuple[float, float], thick: float
) -> Mesh | None:
    """A sleeve wrapped around the good that lies highest, its ends folded in."""
    if not relief.goods:
        return None
    good = max(relief.goods, key=lambda g: g.z + g.size[2])
    length, width, height = (v / 2 + 1.2 for v in good.size)
    rows = 84
    inner = np.linspace(-length, length, int(np.clip(length / 1.8, 14, 80)))
    tips = length + np.linspace(0.25, 1, 5) * min(0.6 * height + thick, 26)
    at = np.concatenate([-tips[::-1], inner, tips])
    beyond = np.clip((np.abs(at) - length) / (tips[-1] - length), 0, 1)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * (width, height)
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    along = np.linspace(0, way[-1], rows)
    ring = np.stack([np.interp(along, way, corners[:, k]) for k in (0, 1)], 1)
    out = ring / (np.abs(ring) ** 4).sum(axis=1, keepdims=True) ** 0.25
    flat = np.stack(np.meshgrid(at, along), -1)
    bump = creases(rng, flat.reshape(-1, 2), 40.0) + 0.8 * creases(rng, flat.reshape(-1, 2), 16.0)
    swell = np.clip(bump.reshape(rows, -1) * 0.5 + thick, 0.4, 14)
    y = ring[:, :1] * (1 - 0.12 * beyond) + out[:, :1] * swell
    z = (ring[:, 1:] + out[:, 1:] * swell) * (1 - 0.9 * beyond**1.3)
    x = np.broadcast_to(at, y.shape) + (bump.reshape(rows, -1) * 0.25) * beyond
    c, s = np.cos(np.radians(good.yaw)), np.sin(np.radians(good.yaw))
    xy = np.stack([x * c - y * s + good.x, x * s + y * c + good.y], -1)
    up = np.maximum(z + good.size[2] / 2 + good.z, 0.4)
    half = np.array([relief.length, relief.width]) / 2 - 0.5
    points = np.concatenate([np.clip(xy, -half, half), up[..., None]], -1)
    cells = relief.cells(points[..., :2].reshape(-1, 2))
    np.maximum.at(relief.heights, cells, points[..., 2].ravel())
    return sheet_mesh(points, flat, tile, True)
