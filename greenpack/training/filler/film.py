"""Air in plastic film as meshes: bubble wrap and chains of air pillows."""

from __future__ import annotations

import numpy as np

from greenpack.training.drawing.meshes import Mesh, grid, join
from greenpack.training.drawing.noise import Floats
from greenpack.training.filler.paper import around, draped, sheet_mesh
from greenpack.training.filler.relief import Relief, spots
from greenpack.training.scene import Filler

PITCH = {"bubble_small": 11.5, "bubble_large": 31.0}
"""mm from bubble to bubble."""

ROW = 0.866  # rows of a hexagonal field lie this much closer than its columns


def bubble_tile(kind: str) -> tuple[float, float]:
    """mm that one repeat of the bubble texture covers: 8 by 8 bubbles."""
    return 8 * PITCH[kind], 8 * ROW * PITCH[kind]


def bubble(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Bubble wrap over or around the goods; large bubbles stand out of the sheet itself."""
    pitch = PITCH[piece.kind]
    if piece.where == "wrap":
        return around(rng, relief, bubble_tile(piece.kind), pitch * 0.3)
    laid = draped(rng, piece, relief, rng.uniform(0.25, 0.7), min(pitch / 5, 5.0), (10.0, 26.0))
    if laid is None:
        return None
    points, flat = laid
    if pitch > 20:
        points[..., 2] += 0.26 * pitch * domes(flat / pitch)
    return sheet_mesh(points, flat, bubble_tile(piece.kind), True)


def domes(at: Floats) -> Floats:
    """Height 0 to 1 of a hexagonal field of domes at points (..., 2) given in pitches."""
    row = np.round(at[..., 1] / ROW)
    column = np.round(at[..., 0] - 0.5 * (row % 2)) + 0.5 * (row % 2)
    gap = np.hypot(at[..., 0] - column, at[..., 1] - row * ROW) / 0.47
    return np.asarray(np.sqrt(np.clip(1 - gap**2, 0, 1)), np.float64)


def pillow(rng: np.random.Generator, length: float, width: float, height: float) -> Mesh:
    """The upper skin of an air pillow: drum-tight in the middle, flat welded seams."""
    rows, columns = 25, 33
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    inside = np.clip(1 - np.abs(u / 0.93) ** 3.5, 0, 1) * np.clip(1 - np.abs(v / 0.93) ** 3, 0, 1)
    edge = np.exp(-7 * (1 - np.abs(u))) * np.sin(v * rng.uniform(14, 26) + rng.uniform(0, 6))
    edge += np.exp(-7 * (1 - np.abs(v))) * np.sin(u * rng.uniform(14, 26) + rng.uniform(0, 6))
    x, y = u * length / 2 * (1 - 0.05 * inside), v * width / 2 * (1 - 0.05 * inside)
    # Where the film puckers at the seams, the corners of the pillow are drawn in.
    x, y = x * (1 - 0.05 * v**2 * np.abs(u)), y * (1 - 0.04 * u**2)
    z = inside**0.5 * height * 0.62 + 1.3 * edge * (inside < 0.7) + 1.5
    return grid(np.stack([x, y, z], -1), smooth=True)


def pillows(rng: np.random.Generator, piece: Filler, relief: Relief) -> Mesh | None:
    """Chains of two to five pillows that hang together at their long seams."""
    big = rng.random() < 0.6
    width = float(np.clip(rng.uniform(95, 130) if big else rng.uniform(50, 80), 0, relief.width))
    length = min(width * float(rng.uniform(1.4, 2.0)), relief.length * 0.85)
    floor = relief.length * relief.width * piece.amount
    left = int(np.clip(floor / (length * width * 0.75), 1, 16))
    half = np.array([relief.length, relief.width]) / 2
    put = []
    while left > 0:
        links = min(left, int(rng.integers(2, 6)))
        left -= links
        at, heading = spots(rng, piece, relief, 1)[0], rng.uniform(0, 2 * np.pi)
        lean = 0.0
        for _ in range(links):
            shape = pillow(rng, length, width, rng.uniform(0.28, 0.42) * width)
            lean = float(np.clip(rng.normal(0, 0.14), -0.35, 0.35))
            tilt = np.array(
                [[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]]
            )
            a = heading - np.pi / 2
            turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
            points = shape.vertices @ (turn @ tilt).T
            reach = np.abs(points[:, :2]).max(axis=0)
            x, y = np.clip(at, -np.maximum(half - reach, 0), np.maximum(half - reach, 0))
            made = relief.drop(
                Mesh(points, shape.faces, shape.uv, True), float(x), float(y), 0.15, piece.heap
            )
            if made is not None:
                xy = relief.inside(made.vertices[:, :2], 0.5)
                put.append(
                    Mesh(np.column_stack([xy, made.vertices[:, 2]]), made.faces, made.uv, True)
                )
            at = np.add(
                (x, y), np.array([np.cos(heading), np.sin(heading)]) * width * np.cos(lean) * 0.98
            )
            if (np.abs(at) > half - width * 0.3).any():  # the chain folds back at a wall
                heading += np.pi * rng.uniform(0.4, 0.8)
                at = np.add(at, np.array([np.cos(heading), np.sin(heading)]) * width)
    return join(put) if put else None
