"""Puts goods into a carton so that none floats, none cuts another, and all stay below the rim.

Goods are kept apart by their footprint rectangles and heights, which is stricter than their true
shapes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.drawing.meshes import rectangle
from greenpack.training.drawing.noise import Floats
from greenpack.training.goods.kinds import KINDS
from greenpack.training.scene import Good

GAP = 1.0  # mm kept between goods and from the board


def footprint(good: Good) -> Floats:
    """Corners (4, 2) of the rectangle a good stands on."""
    return rectangle(*good.size[:2], good.x, good.y, good.yaw)


def _apart(a: Floats, b: Floats, gap: float) -> bool:
    """Whether two convex quadrilaterals are at least `gap` apart (separating axis test)."""
    for quad in (a, b):
        for i in range(2):
            edge = quad[i + 1] - quad[i]
            axis = np.array([-edge[1], edge[0]]) / np.hypot(*edge)
            pa, pb = a @ axis, b @ axis
            if pa.min() - pb.max() >= gap or pb.min() - pa.max() >= gap:
                return True
    return False


def overlaps(a: Good, b: Good, gap: float = 0.0) -> bool:
    """Whether the bounding solids of two goods cut each other (or come nearer than `gap`
    sideways)."""
    if a.z >= b.z + b.size[2] - 1e-6 or b.z >= a.z + a.size[2] - 1e-6:
        return False
    return not _apart(footprint(a), footprint(b), gap)


def _inside(quad: Floats, length: float, width: float) -> bool:
    return bool((np.abs(quad) <= (length / 2 - GAP, width / 2 - GAP)).all())


def _holds(below: Good, quad: Floats) -> bool:
    """Whether a footprint rests wholly on the top of another good."""
    kind = KINDS[below.kind]
    if not kind.flat or below.lying:
        return False
    centre = np.array([below.x, below.y])
    if kind.round:
        return bool((np.hypot(*(quad - centre).T) <= below.size[0] / 2).all())
    c, s = np.cos(np.radians(below.yaw)), np.sin(np.radians(below.yaw))
    local = (quad - centre) @ np.array([[c, -s], [s, c]])
    return bool((np.abs(local) <= (below.size[0] / 2 + 0.01, below.size[1] / 2 + 0.01)).all())


def sample(rng: np.random.Generator, kind: str, limit: tuple[float, float, float]) -> Good | None:
    """A good of a kind with sizes drawn inside its range and the limit; None if none fits."""
    k = KINDS[kind]
    ranges = (k.length, k.width, k.height)
    lying = k.can_lie and rng.random() < 0.55
    if lying:
        ranges = (k.height, k.length, k.width)
    highs = [min(high, lim) for (_, high), lim in zip(ranges, limit, strict=True)]
    if any(high < low for (low, _), high in zip(ranges, highs, strict=True)):
        return None
    size = [float(rng.uniform(low, high)) for (low, _), high in zip(ranges, highs, strict=True)]
    if k.round:
        across = min(size[0], size[1]) if not lying else size[1]
        size = [size[0] if lying else across, across, size[2] if not lying else across]
        if lying and across > limit[2]:
            return None
    if k.sphere:
        size = [min(size)] * 3
    seed = int(rng.integers(2**31))
    return Good(kind, (size[0], size[1], size[2]), 0, 0, 0, 0, lying, seed)


def place(
    rng: np.random.Generator,
    goods: list[Good],
    good: Good,
    length: float,
    width: float,
    depth: float,
    square: bool,
) -> Good | None:
    """Try to stand `good` in a carton among `goods`; None when no room was found in 40 tries."""
    for _ in range(40):
        yaw = float(rng.choice([0.0, 90.0]) + (rng.normal(0, 3) if square else rng.uniform(0, 180)))
        turned = replace(good, yaw=yaw)
        reach = np.abs(footprint(turned)).max(axis=0)
        room = np.array([length / 2, width / 2]) - GAP - reach
        if (room < 0).any():
            continue
        x, y = (float(v) for v in rng.uniform(-room, room))
        put = replace(turned, x=x, y=y)
        quad = footprint(put)
        if not _inside(quad, length, width):
            continue
        under = [g for g in goods if not _apart(quad, footprint(g), GAP)]
        if under:
            top = max(g.z + g.size[2] for g in under)
            carrier = max(under, key=lambda g: g.z + g.size[2])
            if not _holds(carrier, quad):
                continue
            put = replace(put, z=top)
        if put.z + put.size[2] <= depth * 0.985:
            return put
    return None


def loose(
    rng: np.random.Generator,
    length: float,
    width: float,
    depth: float,
    kinds: list[str],
    count: int,
    largest: float = 1.0,
) -> tuple[Good, ...]:
    """Goods thrown in anyhow, `largest` limiting their size relative to the carton."""
    goods: list[Good] = []
    square = rng.random() < 0.5
    for _ in range(count):
        limit = (length * 0.97 * largest, width * 0.97 * largest, depth * 0.97)
        good = sample(rng, str(rng.choice(kinds)), limit)
        put = place(rng, goods, good, length, width, depth, square) if good else None
        if put:
            goods.append(put)
    return tuple(goods)


def tight(
    rng: np.random.Generator,
    length: float,
    width: float,
    depth: float,
    kinds: list[str],
    cells: int,
    fill: float,
    height: tuple[float, float] = (0.6, 0.97),
) -> tuple[Good, ...]:
    """Boxes packed in columns: the floor is split into cells, about `fill` of them used.

    `height` is the range of a column's height as part of the depth.
    """
    areas = [(-length / 2 + GAP, -width / 2 + GAP, length / 2 - GAP, width / 2 - GAP)]
    while len(areas) < cells:
        areas.sort(key=lambda a: (a[2] - a[0]) * (a[3] - a[1]))
        x0, y0, x1, y1 = areas.pop()
        cut = float(rng.uniform(0.35, 0.65))
        if x1 - x0 > y1 - y0:
            middle = x0 + cut * (x1 - x0)
            areas += [(x0, y0, middle, y1), (middle, y0, x1, y1)]
        else:
            middle = y0 + cut * (y1 - y0)
            areas += [(x0, y0, x1, middle), (x0, middle, x1, y1)]
    order = rng.permutation(len(areas))
    used, total, goods = 0.0, length * width, []
    for k in order:
        x0, y0, x1, y1 = areas[k]
        area = (x1 - x0) * (y1 - y0)
        if used and (used + 0.5 * area) / total > fill:
            continue
        used += area
        goods += _column(rng, (x0, y0, x1, y1), depth, kinds, height)
    return tuple(goods)


def _column(
    rng: np.random.Generator,
    area: tuple[float, float, float, float],
    depth: float,
    kinds: list[str],
    height: tuple[float, float],
) -> list[Good]:
    x0, y0, x1, y1 = area
    slack = rng.uniform(GAP / 2, 0.04 * min(x1 - x0, y1 - y0) + GAP, 2)
    size_x, size_y = x1 - x0 - 2 * slack[0], y1 - y0 - 2 * slack[1]
    tall = float(rng.uniform(*height)) * depth
    layers = 1 if rng.random() < 0.6 else int(rng.integers(2, 4))
    turn = size_y > size_x
    length, width = (size_y, size_x) if turn else (size_x, size_y)
    kind = str(rng.choice(kinds))
    column, z, same = [], 0.0, int(rng.integers(2**31))
    for _ in range(layers):
        yaw = 90.0 if turn else 0.0
        size = (length, width, tall / layers)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        column.append(Good(kind, size, x, y, z, yaw, False, same))
        z += tall / layers
    return column
