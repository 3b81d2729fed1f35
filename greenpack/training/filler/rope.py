"""Long strips of crumpled paper as meshes: wrung to ropes or pleated, folded to and fro."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.drawing.meshes import Mesh, join
from greenpack.training.drawing.noise import Floats, clouds
from greenpack.training.filler.paper import TILE, draped, sheet_mesh, wad
from greenpack.training.filler.relief import Relief
from greenpack.training.scene import Filler


def rope(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Long strips of paper folded to and fro: wrung to ropes, or pleated across by a machine."""
    wide = float(np.clip(rng.uniform(0.28, 0.6) * relief.width, 45, 190))
    lanes = _lanes(rng, piece, relief, wide)
    if rng.random() < 0.55:
        faces = 60000 // max(len(lanes), 1)
        put = []
        for lane in lanes:
            put += _wrung(rng, relief, lane, wide, piece.heap, faces)
    else:
        put = _pleated(rng, piece, relief)
    return join(put) if put else None


Lane = tuple[Floats, float, Floats, Floats]
"""Middle, direction (radians), turning points along it, and the drift aside at each of them."""


def _lanes(rng: np.random.Generator, piece: Filler, relief: Relief, wide: float) -> list[Lane]:
    """The ways the strips take: to and fro over the patch, or one along each wall."""
    span = np.array([relief.length, relief.width])
    found: list[Lane] = []
    if piece.where == "ring":
        for side in rng.permutation(4)[: max(2, round(piece.amount * 5))]:
            out = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)][side])
            middle = out * np.maximum(span / 2 - wide * 0.4, 4)
            reach = span[1 - side % 2] * rng.uniform(0.35, 0.55)
            ends = np.array([-1, 1, -0.2])[: int(rng.integers(2, 4))] * reach
            found.append((middle, np.pi / 2 * (side + 1), ends, rng.normal(0, 6, len(ends))))
        return found
    along = int(rng.random() < 0.3)
    box = span / 2 * np.sqrt(piece.amount)
    room = np.maximum(span / 2 - box, 0)
    middle = np.zeros(2) if piece.where == "over" else np.clip((piece.x, piece.y), -room, room)
    turns = int(np.clip(np.ceil(2 * box[1 - along] / (wide * 0.62)), 2, 7))
    ends = np.array([-1, 1] * 4)[:turns] * box[along] * rng.uniform(0.75, 1.1, turns)
    aside = np.maximum(box[1 - along] - wide * 0.35, 0) * np.linspace(-1, 1, turns)
    drift = aside + rng.normal(0, 0.12 * wide, turns)
    found.append((middle, np.pi / 2 * along + rng.normal(0, 0.15), ends, drift))
    return found


def _wrung(
    rng: np.random.Generator, relief: Relief, lane: Lane, wide: float, heap: float, faces: int
) -> list[Mesh]:
    """A strip crumpled along its length: slim wads that run into one another."""
    middle, heading, ends, drift = lane
    span = np.concatenate([[0], np.cumsum(np.abs(np.diff(ends)))])
    size = float(np.clip(wide * rng.uniform(1.5, 2.4), 90, max(relief.length * 0.8, 91)))
    count = int(np.clip(span[-1] / (size * 0.55), 1, 16))
    cells = int(np.clip(np.sqrt(faces / 2 / count), 36, 84))
    c, s = np.cos(heading), np.sin(heading)
    put = []
    for at in (np.arange(count) + 0.5) / count * span[-1]:
        x, y = np.interp(at, span, ends), np.interp(at, span, drift)
        slim = (0.42, 0.7) if size < 0.9 * relief.width else (0.3, 0.5)
        shape = wad(rng, size, cells, slim, heading + rng.normal(0, 0.3))
        spot = np.array([x * c - y * s, x * s + y * c]) + middle
        xy = relief.inside(shape.vertices[:, :2] + spot)
        shape = Mesh(np.column_stack([xy, shape.vertices[:, 2]]), shape.faces, shape.uv)
        made = relief.drop(shape, 0.0, 0.0, 0.35, heap)
        if made is not None:
            put.append(made)
    return put


def _pleated(rng: np.random.Generator, piece: Filler, relief: Relief) -> list[Mesh]:
    """Paper as it comes out of a machine: broad sheets in parallel pleats, one over another."""
    put = []
    pleat = float(rng.uniform(12, 26))
    for _ in range(int(rng.integers(2, 4))):
        share = float(piece.amount * rng.uniform(0.4, 0.75))
        x, y = piece.x, piece.y
        if piece.where == "ring":
            share *= 0.45
            side = rng.uniform(0, 2 * np.pi)
            x, y = np.cos(side) * relief.length / 2, np.sin(side) * relief.width / 2
        elif piece.where == "over":
            x, y = rng.uniform(-0.3, 0.3, 2) * (relief.length, relief.width)
        part = replace(piece, amount=share, x=float(x), y=float(y), where="patch")
        laid = draped(rng, part, relief, rng.uniform(0.5, 1.1), 2.8, (12.0, 30.0), 0.5)
        if laid is None:
            continue
        points, flat = laid
        rows, columns = flat.shape[:2]
        across = int(rng.random() < 0.5)
        # Pleats are not quite even, bend a little, and are pressed flat in places.
        warp = 0.9 * clouds(rng, rows, columns, 2.5, 2)
        phase = flat[..., across] / pleat + warp
        high = pleat * rng.uniform(0.28, 0.5)
        flattened = np.clip(0.65 + 0.5 * clouds(rng, rows, columns, 3.5, 2), 0.1, 1)
        points[..., 2] += high * flattened * (1 - np.abs(phase % 1 - 0.5) * 2)
        points[..., :2] += clouds(rng, rows, columns, 9.0, 2)[..., None] * rng.normal(0, 1.5, 2)
        half = np.array([relief.length, relief.width]) / 2 - 0.5
        points[..., :2] = np.clip(points[..., :2], -half, half)
        put.append(sheet_mesh(points, flat, (TILE, TILE), False))
    return put
