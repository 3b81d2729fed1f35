"""Loose fill as meshes: shredded paper, wood wool, foam peanuts of several shapes."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh, grid, join, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.filler.relief import CELL, Relief, heap
from greenpack.training.scene import Filler

TINTS = 4
"""Columns of a loose fill's texture: its lower half shows single pieces, its upper half a heap."""


def shreds(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """A heap of thin curly strips: many single ones over a surface that shows the rest."""
    wool = piece.kind == "wood_wool"
    surface, share = heap(rng, piece, relief, rng.uniform(18, 42))
    bed = _bed(relief, surface - 3.0, share)
    spots = np.argwhere(share > 0.18)
    if bed is None or not len(spots):
        return None
    count = int(np.clip(len(spots) * CELL**2 / 105, 60, 1500))
    wide = rng.uniform(1.2, 2.0) if wool else rng.uniform(2.2, 4.5)
    links = 16
    step = rng.uniform(5.0, 8.0)
    picked = spots[rng.integers(len(spots), size=count)]
    start = np.stack([relief.xs[picked[:, 1]], relief.ys[picked[:, 0]]], 1)
    curl = rng.normal(0, 0.16, (count, 1)) + rng.normal(0, 0.16, (count, links))
    heading = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(curl, axis=1)
    ahead = np.stack([np.cos(heading), np.sin(heading)], -1)
    line = start[:, None] + np.cumsum(ahead * step, axis=1) - ahead[:, :1] * step * links / 2
    line = relief.inside(line.reshape(-1, 2), 2.0).reshape(count, links, 2)
    rows, columns = relief.cells(line.reshape(-1, 2))
    # A strip is stiff: it follows the heap only roughly, and arcs over its hollows.
    points = line.reshape(-1, 2)
    base = np.where(share[rows, columns] > 0.1, relief.between(surface, points), 0.0)
    base = np.maximum(base.reshape(count, links), 0)
    for _ in range(3):
        base[:, 1:-1] = 0.25 * base[:, :-2] + 0.5 * base[:, 1:-1] + 0.25 * base[:, 2:]
    arc = np.sin(np.linspace(0, 1, links) * rng.uniform(2, 9, (count, 1)) + rng.uniform(0, 6))
    z = base + rng.exponential(3.2, (count, 1)) + arc * rng.uniform(0.5, 5.0, (count, 1))
    if not wool and rng.random() < 0.5:  # crinkle-cut: folded in a zigzag
        z = z + (np.arange(links) % 2) * rng.uniform(1.5, 3.0)
    z = np.clip(z, 0.6, max(relief.depth + piece.heap + 6, float(surface.max()) + 2))
    roll = rng.uniform(0, np.pi, (count, 1)) * 0.5 + np.cumsum(
        rng.normal(0, 0.22, (count, links)), axis=1
    )
    side = np.stack(
        [
            -ahead[..., 1] * np.cos(roll),
            ahead[..., 0] * np.cos(roll),
            np.sin(roll) * np.ones((count, links)),
        ],
        -1,
    )
    middle = np.concatenate([line, z[..., None]], -1)
    strips = _ribbons(rng, middle, side * wide / 2)
    np.maximum.at(relief.heights, (rows, columns), np.minimum(z, surface.max()).ravel())
    return join([bed, strips])


def _ribbons(rng: np.random.Generator, middle: Floats, half: Floats) -> Mesh:
    """Flat strips around lines (count, links, 3); `half` points to one edge."""
    count, links = middle.shape[:2]
    points = np.stack([middle - half, middle + half], 2).reshape(-1, 3)
    points[:, 2] = np.maximum(points[:, 2], 0.2)
    first = (np.arange(count)[:, None] * links + np.arange(links - 1)).ravel() * 2
    quads = np.stack([first, first + 1, first + 3, first + 2], 1)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    tint = np.repeat(rng.integers(0, TINTS, count), links * 2)
    edge = np.tile([0.25, 0.75], count * links)
    along = np.tile(np.repeat(np.linspace(0.05, 0.45, links), 2), count)
    uv = np.stack([(tint + edge) / TINTS, along], 1)
    return Mesh(points, faces, uv[faces])


def _bed(relief: Relief, surface: Floats, share: Floats) -> Mesh | None:
    """The heap's surface where it has any thickness, textured by the upper half."""
    x, y = np.meshgrid(relief.xs, relief.ys)
    edge_x, edge_y = relief.length / 2 - 0.5, relief.width / 2 - 0.5
    x = np.where(np.abs(x) > edge_x - CELL, np.sign(x) * edge_x, x)
    y = np.where(np.abs(y) > edge_y - CELL, np.sign(y) * edge_y, y)
    made = grid(np.stack([x, y, np.maximum(surface, 0.3)], -1), smooth=True)
    there = (share > 0.3).ravel()[made.faces].all(axis=1)
    if not there.any():
        return None
    uv = made.uv * (0.98, 0.46) + (0.01, 0.52)
    return Mesh(made.vertices, made.faces[there], uv[there], False)


def peanuts(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Foam peanuts on a bed of more of them."""
    size = rng.uniform(24, 34)
    put = []
    surface, share = heap(rng, piece, relief, 16.0)
    if piece.where != "patch":
        bed = _bed(relief, surface - 4.0, share)
        if bed is not None:
            put.append(bed)
            relief.heights = np.maximum(relief.heights, surface - 9.0)
    if piece.where == "ring":  # few come to lie on the goods
        share = np.where(relief.heights > surface, rng.random(share.shape) < 0.12, share)
    spots = np.argwhere(share > 0.2)
    if not len(spots):
        return None
    layers = 1.7 if put else 2.2
    count = int(np.clip(len(spots) * CELL**2 / (size * size * 0.5) * layers, 8, 480))
    half = np.array([relief.length, relief.width]) / 2
    for _ in range(count):
        shape = peanut(rng, piece.kind, size * rng.uniform(0.85, 1.15))
        room = half - np.abs(shape.vertices[:, :2]).max(axis=0) - 0.5
        if (room < 0).any():
            continue
        # Peanuts roll: of a few places they take the one least filled.
        few = spots[rng.integers(len(spots), size=4)]
        row, column = few[np.argmin((relief.heights - surface)[few[:, 0], few[:, 1]])]
        x, y = np.clip((relief.xs[column], relief.ys[row]), -room, room)
        made = relief.drop(shape, float(x), float(y), 0.3, piece.heap)
        if made is not None:
            put.append(made)
    return join(put) if put else None


def peanut(rng: np.random.Generator, kind: str, size: float) -> Mesh:
    """One peanut of about `size` mm, turned anyhow: bent (s), waisted (eight) or a plain tube."""
    rings, around = 9, 10
    t = np.linspace(0, 1, rings)
    end = np.clip(np.sin(np.pi * np.clip(t, 0.03, 0.97)) * 2.6, 0, 1) ** 0.5
    if kind == "peanuts_s":
        turn = (t - 0.5) * np.pi * 1.5
        line = np.stack([(t - 0.5) * size * 0.9, np.sin(turn) * size * 0.22, 0 * t], 1)
        fat = 0.23 * size * end
    elif kind == "peanuts_eight":
        line = np.stack([(t - 0.5) * size, 0.06 * size * np.sin(np.pi * t), 0 * t], 1)
        fat = size * end * (0.25 - 0.06 * np.cos(4 * np.pi * (t - 0.5)) * (np.abs(t - 0.5) < 0.25))
    else:
        line = np.stack([(t - 0.5) * size * 0.9, 0.1 * size * np.sin(np.pi * t), 0 * t], 1)
        fat = np.where((t > 0.02) & (t < 0.98), 0.26, 0.2) * size
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    across = np.stack([-ahead[:, 1], ahead[:, 0], 0 * t], 1)
    a = np.linspace(0, 2 * np.pi, around)
    lump = 1 + 0.035 * rng.standard_normal((rings, around - 1))
    ring = (fat[:, None] * np.concatenate([lump, lump[:, :1]], 1))[:, :, None]
    body = line[:, None] + ring * (
        across[:, None] * np.cos(a)[None, :, None]
        + np.array([0, 0, 1.0]) * np.sin(a)[None, :, None]
    )
    body = np.concatenate([np.repeat(line[:1, None], around, 1), body])
    body = np.concatenate([body, np.repeat(line[-1:, None], around, 1)])
    # They lie down rather than stand.
    way, b, over = rng.uniform(0, 360), rng.normal(0, 0.3), rng.uniform(0, 360)
    turn = transform(yaw=float(way))[:3, :3]
    lean = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    roll = transform(tilt=float(over))[:3, :3]
    spin = turn @ lean @ roll
    made = grid((body @ spin.T)[:, ::-1], smooth=True)
    tint = rng.integers(0, TINTS)
    uv = made.uv * (0.8 / TINTS, 0.4) + ((tint + 0.1) / TINTS, 0.05)
    return Mesh(made.vertices, made.faces, uv, True)
