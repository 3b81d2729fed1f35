"""Long strips of crumpled paper as meshes: wrung to ropes or pleated, folded to and fro."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.filler_paper import TILE, wad
from greenpack.training.filler_relief import Relief
from greenpack.training.meshes import Mesh, grid, join
from greenpack.training.noise import Floats, creases
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
        pleat = float(rng.uniform(12, 28))
        step = max(2.8, sum(float(np.abs(np.diff(e)).sum()) for _, _, e, _ in lanes) / 640)
        put = [_strip(rng, relief, lane, wide, pleat, step, piece.heap) for lane in lanes]
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


def _strip(
    rng: np.random.Generator,
    relief: Relief,
    lane: Lane,
    wide: float,
    pleat: float,
    step: float,
    heap: float,
) -> Mesh:
    middle, heading, ends, drift = lane
    span = np.concatenate([[0], np.cumsum(np.abs(np.diff(ends)))])
    run = float(span[-1])
    at = np.linspace(0, run, max(8, int(run / step)))
    count = int(np.clip(wide * 1.5 / max(3.4, step), 14, 46))
    angle = np.linspace(-0.2 * np.pi, 1.2 * np.pi, count)  # open below, where nobody looks
    s, a = np.meshgrid(at, angle, indexing="ij")
    flat = np.stack([s.ravel(), a.ravel() * wide * 0.5], 1)
    # Pleats come in stretches; between them the paper is merely creased.
    knots = np.arange(0, run + 2 * pleat, pleat)
    pace = np.interp(at, knots, rng.uniform(0.4, 1.6, len(knots)))
    gait = np.cumsum(pace) * run / len(at) / pleat
    kink = rng.uniform(0.2, 0.9) * np.abs(np.sin(a * rng.uniform(0.6, 1.6) + rng.uniform(0, 6)))
    saw = np.abs((gait[:, None] + kink) % 1 - 0.5) * 4 - 1
    there = np.clip(0.55 + 1.2 * creases(rng, flat, wide * 0.9) / wide * 4, 0.1, 1.1)
    saw = 0.16 * saw * there.reshape(s.shape)
    bump = np.zeros(s.shape)
    for spacing, weight in ((wide * 0.8, 1.1), (wide * 0.38, 1.3), (wide * 0.17, 1.1)):
        bump = bump + weight * (creases(rng, flat, spacing) / wide).reshape(s.shape)
    squeeze = np.interp(at, np.linspace(0, run, 11), rng.uniform(0.72, 1.12, 11))[:, None]
    side = np.cos(a) * wide / 2 * squeeze * (1 + 0.4 * np.clip(bump + saw, -0.5, 0.6))
    high = wide * rng.uniform(0.14, 0.26)
    lift = (np.sin(a) * 0.8 + 0.35) * high / squeeze + (
        0.85 * np.clip(bump, -0.4, 0.6) + 0.28 * saw
    ) * wide
    # The strip is folded flat at each end: it keeps its sides and runs back over itself.
    x = np.interp(at, span, ends)[:, None] + rng.normal(0, 0.6, s.shape)
    y = np.interp(at, span, drift)[:, None] + side
    bow = 0.1 * wide * np.sin(at / run * rng.uniform(3, 9) + rng.uniform(0, 6))[:, None]
    c, d = np.cos(heading), np.sin(heading)
    xy = np.stack([x * c - (y + bow) * d, x * d + (y + bow) * c], -1) + middle
    xy = relief.inside(xy.reshape(-1, 2)).reshape(xy.shape)
    z = _laid(relief, xy, np.maximum(lift, 0), run / len(at), heap)
    made = grid(np.concatenate([xy, z[:, :, None]], -1))
    return Mesh(made.vertices, made.faces, made.uv * (wide * 1.4 / TILE, run / TILE))


def _laid(relief: Relief, xy: Floats, lift: Floats, step: float, heap: float) -> Floats:
    """Heights of a strip (rows along it) laid piece by piece, so that it crosses over itself."""
    z = np.zeros(lift.shape)
    chunk = max(2, round(32 / step))
    ends = 0.0
    for start in range(0, len(xy), chunk):
        part = xy[start : start + chunk]
        rows, columns = relief.cells(part.reshape(-1, 2))
        if start == 0 or start % (4 * chunk) == 0:
            bridged = relief.bridged(14.0)
        local = bridged[rows, columns].reshape(part.shape[:2])
        level = float(np.percentile(local, 70))
        base = 0.6 * np.linspace(ends or level, level, len(part))[:, None] + 0.4 * local
        base = np.maximum(base, local * 0.9)
        ends = level
        laid = np.minimum(base + lift[start : start + chunk], relief.depth + heap + 4)
        low = relief.heights[rows, columns].reshape(laid.shape)
        z[start : start + chunk] = np.maximum(laid, np.minimum(low + 0.8, base + 0.8))
        if start >= 2 * chunk:  # what was laid just before is the strip itself
            old = slice(start - 2 * chunk, start - chunk)
            r, c = relief.cells(xy[old].reshape(-1, 2))
            np.maximum.at(relief.heights, (r, c), z[old].ravel())
    rows, columns = relief.cells(xy.reshape(-1, 2))
    np.maximum.at(relief.heights, (rows, columns), z.ravel())
    # Where two stretches meet the way jumps; the creases stay sharp.
    jump = z - np.maximum(lift, 0)
    soft = cv2.blur(jump, (1, 2 * (chunk // 3) + 1))
    return np.asarray(np.maximum(soft, jump.min()) + np.maximum(lift, 0), np.float64)
