"""Soft solids: cushions, shoes, folded cloth."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh, ball
from greenpack.training.drawing.noise import Floats, creases
from greenpack.training.goods.product_meshes import Size, slab_of


def cushion(rng: np.random.Generator, length: float, width: float, height: float) -> Mesh:
    """Soft bag or folded garment: a cushion with flattened underside and creases; fits its size."""
    unit, mesh = ball(22, 64)
    angle = np.arctan2(unit[:, 1], unit[:, 0])
    power = rng.uniform(0.25, 0.5)
    shape = np.stack([_signed(np.cos(angle), power), _signed(np.sin(angle), power)], 1)
    flat = np.sqrt(np.maximum(1 - unit[:, 2] ** 2, 0)) ** 0.6
    xy = shape * flat[:, None]
    z = _signed(unit[:, 2], 0.8) * np.where(unit[:, 2] < 0, 0.35, 1.0)
    ripple = creases(rng, np.column_stack([xy * 3, z]), 0.9)
    z = z * (1 + 0.5 * ripple) + 0.10 * ripple * flat
    points = np.column_stack([xy, z])
    return _fit(mesh, points, length, width, height, smooth=True)


def shoe(length: float, width: float, height: float, left: bool) -> Mesh:
    """A plain shoe: cross-sections along x, widest at the ball of the foot, high at the heel."""
    unit, mesh = ball(40, 40)
    t = (unit[:, 2] + 1) / 2  # the ball's axis becomes the shoe's length
    half = np.sqrt(np.maximum(1 - unit[:, 2] ** 2, 1e-9))
    around = np.arctan2(unit[:, 1], unit[:, 0])
    body = (4 * t * (1 - t)) ** 0.35
    outline = np.interp(t, [0, 0.3, 0.45, 0.72, 0.9, 1], [0.72, 0.74, 0.78, 1, 0.85, 0.6])
    top = np.interp(t, [0, 0.2, 0.38, 0.5, 0.7, 1], [1, 1, 0.88, 0.62, 0.45, 0.38])
    y = _signed(np.cos(around), 0.6) * outline * body
    y = y + (1 if left else -1) * 0.18 * np.sin(np.pi * t)
    z = (_signed(np.sin(around), 0.55) + 1) / 2 * top * np.minimum(body + 0.25, 1)
    z = np.where(np.sin(around) < -0.5, 0, z)
    points = np.column_stack([t * 2 - 1, y, z])
    points[half < 1e-4] = points[half < 1e-4] * (1, 1, 0.5)
    return _fit(mesh, points, length, width, height, smooth=True)


def _signed(values: Floats, power: float) -> Floats:
    return np.asarray(np.sign(values) * np.abs(values) ** power, np.float64)


def _fit(
    mesh: Mesh, points: Floats, length: float, width: float, height: float, smooth: bool
) -> Mesh:
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - (low + high) / 2) / (high - low) * (length, width, height)
    fitted = Mesh(np.add(scaled, (0, 0, height / 2)), mesh.faces, mesh.uv, smooth)
    if fitted.volume() < 0:
        return Mesh(fitted.vertices, mesh.faces[:, ::-1], mesh.uv[:, ::-1], smooth)
    return fitted


def folded(rng: np.random.Generator, size: Size) -> Mesh:
    """Folded cloth: layers that bulge at their edges under a softly uneven top."""
    length, width, height = size
    layers = int(rng.integers(1, 5))
    bulge = min(height / layers / 2, 0.04 * width) * rng.uniform(0.6, 1.3)
    turn = np.tile(np.linspace(0.05, 0.95, 6), layers)
    share = (np.repeat(np.arange(layers), 6) + turn) / layers
    inset = bulge * (1 - np.sin(np.pi * turn) ** 0.6) + np.repeat(
        rng.uniform(0, 0.035 * width, layers), 6
    )
    mesh = slab_of(length, width, inset, share * height, 0.07 * width, 9)
    points = mesh.vertices.copy()
    flat = points[:, :2] / width
    sag = creases(rng, flat, 0.8) * 0.5 + creases(rng, flat, 0.3) * 0.35
    edge = np.abs(points[:, :2] / (length / 2, width / 2)).max(axis=1)
    points[:, 2] *= 1 + (0.7 * sag - 0.22 * edge**3) * (points[:, 2] / height) * min(
        1.0, 40 / height
    )
    points[:, :2] += 0.02 * width * creases(rng, points / width * 2 + 7, 0.9)[:, None]
    points[:, 2] = np.maximum(points[:, 2], 0)
    return Mesh(points, mesh.faces, mesh.uv, True)
