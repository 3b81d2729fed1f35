"""The first, simpler kinds of packing material as meshes; the public samples are made with them."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.drawing.meshes import Mesh, ball, grid, join
from greenpack.training.drawing.noise import creases
from greenpack.training.filler.relief import CELL, Relief, dropped
from greenpack.training.scene import Filler


def sheet(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """A crumpled sheet laid over whatever is there, reaching `amount` of the carton's floor."""
    side = np.sqrt(piece.amount) * rng.uniform(0.85, 1.2)
    half_x = min(0.5, side / 2) * relief.length - 2
    half_y = min(0.5, piece.amount / side / 2) * relief.width - 2
    if min(half_x, half_y) < 15:
        return None
    x0 = float(np.clip(piece.x, -relief.length / 2 + half_x + 2, relief.length / 2 - half_x - 2))
    y0 = float(np.clip(piece.y, -relief.width / 2 + half_y + 2, relief.width / 2 - half_y - 2))
    step = max(2.2, half_x / 75, half_y / 75)
    columns, rows = int(2 * half_x / step) + 2, int(2 * half_y / step) + 2
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    flat = np.stack([u * half_x, v * half_y], -1).reshape(-1, 2)
    # A torn outline: the border is drawn inwards by a slow random amount.
    pull = 1 - 0.16 * np.abs(creases(rng, flat * 1.0, 60.0)) / 12
    points = flat * np.clip(pull, 0.75, 1)[:, None] + (x0, y0)
    coarse = rng.uniform(45, 80)
    fold = creases(rng, flat, coarse) * rng.uniform(0.8, 1.4)
    fold += creases(rng, flat, coarse * 0.4) * rng.uniform(0.5, 0.9)
    fold += creases(rng, flat, coarse * 0.16) * 0.35
    # Stiff paper bridges: it falls from a good's edge over a distance, not straight down.
    reach = rng.uniform(12, 34)
    size = (2 * round(reach / CELL) + 1,) * 2
    wide = cv2.GaussianBlur(cv2.dilate(relief.heights, np.ones(size)), (0, 0), reach / CELL)
    tight = cv2.dilate(relief.heights, np.ones((3, 3)))
    columns_at = np.clip(np.searchsorted(relief.xs, points[:, 0]), 0, len(relief.xs) - 1)
    rows_at = np.clip(np.searchsorted(relief.ys, points[:, 1]), 0, len(relief.ys) - 1)
    base = np.maximum(wide[rows_at, columns_at] * 0.96, tight[rows_at, columns_at] + 1.5)
    lift = rng.uniform(0.0, 0.35) * max(relief.depth - float(base.max()), 0.0)
    z = base + lift + np.maximum(fold - fold.min() * 0.7, 0.0)
    z = np.minimum(z, np.maximum(relief.depth * 1.04, base + 2))
    shift = creases(rng, flat + 500, coarse * 0.5)[:, None] * rng.uniform(-0.5, 0.5, (1, 2))
    xy = np.clip(
        points + shift,
        (-relief.length / 2 + 1, -relief.width / 2 + 1),
        (relief.length / 2 - 1, relief.width / 2 - 1),
    )
    np.maximum.at(relief.heights, (rows_at, columns_at), z)
    return grid(np.column_stack([xy, z]).reshape(rows, columns, 3))


def wad(rng: np.random.Generator, size: float) -> Mesh:
    """A crumpled piece of paper, longest measure about `size`: facets and sharp ridges on an
    ellipsoid."""
    unit, mesh = ball(44, 64)
    stretch = np.array([1.0, rng.uniform(0.5, 0.9), rng.uniform(0.4, 0.75)])
    bump = creases(rng, unit * 2.0, 1.7) * 1.0 + creases(rng, unit * 2.0 + 9, 0.8) * 0.9
    bump += creases(rng, unit * 2.0 - 9, 0.32) * 0.6
    points = unit * (1 + 0.75 * np.clip(bump, -0.7, 0.8))[:, None] * stretch * (size / 2.4)
    c, s = np.cos(a := rng.uniform(0, 2 * np.pi)), np.sin(a)
    points = points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    return Mesh(points, mesh.faces, mesh.uv)


def wads(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    size = float(np.clip(rng.uniform(0.35, 0.75) * relief.width, 60, 220))
    count = int(np.clip(piece.amount * relief.length * relief.width / (size * size * 0.4), 1, 14))
    shapes = [wad(rng, size * rng.uniform(0.75, 1.25)) for _ in range(count)]
    return dropped(rng, piece, relief, shapes, 1.0)


def _pillow(rng: np.random.Generator, length: float, width: float, height: float) -> Mesh:
    """An air pillow: thick in the middle, flat welded seams with short wrinkles."""
    rows, columns = 25, 37
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    inside = np.clip(1 - np.abs(u) ** 2.6, 0, 1) * np.clip(1 - np.abs(v) ** 2.6, 0, 1)
    wrinkle = np.sin(v * rng.uniform(18, 30) + rng.uniform(0, 6)) * np.exp(-8 * (1 - np.abs(u)))
    wrinkle += np.sin(u * rng.uniform(18, 34) + rng.uniform(0, 6)) * np.exp(-8 * (1 - np.abs(v)))
    bulge = inside**0.5 * height / 2
    x, y = u * length / 2 * (1 - 0.04 * inside), v * width / 2 * (1 - 0.04 * inside)
    seam = 1.6 * wrinkle * (inside < 0.6)
    top = grid(np.stack([x, y, bulge + seam + 0.4], -1), smooth=True)
    low = grid(np.stack([x, y, -bulge + seam - 0.4], -1)[:, ::-1], smooth=True)
    return join([top, low])


def pillows(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    width = float(np.clip(rng.uniform(0.35, 0.6) * relief.width, 70, 130))
    length = float(np.clip(width * rng.uniform(1.2, 1.8), 80, relief.length * 0.8))
    count = int(
        np.clip(piece.amount * relief.length * relief.width / (length * width * 0.8), 1, 10)
    )
    shapes = []
    for _ in range(count):
        shape = _pillow(rng, length, width, float(rng.uniform(0.25, 0.4)) * width)
        a, b = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.2)
        turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        lean = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        shapes.append(Mesh(shape.vertices @ (turn @ lean).T, shape.faces, shape.uv, True))
    return dropped(rng, piece, relief, shapes, 0.0)


def peanuts(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    count = int(np.clip(piece.amount * relief.length * relief.width / 210, 12, 500))
    shapes = []
    for _ in range(count):
        rows, columns = 9, 9
        t, a = np.meshgrid(np.linspace(0, np.pi * 1.1, rows), np.linspace(0, 2 * np.pi, columns))
        fat = 8.0 * (0.55 + 0.45 * np.sin(np.linspace(0.35, np.pi - 0.35, rows)))[None, :]
        bend = 13 + 5 * np.cos(a) * fat / 8
        body = np.stack([bend * np.cos(t), bend * np.sin(t), np.sin(a) * fat], -1)
        turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
        if np.linalg.det(turn) < 0:
            turn[:, 0] *= -1
        shapes.append(grid(((body - (0, 8, 0)) * rng.uniform(0.8, 1.1)) @ turn.T, smooth=True))
    return dropped(rng, piece, relief, shapes, 0.0)


def bubble(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Bubble wrap: a sheet with less crease and a hexagonal field of domes."""
    mesh = sheet(rng, piece, relief)
    if mesh is None:
        return None
    xy, pitch = mesh.vertices[:, :2], 12.0
    row = np.round(xy[:, 1] / (pitch * 0.866))
    column = np.round(xy[:, 0] / pitch - 0.5 * (row % 2))
    centre = np.stack([(column + 0.5 * (row % 2)) * pitch, row * pitch * 0.866], 1)
    gap = np.hypot(*(xy - centre).T) / (pitch * 0.46)
    dome = 3.6 * np.sqrt(np.clip(1 - gap**2, 0, 1))
    vertices = mesh.vertices.copy()
    low = vertices[:, 2].min()
    vertices[:, 2] = low + (vertices[:, 2] - low) * 0.85 + dome
    return Mesh(vertices, mesh.faces, mesh.uv, True)
