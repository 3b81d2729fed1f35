"""Stiff packing as meshes: foam corners, sheets and cut-outs, board partitions, pulp trays."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from greenpack.training.drawing.meshes import Mesh, box, grid, join, slab, transform
from greenpack.training.drawing.noise import Floats, clouds
from greenpack.training.filler.paper import TILE, draped, sheet_mesh
from greenpack.training.filler.relief import Relief
from greenpack.training.goods.packing import footprint
from greenpack.training.scene import Filler


def foam_sheet(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """A soft foam sheet that sags over the goods, with an edge of its thickness."""
    laid = draped(rng, piece, relief, 0.12, 4.0, (18.0, 40.0), 0.12)
    if laid is None:
        return None
    points, flat = laid
    thick = rng.uniform(2, 9)
    points[..., 2] += thick
    edged = np.pad(points, ((1, 1), (1, 1), (0, 0)), mode="edge")
    edged[[0, -1], :, 2] -= thick
    edged[1:-1, [0, -1], 2] -= thick
    return sheet_mesh(edged, np.pad(flat, ((1, 1), (1, 1), (0, 0)), mode="edge"), (90, 90), True)


def foam_corners(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Angled blocks in the carton's corners, beside the goods or on top of them."""
    thick = float(np.clip(rng.uniform(14, 32), 0, relief.width * 0.14))
    arm = float(np.clip(rng.uniform(45, 110), thick * 1.6, relief.width * 0.4))
    tall = float(rng.uniform(0.35, 0.95) * relief.depth)
    put = []
    count = 4 if piece.amount > 0.3 else 2
    for corner in rng.permutation(4)[:count]:
        sx, sy = ((1, 1), (-1, 1), (-1, -1), (1, -1))[corner]
        x, y = sx * (relief.length / 2 - 1), sy * (relief.width / 2 - 1)
        spans = [
            (x - sx * arm, y - sy * thick, x, y),
            (x - sx * thick, y - sy * arm, x, y - sy * thick),
        ]
        boxes = []
        for x0, y0, x1, y1 in spans:
            at = relief.mask(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
            boxes.append((abs(x1 - x0), abs(y1 - y0), (x0 + x1) / 2, (y0 + y1) / 2, at))
        under = max(float(relief.heights[b[4]].max(initial=0.0)) for b in boxes)
        height = min(tall, relief.depth - under)
        if height < 12:
            continue
        for length, width, mx, my, at in boxes:
            put.append(box(length, width, height, 1.5).moved(transform(mx, my, under)))
            relief.heights[at] = under + height
    return join(put) if put else None


def foam_insert(rng: np.random.Generator, _: Filler, relief: Relief) -> Mesh | None:
    """A foam block filling the floor, with a cut-out for each good that stands in it."""
    standing = [g for g in relief.goods if g.z < 1]
    if not standing:
        return None
    top = float(min(g.size[2] for g in standing) * rng.uniform(0.5, 0.97))
    if any(1 <= g.z < top for g in relief.goods) or top < 8:
        return None
    half = np.array([relief.length, relief.width]) / 2 - rng.uniform(0.5, 2.5)
    outline = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    rings = [outline]
    for good in standing:
        quad = footprint(good)
        grown = quad + (quad - quad.mean(axis=0)) * (1.5 / max(min(good.size[:2]) / 2, 1))
        rings.append(np.clip(grown, -half + 0.5, half - 0.5)[::-1])
    put = [_flat(rings, top)]
    for ring in rings:
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            put.append(slab(np.array([(*a, 0.2), (*b, 0.2), (*b, top), (*a, top)])))
    relief.heights = np.maximum(relief.heights, top)
    return join(put)


def _flat(rings: list[Floats], z: float) -> Mesh:
    """The area inside an odd number of rings at height z, cut into trapezia along x."""
    edges = [(a, b) for r in rings for a, b in zip(r, np.roll(r, -1, axis=0), strict=True)]
    levels = np.unique(np.concatenate([r[:, 1] for r in rings]))
    crossing = [_crossing(edges, (y0 + y1) / 2) for y0, y1 in pairwise(levels)]
    corners = []
    for (y0, y1), found in zip(pairwise(levels), crossing, strict=True):
        for left, right in zip(found[::2], found[1::2], strict=False):
            low = [_at(left, y0), _at(right, y0)]
            high = [_at(right, y1), _at(left, y1)]
            corners.append([(low[0], y0, z), (low[1], y0, z), (high[0], y1, z), (high[1], y1, z)])
    points = np.array(corners).reshape(-1, 3)
    first = np.arange(0, len(points), 4)
    quads = np.stack([first, first + 1, first + 2, first + 3], 1)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Mesh(points, faces, points[faces][:, :, :2] / 90)


def _crossing(edges: list[tuple[Floats, Floats]], y: float) -> list[tuple[Floats, Floats]]:
    found = [e for e in edges if min(e[0][1], e[1][1]) < y < max(e[0][1], e[1][1])]
    return sorted(found, key=lambda e: _at(e, y))


def _at(edge: tuple[Floats, Floats], y: float) -> float:
    a, b = edge
    return float(a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]))


def divider(rng: np.random.Generator, _: Filler, relief: Relief) -> Mesh | None:
    """Crossing boards that part the carton, standing only where no good is in the way."""
    height = float(relief.depth * rng.uniform(0.5, 0.96))
    thick = float(rng.uniform(2, 4))
    quads = [footprint(g) for g in relief.goods if g.z < height]
    spans = (relief.length, relief.width)
    put: list[Mesh] = []
    for axis in (0, 1):
        most = max(1, round(spans[axis] / rng.uniform(60, 150)))
        wanted = (np.arange(1, most) / most - 0.5) * spans[axis]
        if not len(wanted) or (put and rng.random() < 0.3):
            continue
        for want in wanted:
            free = [
                c
                for c in want + np.array([0, 4, -4, 9, -9, 16, -16, 26, -26, 38, -38])
                if all(
                    q[:, axis].min() > c + thick / 2 + 0.5 or q[:, axis].max() < c - thick / 2 - 0.5
                    for q in quads
                )
            ]
            if not free:
                continue
            size = (thick, spans[1] - 2) if axis == 0 else (spans[0] - 2, thick)
            at = (free[0], 0.0) if axis == 0 else (0.0, free[0])
            put.append(box(*size, height, 0.3).moved(transform(*at)))
    return join(put) if put else None


def pulp_tray(rng: np.random.Generator, _: Filler, relief: Relief) -> Mesh | None:
    """A moulded tray with hollows for what stands in it, or with rows of cups when empty."""
    step = 2.5
    columns, rows = (max(24, round(v / step)) for v in (relief.length, relief.width))
    x = np.linspace(-relief.length / 2 + 1, relief.length / 2 - 1, columns)
    y = np.linspace(-relief.width / 2 + 1, relief.width / 2 - 1, rows)
    standing = [g for g in relief.goods if g.z < 1]
    tall = min((g.size[2] for g in standing), default=relief.depth)
    top = float(np.clip(tall * rng.uniform(0.4, 0.9), 12, min(relief.depth * 0.9, 70)))
    if any(1 <= g.z < top for g in relief.goods) or top > tall:
        return None
    hollow = np.zeros((rows, columns), np.float32)
    if standing:
        for good in standing:
            share = footprint(good) / (relief.length, relief.width) + 0.5
            cells = np.round(share * (columns - 1, rows - 1) * 16).astype(np.int32)
            cv2.fillConvexPoly(hollow, cells, 1.0, shift=4)
        ring = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
        hollow = np.asarray(cv2.dilate(hollow, ring), np.float32)
    else:
        cup = rng.uniform(45, 90)
        nx, ny = max(1, round(relief.length / cup)), max(1, round(relief.width / cup))
        u, v = np.meshgrid(np.linspace(0, nx, columns) % 1, np.linspace(0, ny, rows) % 1)
        hollow = np.asarray(np.hypot(u - 0.5, v - 0.5) < 0.36, np.float32)
    slope = cv2.GaussianBlur(hollow, (0, 0), 1.6)
    wide = cv2.GaussianBlur(hollow, (0, 0), 5.0)
    u, v = np.meshgrid(x, y)
    rib = np.abs(((u + v) / 34) % 1 - 0.5) < 0.14
    z = top - 5.0 * rib * (wide < 0.05) + clouds(rng, rows, columns, 3, 2) * 0.4
    z = np.where(hollow > 0, 0.4, z * (1 - 0.9 * np.clip(slope * 2 - 0.1, 0, 1)))
    edge = np.minimum(relief.length / 2 - np.abs(u), relief.width / 2 - np.abs(v))
    z = np.maximum(z - 6 * np.exp(-edge / 4), 0.4)
    points = np.stack([u, v, np.minimum(z, relief.depth * 0.95)], -1)
    at = relief.cells(points[..., :2].reshape(-1, 2))
    np.maximum.at(relief.heights, at, points[..., 2].ravel())
    made = grid(points, smooth=True)
    return Mesh(made.vertices, made.faces, points.reshape(-1, 3)[made.faces][:, :, :2] / TILE, True)
