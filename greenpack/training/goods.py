"""Shape and look of products: their size ranges, meshes and true volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenpack.training.meshes import Mesh, ball, box, join, lathe, transform
from greenpack.training.noise import Floats, creases
from greenpack.training.scene import Good


@dataclass(frozen=True)
class Kind:
    """Ranges of length, width and height in mm as packed upright; `flat` tops carry other goods."""

    length: tuple[float, float]
    width: tuple[float, float]
    height: tuple[float, float]
    flat: bool
    round: bool = False
    can_lie: bool = False


KINDS: dict[str, Kind] = {
    "box_printed": Kind((45, 280), (35, 200), (15, 220), True),
    "box_white": Kind((45, 260), (35, 200), (15, 200), True),
    "box_plain": Kind((60, 260), (40, 200), (20, 200), True),
    "book": Kind((150, 270), (105, 200), (8, 45), True),
    "bottle": Kind((42, 95), (42, 95), (110, 280), False, True, True),
    "jar": Kind((55, 110), (55, 110), (50, 140), True, True, True),
    "tube": Kind((38, 80), (38, 80), (90, 300), True, True, True),
    "plate": Kind((120, 270), (120, 270), (18, 38), False, True),
    "bag": Kind((110, 330), (90, 260), (22, 90), False),
    "shoe": Kind((235, 305), (88, 108), (85, 115), False),
}


def mesh_of(good: Good) -> Mesh:
    """The product standing at the origin on z = 0 (lying goods already laid along x), before its
    yaw."""
    rng = np.random.default_rng(good.seed)
    length, width, height = good.size
    if good.kind.startswith("box"):
        return box(length, width, height, bevel=min(1.2, height * 0.1))
    if good.kind == "book":
        return box(length, width, height, bevel=0.6)
    if good.kind == "bag":
        return _bag(rng, length, width, height)
    if good.kind == "shoe":
        return _shoe(length, width, height, left=bool(good.seed % 2))
    tall, across = (length, width) if good.lying else (height, length)
    mesh = lathe(_profile(good.kind, rng, across / 2, tall))
    if not good.lying:
        return mesh
    turned = mesh.vertices[:, [2, 0, 1]] - (tall / 2, 0, 0)
    return Mesh(np.add(turned, (0, 0, across / 2)), mesh.faces, mesh.uv, True)


def volume_of(good: Good) -> float:
    """True volume in mm^3, from the mesh itself so that soft and round goods count as they are."""
    return mesh_of(good).volume()


def _profile(kind: str, rng: np.random.Generator, radius: float, tall: float) -> Floats:
    if kind == "bottle":
        neck, shoulder = rng.uniform(0.28, 0.5), rng.uniform(0.6, 0.75)
        points = [
            (0.92, 0.0),
            (1, 0.02),
            (1, shoulder),
            (0.9, shoulder + 0.06),
            (neck, shoulder + 0.14),
            (neck, 0.86),
            (neck * 1.15, 0.865),
            (neck * 1.15, 0.99),
            (neck * 1.0, 1.0),
        ]
    elif kind == "jar":
        points = [
            (0.94, 0),
            (0.98, 0.03),
            (0.98, 0.72),
            (0.9, 0.78),
            (1, 0.785),
            (1, 0.98),
            (0.95, 1),
        ]
    elif kind == "plate":
        points = [
            (0.55, 0),
            (0.6, 0.05),
            (1, 0.92),
            (0.995, 1),
            (0.93, 0.97),
            (0.6, 0.25),
            (0.3, 0.2),
        ]
    else:
        points = [(0.97, 0), (1, 0.01), (1, 0.99), (0.97, 1)]
    return np.array([(max(r, 0.01) * radius, z * tall) for r, z in points])


def _bag(rng: np.random.Generator, length: float, width: float, height: float) -> Mesh:
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


def _shoe(length: float, width: float, height: float, left: bool) -> Mesh:
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


def placed(good: Good) -> Mesh:
    """The product where the scene puts it, in the frame it belongs to (its carton or the world)."""
    return mesh_of(good).moved(transform(good.x, good.y, good.z, good.yaw))
